/** Classes that another class of the same block makes needless where only speed counts. */
import type { FabricPerformance } from "../performance/machine.ts"
import { type FabricClass, hasRoomFor } from "./fabric-class.ts"
import { never } from "./stopped.ts"

/**
 * The classes that no other covers. One covers another when every mapping is as fast on it and the limits leave
 * it room for as many HBDs: exactly counted for the one, by its bound for the other.
 */
export function fastestClasses(classes: ReadonlyArray<FabricClass>, stopped = never): Array<FabricClass> {
  const kept: Array<FabricClass> = []
  for (const of of [...classes].sort((a, b) => b.hbdsBound - a.hbdsBound)) {
    if (stopped()) return []
    const most = of.stands.map((_, stand) => Math.max(...of.members.map(({ stands }) => stands[stand]!.hbdsBound)))
    const covered = kept.some((other) => covers(other.machine.scaleOut, of.machine.scaleOut) && hasRoomFor(other, most))
    if (!covered) kept.push(of)
  }
  return kept
}

/** Whether no transfer is slower on `a` than on `b`. */
function covers(a: FabricPerformance, b: FabricPerformance): boolean {
  return a.GBps >= b.GBps && a.latencyS <= b.latencyS && a.pairGBps >= b.pairGBps && a.topology === b.topology &&
    (a.inNetworkReduction || !b.inNetworkReduction) && (b.railOnly || !a.railOnly) &&
    keepsUp(a, b, a.taper) && keepsUp(a, b, b.taper)
}

/** Whether `a` is no slower than `b` across groups just larger than those of the levels. */
function keepsUp(a: FabricPerformance, b: FabricPerformance, levels: FabricPerformance["taper"]): boolean {
  for (const { span } of levels) if (rateAcross(a, span + 1) < rateAcross(b, span + 1)) return false
  return true
}

/** GB/s per accelerator when groups of `span` accelerators talk among themselves. */
function rateAcross(fabric: FabricPerformance, span: number): number {
  let rate = fabric.GBps
  for (const level of fabric.taper) if (span > level.span) rate = Math.min(rate, level.GBps)
  return rate
}
