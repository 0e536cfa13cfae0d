/**
 * Presolve, third part: the scale-out fabrics a block can stand behind, grouped by what the performance model
 * sees of them.
 */
import { boundFabric } from "../fabric/bound.ts"
import { completeFabricSpec, type FabricSize, type FabricSpec } from "../fabric/fabric.ts"
import { sizeFabric } from "../fabric/sizing.ts"
import { missingFigures } from "../facility/missing-figures.ts"
import { isMadeFor, type Plant, preparePlant, type ScaleOutCounts, scaleOutCounts } from "../facility/plant.ts"
import type { RackRefusal } from "../facility/rack-rule.ts"
import { leastOfEach, type SiteUse } from "../facility/resource-use.ts"
import { type AffineUse, boundManyUse, boundResourceUse } from "../facility/use-bound.ts"
import type { FabricPerformance } from "../performance/machine.ts"
import type { HbdBlock, HbdStand } from "./blocks.ts"
import type { ClassMember, FabricClass, MemberStand } from "./fabric-class.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import { fastestClasses } from "./class-dominance.ts"
import { machineOf, scaleOutPerformance } from "./machine-of-design.ts"
import { mostHbds, rowsBeside, type SiteRow, totalRows } from "./rows.ts"
import { enumerateScaleOutDesigns, fabricSpecOf, linksPerCableOf } from "./scale-out-designs.ts"
import type { Scenario } from "./scenario.ts"
import type { DropLog, Hardware } from "./selection.ts"
import { never, type Stopped } from "./stopped.ts"

/** A scale-out design with all that does not depend on the size of the HBDs behind it. */
export interface ScaleOutOption {
  readonly scaleOut: ScaleOutDesign
  /** the same text where it takes the same plant: the same parts, whatever their shape */
  readonly parts: string
  /**
   * as its accelerators see it at its largest, so that no mapping depends on the number of HBDs; the same object where it is
   * alike
   */
  readonly performance: FabricPerformance
  /** of one endpoint, fractional */
  readonly perEndpoint: ScaleOutCounts
  readonly maxEndpoints: number
}

/**
 * The options behind HBDs of one host with the same lanes left for scale-out, whatever their size. What depends on shape and
 * speeds alone is computed once for all parts that have them.
 */
export function scaleOutOptions(
  scenario: Scenario, hardware: Hardware, hbd: HbdDesign, log: DropLog, known = new KnownScaleOuts(), stopped = never
): ReadonlyArray<ScaleOutOption> {
  const alike = new Map<string, FabricPerformance>()
  return enumerateScaleOutDesigns(scenario, hardware, hbd, log).flatMap((design) => {
    if (stopped()) return []
    const scaleOut = known.sameAs(design)
    const [missing] = missingFigures({ hbd, scaleOut })
    if (missing !== undefined) {
      log.drop(`part without ${missing.field}`, missing.id)
      return []
    }
    const shape = known.shapeOf(scaleOut, hbd.host.accelerators)
    if (shape === null) {
      const { switch: box, nicsPerAccelerator, nic } = scaleOut
      log.drop("scale-out that radix does not allow", `${box.id} behind ${nicsPerAccelerator} × ${nic.id}`)
      return []
    }
    const { spec, size, perEndpoint, maxEndpoints } = shape
    const seen = scaleOutPerformance(scaleOut, spec, size)
    const text = JSON.stringify(seen)
    const performance = alike.get(text) ?? seen
    alike.set(text, performance)
    return [{ scaleOut, parts: partsOf(scaleOut), performance, perEndpoint, maxEndpoints }]
  })
}

/** All of a design that a plant depends on. */
function partsOf(design: ScaleOutDesign): string {
  const { topology, nic, nicsPerAccelerator, planes, rails, linkGbps, switch: box, endpointMedia, trunkMedia } = design
  const media = [endpointMedia, trunkMedia].map((ladder) => ladder.map(({ id }) => id).join(","))
  return [topology === "dragonfly", nic.id, nicsPerAccelerator, planes, rails, linkGbps, box.id, ...media].join(" ")
}

/** A fabric at its largest, and what one of its endpoints takes. */
interface FabricShape extends Pick<ScaleOutOption, "perEndpoint" | "maxEndpoints"> {
  readonly spec: FabricSpec
  readonly size: FabricSize
}

/** Scale-out designs met so far: the same is one object, its shape sized once. */
export class KnownScaleOuts {
  readonly #designs = new Map<string, ScaleOutDesign>()
  readonly #shapes = new Map<string, FabricShape | null>()
  readonly #shapesOf = new WeakMap<ScaleOutDesign, Map<number, FabricShape | null>>()

  /** The first design of the same parts and shape. */
  sameAs(design: ScaleOutDesign): ScaleOutDesign {
    const { nic, switch: box, endpointMedia, trunkMedia, ...rest } = design
    const ladders = [endpointMedia, trunkMedia].map((ladder) => ladder.map(({ id }) => id))
    const key = JSON.stringify([nic.id, box.id, ladders, rest])
    const known = this.#designs.get(key)
    if (known === undefined) this.#designs.set(key, design)
    return known ?? design
  }

