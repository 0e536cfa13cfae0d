/** Kinds of scale-out by what decides their speed: one search of mappings bounds all of a group. */
import type { ScaleOutCounts } from "../facility/plant.ts"
import type { FabricPerformance } from "../performance/machine.ts"
import { envelopeOf, rateAcross } from "./fabric-order.ts"
import type { OptionGroup, ScaleOutKind, ScaleOutOption } from "./scale-out-kinds.ts"

/** Kinds of one bandwidth and about one taper, and a fabric that is no slower than any of them. */
export interface Envelope {
  readonly performance: FabricPerformance
  /** their places in the list of all */
  readonly kinds: ReadonlyArray<number>
}

export function envelopesOf(kinds: ReadonlyArray<ScaleOutKind>): ReadonlyArray<Envelope> {
  const groups = new Map<string, Array<number>>()
  for (const [place, { performance }] of kinds.entries()) {
    const { topology, dims, GBps, railOnly } = performance
    const halvings = Math.round(Math.log2(GBps / rateAcross(performance, Infinity)))
    const key = JSON.stringify([topology, dims, GBps, railOnly, halvings])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [place])
    else group.push(place)
  }
  return [...groups.values()].map((places) =>
    ({ kinds: places, performance: envelopeOf(places.map((place) => kinds[place]!.performance)) }))
}

/** One option for each set of parts, that takes no more and reaches no less far than any of theirs in any shape. */
export function frugalOptions(kinds: ReadonlyArray<OptionGroup>): OptionGroup {
  const byParts = new Map<string, ScaleOutOption>()
  for (const { options } of kinds) {
    for (const option of options) {
      const known = byParts.get(option.parts)
      byParts.set(option.parts, known === undefined ? option : {
        ...known, perEndpoint: leastCounts(known.perEndpoint, option.perEndpoint),
        maxEndpoints: Math.max(known.maxEndpoints, option.maxEndpoints)
      })
    }
  }
  return { options: [...byParts.values()] }
}

function leastCounts(a: ScaleOutCounts, b: ScaleOutCounts): ScaleOutCounts {
  return {
    leaf: Math.min(a.leaf, b.leaf), spine: Math.min(a.spine, b.spine), core: Math.min(a.core, b.core),
    endpointLinks: Math.min(a.endpointLinks, b.endpointLinks), trunkLinks: Math.min(a.trunkLinks, b.trunkLinks),
    coreLinks: Math.min(a.coreLinks, b.coreLinks)
  }
}
