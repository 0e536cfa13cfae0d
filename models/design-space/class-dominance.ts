/** Classes that another class of the same block makes needless where only speed counts. */
import type { FabricPerformance } from "../performance/machine.ts"
import { type FabricClass, mostExactHbds } from "./fabric-class.ts"

/**
 * The classes that no other covers. One covers another when every mapping is as fast on it and the limits leave
 * it room for as many HBDs: exactly counted for the one, by its bound for the other.
 */
export function fastestClasses(classes: ReadonlyArray<FabricClass>): Array<FabricClass> {
  const kept: Array<{ readonly of: FabricClass; most: number | null }> = []
  for (const of of [...classes].sort((a, b) => b.hbdsBound - a.hbdsBound)) {
    const covered = kept.some((other) => {
      if (!covers(other.of.machine.scaleOut, of.machine.scaleOut)) return false
      other.most ??= mostExactHbds(other.of)
      return other.most >= of.hbdsBound
    })
    if (!covered) kept.push({ of, most: null })
  }
  return kept.map(({ of }) => of)
}

/** Whether no transfer is slower on `a` than on `b`. */
function covers(a: FabricPerformance, b: FabricPerformance): boolean {
  const spans = [...a.taper, ...b.taper].map(({ span }) => span + 1)
  return a.topology === b.topology && a.latencyS <= b.latencyS && a.pairGBps >= b.pairGBps &&
    (a.inNetworkReduction || !b.inNetworkReduction) && (b.railOnly || !a.railOnly) &&
    [0, ...spans].every((span) => rateAcross(a, span) >= rateAcross(b, span))
}

/** GB/s per accelerator when groups of `span` accelerators talk among themselves. */
function rateAcross(fabric: FabricPerformance, span: number): number {
  return fabric.taper.reduce((rate, level) => (span > level.span ? Math.min(rate, level.GBps) : rate), fabric.GBps)
}
