/**
 * HBDs of one design behind scale-out fabrics that the performance model cannot tell apart. A mapping is judged
 * once for all members; the member that serves a number of HBDs with the least use is the one that would be
 * built. On several sites each has a fabric of its own, of the same design.
 */
import type { FabricSize } from "../fabric/fabric.ts"
import { sizeFabric } from "../fabric/sizing.ts"
import { type Plant, type ScaleOutCounts, scaleOutCounts } from "../facility/plant.ts"
import { combine, differInLastRack, leastOfEach, resourceUse, type SiteUse, sumOfEach } from "../facility/resource-use.ts"
import { leastResourceUse, mostResourceUse } from "../facility/use-bound.ts"
import type { Machine } from "../performance/machine.ts"
import type { HbdStand } from "./blocks.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import { scaleOutSpec } from "./machine-of-design.ts"
import { largestThatFits } from "./hbd-room.ts"
import { isWithin, type SiteRow } from "./rows.ts"
import { never, type Stopped } from "./stopped.ts"
import type { SiteCrossing } from "./site-crossings.ts"
import { type HbdNeed, spreadHbds } from "./site-spread.ts"

/** A scale-out design at one of a class's sites. */
export interface MemberStand {
  readonly plant: Plant
  /** HBDs that its fabric can join and that the limits leave room for, by bounds: at least the exact number */
  readonly hbdsBound: number
  /** per HBD, lower bound of what it uses */
  readonly useBound: SiteUse
}

/** One scale-out design behind the class's HBD (null: the HBD stands alone). */
export interface ClassMember {
  readonly scaleOut: ScaleOutDesign | null
  /** one for each site of the class */
  readonly stands: ReadonlyArray<MemberStand>
  /** on all sites */
  readonly hbdsBound: number
  readonly useBound: SiteUse
}

export interface FabricClass {
  readonly hbd: HbdDesign
  readonly stands: ReadonlyArray<HbdStand>
  /** of each site the limits beside what joins it to the others */
  readonly room: ReadonlyArray<ReadonlyArray<SiteRow>>
  /** limits on all sites together */
  readonly total: ReadonlyArray<SiteRow>
  readonly crossing: SiteCrossing | null
  /** its number among those of its block */
  readonly fabric: number
  readonly machine: Machine
  readonly members: ReadonlyArray<ClassMember>
  /** of all members the most */
  readonly hbdsBound: number
  /** per HBD, of every figure the least of any member */
  readonly useBound: SiteUse
}

/** The least use of any class, and the most HBDs. */
export function extremesOf(
  classes: ReadonlyArray<Pick<FabricClass, "useBound" | "hbdsBound">>
): Pick<FabricClass, "useBound" | "hbdsBound"> {
  return {
    useBound: classes.map((of) => of.useBound).reduce(leastOfEach), hbdsBound: Math.max(...classes.map((of) => of.hbdsBound))
  }
}

/** What a number of HBDs of a class comes to when its best member is built. */
export interface ClassUse {
  readonly member: number
  /** HBDs at each site, and what each site uses */
  readonly placement: ReadonlyArray<number>
  readonly uses: ReadonlyArray<SiteUse>
  /** of all sites */
  readonly use: SiteUse
}

/** Counts of a member's scale-out fabric for `hbds` HBDs of one site; null: its shape does not reach so far. */
export function memberFabric(hbd: HbdDesign, member: ClassMember, hbds: number): FabricSize | null {
  if (member.scaleOut === null) return null
  const size = sizeFabric(scaleOutSpec(hbd, member.scaleOut, hbds))
  return size.kind === "infeasible" ? null : size
}

/** By design and accelerators behind it: blocks and scenarios ask for the same again. */
const knownCounts = new WeakMap<ScaleOutDesign, Map<number, ScaleOutCounts | undefined>>()

