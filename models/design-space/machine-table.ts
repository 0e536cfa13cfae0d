/** Evaluators by machine, with the times of layers met so far: layouts that look alike share them. */
import type { ComputeTable } from "../performance/block.ts"
import { type Constants, constantsFor, type ModelConstants } from "../performance/constants.ts"
import { createEvaluator, type Evaluator, recomputeCode } from "../performance/evaluator.ts"
import { modernExecution } from "../performance/execution.ts"
import type { Machine } from "../performance/machine.ts"
import { countLayers, emptyStageLoad } from "../performance/stage.ts"
import { exposedMessages } from "../performance/step.ts"
import { type CutFloors, cutFloors, linkedFloors } from "./cut-order.ts"
import { type CutPlaces, enumerateCuts, type LayerCut } from "./layer-cut.ts"
import { LayerTimes } from "./layer-times.ts"
import { type MappingDomain, mappingDomain, virtualStages } from "./mapping-domain.ts"
import { type MappingProblem, type PipelinePlan, wholeModel } from "./mapping-run.ts"
import { never, type Stopped } from "./stopped.ts"
import type { TrainingWorkload } from "../workload/training.ts"
import type { Scenario, SearchDomains } from "./scenario.ts"

type MachineEntry = Pick<MappingProblem, "evaluator" | "times" | "floors" | "linkedFloors">

/** What of an accelerator does not depend on the fabrics around it. */
interface SiliconEntry {
  readonly computed: ComputeTable
  floors: CutFloors | null
  /** by the rate of the links */
  readonly linked: Map<number, CutFloors>
}

/** What of a scenario the mappings depend on. */
export type MappingQuestion = Pick<Scenario, "memoryHeadroom"> & {
  readonly workload: TrainingWorkload
  readonly search: Pick<SearchDomains, "mapping">
}

export class MachineTable {
  readonly domain: MappingDomain
  /** constants that all families share */
  readonly common = constantsFor("").common
  readonly #scenario: MappingQuestion
  readonly #stopped: Stopped
  readonly #byMachine = new WeakMap<Machine, MachineEntry>()
  readonly #byText = new Map<string, MachineEntry>()
  readonly #byAccelerator = new Map<string, SiliconEntry>()
  readonly #places = new Map<number, Array<CutPlaces | undefined>>()
  readonly #unloaded: MappingDomain["offload"]
  readonly #cuts: ReadonlyArray<LayerCut>
  readonly #lightest: number
  readonly #pipelines: ReadonlyArray<PipelinePlan>

  /** Once `stopped`, what is asked is not worked out to its end, and not kept. */
  constructor(scenario: MappingQuestion, stopped: Stopped = never) {
    this.#scenario = scenario
    this.#stopped = stopped
    this.domain = mappingDomain(scenario.search.mapping, scenario.workload)
    this.#unloaded = this.domain.offload.filter((offload) => offload === "none")
    this.#cuts = enumerateCuts(this.domain)
    this.#lightest = Math.min(...this.domain.recompute.map((recompute) => recomputeCode[recompute]))
    this.#pipelines = pipelinePlans(this.domain, scenario, this.common)
  }

  /** The mapping problem of the scenario on the machine with `hbds` HBDs. */
  problem(machine: Machine, hbds: number): MappingProblem {
    const { workload } = this.#scenario
    return {
      ...this.#entry(machine),
      domain: this.domain,
      offloads: machine.host === null ? this.#unloaded : this.domain.offload,
      cuts: this.#cuts,
      lightest: this.#lightest,
      pipelines: this.#pipelines,
      globalBatch: workload.globalBatch,
      hbdSize: machine.hbdSize,
      memoryBytes: this.memoryBytes(machine),
      hbds
    }
  }

  evaluator(machine: Machine): Evaluator {
    return this.#entry(machine).evaluator
  }

  /** Bytes of an accelerator that a mapping may use. */
  memoryBytes(machine: Machine): number {
    return machine.accelerator.memoryGB * 1e9 * (1 - this.#scenario.memoryHeadroom)
  }

  constants(machine: Machine): Constants {
    return constantsFor(machine.accelerator.family)
  }

  #entry(machine: Machine): MachineEntry {
    const known = this.#byMachine.get(machine)
    if (known !== undefined) return known
    const text = JSON.stringify(machine)
    const alike = this.#byText.get(text)
    const entry = alike ?? this.#create(machine)
    this.#byMachine.set(machine, entry)
    this.#byText.set(text, entry)
    return entry
  }

  #create(machine: Machine): MachineEntry {
    const silicon = this.#siliconOf(machine)
    const { workload } = this.#scenario
    const site = this.#siteOf(machine)
    const evaluator =
      createEvaluator(workload, machine, this.constants(machine), modernExecution, silicon.computed, site?.evaluator.blocks)
    const recompute = this.domain.recompute.find((kind) => recomputeCode[kind] === this.#lightest)!
    const load = wholeModel({ pipelines: this.#pipelines })
    return {
      evaluator,
      times: site?.times ?? new LayerTimes(evaluator.block, machine.hbdSize, this.#placesOn(machine.hbdSize)),
      floors: () => silicon.floors ??= cutFloors(evaluator.block, this.#cuts, recompute, load),
      linkedFloors: (payloadBps) => {
        let floors = silicon.linked.get(payloadBps)
        if (floors !== undefined) return floors
        floors = linkedFloors(evaluator.block, this.#cuts, recompute, load, payloadBps, this.#stopped)
        if (!this.#stopped()) silicon.linked.set(payloadBps, floors)
        return floors
      }
    }
  }

  #placesOn(hbdSize: number): Array<CutPlaces | undefined> {
    let places = this.#places.get(hbdSize)
    if (places === undefined) this.#places.set(hbdSize, places = [])
    return places
  }

  /** What a machine on several sites shares with the same one on a single site: nothing of a layer crosses. */
  #siteOf(machine: Machine): MachineEntry | null {
    return machine.scaleAcross === null ? null : this.#entry({ ...machine, scaleAcross: null })
  }

  #siliconOf({ accelerator }: Machine): SiliconEntry {
    const text = JSON.stringify(accelerator)
    let silicon = this.#byAccelerator.get(text)
    if (silicon === undefined) this.#byAccelerator.set(text, silicon = { computed: new Map(), floors: null, linked: new Map() })
    return silicon
  }
}

/** A pipeline has no more stages than the model has layers, its prediction modules not counted. */
function pipelinePlans(
  domain: MappingDomain, { workload: { model } }: MappingQuestion, common: ModelConstants
): ReadonlyArray<PipelinePlan> {
  return domain.pp.filter((pp) => pp <= model.layers).map((pp) => {
    const chunks = virtualStages(domain, model.layers + model.mtpLayers, pp)
      .filter((vpp) => pp * vpp <= model.layers)
      .map((vpp) => {
        const load = emptyStageLoad()
        countLayers(model, pp, vpp, load)
        return { vpp, load }
      })
    const least = (of: (chunk: PipelinePlan["chunks"][number]) => number) => Math.min(...chunks.map(of))
    return {
      pp,
      chunks,
      best: {
        vpp: Math.max(...chunks.map(({ vpp }) => vpp)),
        exposed: least(({ vpp }) => exposedMessages(vpp, common)),
        dense: least(({ load }) => load.full - load.fullMoe),
        moe: least(({ load }) => load.fullMoe)
      }
    }
  }).filter(({ chunks }) => chunks.length > 0)
}