  /** Null: its radix does not even reach the accelerators of one host. */
  shapeOf(design: ScaleOutDesign, hostAccelerators: number): FabricShape | null {
    let shapes = this.#shapesOf.get(design)
    if (shapes === undefined) this.#shapesOf.set(design, shapes = new Map())
    let shape = shapes.get(hostAccelerators)
    if (shape !== undefined) return shape
    const spec = completeFabricSpec(fabricSpecOf(design, hostAccelerators * design.nicsPerAccelerator))
    const key = JSON.stringify(spec)
    shape = this.#shapes.get(key)
    if (shape === undefined) this.#shapes.set(key, shape = largestShape(design, spec))
    shapes.set(hostAccelerators, shape)
    return shape
  }
}

function largestShape(scaleOut: ScaleOutDesign, least: FabricSpec): FabricShape | null {
  const perEndpoint = boundFabric(least)
  if (perEndpoint.kind === "infeasible") return null
  const { maxEndpoints } = perEndpoint
  const spec = completeFabricSpec(fabricSpecOf(scaleOut, maxEndpoints))
  const size = sizeFabric(spec)
  return size.kind === "infeasible" ? null : { spec, size, perEndpoint: scaleOutCounts(perEndpoint), maxEndpoints }
}

/** What an enumeration of classes may be told. */
export interface ClassesAsked {
  /** only those that no other makes needless where only speed counts */
  readonly fastestOnly?: boolean
  /** the bounds of a stand, filled as they are needed */
  readonly boundsOf?: (stand: HbdStand) => StandBounds
  readonly stopped?: Stopped
}

/** The block's classes; one of them the HBD alone, when the scenario allows it. */
export function fabricClasses(
  scenario: Scenario, block: HbdBlock, options: ReadonlyArray<ScaleOutOption>, log: DropLog,
  { fastestOnly = false, boundsOf = ownBounds, stopped = never }: ClassesAsked = {}
): ReadonlyArray<FabricClass> {
  const groups = new Map<FabricPerformance | string, { performance: FabricPerformance | null; members: Array<ClassMember> }>()
  const { scaleOutTopology } = scenario.search
  if (block.crossing === null && (scaleOutTopology === null || scaleOutTopology.includes("none"))) {
    const { hbd, plant, useBound } = block.stands[0]!
    const alone = { scaleOut: null, stands: [{ plant, hbdsBound: 1, useBound }], hbdsBound: 1, useBound }
    if (isMadeFor(hbd, plant.rule)) groups.set("alone", { performance: null, members: [alone] })
  }
  const { hbd, stands, crossing } = block
  const places = stands.map((stand, i): Place => ({
    stand, bounds: boundsOf(stand), plants: new Map(), room: rowsBeside(stand.rows, crossing?.gateways[i] ?? null)
  }))
  const total = totalRows(scenario)
  for (const option of options) {
    if (stopped()) return []
    const member = memberOf(scenario, block, option, log, places, total)
    if (member === null) continue
    const group = groups.get(option.performance)
    if (group === undefined) groups.set(option.performance, { performance: option.performance, members: [member] })
    else group.members.push(member)
  }
  const room = places.map((place) => place.room)
  const classes = [...groups.values()].map(({ performance, members }): FabricClass => ({
    hbd, stands, room, total, crossing,
    machine: machineOf(hbd, performance, crossing?.performance ?? null),
    members,
    hbdsBound: members.reduce((most, member) => Math.max(most, member.hbdsBound), 0)
  }))
  const kept = fastestOnly ? fastestClasses(classes, stopped) : classes
  // those that are counted exactly later are few, and make their own
  for (const { plants } of places) plants.clear()
  return kept
}

/** A site of a block while its classes are enumerated. */
interface Place {
  readonly stand: HbdStand
  readonly bounds: StandBounds
  /** by the parts of their scale-out, for as long as all are looked at */
  readonly plants: Map<string, Plant | RackRefusal>
  /** limits beside what joins the site to others */
  readonly room: ReadonlyArray<SiteRow>
}

/** The option at every site of the block, with room for one HBD at each. */
function memberOf(
  scenario: Scenario, block: HbdBlock, option: ScaleOutOption, log: DropLog, places: ReadonlyArray<Place>,
  total: ReadonlyArray<SiteRow>
): ClassMember | null {
  const { scaleOut, maxEndpoints } = option
  const reach = Math.floor(maxEndpoints / (block.hbd.size * scaleOut.nicsPerAccelerator))
  const stands: Array<MemberStand> = []
  for (const place of places) {
    const prepared = boundOf(scenario, place, option)
    if (prepared.kind === "refusal") return refuse(log, prepared.reason, block, option)
    const hbdsBound = Math.min(mostWithin(place.room, prepared.useBound, prepared.manyBound), reach)
    if (hbdsBound < 1) return refuse(log, "one HBD with its network is more than the limits or the fabric allow", block, option)
    stands.push(new CountedStand(hbdsBound, prepared.useBound, () => plantAt(scenario, place, option)))
  }
  const useBound = stands.map((stand) => stand.useBound).reduce(leastOfEach)
  const together = mostHbds(total, useBound).most
  const hbdsBound = Math.min(together, stands.reduce((sum, stand) => sum + stand.hbdsBound, 0))
  return { scaleOut, stands, hbdsBound, useBound }
}

