/**
 * Fits constants to measured runs: least sum of |log(predicted / measured)|, each source weighted by the root
 * of its rows.
 */
import type { ConstantsFile } from "../../models/performance/constants.ts"
import type { MeasuredRun } from "../validation/measured-runs.ts"
import { predictRun } from "../validation/prediction.ts"
import type { Parameter, Values } from "./parameters.ts"
import { constantsAmong, constantValues, fittedParameters, readParameter, writeParameter } from "./parameters.ts"
import { fitValues } from "./search.ts"

/** Weight of a row that leaves fields unstated, against a complete one. */
const incompleteWeight = 0.25

function rowError(run: MeasuredRun, values: Values): number {
  const { stepTimeS } = predictRun(run, constantsAmong(values, run.machine.accelerator.family), run.options)
  return Math.log(stepTimeS / run.measured.seconds)
}

function rowWeights(runs: ReadonlyArray<MeasuredRun>): number[] {
  const rows = new Map<string, number>()
  for (const { row } of runs) rows.set(row.source, (rows.get(row.source) ?? 0) + 1)
  return runs.map(({ row }) => (row.quality === "A" ? 1 : incompleteWeight) / Math.sqrt(rows.get(row.source) ?? 1))
}

/** Fits all constants marked `fitted` in `file` to `runs`; the file's values are the priors. */
export function fitConstants(file: ConstantsFile, runs: ReadonlyArray<MeasuredRun>, rounds: number): Values {
  const values = constantValues(file)
  const families = new Set(runs.map((run) => run.machine.accelerator.family))
  const parameters = fittedParameters(file).filter(({ family }) => family === null || families.has(family))
  const errors = new Float64Array(runs.length)
  const stale = new Set<string | null>([null])
  const isStale = (run: MeasuredRun) => stale.has(null) || stale.has(run.machine.accelerator.family)
  fitValues({
    parameters,
    start: parameters.map((parameter: Parameter) => readParameter(values, parameter)),
    weights: rowWeights(runs),
    set: (index, value) => {
      const parameter = parameters[index]!
      if (readParameter(values, parameter) === value) return
      writeParameter(values, parameter, value)
      stale.add(parameter.family)
    },
    errors: () => {
      runs.forEach((run, i) => {
        if (isStale(run)) errors[i] = rowError(run, values)
      })
      stale.clear()
      return errors
    }
  }, rounds)
  return values
}
