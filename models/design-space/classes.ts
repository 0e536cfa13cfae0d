/**
 * Presolve, last part: the fabric classes of a block, one for each kind of scale-out that the limits leave room for. Their
 * members are made when they are to be counted exactly, which few are.
 */
import { isMadeFor, type Plant } from "../facility/plant.ts"
import { leastOfEach, type SiteUse } from "../facility/resource-use.ts"
import type { Machine } from "../performance/machine.ts"
import type { HbdBlock, HbdStand } from "./blocks.ts"
import type { ClassMember, FabricClass, MemberStand } from "./fabric-class.ts"
import { machineOf } from "./machine-of-design.ts"
import { mostHbds, rowsBeside, type SiteRow, totalRows } from "./rows.ts"
import type { ScaleOutKind, ScaleOutOption } from "./scale-out-kinds.ts"
import type { Scenario } from "./scenario.ts"
import type { DropLog } from "./selection.ts"
import { type KindBound, plantOf, type StandBound, StandBounder, type StandBounds } from "./stand-bounds.ts"
import { never, type Stopped } from "./stopped.ts"

/** What an enumeration of classes may be told. */
export interface ClassesAsked {
  /** the bounds of a stand, filled as they are needed */
  readonly boundsOf?: (stand: HbdStand) => StandBounds
  readonly stopped?: Stopped
}

/** The block's classes, those of the widest kinds first; the last of them the HBD alone, when the scenario allows it. */
export function fabricClasses(
  scenario: Scenario, block: HbdBlock, kinds: ReadonlyArray<ScaleOutKind>, log: DropLog,
  { boundsOf = () => new Map(), stopped = never }: ClassesAsked = {}
): ReadonlyArray<FabricClass> {
  const { stands, crossing } = block
  const shared = {
    scenario, block, total: totalRows(scenario),
    room: stands.map(({ rows }, i) => rowsBeside(rows, crossing?.gateways[i] ?? null))
  }
  const bounders = stands.map((stand) => new StandBounder(scenario, stand, boundsOf(stand)))
  const { scaleOutTopology } = scenario.search
  const isAloneAllowed = crossing === null && (scaleOutTopology === null || scaleOutTopology.includes("none")) &&
    isMadeFor(block.hbd, stands[0]!.plant.rule)
  const classes: Array<FabricClass> = []
  for (const kind of kinds) {
    if (stopped()) return []
    const of = classOf(shared, kind, bounders.map((bounder) => bounder.boundOf(kind)), log)
    if (of !== null) classes.push(of)
  }
  return isAloneAllowed ? [...classes, classOfOne(shared)] : classes
}

/** What the classes of a block have in common. */
interface Shared {
  readonly scenario: Scenario
  readonly block: HbdBlock
  readonly total: ReadonlyArray<SiteRow>
  /** of each site the limits beside what joins it to others */
  readonly room: ReadonlyArray<ReadonlyArray<SiteRow>>
}

function classOfOne(shared: Shared): FabricClass {
  const { plant, useBound } = shared.block.stands[0]!
  const alone = { scaleOut: null, stands: [{ plant, hbdsBound: 1, useBound }], hbdsBound: 1, useBound }
  return new EnumeratedClass(shared, null, { hbdsBound: 1, useBound }, () => [alone])
}

function classOf(
  shared: Shared, kind: ScaleOutKind, bounds: ReadonlyArray<KindBound>, log: DropLog
): FabricClass | null {
  let hbdsBound = 0
  for (let i = 0; i < kind.options.length; i++) {
    const room = roomOf(shared, kind, i, bounds)
    if (typeof room === "number") hbdsBound = Math.max(hbdsBound, room)
    else refuse(log, room.reason, shared.block, kind.options[i]!)
  }
  if (hbdsBound === 0) return null
  const useBound = bounds.map((bound) => bound.useBound!).reduce(leastOfEach)
  return new EnumeratedClass(shared, kind, { hbdsBound, useBound }, () => membersOf(shared, kind, bounds))
}

