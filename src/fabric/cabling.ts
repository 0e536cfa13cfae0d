/** Cables of a fabric at given lengths: media of the catalogue, and the latency of the longest route. */
import type { FabricSize } from "../../models/fabric/fabric.ts"
import type { BundleLengths, MediumCount } from "../../models/fabric/media.ts"
import { cableLatencyNs, countByMedium, mediumOf } from "../../models/fabric/media.ts"
import { longestRoute } from "../../models/fabric/performance.ts"
import type { Interconnect } from "../../models/hardware/interconnect.ts"

export interface Cabling {
  readonly media: ReadonlyArray<MediumCount>
  /** switches and cables of the longest route, without the endpoints' own; null: a medium or the switch is unknown */
  readonly latencyNs: number | null
}

/** Lengths by tier from the endpoints up, m; a shorter list repeats its last. */
export const lengthsByTier = (metres: ReadonlyArray<number>): BundleLengths => {
  const at = (tier: number) => metres[Math.min(tier, metres.length - 1)] ?? 0
  return { endpointLeaf: at(0), endpointRouter: at(0), leafSpine: at(1), local: at(1), spineCore: at(2), global: at(2) }
}

/** Pluggable media and whole cables: optics packaged with a switch come with the switch. */
export const layCables = (
  size: FabricSize,
  lengthM: BundleLengths,
  catalog: ReadonlyArray<Interconnect>,
  switchLatencyNs: number | null
): Cabling => {
  const media = catalog.filter(({ kind }) => kind !== "cpo")
  const cables = longestRoute(size).map((kind) => {
    const bundle = size.bundles.find((candidate) => candidate.kind === kind)
    const medium = bundle === undefined ? null : mediumOf(bundle, lengthM, media)
    return medium === null ? null : cableLatencyNs(medium, lengthM[kind])
  })
  const switchesNs = switchLatencyNs === null ? null : switchLatencyNs * size.hops.max
  return {
    media: countByMedium(size.bundles, lengthM, media),
    latencyNs: cables.reduce((sum, ns) => sum === null || ns === null ? null : sum + ns, switchesNs)
  }
}
