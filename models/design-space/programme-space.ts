/**
 * The search space of several workloads that one cluster trains one after the other. Blocks and classes are the same for all,
 * so a programme is the layout spaces of its runs side by side: what is chosen for all is the layout, for each a mapping. Its
 * "step" is the whole of it: the seconds of all runs, which train the tokens of all runs.
 */
import type { Mapping } from "../performance/mapping.ts"
import type { HbdBlock } from "./blocks.ts"
import { DesignTable } from "./design-table.ts"
import { createLayoutSpace, keyOf, type LayoutSpace } from "./layout-space.ts"
import { type Candidate, type Judged, LayoutTree } from "./layout-tree.ts"
import { MachineTable } from "./machine-table.ts"
import { allTokens, objectiveFunction, type ObjectiveFunction } from "./objective.ts"
import { type OutcomeModel, outcomeModel } from "./outcome.ts"
import { ProgrammeSearch } from "./programme-search.ts"
import type { Dropped } from "./recommendation.ts"
import { type Scenario, type Workload, workloadsOf } from "./scenario.ts"
import { createDropLog, type Hardware } from "./selection.ts"
import { never, type Stopped } from "./stopped.ts"

/** One workload of a programme. */
export interface ProgrammeRun {
  readonly workload: Workload
  /** of this workload alone, without floor or deadline */
  readonly space: LayoutSpace
  /** optimiser steps: its tokens over those of a step */
  readonly steps: number
}

/** Layouts on one site only. */
export class ProgrammeSpace extends LayoutTree {
  readonly scenario: Scenario
  readonly runs: ReadonlyArray<ProgrammeRun>
  readonly blocks: ReadonlyArray<HbdBlock>
  readonly objective: ObjectiveFunction
  readonly outcome: OutcomeModel
  readonly sense: LayoutSpace["sense"]
  readonly #log = createDropLog()
  readonly #first: LayoutSpace
  protected readonly search: ProgrammeSearch
  protected readonly stopped: Stopped

  /**
   * `machinesOf` a scenario with one of the workloads, and `designs`, may be shared with other spaces. `outcome`: of all tokens
   * what is optimised, where it is not the scenario's objective.
   */
  constructor(
    scenario: Scenario, hardware: Hardware,
    machinesOf = (run: Scenario): MachineTable => new MachineTable(run), designs = new DesignTable(),
    outcome = outcomeModel(scenario, objectiveFunction(scenario), allTokens(scenario))
  ) {
    super()
    this.stopped = designs.stopped
    this.scenario = scenario
    this.objective = objectiveFunction(scenario)
    this.sense = outcome.sense
    this.outcome = outcome
    this.runs = workloadsOf(scenario).map((workload) => {
      const run = runScenario(scenario, workload)
      return runOf(createLayoutSpace(run, hardware, machinesOf(run), designs))
    })
    this.#first = this.runs[0]!.space
    this.blocks = this.#first.blocks
    for (const { between } of mayStandOnSeveral(scenario) ? scenario.links : []) {
      this.#log.drop("layouts of a programme on several sites: it is planned on one", between.join(" and "))
    }
    this.search = new ProgrammeSearch(this)
  }

  protected boundBlock(block: number, level: number): number {
    const { hbd, useBound, hbdsBound } = this.blocks[block]!
    return this.outcome.bound(this.stepOn(block, level === 0), 0, useBound, hbd.size, hbdsBound)
  }

  /** `stepS` is of all runs, `memoryBytes` of the one that needs most. */
  judge(candidate: Candidate, stopped = never): Judged | null {
    let stepS = 0
    let memoryBytes = 0
    let classUse: Judged["classUse"] | null = null
    const mappings = mappingsOf(candidate)
    if (mappings.length !== this.runs.length) return null
    for (const [i, { space, steps }] of this.runs.entries()) {
      const judged = space.judge({ ...candidate, mapping: mappings[i]! }, stopped)
      if (judged === null) return null
      stepS += steps * judged.stepS
      memoryBytes = Math.max(memoryBytes, judged.memoryBytes)
      classUse ??= judged.classUse
    }
    const value = classUse === null ? null : this.outcome.value(stepS, classUse.use)
    return classUse === null || value === null ? null : { value, stepS, memoryBytes, classUse }
  }

  compare(a: Candidate, b: Candidate): number {
    const [keyA, keyB] = [a, b].map(({ further = [] }) => further.map(keyOf).join(" ")) as [string, string]
    return this.#first.compare(a, b) || (keyA < keyB ? -1 : keyA > keyB ? 1 : 0)
  }

  droppedAt(block: number | null): ReadonlyArray<Dropped> {
    return [...this.#log.list(), ...this.#first.droppedAt(block)]
  }

  /** Of all runs, the accelerator-seconds that no layout of the block undercuts. */
  workOf(block: number): number {
    return this.runs.reduce((sum, { space, steps }) => sum + steps * space.workOf(block), 0)
  }

  arithmeticOf(block: number): number {
    return this.runs.reduce((sum, { space, steps }) => sum + steps * space.arithmeticOf(block), 0)
  }

  /** Seconds that all runs on N accelerators take at the least: by the work of the block's layers, or by arithmetic alone. */
  stepOn(block: number, byArithmetic = false): (accelerators: number) => number {
    const floors = this.runs.map(({ space, steps }) => {
      const stepOn = space.stepOn(byArithmetic ? space.arithmeticOf(block) : space.workOf(block))
      return (accelerators: number) => steps * stepOn(accelerators)
    })
    return (accelerators) => floors.reduce((sum, floor) => sum + floor(accelerators), 0)
  }
}

/** Of every run, in their order. */
export function mappingsOf({ mapping, further = [] }: Candidate): ReadonlyArray<Mapping> {
  return [mapping, ...further]
}

function mayStandOnSeveral({ search: { sites } }: Scenario): boolean {
  return sites === null || sites.some((count) => count > 1)
}

/** The scenario with one workload alone, on one site; floor and deadline are of the programme. */
function runScenario(scenario: Scenario, workload: Workload): Scenario {
  return {
    ...scenario,
    workload,
    furtherWorkloads: [],
    objective: { ...scenario.objective, throughputFloor: null, deadlineDays: null },
    search: { ...scenario.search, sites: (scenario.search.sites ?? [1]).filter((count) => count === 1) }
  }
}

function runOf(space: LayoutSpace): ProgrammeRun {
  const { workload } = space.scenario
  return { workload, space, steps: workload.tokens / (workload.globalBatch * workload.sequence) }
}