function mostWithin(rows: ReadonlyArray<SiteRow>, useBound: SiteUse, many: AffineUse): number {
  const { most } = mostHbds(rows, useBound)
  return Math.min(most, Math.max(many.from - 1, mostHbds(rows, many.perHbd, many.less).most))
}

/** What an HBD with a scale-out uses at least at a stand, or why it cannot stand there. */
export type StandBound =
  | { readonly kind: "stand"; readonly useBound: SiteUse; readonly manyBound: AffineUse }
  | { readonly kind: "refusal"; readonly reason: string }

/** The bounds of a stand, by scale-out. A plant takes a hundred times the room of its bound: none is kept. */
export type StandBounds = Map<ScaleOutDesign, StandBound>

/** Sets of sites share the stands of each, and so their bounds. */
const bounds = new WeakMap<HbdStand, StandBounds>()

function ownBounds(stand: HbdStand): StandBounds {
  let known = bounds.get(stand)
  if (known === undefined) bounds.set(stand, known = new Map())
  return known
}

function boundOf(scenario: Scenario, place: Place, option: ScaleOutOption): StandBound {
  let bound = place.bounds.get(option.scaleOut)
  if (bound === undefined) place.bounds.set(option.scaleOut, bound = makeBound(scenario, place, option))
  return bound
}

function makeBound(scenario: Scenario, place: Place, option: ScaleOutOption): StandBound {
  const plant = plantOfParts(scenario, place, option)
  if (plant.kind === "refusal") {
    return { kind: "refusal", reason: `${plant.resource} of a ${place.stand.rackClass.coolingClass.name} rack` }
  }
  const perHbd = scaled(option.perEndpoint, place.stand.hbd.size * option.scaleOut.nicsPerAccelerator)
  return { kind: "stand", useBound: boundResourceUse(plant, perHbd), manyBound: boundManyUse(plant, perHbd) }
}

/** A plant of the option's parts, whatever their shape: as good for bounds. */
function plantOfParts(scenario: Scenario, { stand, plants }: Place, option: ScaleOutOption): Plant | RackRefusal {
  let plant = plants.get(option.parts)
  if (plant === undefined) plants.set(option.parts, plant = plantOf(scenario, stand, option))
  return plant
}

function plantAt(scenario: Scenario, place: Place, option: ScaleOutOption): Plant | RackRefusal {
  const plant = plantOfParts(scenario, place, option)
  return plant.kind === "refusal" ? plant : { ...plant, design: { hbd: place.stand.hbd, scaleOut: option.scaleOut } }
}

function plantOf({ allowances }: Scenario, { hbd, rackClass }: HbdStand, { scaleOut }: ScaleOutOption): Plant | RackRefusal {
  return preparePlant({ hbd, scaleOut }, rackClass, allowances, linksPerCableOf(scaleOut))
}

/** A member at a site: its plant is made when it is to be counted exactly, which few are. */
class CountedStand implements MemberStand {
  readonly hbdsBound: number
  readonly useBound: SiteUse
  readonly #make: () => Plant | RackRefusal
  #plant: Plant | null = null

  constructor(hbdsBound: number, useBound: SiteUse, make: () => Plant | RackRefusal) {
    this.hbdsBound = hbdsBound
    this.useBound = useBound
    this.#make = make
  }

  get plant(): Plant {
    if (this.#plant !== null) return this.#plant
    const made = this.#make()
    if (made.kind === "refusal") throw new Error(`a stand that has a bound is refused: ${made.reason}`)
    return this.#plant = made
  }
}

function nameOf({ name }: HbdBlock, { scaleOut }: ScaleOutOption): string {
  return `${name} with ${scaleOut.switch.id} behind ${scaleOut.nicsPerAccelerator} × ${scaleOut.nic.id}`
}

function scaled(counts: ScaleOutCounts, factor: number): ScaleOutCounts {
  const { leaf, spine, core, endpointLinks, trunkLinks, coreLinks } = counts
  return {
    leaf: leaf * factor, spine: spine * factor, core: core * factor,
    endpointLinks: endpointLinks * factor, trunkLinks: trunkLinks * factor, coreLinks: coreLinks * factor
  }
}

function refuse(log: DropLog, reason: string, block: HbdBlock, option: ScaleOutOption): null {
  log.drop(reason, nameOf(block, option))
  return null
}
