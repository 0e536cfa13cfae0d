/**
 * Presolve, last part: the fabric classes of a block, one for each kind of scale-out that the limits leave room for. Classes are
 * bounded when the search comes to them, their members made when they are to be counted exactly: few of either.
 */
import { isMadeFor, type Plant } from "../facility/plant.ts"
import { leastOfEach, type SiteUse } from "../facility/resource-use.ts"
import type { FabricPerformance, Machine } from "../performance/machine.ts"
import { type HbdBlock, hbdsAtSites, type HbdStand } from "./blocks.ts"
import type { DesignedKinds } from "./design-table.ts"
import { type ClassMember, extremesOf, type FabricClass, type MemberStand } from "./fabric-class.ts"
import { machineOf } from "./machine-of-design.ts"
import { mostHbds, rowsBeside, type SiteRow, totalRows } from "./rows.ts"
import type { OptionGroup, ScaleOutKind, ScaleOutOption } from "./scale-out-kinds.ts"
import type { Scenario } from "./scenario.ts"
import type { DropLog } from "./selection.ts"
import { type GroupBound, plantOf, type StandBound, StandBounder, type StandBounds } from "./stand-bounds.ts"
import { never, type Stopped } from "./stopped.ts"

/** The kinds of scale-out that stand behind a block, in groups. */
export type KindTable = Pick<DesignedKinds, "kinds" | "envelopes" | "frugal">

/** What HBDs of some classes use at least, and the most that there may be. */
export type Room = Pick<FabricClass, "useBound" | "hbdsBound">

/** The classes of a block, each worked out when asked for. A class has the number of its kind, the HBD alone the one after all. */
export class BlockClasses {
  readonly #shared: Shared
  readonly #table: KindTable
  readonly #bounds: ReadonlyArray<StandBounds>
  readonly #isAloneAllowed: boolean
  readonly #known = new Map<number, FabricClass | null>()
  readonly #machines = new Map<number, Machine>()
  #room: Room | null | undefined
  #envelopeOf: ReadonlyMap<number, number> | null = null

