/** One HBD as it is built: its scale-up fabric sized, its racks, and the media that their distances ask for. */
import { cableLatencyNs } from "../fabric/media.ts"
import { describeScaleUpPerformance, type FabricTiming } from "../fabric/performance.ts"
import type { ScaleUpSize, ScaleUpSpec } from "../fabric/scale-up.ts"
import { sizeScaleUp } from "../fabric/scale-up-sizing.ts"
import { IN_RACK_M, RACK_WIDTH_M } from "../facility/floor-grid.ts"
import { preparePlant } from "../facility/plant.ts"
import type { Accelerator, ScaleUpTopology } from "../hardware/accelerator.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"
import type { HbdDesign, MediumCount } from "./layout.ts"
import type { Scenario } from "./scenario.ts"
import { portsAt } from "./scale-out-designs.ts"
import type { DropLog, Hardware } from "./selection.ts"
import type { RackClass } from "./site-class.ts"

/** up from one rack's middle, along the tray, down to another's, m */
const risersM = 3

/** How the silicon's lanes are divided: its product's way, and where it is a decision, both extremes. */
export interface LaneSplit {
  readonly GBps: number
  readonly links: number
  readonly scaleOutMaxGbps: number | null
}

export interface SwitchChoice {
  readonly switch: Switch | null
  /** the first tier is on the hosts' boards */
  readonly onBoard: Switch | null
  readonly opticalCircuitSwitch: Switch | null
}

/** All that is chosen of an HBD. */
export interface HbdAsked extends SwitchChoice {
  readonly scenario: Scenario
  readonly hardware: Hardware
  readonly accelerator: Accelerator
  readonly host: System
  readonly rackClass: RackClass
  readonly lanes: LaneSplit
  readonly topology: ScaleUpTopology
  readonly size: number
  /** of the grid; empty: follow from the size */
  readonly dims: ReadonlyArray<number>
}

/** In one rack where it fits there, else over as many as its hosts need. */
export function designHbd(asked: HbdAsked, log: DropLog): HbdDesign | null {
  const compact = assembleHbd(asked, asked.size, log)
  if (compact === null) return null
  const plant = preparePlant({ hbd: compact, scaleOut: null }, asked.rackClass, asked.scenario.allowances)
  if (plant.kind === "refusal") {
    log.drop(`${plant.resource} of a ${asked.rackClass.coolingClass.name} rack`, `${asked.host.id}: ${plant.reason}`)
    return null
  }
  if (plant.rule.hbdsPerRack >= 1) return compact
  return assembleHbd(asked, plant.rule.hostsPerRack * asked.host.accelerators, log)
}

function assembleHbd(asked: HbdAsked, acceleratorsPerRack: number, log: DropLog): HbdDesign | null {
  const { accelerator, host, size, topology, lanes, onBoard, opticalCircuitSwitch } = asked
  const spec = scaleUpSpec(asked, acceleratorsPerRack)
  const sized = spec === null ? null : sizeScaleUp(spec)
  if (sized === null || sized.kind === "infeasible") {
    log.drop("HBD that radix, links or topology do not allow", `${size} × ${accelerator.id} (${topology})`)
    return null
  }
  const racks = Math.ceil(size / acceleratorsPerRack)
  const links = mediaOf(asked, sized, racks)
  if (links === null) {
    log.drop("no scale-up medium of the speed that reaches", `${size} × ${accelerator.id} (${topology}), ${racks} racks`)
    return null
  }
  const boxes = asked.switch?.crossbars ?? 1
  const first = onBoard === null ? Math.ceil(sized.switches.first / boxes) : host.scaleUpSwitches * (size / host.accelerators)
  return {
    accelerator,
    host,
    hosts: size / host.accelerators,
    size,
    topology,
    tiers: topology === "switched-1" ? 1 : topology === "switched-2" ? 2 : 0,
    switch: asked.switch,
    onBoardSwitch: onBoard === asked.switch ? null : onBoard,
    switches: { l1: first, l2: Math.ceil(sized.switches.second / boxes), opticalCircuit: sized.switches.circuit },
    opticalCircuitSwitch,
    planes: sized.planes,
    GBps: sized.GBps,
    performance: describeScaleUpPerformance(sized, timingOf(asked, links, racks)),
    links,
    inOneRack: acceleratorsPerRack >= size,
    scaleOutMaxGbps: lanes.scaleOutMaxGbps
  }
}

