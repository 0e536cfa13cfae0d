/**
 * Presolve, third part: the scale-out fabrics a block can stand behind, grouped by what the performance model
 * sees of them.
 */
import { boundFabric } from "../fabric/bound.ts"
import { completeFabricSpec, type FabricSize, type FabricSpec } from "../fabric/fabric.ts"
import { sizeFabric } from "../fabric/sizing.ts"
import { missingFigures } from "../facility/missing-figures.ts"
import { type Plant, preparePlant, type ScaleOutCounts, scaleOutCounts } from "../facility/plant.ts"
import { boundResourceUse, leastOfEach, type SiteUse } from "../facility/resource-use.ts"
import type { FabricPerformance } from "../performance/machine.ts"
import type { HbdBlock, HbdStand } from "./blocks.ts"
import type { ClassMember, FabricClass, MemberStand } from "./fabric-class.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import { machineOf, scaleOutPerformance } from "./machine-of-design.ts"
import { mostHbds, rowsBeside, totalRows } from "./rows.ts"
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
  scenario: Scenario, hardware: Hardware, hbd: HbdDesign, cableM: number, log: DropLog
): ReadonlyArray<ScaleOutOption> {
  const shapes = new Map<string, FabricShape | null>()
  const alike = new Map<string, FabricPerformance>()
  return enumerateScaleOutDesigns(scenario, hardware, hbd, cableM, log).flatMap((scaleOut) => {
    const [missing] = missingFigures({ hbd, scaleOut })
    if (missing !== undefined) {
      log.drop(`part without ${missing.field}`, missing.id)
      return []
    }
    const shape = shapeOf(scaleOut, hbd.host.accelerators, shapes)
    if (shape === null) {
      log.drop("scale-out that radix does not allow", `${scaleOut.switch.id} behind ${scaleOut.nicsPerAccelerator} × ${scaleOut.nic.id}`)
      return []
    }
    const { spec, size, perEndpoint, maxEndpoints } = shape
    const seen = scaleOutPerformance(scaleOut, spec, size, cableM)
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

/** Null: its radix does not even reach the accelerators of one host. */
function shapeOf(
  scaleOut: ScaleOutDesign, hostAccelerators: number, known: Map<string, FabricShape | null>
): FabricShape | null {
  const spec = completeFabricSpec(fabricSpecOf(scaleOut, hostAccelerators * scaleOut.nicsPerAccelerator))
  const key = JSON.stringify(spec)
  let shape = known.get(key)
  if (shape === undefined) known.set(key, shape = largestShape(scaleOut, spec))
  return shape
}

function largestShape(scaleOut: ScaleOutDesign, least: FabricSpec): FabricShape | null {
  const perEndpoint = boundFabric(least)
  if (perEndpoint.kind === "infeasible") return null
  const { maxEndpoints } = perEndpoint
  const spec = completeFabricSpec(fabricSpecOf(scaleOut, maxEndpoints))
  const size = sizeFabric(spec)
  return size.kind === "infeasible" ? null : { spec, size, perEndpoint: scaleOutCounts(perEndpoint), maxEndpoints }
}

/** The block's classes; one of them the HBD alone, when the scenario allows it. `plantsOf` a stand are filled as they are needed. */
export function fabricClasses(
  scenario: Scenario, block: HbdBlock, options: ReadonlyArray<ScaleOutOption>, log: DropLog,
  plantsOf: (stand: HbdStand) => StandPlants = ownPlants
): ReadonlyArray<FabricClass> {
  const groups = new Map<FabricPerformance | string, { performance: FabricPerformance | null; members: Array<ClassMember> }>()
  const { scaleOutTopology } = scenario.search
  if (block.crossing === null && (scaleOutTopology === null || scaleOutTopology.includes("none"))) {
    const { plant, useBound } = block.stands[0]!
    const alone = { scaleOut: null, stands: [{ plant, hbdsBound: 1, useBound }], hbdsBound: 1, useBound }
    groups.set("alone", { performance: null, members: [alone] })
  }
  const plants = block.stands.map(plantsOf)
  for (const option of options) {
    const member = memberOf(scenario, block, option, log, plants)
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
  scenario: Scenario, block: HbdBlock, option: ScaleOutOption, log: DropLog, plants: ReadonlyArray<StandPlants>
): ClassMember | null {
  const { hbd, stands: places, crossing } = block
  const stands: Array<MemberStand> = []
  for (const [i, place] of places.entries()) {
    const prepared = prepareStand(scenario, place, option, plants[i]!)
    if (prepared.kind === "refusal") return refuse(log, prepared.reason, nameOf(block, option))
    const rows = rowsBeside(place.rows, crossing?.gateways[i] ?? null)
    const reach = Math.floor(option.maxEndpoints / (hbd.size * option.scaleOut.nicsPerAccelerator))
    const hbdsBound = Math.min(mostHbds(rows, prepared.useBound).most, reach)
    if (hbdsBound < 1) {
      return refuse(log, "one HBD with its network is more than the limits or the fabric allow", nameOf(block, option))
    }
    stands.push({ plant: prepared.plant, useBound: prepared.useBound, hbdsBound })
  }
  const useBound = stands.map((stand) => stand.useBound).reduce(leastOfEach)
  const together = mostHbds(totalRows(scenario), useBound).most
  const hbdsBound = Math.min(together, stands.reduce((sum, stand) => sum + stand.hbdsBound, 0))
  return { scaleOut: option.scaleOut, stands, hbdsBound, useBound }
}

export type PreparedStand =
  | { readonly kind: "stand"; readonly plant: Plant; readonly useBound: SiteUse }
  | { readonly kind: "refusal"; readonly reason: string }

/** What is prepared for a stand, by option. */
export type StandPlants = Map<ScaleOutOption, PreparedStand>

/** Sets of sites share the stands of each, and so what is prepared for them. */
const prepared = new WeakMap<HbdStand, StandPlants>()

function ownPlants(stand: HbdStand): StandPlants {
  let known = prepared.get(stand)
  if (known === undefined) prepared.set(stand, known = new Map())
  return known
}

function prepareStand(scenario: Scenario, stand: HbdStand, option: ScaleOutOption, known: StandPlants): PreparedStand {
  let made = known.get(option)
  if (made === undefined) known.set(option, made = plantOf(scenario, stand, option))
  return made
}

function plantOf(
  scenario: Scenario, { hbd, rackClass }: HbdStand, { scaleOut, perEndpoint }: ScaleOutOption
): PreparedStand {
  const plant = preparePlant({ hbd, scaleOut }, rackClass, scenario.allowances, linksPerCableOf(scaleOut))
  if (plant.kind === "refusal") return { kind: "refusal", reason: `${plant.resource} of a ${rackClass.coolingClass.name} rack` }
  const endpoints = hbd.size * scaleOut.nicsPerAccelerator
  return { kind: "stand", plant, useBound: boundResourceUse(plant, scaled(perEndpoint, endpoints)) }
}

function nameOf({ name }: HbdBlock, { scaleOut }: ScaleOutOption): string {
  return `${name} with ${scaleOut.switch.id} behind ${scaleOut.nicsPerAccelerator} × ${scaleOut.nic.id}`
}

function scaled(counts: ScaleOutCounts, factor: number): ScaleOutCounts {
  const { leaf, spine, core, endpointLinks, trunkLinks } = counts
  return {
    leaf: leaf * factor, spine: spine * factor, core: core * factor,
    endpointLinks: endpointLinks * factor, trunkLinks: trunkLinks * factor
  }
}

function refuse(log: DropLog, reason: string, example: string): null {
  log.drop(reason, example)
  return null
}