/** Counts of `hbds` HBDs' fabric; undefined where its shape does not reach so far, null where there is none and need be none. */
function memberCounts(of: FabricClass, member: ClassMember, hbds: number): ScaleOutCounts | null | undefined {
  const { scaleOut } = member
  if (scaleOut === null) return hbds > 1 ? undefined : null
  let counts = knownCounts.get(scaleOut)
  if (counts === undefined) knownCounts.set(scaleOut, counts = new Map())
  const accelerators = hbds * of.hbd.size
  if (!counts.has(accelerators)) {
    const size = memberFabric(of.hbd, member, hbds)
    counts.set(accelerators, size === null ? undefined : scaleOutCounts(size))
  }
  return counts.get(accelerators)
}

/** Exact use of `hbds` HBDs of a member at one of the class's sites; null where fabric, media or limits do not allow them. */
function exactUse(of: FabricClass, member: ClassMember, stand: number, hbds: number): SiteUse | null {
  const counts = memberCounts(of, member, hbds)
  const use = counts === undefined ? null : resourceUse(member.stands[stand]!.plant, hbds, counts)
  return use !== null && isWithin(of.room[stand]!, use) ? use : null
}

/** The member that serves the HBDs within the limits at the least `cost`, the first among equals; once stopped, perhaps none. */
export function cheapestMember(
  of: FabricClass, need: HbdNeed, cost: (use: SiteUse) => number, stopped: Stopped = never
): ClassUse | null {
  // those that may cost least first, so that most of the others need not be placed
  const able = of.members.map((member, index) => ({ member, index, bound: 0 })).filter(({ member }) => member.hbdsBound >= need.hbds)
  for (const one of able) one.bound = cost(combine(one.member.useBound, one.member.useBound, (figure) => figure * need.hbds))
  able.sort((a, b) => a.bound - b.bound || a.index - b.index)
  let best: ClassUse | null = null
  let least = Infinity
  for (const { member, index, bound } of able) {
    if (bound >= least || stopped()) break
    const found = placeMember(of, member, need, stopped)
    if (found === null) continue
    const price = cost(found.use)
    if (price < least || (price === least && index < best!.member)) {
      best = { member: index, ...found }
      least = price
    }
  }
  return best
}

function placeMember(
  of: FabricClass, member: ClassMember, need: HbdNeed, stopped: Stopped
): Omit<ClassUse, "member"> | null {
  const placement = of.crossing === null ? [need.hbds] : spreadHbds(need, exactRoom(of, member, stopped), order(of))
  if (placement === null) return null
  const uses: Array<SiteUse> = []
  for (const [stand, hbds] of placement.entries()) {
    const use = exactUse(of, member, stand, hbds)
    if (use === null) return null
    uses.push(of.crossing === null ? use : sumOfEach(use, of.crossing.gateways[stand]!.use))
  }
  const use = uses.reduce(sumOfEach)
  return isWithin(of.total, use) ? { placement, uses, use } : null
}

/** Sites by rising PUE: an HBD is best where it draws least at the meter. */
function order({ stands }: FabricClass): ReadonlyArray<number> {
  return stands.map((_, i) => i).sort((a, b) => stands[a]!.rackClass.pue - stands[b]!.rackClass.pue || a - b)
}

const rooms = new WeakMap<ClassMember, ReadonlyArray<number>>()

/** The most HBDs of the member at each site of the class, exactly counted; once stopped, perhaps fewer. */
function exactRoom(of: FabricClass, member: ClassMember, stopped: Stopped): ReadonlyArray<number> {
  const known = rooms.get(member)
  if (known !== undefined) return known
  const room = member.stands.map((_, stand) => mostAt(of, member, stand, stopped))
  if (!stopped()) rooms.set(member, room)
  return room
}

/** The most HBDs that the member can serve at a site, and any fewer; bounds are close, so from above. */
function mostAt(of: FabricClass, member: ClassMember, stand: number, stopped: Stopped): number {
  return largestThatFits(0, member.stands[stand]!.hbdsBound, (hbds) =>
    !stopped() && hasRoomAt(of, member, stand, hbds, Infinity, stopped))
}

/** Numbers of HBDs that are counted one by one for a class that may only be needless. */
const needlessCountedMost = 32

/** Whether some member of `of` has exactly counted room for so many HBDs, and any fewer, at each site, and for all together. */
export function hasRoomFor(of: FabricClass, hbds: ReadonlyArray<number>, countedMost = needlessCountedMost): boolean {
  return of.members.some((member) =>
    hbds.every((count, stand) => hasRoomAt(of, member, stand, count, countedMost)) && isSurelyWithinTotal(of, member, hbds))
}

