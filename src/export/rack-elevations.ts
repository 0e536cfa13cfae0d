/** What stands where in every rack, device by device from the bottom up, in the order of the floor plan. */
import { type FloorPlan, floorPlan, type PlacedRack } from "../../models/facility/floor-plan.ts"
import { hbdRackContents, packRacks, type RackPattern } from "../../models/facility/rack-plan.ts"
import type { Part } from "../../models/hardware/part.ts"
import type { Built, SitePlan } from "../planner/built.ts"
import type { ClusterWiring, JointWiring } from "./cluster-wiring.ts"
import { gatewayDevices } from "./gateway-wiring.ts"
import { inRackOrder } from "./run-media.ts"

export interface RackDevice {
  readonly name: string
  readonly role:
    | "node" | "spare node" | "scale-up switch" | "optical circuit switch" | "network switch"
    | "router between sites" | "line system"
  readonly part: Part
  /** lowest unit that it takes, from 1 */
  readonly unit: number
  readonly units: number
}

export interface RackElevation {
  readonly name: string
  readonly kind: PlacedRack["kind"] | "gateway"
  /** null: the floor plan does not place it */
  readonly row: number | null
  readonly xM: number | null
  readonly rackUnits: number
  readonly devices: ReadonlyArray<RackDevice>
}

type Content = Pick<RackPattern, "hosts" | "scaleUpSwitches" | "opticalCircuitSwitches" | "networkSwitches">

/** All racks of a plan, site by site. */
export function rackElevations(built: Built, { sites }: JointWiring): ReadonlyArray<RackElevation & { readonly site: string }> {
  return built.sites.flatMap((plan, i) =>
    [...placedRacks(plan, sites[i]!), ...gatewayRacks(built, plan)].map((rack) => ({ ...rack, site: plan.site })))
}

/** Routers and line systems dealt over the racks that the plan counts for them. */
function gatewayRacks(built: Built, plan: SitePlan): ReadonlyArray<RackElevation> {
  const devices = gatewayDevices(built, plan)
  const racks = plan.gateway?.use.racks ?? 0
  return Array.from({ length: racks }, (_, at) => ({
    name: `${plan.slug}-gateway-rack-${at + 1}`, kind: "gateway", row: null, xM: null,
    rackUnits: plan.stand.rackClass.coolingClass.rackUnits, devices: stackUp(devices.filter((_, i) => i % racks === at))
  }))
}

/** Those of one site, but for its routers to other sites. */
function placedRacks(plan: SitePlan, wiring: ClusterWiring): ReadonlyArray<RackElevation> {
  const { plant, hbds, counts, stand: { rackClass } } = plan
  const floor = floorPlan(plant, hbds, counts)
  const contents = contentsByKind(plan)
  const stock = deviceStock(plan, wiring)
  const next = { compute: 0, spare: 0, leaf: 0, upper: 0, service: 0 }
  const names = rackNames(plan, floor)
  const filled = [...floor.racks.keys()].sort((a, b) =>
    floor.racks[a]!.number - floor.racks[b]!.number || floor.racks[a]!.slot - floor.racks[b]!.slot)
  const elevations = new Array<RackElevation>(floor.racks.length)
  for (const index of filled) {
    const { kind, row, xM } = floor.racks[index]!
    const content = contents[kind][next[kind]++]
    elevations[index] = {
      name: names[index]!, kind, row, xM, rackUnits: rackClass.coolingClass.rackUnits,
      devices: content === undefined ? [] : stack(stock, kind, content)
    }
  }
  return elevations
}

function rackNames({ slug }: SitePlan, floor: FloorPlan): ReadonlyArray<string> {
  const width = String(floor.racks.length).length
  return floor.racks.map((_, index) => `${slug}-rack-${String(index + 1).padStart(width, "0")}`)
}

/** Content of the racks of each kind, in the order in which they are filled. */
function contentsByKind(
  { plant, hbds, counts }: SitePlan
): Readonly<Record<PlacedRack["kind"], ReadonlyArray<Content>>> {
  const patterns = packRacks(plant, hbds, counts)
  const of = (kind: PlacedRack["kind"]) =>
    patterns.filter((pattern) => pattern.kind === kind)
      .flatMap((pattern) => Array.from({ length: pattern.racks }, () => pattern))
  const compute = plant.rule.hbdsPerRack > 0
    ? of("compute")
    : Array.from({ length: hbds }, () => hbdRackContents(plant.rule)).flat()
  return { compute, spare: of("spare"), leaf: of("leaf"), upper: of("upper"), service: of("service") }
}

type Device = Omit<RackDevice, "unit">

/** Devices of one role, those before `next` already in a rack. */
interface Shelf {
  readonly all: ReadonlyArray<Device>
  next: number
}

type Stock = Readonly<Record<"hosts" | "spares" | "scaleUp" | "circuit" | "network", Shelf>>

function deviceStock({ slug, stand: { hbd }, hbds, counts, plant, scaleOut }: SitePlan, wiring: ClusterWiring): Stock {
  const { contents } = plant.rule
  const shelf = (all: ReadonlyArray<Device>): Shelf => ({ all, next: 0 })
  const node = (name: string, role: Device["role"]): Device => ({
    name, role, part: hbd.host, units: contents.host.rackUnits
  })
  const perHbd = (count: number, role: Device["role"], suffix: string, part: Part | null, units: number) =>
    part === null ? [] : Array.from({ length: hbds * count }, (_, i): Device => ({
      name: `${slug}-hbd-${Math.floor(i / count)}-${suffix}-${i % count}`, role, part, units
    }))
  const spares = packRacks(plant, hbds, counts).filter(({ kind }) => kind === "spare")
    .reduce((sum, { racks, hosts }) => sum + racks * hosts, 0)
  const { scaleUpSwitches, scaleUpSwitch, opticalCircuitSwitches, opticalCircuitSwitch, networkSwitch } = contents
  return {
    hosts: shelf(wiring.hosts.map((name) => node(name, "node"))),
    spares: shelf(Array.from({ length: spares }, (_, i) => node(`${slug}-spare-${i}`, "spare node"))),
    scaleUp: shelf(perHbd(scaleUpSwitches, "scale-up switch", "switch", hbd.switch, scaleUpSwitch.rackUnits)),
    circuit: shelf(perHbd(opticalCircuitSwitches, "optical circuit switch", "circuit", hbd.opticalCircuitSwitch,
      opticalCircuitSwitch.rackUnits)),
    network: shelf(inRackOrder(wiring.switches, wiring.firstHost).map((at) => ({
      name: wiring.switches[at]!.name, role: "network switch", part: scaleOut!.switch, units: networkSwitch?.rackUnits ?? 0
    })))
  }
}

/** Stacks the next devices of the stock, the heaviest kind lowest. */
function stack(stock: Stock, kind: PlacedRack["kind"], content: Content): ReadonlyArray<RackDevice> {
  const take = (shelf: Stock[keyof Stock], count: number) => shelf.all.slice(shelf.next, shelf.next += count)
  return stackUp([
    ...take(kind === "spare" ? stock.spares : stock.hosts, content.hosts),
    ...take(stock.scaleUp, content.scaleUpSwitches),
    ...take(stock.circuit, content.opticalCircuitSwitches),
    ...take(stock.network, content.networkSwitches)
  ])
}

function stackUp(devices: ReadonlyArray<Device>): ReadonlyArray<RackDevice> {
  let unit = 1
  return devices.map((device) => {
    const placed = { ...device, unit }
    unit += device.units
    return placed
  })
}