function scaleUpSpec(asked: HbdAsked, acceleratorsPerRack: number): ScaleUpSpec | null {
  const { host, size, topology, lanes, onBoard, opticalCircuitSwitch } = asked
  const linkGbps = lanes.GBps * 8 / lanes.links
  const box = opticalCircuitSwitch ?? asked.switch
  const ports = (one: Switch) =>
    one.kind === "optical-circuit" ? one.radix[0]?.ports ?? 0 : Math.floor(portsAt(one, linkGbps) / one.crossbars)
  if (box !== null && ports(box) === 0) return null
  const oneBoard = topology === "switched-1" && onBoard !== null
  const twoTierBoard = topology === "switched-2" && onBoard !== null
  if (oneBoard && size !== host.accelerators) return null
  if (twoTierBoard && lanes.links % host.scaleUpSwitches !== 0) return null
  return {
    topology,
    accelerators: size,
    links: lanes.links,
    GBps: lanes.GBps,
    // a board's switches are wired as its maker did: together they join all its links
    radix: box === null ? [] : oneBoard ? [lanes.links * size] : twoTierBoard ? [ports(onBoard), ports(box)] : [ports(box)],
    planes: oneBoard ? 1 : twoTierBoard ? host.scaleUpSwitches : null,
    acceleratorsPerLeaf: twoTierBoard ? host.accelerators : null,
    oversubscription: 1,
    dims: asked.dims,
    acceleratorsPerNode: host.accelerators,
    acceleratorsPerRack
  }
}

/** Cables by medium; null where a reach has no medium. Of those that reach, the one of least power, then of least price. */
function mediaOf(asked: HbdAsked, sized: ScaleUpSize, racks: number): ReadonlyArray<MediumCount> | null {
  const linkGbps = sized.GBps * 8 / asked.lanes.links
  const counts: Array<MediumCount> = []
  for (const { reach, links } of sized.bundles) {
    if (reach === "board") continue
    const lengthM = reach === "rack" ? IN_RACK_M : longestScaleUpM(racks)
    const medium = leastPower(asked.hardware.interconnects.filter((one) =>
      one.uses.includes("scale-up") && one.reachM >= lengthM && one.gbps >= linkGbps * (1 - 1e-9) &&
      (one.vendor === "Various" || one.vendor === asked.accelerator.vendor) &&
      (one.kind !== "backplane" || reach === "rack")
    ), linkGbps)
    if (medium === null) return null
    const linksPerCable = Math.floor(medium.gbps / linkGbps + 1e-9)
    counts.push({ medium, count: Math.ceil(links / linksPerCable) })
  }
  return counts
}

function leastPower(media: ReadonlyArray<Interconnect>, linkGbps: number): Interconnect | null {
  const perLink = (medium: Interconnect, figure: number) => figure / Math.floor(medium.gbps / linkGbps + 1e-9)
  const power = (medium: Interconnect) => perLink(medium, medium.powerPerEndMaxW ?? medium.powerPerEndW ?? Infinity)
  const price = (medium: Interconnect) =>
    perLink(medium, 2 * (medium.pricePerEndUsd ?? 0) + (medium.pricePerCableUsd ?? 0))
  return media.reduce<Interconnect | null>(
    (best, one) =>
      best === null || power(one) < power(best) || (power(one) === power(best) && price(one) < price(best)) ? one : best,
    null
  )
}

/** What an accelerator's own ports add is the performance model's constant. */
function timingOf(asked: HbdAsked, links: ReadonlyArray<MediumCount>, racks: number): FabricTiming {
  const lengthM = racks > 1 ? longestScaleUpM(racks) : IN_RACK_M
  return {
    switchLatencyNs: asked.switch?.latencyNs ?? 0,
    endpointLatencyNs: 0,
    cableLatencyNs: Math.max(0, ...links.map(({ medium }) => cableLatencyNs(medium, lengthM))),
    inNetworkReduction: asked.switch?.inNetworkReduction ?? false
  }
}

/** Between the two racks of an HBD that stand farthest apart. */
function longestScaleUpM(racks: number): number {
  return racks * RACK_WIDTH_M + risersM
}
