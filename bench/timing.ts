/** Times of a piece of work, for benchmarks: least, median and greatest of several samples. */

export interface Times {
  readonly min: number
  readonly median: number
  readonly max: number
}

/** Milliseconds of one call, over `runs` samples of at least a millisecond each. */
export function measure(runs: number, work: () => unknown): Times {
  const samples = Array.from({ length: runs }, () => {
    const start = performance.now()
    let calls = 0
    do {
      work()
      calls++
    } while (performance.now() - start < 1)
    return (performance.now() - start) / calls
  }).sort((a, b) => a - b)
  return { min: samples[0]!, median: samples[runs >> 1]!, max: samples[runs - 1]! }
}

/** A cell of a table: least / median / greatest. */
export const showTimes = ({ min, median, max }: Times): string =>
  [min, median, max].map((ms) => ms.toPrecision(3)).join(" / ").padStart(26)