  /** `knownBounds` of a stand: filled as they are needed. */
  constructor(
    scenario: Scenario, block: HbdBlock, table: KindTable, knownBounds: (stand: HbdStand) => StandBounds = () => new Map()
  ) {
    const { stands, crossing, hbd } = block
    const { scaleOutTopology } = scenario.search
    this.#shared = {
      scenario, block, total: totalRows(scenario),
      room: stands.map(({ rows }, i) => rowsBeside(rows, crossing?.gateways[i] ?? null)),
      hbdsMost: hbdsAtSites(stands, crossing),
      plants: stands.map(() => new Map())
    }
    this.#table = table
    this.#bounds = stands.map(knownBounds)
    this.#isAloneAllowed = crossing === null && (scaleOutTopology === null || scaleOutTopology.includes("none")) &&
      isMadeFor(hbd, stands[0]!.plant.rule)
  }

  /** Of any class at least, and at the most; null: there is none. */
  get room(): Room | null {
    if (this.#room === undefined) {
      const alone = this.at(this.#table.kinds.length)
      const joined = roomOfGroup(this.#shared, this.#table.frugal, boundsOf(this.#bounders(), this.#table.frugal))
      this.#room = joined === null ? alone : alone === null ? joined : extremesOf([alone, joined])
    }
    return this.#room
  }

  /** Null where the scenario leaves no room for such a class. */
  at(fabric: number, bounders = this.#bounders()): FabricClass | null {
    let known = this.#known.get(fabric)
    if (known === undefined) this.#known.set(fabric, known = this.#classAt(fabric, bounders))
    return known
  }

  /** Those that have room, the widest first; once `stopped`, not whole. */
  all(stopped: Stopped = never): ReadonlyArray<FabricClass> {
    const bounders = this.#bounders()
    const classes: Array<FabricClass> = []
    for (let fabric = 0; fabric <= this.#table.kinds.length && !stopped(); fabric++) {
      const of = this.at(fabric, bounders)
      if (of !== null) classes.push(of)
    }
    return classes
  }

  /** Groups of classes: those of the table's envelopes, and the HBD alone. */
  get envelopes(): number {
    return this.#table.envelopes.length + 1
  }

  /** A machine that is no slower than that of any class of the envelope; null: it has none. */
  machineOf(envelope: number): Machine | null {
    const { envelopes, kinds } = this.#table
    if (envelope === envelopes.length) return this.at(kinds.length)?.machine ?? null
    let machine = this.#machines.get(envelope)
    if (machine === undefined) {
      const { hbd, crossing } = this.#shared.block
      machine = machineOf(hbd, envelopes[envelope]!.performance, crossing?.performance ?? null)
      this.#machines.set(envelope, machine)
    }
    return machine
  }

  /** Those of an envelope that have room. */
  within(envelope: number): ReadonlyArray<FabricClass> {
    const { envelopes, kinds } = this.#table
    const places = envelope === envelopes.length ? [kinds.length] : envelopes[envelope]!.kinds
    const bounders = this.#bounders()
    return places.flatMap((fabric) => this.at(fabric, bounders) ?? [])
  }

  envelopeOf(fabric: number): number {
    const { envelopes } = this.#table
    this.#envelopeOf ??= new Map(envelopes.flatMap(({ kinds }, envelope) => kinds.map((kind) => [kind, envelope])))
    return this.#envelopeOf.get(fabric) ?? envelopes.length
  }

  /** Why options are in none of the classes; once stopped, of those looked at so far. */
  logRefusals(log: DropLog, stopped: Stopped): void {
    const { block } = this.#shared
    const bounders = this.#bounders()
    for (const kind of this.#table.kinds) {
      if (stopped()) return
      const bounds = boundsOf(bounders, kind)
      for (const [i, { scaleOut }] of kind.options.entries()) {
        const room = roomOf(this.#shared, kind, i, bounds)
        if (typeof room === "number") continue
        const network = `${scaleOut.switch.id} behind ${scaleOut.nicsPerAccelerator} × ${scaleOut.nic.id}`
        log.drop(room.reason, `${block.name} with ${network}`)
      }
    }
  }

  /** For groups that are bounded in a row: they share plants, which are large. */
  #bounders(): ReadonlyArray<StandBounder> {
    const { scenario, block: { stands } } = this.#shared
    return stands.map((stand, i) => new StandBounder(scenario, stand, this.#bounds[i]!))
  }

  #classAt(fabric: number, bounders: ReadonlyArray<StandBounder>): FabricClass | null {
    const kind = this.#table.kinds[fabric]
    if (kind !== undefined) {
      const bounds = boundsOf(bounders, kind)
      const room = roomOfGroup(this.#shared, kind, bounds)
      if (room === null) return null
      return new EnumeratedClass(this.#shared, fabric, kind.performance, room, () => membersOf(this.#shared, kind, bounds))
    }
    if (fabric > this.#table.kinds.length || !this.#isAloneAllowed) return null
    const { plant, useBound } = this.#shared.block.stands[0]!
    const alone = { scaleOut: null, stands: [{ plant, hbdsBound: 1, useBound }], hbdsBound: 1, useBound }
    return new EnumeratedClass(this.#shared, fabric, null, { hbdsBound: 1, useBound }, () => [alone])
  }
}

function boundsOf(bounders: ReadonlyArray<StandBounder>, group: OptionGroup): ReadonlyArray<GroupBound> {
  return bounders.map((bounder) => bounder.boundOf(group))
}

/** What the classes of a block have in common. */
interface Shared {
  readonly scenario: Scenario
  readonly block: HbdBlock
  readonly total: ReadonlyArray<SiteRow>
  /** of each site the limits beside what joins it to others */
  readonly room: ReadonlyArray<ReadonlyArray<SiteRow>>
  /** of each site, behind whatever network */
  readonly hbdsMost: ReadonlyArray<number>
  /** of each site those that members ask for, by their parts */
  readonly plants: ReadonlyArray<Map<string, Plant>>
}

function roomOfGroup(shared: Shared, group: OptionGroup, bounds: ReadonlyArray<GroupBound>): Room | null {
  let hbdsBound = 0
  for (let i = 0; i < group.options.length; i++) {
    const room = roomOf(shared, group, i, bounds, hbdsBound)
    if (typeof room === "number") hbdsBound = Math.max(hbdsBound, room)
  }
  return hbdsBound === 0 ? null : { hbdsBound, useBound: bounds.map((bound) => bound.useBound!).reduce(leastOfEach) }
}

/**
 * HBDs behind the group's option `i` at the most, on all sites of the block, or why there is none. Where it is no more than
 * `enough`, not worked out to its end.
 */
function roomOf(
  shared: Shared, { options }: OptionGroup, i: number, bounds: ReadonlyArray<GroupBound>, enough = 0
): number | { readonly reason: string } {
  let sum = 0
  for (let stand = 0; stand < bounds.length; stand++) {
    const bound = bounds[stand]!.options[i]!
    if (bound.kind === "refusal") return bound
    const room = roomAt(shared, options[i]!, stand, bound, bounds.length === 1 ? enough : 0)
    if (room < 1) return noRoom
    sum += room
  }
  const { total } = shared
  return total.length === 0 ? sum : Math.min(sum, mostHbds(total, useOf(bounds, i)).most)
}

const noRoom = { reason: "one HBD with its network is more than the limits or the fabric allow" }

/** HBDs at one site at the most. */
function roomAt(
  { block, room, hbdsMost }: Shared, { scaleOut, maxEndpoints }: ScaleOutOption, stand: number, { useBound, manyBound }: Standing, enough = 0
): number {
  const reach = Math.min(hbdsMost[stand]!, Math.floor(maxEndpoints / (block.hbd.size * scaleOut.nicsPerAccelerator)))
  if (reach <= enough) return reach
  const most = Math.min(reach, mostHbds(room[stand]!, useBound).most)
  if (most <= enough || most < manyBound.from) return most
  return Math.min(most, Math.max(manyBound.from - 1, mostHbds(room[stand]!, manyBound.perHbd, manyBound.less).most))
}

type Standing = Extract<StandBound, { readonly kind: "stand" }>

const standing = (bounds: ReadonlyArray<GroupBound>, i: number) => bounds.map(({ options }) => options[i] as Standing)

function useOf(bounds: ReadonlyArray<GroupBound>, i: number): SiteUse {
  return standing(bounds, i).map(({ useBound }) => useBound).reduce(leastOfEach)
}

/** Of the options that have room. */
function membersOf(shared: Shared, kind: ScaleOutKind, bounds: ReadonlyArray<GroupBound>): ReadonlyArray<ClassMember> {
  return kind.options.flatMap((option, i): ReadonlyArray<ClassMember> => {
    const hbdsBound = roomOf(shared, kind, i, bounds)
    if (typeof hbdsBound !== "number" || hbdsBound < 1) return []
    const stands = standing(bounds, i).map((bound, stand) => {
      const plant = () => plantAt(shared, stand, option)
      return new CountedStand(roomAt(shared, option, stand, bound), bound.useBound, plant)
    })
    return [{ scaleOut: option.scaleOut, stands, hbdsBound, useBound: useOf(bounds, i) }]
  })
}

/** The same for all members of the same parts, whatever their shape: nothing but counts depends on that. */
function plantAt({ scenario: { allowances }, block: { stands }, plants }: Shared, stand: number, option: ScaleOutOption): Plant {
  const known = plants[stand]!.get(option.parts)
  if (known !== undefined) return known
  const plant = plantOf(allowances, stands[stand]!, option)
  if (plant.kind === "refusal") throw new Error(`a stand that has a bound is refused: ${plant.reason}`)
  plants[stand]!.set(option.parts, plant)
  return plant
}

class EnumeratedClass implements FabricClass {
  readonly hbd: FabricClass["hbd"]
  readonly stands: FabricClass["stands"]
  readonly room: FabricClass["room"]
  readonly total: FabricClass["total"]
  readonly crossing: FabricClass["crossing"]
  readonly fabric: number
  readonly hbdsBound: number
  readonly useBound: SiteUse
  readonly #make: () => ReadonlyArray<ClassMember>
  #members: ReadonlyArray<ClassMember> | null = null
  readonly #performance: FabricPerformance | null
  #machine: Machine | null = null

  /** `performance` of the scale-out; null: the HBD alone. */
  constructor(
    { block: { hbd, stands, crossing }, room, total }: Shared, fabric: number, performance: FabricPerformance | null,
    { hbdsBound, useBound }: Room, make: () => ReadonlyArray<ClassMember>
  ) {
    this.hbd = hbd
    this.stands = stands
    this.room = room
    this.total = total
    this.crossing = crossing
    this.fabric = fabric
    this.#performance = performance
    this.hbdsBound = hbdsBound
    this.useBound = useBound
    this.#make = make
  }

  get members(): ReadonlyArray<ClassMember> {
    return this.#members ??= this.#make()
  }

  get machine(): Machine {
    return this.#machine ??= machineOf(this.hbd, this.#performance, this.crossing?.performance ?? null)
  }
}

class CountedStand implements MemberStand {
  readonly hbdsBound: number
  readonly useBound: SiteUse
  readonly #make: () => Plant
  #plant: Plant | null = null

  constructor(hbdsBound: number, useBound: SiteUse, make: () => Plant) {
    this.hbdsBound = hbdsBound
    this.useBound = useBound
    this.#make = make
  }

  get plant(): Plant {
    return this.#plant ??= this.#make()
  }
}
