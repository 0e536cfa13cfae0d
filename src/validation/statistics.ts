/** Error statistics of predictions. */

/** Of relative errors predicted/measured − 1. */
export interface ErrorSummary {
  readonly n: number
  readonly medianAbsError: number
  readonly meanAbsError: number
  readonly p90AbsError: number
  readonly maxAbsError: number
  readonly bias: number
}

/** The q-quantile of an ascending list, linear between its members. */
export function quantile(sorted: ReadonlyArray<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = q * (sorted.length - 1)
  const low = Math.floor(at)
  const a = sorted[low]!
  const b = sorted[Math.min(low + 1, sorted.length - 1)]!
  return a + (b - a) * (at - low)
}

export function median(values: ReadonlyArray<number>): number {
  return quantile([...values].sort((a, b) => a - b), 0.5)
}

export function mean(values: ReadonlyArray<number>): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function summarizeErrors(errors: ReadonlyArray<number>): ErrorSummary {
  const sizes = errors.map(Math.abs).sort((a, b) => a - b)
  return {
    n: errors.length,
    medianAbsError: quantile(sizes, 0.5),
    meanAbsError: mean(sizes),
    p90AbsError: quantile(sizes, 0.9),
    maxAbsError: sizes.at(-1) ?? Number.NaN,
    bias: mean(errors)
  }
}

/** Summaries of the groups that `key` makes, in order of key. */
export function summarizeBy<T>(
  items: ReadonlyArray<T>, key: (item: T) => string, error: (item: T) => number
): Readonly<Record<string, ErrorSummary>> {
  const groups = new Map<string, number[]>()
  for (const item of items) groups.set(key(item), [...groups.get(key(item)) ?? [], error(item)])
  return Object.fromEntries(
    [...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([name, errors]) => [name, summarizeErrors(errors)])
  )
}

/**
 * Kendall's τ-b between two scores of the same items: 1 the same order, −1 the reverse; ties in either are
 * discounted, and pairs whose `b` differs by no more than the share `noise` are left out. 0 where either score
 * orders nothing.
 */
export function kendallTau(a: ReadonlyArray<number>, b: ReadonlyArray<number>, noise = 0): number {
  let agreement = 0
  let untiedA = 0
  let untiedB = 0
  for (let i = 0; i < a.length; i += 1) {
    for (let j = i + 1; j < a.length; j += 1) {
      if (noise > 0 && Math.abs(b[i]! / b[j]! - 1) <= noise) continue
      const x = Math.sign(a[i]! - a[j]!)
      const y = Math.sign(b[i]! - b[j]!)
      agreement += x * y
      untiedA += x * x
      untiedB += y * y
    }
  }
  return untiedA * untiedB === 0 ? 0 : agreement / Math.sqrt(untiedA * untiedB)
}