/** Whether the limits that all sites share leave room for so many HBDs, and any fewer, without a length of cable being known. */
function isSurelyWithinTotal(of: FabricClass, member: ClassMember, hbds: ReadonlyArray<number>): boolean {
  // on one site they are among its own
  if (of.total.length === 0 || of.crossing === null) return true
  const uses: Array<SiteUse> = []
  for (const [stand, count] of hbds.entries()) {
    const counts = memberCounts(of, member, count)
    const use = counts === undefined ? null : mostResourceUse(member.stands[stand]!.plant, count, counts)
    if (use === null) return false
    uses.push(use, of.crossing.gateways[stand]!.use)
  }
  return isWithin(of.total, uses.reduce(sumOfEach))
}

/** Counts that are known to have room at a member's site, all below them included, and not to. */
const knownRoom = new WeakMap<MemberStand, { most: number; tooMany: number }>()

/**
 * Whether `hbds` HBDs, and any fewer, have room. Cables at their dearest leave room for all fewer, at their cheapest take it
 * from all more; only numbers in between, which are few, are counted one by one: if there are more than `countedMost`, or it was
 * stopped, it is not known that they have.
 */
function hasRoomAt(
  of: FabricClass, member: ClassMember, stand: number, hbds: number, countedMost: number, stopped: Stopped = never
): boolean {
  const at = member.stands[stand]!
  let known = knownRoom.get(at)
  if (known === undefined) knownRoom.set(at, known = { most: 0, tooMany: at.hbdsBound + 1 })
  const surely = roomBeyondDoubt(of, member, stand, hbds)
  if (surely === true) known.most = Math.max(known.most, hbds)
  if (surely === false) known.tooMany = Math.min(known.tooMany, hbds)
  if (surely !== null) return surely
  const isSure = (count: number) => roomBeyondDoubt(of, member, stand, count) === true
  if (hbds - known.most > countedMost && !isSure(hbds - countedMost)) return false
  known.most = largestThatFits(Math.max(known.most, hbds - countedMost), hbds, isSure)
  const fits = (count: number) => exactUse(of, member, stand, count) !== null
  while (known.most < hbds && known.tooMany > hbds && !stopped()) {
    const next = known.most + 1
    const last = lastInRacksOf(of, member, stand, next, hbds)
    if (fits(last)) known.most = last
    else if (last > next && fits(next)) known.most = next
    else known.tooMany = next
  }
  return hbds <= known.most
}

/** Up to `most` HBDs that stand in the racks of `hbds` of them: where they have room, so have all fewer down to `hbds`. */
function lastInRacksOf(of: FabricClass, member: ClassMember, stand: number, hbds: number, most: number): number {
  const { plant } = member.stands[stand]!
  const { hbdsPerRack } = plant.rule
  const last = hbdsPerRack === 0 ? hbds : Math.min(most, Math.ceil(hbds / hbdsPerRack) * hbdsPerRack)
  if (last === hbds) return hbds
  const [counts, lastCounts] = [memberCounts(of, member, hbds), memberCounts(of, member, last)]
  const isSame = counts != null && lastCounts != null && differInLastRack(plant, hbds, counts, last, lastCounts)
  return isSame ? last : hbds
}

/** The same where no lengths of cables need be known; null: they must. */
function roomBeyondDoubt(of: FabricClass, member: ClassMember, stand: number, hbds: number): boolean | null {
  const { plant } = member.stands[stand]!
  const known = knownRoom.get(member.stands[stand]!)
  if (known !== undefined && hbds <= known.most) return true
  if (known !== undefined && hbds >= known.tooMany) return false
  const counts = memberCounts(of, member, hbds)
  if (counts === undefined) return false
  const most = mostResourceUse(plant, hbds, counts)
  if (most !== null && isWithin(of.room[stand]!, most)) return true
  return isWithin(of.room[stand]!, leastResourceUse(plant, hbds, counts)) ? null : false
}
