/**
 * Levenberg–Marquardt in the logarithms of the constants, with reweighting for robustness (iteratively
 * reweighted least squares, so that the sum of absolute errors is what falls) and a weak pull towards the
 * prior values. Deterministic.
 */
import type { Parameter } from "./parameters.ts"

export interface SearchTarget {
  readonly parameters: ReadonlyArray<Parameter>
  /** prior and starting values, one per parameter */
  readonly start: ReadonlyArray<number>
  readonly weights: ReadonlyArray<number>
  /**
   * errors of all rows (logarithms of predicted over measured) after `set`; errors of unaffected rows may be
   * kept
   */
  readonly set: (parameter: number, value: number) => void
  readonly errors: () => Float64Array
}

/** Errors below this weigh alike: repeats of one run differ by as much. */
const noise = 0.02

/**
 * Strength of the pull: a constant twice its prior costs as much as this much absolute error in sum of
 * weighted rows.
 */
const pull = 0.01

/** Step of the numerical derivative, in the logarithm. */
const nudge = 0.01

/** Solves the symmetric positive definite system a·x = b by Cholesky's factorisation; `a` is overwritten. */
export function solvePositive(a: Float64Array[], b: ReadonlyArray<number>): number[] {
  const n = b.length
  for (let j = 0; j < n; j += 1) {
    for (let k = 0; k < j; k += 1) {
      for (let i = j; i < n; i += 1) a[i]![j]! -= a[i]![k]! * a[j]![k]!
    }
    const root = Math.sqrt(Math.max(a[j]![j]!, 1e-12))
    for (let i = j; i < n; i += 1) a[i]![j]! /= root
  }
  const x = [...b]
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) x[i]! -= a[i]![k]! * x[k]!
    x[i]! /= a[i]![i]!
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) x[i]! -= a[k]![i]! * x[k]!
    x[i]! /= a[i]![i]!
  }
  return x
}

function lossOf(errors: Float64Array, target: SearchTarget, values: ReadonlyArray<number>): number {
  let loss = 0
  errors.forEach((error, i) => {
    loss += target.weights[i]! * (Math.sqrt(error * error + noise * noise) - noise)
  })
  values.forEach((value, j) => {
    const away = Math.log(value / target.start[j]!)
    loss += pull * away * away
  })
  return loss
}

/** Derivatives of all errors by the logarithm of each parameter. */
function jacobian(target: SearchTarget, values: ReadonlyArray<number>, base: Float64Array): Float64Array[] {
  return target.parameters.map((parameter, j) => {
    const value = values[j]!
    const up = value * Math.exp(nudge)
    const moved = up <= parameter.most ? up : value * Math.exp(-nudge)
    target.set(j, moved)
    const column = Float64Array.from(target.errors(), (error, i) => (error - base[i]!) / Math.log(moved / value))
    target.set(j, value)
    return column
  })
}

/** Minimises; returns the values, which the target also holds at the end. */
export function fitValues(target: SearchTarget, rounds: number): number[] {
  const { parameters, weights, start } = target
  let values = [...start]
  values.forEach((value, j) => target.set(j, value))
  let errors = Float64Array.from(target.errors())
  let loss = lossOf(errors, target, values)
  let damping = 0.1
  for (let round = 0; round < rounds && damping < 1e6; round += 1) {
    const columns = jacobian(target, values, errors)
    const scale = Array.from(errors, (error, i) => weights[i]! / Math.sqrt(error * error + noise * noise))
    const gradient = columns.map((column, j) =>
      column.reduce((sum, d, i) => sum + d * scale[i]! * errors[i]!, 2 * pull * Math.log(values[j]! / start[j]!)))
    const before = loss
    while (damping < 1e6) {
      const matrix = columns.map((a, j) => Float64Array.from(columns, (b, k) => {
        let sum = j === k ? 2 * pull : 0
        for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]! * scale[i]!
        return j === k ? sum * (1 + damping) + 1e-9 : sum
      }))
      const step = solvePositive(matrix, gradient)
      const trial = values.map((value, j) => {
        const moved = value * Math.exp(-Math.max(-0.5, Math.min(0.5, step[j]!)))
        return Math.min(parameters[j]!.most, Math.max(parameters[j]!.least, moved))
      })
      trial.forEach((value, j) => target.set(j, value))
      const tried = Float64Array.from(target.errors())
      const trialLoss = lossOf(tried, target, trial)
      if (trialLoss < loss) {
        values = trial
        errors = tried
        loss = trialLoss
        damping = Math.max(1e-4, damping / 4)
        break
      }
      values.forEach((value, j) => target.set(j, value))
      damping *= 4
    }
    if (before - loss < 1e-5 * before) break
  }
  values.forEach((value, j) => target.set(j, value))
  return values
}
