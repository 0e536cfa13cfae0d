/**
 * What is left of objective space: boxes that every point not yet known lies in. A point takes away all it dominates, a
 * proof all it shows to be empty (search regions as in Klamroth, Lacour & Vanderpooten, 2015, in disjoint boxes).
 */

/** One figure per objective, smaller better. */
export type Costs = ReadonlyArray<number>

/** lower ≤ point < upper in every objective; an upper end may be Infinity. */
export interface Box {
  readonly lower: Costs
  readonly upper: Costs
  /** its better half is known to be empty: the next question is about the whole of it */
  readonly halved: boolean
}

/** Points closer than this, relative, are the same. */
export const resolution = 1e-9

/** The boxes without what `point` is at least as good as. */
export function withoutDominated(boxes: ReadonlyArray<Box>, point: Costs): ReadonlyArray<Box> {
  return boxes.flatMap((box) => {
    if (point.some((cost, i) => cost >= box.upper[i]!)) return [box]
    return box.upper.flatMap((_, i) => solid({
      ...box,
      lower: box.lower.map((low, j) => (j < i ? Math.max(low, point[j]!) : low)),
      upper: box.upper.map((high, j) => (j === i ? point[j]! : high))
    }))
  })
}

/** The boxes without what is better than `corner` in every objective, which is proven to be empty. */
export function withoutEmpty(boxes: ReadonlyArray<Box>, corner: Costs): ReadonlyArray<Box> {
  return boxes.flatMap((box) => {
    if (corner.some((cost, i) => cost <= box.lower[i]!)) return [box]
    return box.lower.flatMap((_, i) => solid({
      ...box,
      lower: box.lower.map((low, j) => (j === i ? corner[j]! : low)),
      upper: box.upper.map((high, j) => (j < i ? Math.min(high, corner[j]!) : high))
    }))
  })
}

/** None where nothing but points already known would fit. */
function solid(box: Box): ReadonlyArray<Box> {
  const isOpen = box.upper.every((high, i) => {
    const low = box.lower[i]!
    return high === Infinity ? low < high : high - low > resolution * Math.abs(high)
  })
  return isOpen ? [box] : []
}

/** Share of the range from `best` to `worst` that a box fills; beyond `worst`, as much again counts as well. */
export function boxShare({ lower, upper }: Box, best: Costs, worst: Costs): number {
  return lower.reduce((share, low, i) => {
    const range = worst[i]! - best[i]!
    if (range <= 0) return share
    return share * Math.max(0, Math.min(upper[i]!, worst[i]! + range) - Math.max(low, best[i]!)) / range
  }, 1)
}
