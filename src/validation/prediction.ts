/**
 * Predicts a measured run: the mapping it states, or the best that fits in memory among those it leaves open.
 */
import type { Constants } from "../../models/performance/constants.ts"
import { constantsFor } from "../../models/performance/constants.ts"
import { createEvaluator, offloadCode, recomputeCode } from "../../models/performance/evaluator.ts"
import type { Execution } from "../../models/performance/execution.ts"
import type { Recompute } from "../../models/performance/mapping.ts"
import { figure } from "../../models/performance/step.ts"
import type { Run, RunMapping } from "./run.ts"

export interface Prediction {
  readonly chosen: RunMapping
  readonly execution: Execution
  readonly stepTimeS: number
  readonly memoryBytes: number
  readonly fits: boolean
}

/** Mappings that a run may have had under one execution. */
export interface RunOption {
  readonly execution: Execution
  readonly candidates: ReadonlyArray<RunMapping>
}

function allOptions(run: Run): ReadonlyArray<RunOption> {
  return run.executions.map((execution) => ({ execution, candidates: run.candidates }))
}

/**
 * Those of a run's options that fit in memory, each mapping under the first execution in which it does; all
 * where none fits. Memory depends on no fitted constant, so a fit asks once.
 */
export function fittingOptions(run: Run): ReadonlyArray<RunOption> {
  const constants = constantsFor(run.machine.accelerator.family)
  const taken = new Map<number, Set<RunMapping>>()
  const options = run.executions.map((execution): RunOption => {
    const before = taken.get(execution.recomputeShare) ?? new Set()
    taken.set(execution.recomputeShare, before)
    const open = run.candidates.filter((candidate) => !before.has(candidate))
    const candidates = open.filter((candidate) =>
      fastestFitting(run, { execution, candidates: [candidate] }, constants).fits)
    candidates.forEach((candidate) => before.add(candidate))
    return { execution, candidates }
  })
  const fitting = options.filter(({ candidates }) => candidates.length > 0)
  return fitting.length > 0 ? fitting : allOptions(run)
}

/**
 * Predicts a run with the fastest of its options that fits, the first of equals; where none does, with the
 * leanest.
 */
export function predictRun(run: Run, constants: Constants, options = allOptions(run)): Prediction {
  let best: Prediction | null = null
  for (const option of options) {
    const found = fastestFitting(run, option, constants)
    if (best === null || isBetter(found, best)) best = found
  }
  if (best === null) throw new Error(`${run.row.id} names no software`)
  return best
}

/** Recomputations with which some candidate of a run fits in memory; memory depends on no fitted constant. */
export function fittingRecomputes(run: Run): ReadonlySet<Recompute> {
  const { family } = run.machine.accelerator
  const kinds = new Set(run.candidates.map(({ mapping }) => mapping.recompute))
  return new Set([...kinds].filter((kind) => {
    const candidates = run.candidates.filter(({ mapping }) => mapping.recompute === kind)
    return predictRun({ ...run, candidates }, constantsFor(family)).fits
  }))
}

/** Fitting comes before fast, fast before lean. */
function isBetter(a: Prediction, b: Prediction): boolean {
  if (a.fits !== b.fits) return a.fits
  return a.fits ? a.stepTimeS < b.stepTimeS : a.memoryBytes < b.memoryBytes
}

/** The fastest candidate that fits under one execution; where none does, the one that needs least memory. */
function fastestFitting(run: Run, { execution, candidates }: RunOption, constants: Constants): Prediction {
  const { machine, workload } = run
  const evaluator = createEvaluator(workload, machine, constants, execution)
  const capacity = machine.accelerator.memoryGB * 1e9
  let best: Prediction | null = null
  for (const candidate of candidates) {
    const { mapping, shardRanks } = candidate
    const stepTimeS = evaluator.evaluate(
      mapping.tp, mapping.cp, mapping.ep, mapping.etp, mapping.pp, mapping.vpp, mapping.dp, mapping.microBatch,
      mapping.sequenceParallel, recomputeCode[mapping.recompute], mapping.sharding.stage, shardRanks,
      offloadCode[mapping.offload], mapping.order === "tp-cp-dp-pp"
    )
    const memoryBytes = evaluator.out[figure.totalBytes]!
    const fits = memoryBytes <= capacity
    const found = { chosen: candidate, execution, stepTimeS, memoryBytes, fits }
    if (best === null || isBetter(found, best)) best = found
  }
  if (best === null) throw new Error(`${run.row.id} has no candidate mapping`)
  return best
}
