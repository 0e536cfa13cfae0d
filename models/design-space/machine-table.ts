/** Evaluators by machine, with the times of runs met so far: layouts that look alike share them. */
import { type Constants, constantsFor } from "../performance/constants.ts"
import { createEvaluator, type Evaluator } from "../performance/evaluator.ts"
import type { Machine } from "../performance/machine.ts"
import { type MappingDomain, mappingDomain } from "./mapping-domain.ts"
import type { MappingProblem, RunTimes } from "./mapping-search.ts"
import type { Scenario } from "./scenario.ts"

type MachineEntry = Pick<MappingProblem, "evaluator" | "runs" | "insideRuns">

export class MachineTable {
  readonly domain: MappingDomain
  /** constants that all families share */
  readonly common = constantsFor("").common
  readonly #scenario: Scenario
  readonly #byMachine = new WeakMap<Machine, MachineEntry>()
  readonly #byText = new Map<string, MachineEntry>()
  readonly #insideRuns = new Map<string, RunTimes>()

  constructor(scenario: Scenario) {
    this.#scenario = scenario
    this.domain = mappingDomain(scenario.search.mapping, scenario.workload)
  }

  /** The mapping problem of the scenario on the machine with `hbds` HBDs. */
  problem(machine: Machine, hbds: number): MappingProblem {
    const { workload } = this.#scenario
    return {
      ...this.#entry(machine),
      domain: this.domain,
      layers: workload.model.layers + workload.model.mtpLayers,
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
    const entry = alike ?? {
      evaluator: createEvaluator(this.#scenario.workload, machine, this.constants(machine)),
      runs: new Map(),
      insideRuns: this.#insideRunsOf(machine)
    }
    this.#byMachine.set(machine, entry)
    this.#byText.set(text, entry)
    return entry
  }

  #insideRunsOf({ accelerator, hbdSize, scaleUp }: Machine): RunTimes {
    const text = JSON.stringify([accelerator, hbdSize, scaleUp])
    let runs = this.#insideRuns.get(text)
    if (runs === undefined) this.#insideRuns.set(text, runs = new Map())
    return runs
  }
}
