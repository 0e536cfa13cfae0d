/** Which fabrics are no slower than others, whatever is sent: as the performance model sees them. */
import type { FabricPerformance } from "../performance/machine.ts"

/** Whether no transfer is slower on `a` than on `b`. */
export function isNoSlower(a: FabricPerformance, b: FabricPerformance): boolean {
  return a.GBps >= b.GBps && a.latencyS <= b.latencyS && a.pairGBps >= b.pairGBps && a.topology === b.topology &&
    (a.inNetworkReduction || !b.inNetworkReduction) && (b.railOnly || !a.railOnly) &&
    keepsUp(a, b, a.taper) && keepsUp(a, b, b.taper)
}

/** A fabric that is no slower than any of these, which have one topology. */
export function envelopeOf(fabrics: ReadonlyArray<FabricPerformance>): FabricPerformance {
  const [{ topology, dims }] = fabrics as [FabricPerformance]
  const most = (of: (fabric: FabricPerformance) => number) => Math.max(...fabrics.map(of))
  const GBps = most((fabric) => fabric.GBps)
  const taper: Array<{ readonly span: number; readonly GBps: number }> = []
  const spans = [...new Set(fabrics.flatMap((fabric) => fabric.taper.map(({ span }) => span)))].sort((a, b) => a - b)
  for (const span of spans) {
    const rate = most((fabric) => rateAcross(fabric, span + 1))
    if (rate < (taper.at(-1)?.GBps ?? GBps)) taper.push({ span, GBps: rate })
  }
  return {
    GBps, latencyS: -most((fabric) => -fabric.latencyS), topology, pairGBps: most((fabric) => fabric.pairGBps), dims,
    inNetworkReduction: fabrics.some((fabric) => fabric.inNetworkReduction), taper,
    railOnly: fabrics.every((fabric) => fabric.railOnly)
  }
}

/** Whether `a` is no slower than `b` across groups just larger than those of the levels. */
function keepsUp(a: FabricPerformance, b: FabricPerformance, levels: FabricPerformance["taper"]): boolean {
  for (const { span } of levels) if (rateAcross(a, span + 1) < rateAcross(b, span + 1)) return false
  return true
}

/** GB/s per accelerator when groups of `span` accelerators talk among themselves. */
export function rateAcross(fabric: FabricPerformance, span: number): number {
  let rate = fabric.GBps
  for (const level of fabric.taper) if (span > level.span) rate = Math.min(rate, level.GBps)
  return rate
}
