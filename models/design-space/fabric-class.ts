/**
 * HBDs of one design behind scale-out fabrics that the performance model cannot tell apart. A mapping is judged
 * once for all members; the member that serves a number of HBDs with the least use is the one that would be
 * built.
 */
import type { FabricSize } from "../fabric/fabric.ts"
import { sizeFabric } from "../fabric/sizing.ts"
import { type Plant, type ScaleOutCounts, scaleOutCounts } from "../facility/plant.ts"
import { resourceUse, type SiteUse } from "../facility/resource-use.ts"
import type { Machine } from "../performance/machine.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import { scaleOutSpec } from "./machine-of-design.ts"
import { isWithin, type SiteRow } from "./rows.ts"

/** One scale-out design behind the class's HBD (null: the HBD stands alone). */
export interface ClassMember {
  readonly scaleOut: ScaleOutDesign | null
  readonly plant: Plant
  /** HBDs that its fabric can join and that the limits leave room for, by bounds: at least the exact number */
  readonly hbdsBound: number
  /** per HBD, lower bound of what it uses */
  readonly useBound: SiteUse
}

export interface FabricClass {
  readonly hbd: HbdDesign
  readonly site: number
  readonly rows: ReadonlyArray<SiteRow>
  readonly machine: Machine
  readonly members: ReadonlyArray<ClassMember>
  /** of all members */
  readonly hbdsBound: number
}

/** What a number of HBDs of a class comes to when its best member is built. */
export interface ClassUse {
  readonly member: number
  readonly use: SiteUse
}

/** Counts of a member's scale-out fabric for `hbds` HBDs; null: its shape does not reach so far. */
export function memberFabric(hbd: HbdDesign, member: ClassMember, hbds: number): FabricSize | null {
  if (member.scaleOut === null) return null
  const size = sizeFabric(scaleOutSpec(hbd, member.scaleOut, hbds))
  return size.kind === "infeasible" ? null : size
}

/** Exact use of `hbds` HBDs of a member; null where fabric or limits do not allow them. */
export function memberUse(of: FabricClass, member: ClassMember, hbds: number): SiteUse | null {
  let counts: ScaleOutCounts | null = null
  if (member.scaleOut === null) {
    if (hbds > 1) return null
  } else {
    const size = memberFabric(of.hbd, member, hbds)
    if (size === null) return null
    counts = scaleOutCounts(size)
  }
  const use = resourceUse(member.plant, hbds, counts)
  return isWithin(of.rows, use) ? use : null
}

/** The member that serves `hbds` HBDs within the limits at the least `cost`, the first among equals. */
export function cheapestMember(of: FabricClass, hbds: number, cost: (use: SiteUse) => number): ClassUse | null {
  let best: ClassUse | null = null
  let least = Infinity
  for (const [index, member] of of.members.entries()) {
    if (member.hbdsBound < hbds) continue
    const use = memberUse(of, member, hbds)
    if (use === null) continue
    const price = cost(use)
    if (best === null || price < least) {
      best = { member: index, use }
      least = price
    }
  }
  return best
}

/**
 * The most HBDs that some member can serve exactly. Uses grow with HBDs, so halving finds it; bounds are close,
 * so from above.
 */
export function mostExactHbds(of: FabricClass): number {
  let most = 0
  for (const member of of.members) {
    let high = member.hbdsBound
    let low = high
    for (let step = 1; low > most && memberUse(of, member, low) === null; step *= 2) {
      high = low - 1
      low = Math.max(most, low - step)
    }
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (memberUse(of, member, middle) === null) high = middle - 1
      else low = middle
    }
    most = Math.max(most, low)
  }
  return most
}
