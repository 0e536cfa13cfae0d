/** Links of a fabric as what is pulled and plugged: bundles of cables with their ends. */
import { sharersOf } from "./clos.ts"
import type { FabricBundle, FabricSpec, LinkKind } from "./fabric.ts"

/**
 * The bundle of `links`. A module at a switch port serves all links broken out of it; one at an endpoint serves
 * one link, or as many as a twin-port cable carries. `whole` rounds up to pieces that can be bought.
 */
export function bundleLinks(spec: FabricSpec, kind: LinkKind, links: number, whole: boolean): FabricBundle {
  const round = whole ? Math.ceil : (pieces: number) => pieces
  const toEndpoint = kind === "endpointLeaf" || kind === "endpointRouter"
  if (!toEndpoint) {
    const perCable = spec.linksPerCable.fabric
    const cables = round(links / perCable)
    return { kind, links, cables, cableGbps: spec.linkGbps * perCable, lowerEnds: cables, upperEnds: cables }
  }
  const perCable = spec.linksPerCable.endpoint
  const breakout = sharersOf(spec)
  const cables = round(links / perCable)
  return {
    kind,
    links,
    cables,
    cableGbps: spec.endpointGbps * perCable,
    lowerEnds: breakout > 1 ? links : cables,
    upperEnds: round(links / Math.max(breakout, perCable))
  }
}

/** Cables and pluggable ends of all bundles. */
export function sumBundles(bundles: ReadonlyArray<FabricBundle>) {
  return {
    cables: bundles.reduce((sum, bundle) => sum + bundle.cables, 0),
    transceivers: bundles.reduce((sum, bundle) => sum + bundle.lowerEnds + bundle.upperEnds, 0)
  }
}