/** HBDs behind the kind's option `i` at the most, on all sites of the block, or why there is none. */
function roomOf(
  shared: Shared, kind: ScaleOutKind, i: number, bounds: ReadonlyArray<KindBound>
): number | { readonly reason: string } {
  let sum = 0
  for (let stand = 0; stand < bounds.length; stand++) {
    const bound = bounds[stand]!.options[i]!
    if (bound.kind === "refusal") return bound
    const room = roomAt(shared, kind.options[i]!, stand, bound)
    if (room < 1) return noRoom
    sum += room
  }
  const { total } = shared
  return total.length === 0 ? sum : Math.min(sum, mostHbds(total, useOf(bounds, i)).most)
}

const noRoom = { reason: "one HBD with its network is more than the limits or the fabric allow" }

/** HBDs at one site at the most. */
function roomAt(
  { block, room }: Shared, { scaleOut, maxEndpoints }: ScaleOutOption, stand: number, { useBound, manyBound }: Standing
): number {
  const reach = Math.floor(maxEndpoints / (block.hbd.size * scaleOut.nicsPerAccelerator))
  const { most } = mostHbds(room[stand]!, useBound)
  const many = mostHbds(room[stand]!, manyBound.perHbd, manyBound.less).most
  return Math.min(most, Math.max(manyBound.from - 1, many), reach)
}

type Standing = Extract<StandBound, { readonly kind: "stand" }>

const standing = (bounds: ReadonlyArray<KindBound>, i: number) => bounds.map(({ options }) => options[i] as Standing)

function useOf(bounds: ReadonlyArray<KindBound>, i: number): SiteUse {
  return standing(bounds, i).map(({ useBound }) => useBound).reduce(leastOfEach)
}

/** Of the options that have room. */
function membersOf(shared: Shared, kind: ScaleOutKind, bounds: ReadonlyArray<KindBound>): ReadonlyArray<ClassMember> {
  return kind.options.flatMap((option, i): ReadonlyArray<ClassMember> => {
    const hbdsBound = roomOf(shared, kind, i, bounds)
    if (typeof hbdsBound !== "number" || hbdsBound < 1) return []
    const stands = standing(bounds, i).map((bound, stand) => {
      const plant = () => plantAt(shared.scenario, shared.block.stands[stand]!, option)
      return new CountedStand(roomAt(shared, option, stand, bound), bound.useBound, plant)
    })
    return [{ scaleOut: option.scaleOut, stands, hbdsBound, useBound: useOf(bounds, i) }]
  })
}

function plantAt({ allowances }: Scenario, stand: HbdStand, option: ScaleOutOption): Plant {
  const plant = plantOf(allowances, stand, option)
  if (plant.kind === "refusal") throw new Error(`a stand that has a bound is refused: ${plant.reason}`)
  return plant
}

class EnumeratedClass implements FabricClass {
  readonly hbd: FabricClass["hbd"]
  readonly stands: FabricClass["stands"]
  readonly room: FabricClass["room"]
  readonly total: FabricClass["total"]
  readonly crossing: FabricClass["crossing"]
  readonly kind: ScaleOutKind | null
  readonly hbdsBound: number
  readonly useBound: SiteUse
  readonly #make: () => ReadonlyArray<ClassMember>
  #members: ReadonlyArray<ClassMember> | null = null
  #machine: Machine | null = null

  constructor(
    { block: { hbd, stands, crossing }, room, total }: Shared, kind: ScaleOutKind | null,
    { hbdsBound, useBound }: Pick<FabricClass, "hbdsBound" | "useBound">, make: () => ReadonlyArray<ClassMember>
  ) {
    this.hbd = hbd
    this.stands = stands
    this.room = room
    this.total = total
    this.crossing = crossing
    this.kind = kind
    this.hbdsBound = hbdsBound
    this.useBound = useBound
    this.#make = make
  }

  get members(): ReadonlyArray<ClassMember> {
    return this.#members ??= this.#make()
  }

  get machine(): Machine {
    return this.#machine ??= machineOf(this.hbd, this.kind?.performance ?? null, this.crossing?.performance ?? null)
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

function refuse(log: DropLog, reason: string, { name }: HbdBlock, { scaleOut }: ScaleOutOption): null {
  log.drop(reason, `${name} with ${scaleOut.switch.id} behind ${scaleOut.nicsPerAccelerator} × ${scaleOut.nic.id}`)
  return null
}
