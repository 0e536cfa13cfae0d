/**
 * Presolve, third part: the scale-out fabrics a block can stand behind, grouped by what the performance model
 * sees of them.
 */
import { boundFabric } from "../fabric/bound.ts"
import { completeFabricSpec, type FabricSize, type FabricSpec } from "../fabric/fabric.ts"
import { sizeFabric } from "../fabric/sizing.ts"
import { missingFigures } from "../facility/missing-figures.ts"
import { type Plant, preparePlant, type ScaleOutCounts, scaleOutCounts } from "../facility/plant.ts"
import type { RackRefusal } from "../facility/rack-rule.ts"
import { leastOfEach, type SiteUse } from "../facility/resource-use.ts"
import { type AffineUse, boundManyUse, boundResourceUse } from "../facility/use-bound.ts"
import type { FabricPerformance } from "../performance/machine.ts"
import type { HbdBlock, HbdStand } from "./blocks.ts"
import type { ClassMember, FabricClass, MemberStand } from "./fabric-class.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import { machineOf, scaleOutPerformance } from "./machine-of-design.ts"
import { mostHbds, rowsBeside, type SiteRow, totalRows } from "./rows.ts"
import { enumerateScaleOutDesigns, fabricSpecOf, linksPerCableOf } from "./scale-out-designs.ts"
import type { Scenario } from "./scenario.ts"
import type { DropLog, Hardware } from "./selection.ts"

/** A scale-out design with all that does not depend on the size of the HBDs behind it. */
export interface ScaleOutOption {
  readonly scaleOut: ScaleOutDesign
  /** as its accelerators see it at its largest, so that no mapping depends on the number of HBDs; the same object where it is alike */
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
  scenario: Scenario, hardware: Hardware, hbd: HbdDesign, log: DropLog, known = new KnownScaleOuts()
): ReadonlyArray<ScaleOutOption> {
  const alike = new Map<string, FabricPerformance>()
  return enumerateScaleOutDesigns(scenario, hardware, hbd, log).flatMap((design) => {
    const scaleOut = known.sameAs(design)
    const [missing] = missingFigures({ hbd, scaleOut })
    if (missing !== undefined) {
      log.drop(`part without ${missing.field}`, missing.id)
      return []
    }
    const shape = known.shapeOf(scaleOut, hbd.host.accelerators)
    if (shape === null) {
      log.drop("scale-out that radix does not allow", `${scaleOut.switch.id} behind ${scaleOut.nicsPerAccelerator} × ${scaleOut.nic.id}`)
      return []
    }
    const { spec, size, perEndpoint, maxEndpoints } = shape
    const seen = scaleOutPerformance(scaleOut, spec, size)
    const text = JSON.stringify(seen)
    const performance = alike.get(text) ?? seen
    alike.set(text, performance)
    return [{ scaleOut, performance, perEndpoint, maxEndpoints }]
  })
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

/** The block's classes; one of them the HBD alone, when the scenario allows it. `boundsOf` a stand are filled as they are needed. */
export function fabricClasses(
  scenario: Scenario, block: HbdBlock, options: ReadonlyArray<ScaleOutOption>, log: DropLog,
  boundsOf: (stand: HbdStand) => StandBounds = ownBounds
): ReadonlyArray<FabricClass> {
  const groups = new Map<FabricPerformance | string, { performance: FabricPerformance | null; members: Array<ClassMember> }>()
  const { scaleOutTopology } = scenario.search
  if (block.crossing === null && (scaleOutTopology === null || scaleOutTopology.includes("none"))) {
    const { plant, useBound } = block.stands[0]!
    const alone = { scaleOut: null, stands: [{ plant, hbdsBound: 1, useBound }], hbdsBound: 1, useBound }
    groups.set("alone", { performance: null, members: [alone] })
  }
  const bounds = block.stands.map(boundsOf)
  for (const option of options) {
    const member = memberOf(scenario, block, option, log, bounds)
    if (member === null) continue
    const group = groups.get(option.performance)
    if (group === undefined) groups.set(option.performance, { performance: option.performance, members: [member] })
    else group.members.push(member)
  }
  const { hbd, stands, crossing } = block
  const room = stands.map(({ rows }, i) => rowsBeside(rows, crossing?.gateways[i] ?? null))
  return [...groups.values()].map(({ performance, members }) => ({
    hbd, stands, room, total: totalRows(scenario), crossing,
    machine: machineOf(hbd, performance, crossing?.performance ?? null),
    members,
    hbdsBound: Math.max(...members.map((member) => member.hbdsBound))
  }))
}

/** The option at every site of the block, with room for one HBD at each. */
function memberOf(
  scenario: Scenario, block: HbdBlock, option: ScaleOutOption, log: DropLog, bounds: ReadonlyArray<StandBounds>
): ClassMember | null {
  const { hbd, stands: places, crossing } = block
  const stands: Array<MemberStand> = []
  for (const [i, place] of places.entries()) {
    const prepared = boundOf(scenario, place, option, bounds[i]!)
    if (prepared.kind === "refusal") return refuse(log, prepared.reason, nameOf(block, option))
    const rows = rowsBeside(place.rows, crossing?.gateways[i] ?? null)
    const reach = Math.floor(option.maxEndpoints / (hbd.size * option.scaleOut.nicsPerAccelerator))
    const hbdsBound = Math.min(mostWithin(rows, prepared.useBound, prepared.manyBound), reach)
    if (hbdsBound < 1) {
      return refuse(log, "one HBD with its network is more than the limits or the fabric allow", nameOf(block, option))
    }
    stands.push(new CountedStand(hbdsBound, prepared.useBound, () => plantOf(scenario, place, option)))
  }
  const useBound = stands.map((stand) => stand.useBound).reduce(leastOfEach)
  const together = mostHbds(totalRows(scenario), useBound).most
  const hbdsBound = Math.min(together, stands.reduce((sum, stand) => sum + stand.hbdsBound, 0))
  return { scaleOut: option.scaleOut, stands, hbdsBound, useBound }
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

function boundOf(scenario: Scenario, stand: HbdStand, option: ScaleOutOption, known: StandBounds): StandBound {
  let bound = known.get(option.scaleOut)
  if (bound === undefined) known.set(option.scaleOut, bound = makeBound(scenario, stand, option))
  return bound
}

function makeBound(scenario: Scenario, stand: HbdStand, option: ScaleOutOption): StandBound {
  const plant = plantOf(scenario, stand, option)
  if (plant.kind === "refusal") {
    return { kind: "refusal", reason: `${plant.resource} of a ${stand.rackClass.coolingClass.name} rack` }
  }
  const endpoints = stand.hbd.size * option.scaleOut.nicsPerAccelerator
  const perHbd = scaled(option.perEndpoint, endpoints)
  return { kind: "stand", useBound: boundResourceUse(plant, perHbd), manyBound: boundManyUse(plant, perHbd) }
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

function refuse(log: DropLog, reason: string, example: string): null {
  log.drop(reason, example)
  return null
}
