/** Kinds of scale-out by what decides their speed: one search of mappings bounds all of a group. */
import type { SiteUse } from "../facility/resource-use.ts"
import type { FabricPerformance, Machine } from "../performance/machine.ts"
import type { HbdBlock } from "./blocks.ts"
import { extremesOf, type FabricClass } from "./fabric-class.ts"
import { envelopeOf, rateAcross } from "./fabric-order.ts"
import { machineOf } from "./machine-of-design.ts"
import type { ScaleOutKind } from "./scale-out-kinds.ts"

/** Kinds of one bandwidth and about one taper, and a fabric that is no slower than any of them. */
export interface Envelope {
  readonly performance: FabricPerformance
  readonly kinds: ReadonlyArray<ScaleOutKind>
}

export function envelopesOf(kinds: ReadonlyArray<ScaleOutKind>): ReadonlyArray<Envelope> {
  const groups = new Map<string, Array<ScaleOutKind>>()
  for (const kind of kinds) {
    const { topology, dims, GBps, railOnly } = kind.performance
    const halvings = Math.round(Math.log2(GBps / rateAcross(kind.performance, Infinity)))
    const key = JSON.stringify([topology, dims, GBps, railOnly, halvings])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [kind])
    else group.push(kind)
  }
  return [...groups.values()].map((kinds) => ({ kinds, performance: envelopeOf(kinds.map(({ performance }) => performance)) }))
}

/** Classes of a block with a machine that is no slower than that of any, and with their extremes. */
export interface ClassEnvelope {
  readonly machine: Machine
  /** their numbers */
  readonly fabrics: ReadonlyArray<number>
  /** of all of them */
  readonly hbdsBound: number
  readonly useBound: SiteUse
}

/** The classes of a block by the envelope of their kind; the HBD alone is one of its own. */
export function classEnvelopes(
  { hbd, crossing }: HbdBlock, classes: ReadonlyArray<FabricClass>, envelopes: ReadonlyArray<Envelope>
): ReadonlyArray<ClassEnvelope> {
  const places = new Map(classes.map(({ kind }, fabric) => [kind, fabric]))
  const groups = envelopes.map(({ performance, kinds }) => ({
    machine: machineOf(hbd, performance, crossing?.performance ?? null), fabrics: kinds.flatMap((kind) => places.get(kind) ?? [])
  }))
  const alone = places.get(null)
  if (alone !== undefined) groups.push({ machine: classes[alone]!.machine, fabrics: [alone] })
  return groups.filter(({ fabrics }) => fabrics.length > 0).map(({ machine, fabrics }) => {
    const ours = fabrics.map((fabric) => classes[fabric]!)
    return { machine, fabrics, ...extremesOf(ours) }
  })
}
