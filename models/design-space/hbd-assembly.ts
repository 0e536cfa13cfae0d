/** One HBD as it is built: its scale-up fabric sized, its racks, and the media that their distances ask for. */
import { cableLatencyNs, cableUsd, reaches } from "../fabric/media.ts"
import { describeScaleUpPerformance, type FabricTiming } from "../fabric/performance.ts"
import type { ScaleUpSize, ScaleUpSpec } from "../fabric/scale-up.ts"
import { sizeScaleUp } from "../fabric/scale-up-sizing.ts"
import { rowPitchOf } from "../facility/floor-grid.ts"
import { longestJoinM } from "../facility/joined-racks.ts"
import { preparePlant } from "../facility/plant.ts"
import type { Accelerator, ScaleUpTopology } from "../hardware/accelerator.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"
import { isSame, type Racking, rackingsUpTo } from "./hbd-racks.ts"
import type { HbdDesign, MediumCount } from "./layout.ts"
import type { Scenario } from "./scenario.ts"
import { portsAt } from "./scale-out-designs.ts"
import type { DropLog, Hardware } from "./selection.ts"
import type { RackClass } from "./site-class.ts"

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
  /** the most that the NICs and cable ends of one host draw, at the rack's input, W */
  readonly attachedW: number
}

/** For every number of racks that it may come to, with all media that its NICs may have; by rising number of racks. */
export function designHbd(asked: HbdAsked, log: DropLog): ReadonlyArray<HbdDesign> {
  const designs: Array<HbdDesign> = []
  const open: Array<Racking> = [{ racks: 1, hostsTogether: asked.size / asked.host.accelerators }]
  const met = new Set<string>()
  const sizes = new Map<number | null, ScaleUpSize | null>()
  const rackings = new Map<string, ReadonlyArray<Racking>>()
  for (let racking = open.pop(); racking !== undefined; racking = open.pop()) {
    const { racks, hostsTogether } = racking
    const key = `${racks} ${hostsTogether}`
    if (met.has(key)) continue
    met.add(key)
    if (!sizes.has(hostsTogether)) sizes.set(hostsTogether, sizeHbd(asked, racking, log))
    const sized = sizes.get(hostsTogether)!
    const design = sized === null ? null : assembleHbd(asked, sized, racking, log)
    if (design === null) continue
    // the racks follow from what is bought, however far it reaches
    const bought = design.links.map(({ medium, count }) => `${medium.id} ${count}`).join()
    if (!rackings.has(bought)) rackings.set(bought, rackingsOf(asked, design, log))
    const others = rackings.get(bought)!
    if (others.some((one) => isSame(one, racking!))) designs.push(design)
    open.push(...others)
  }
  return mergeAlike(designs.sort((a, b) => a.racks!.most - b.racks!.most))
}

/** What a design of these parts comes to; nothing where a part is more than a rack holds. */
function rackingsOf({ rackClass, scenario, host, attachedW }: HbdAsked, design: HbdDesign, log: DropLog): ReadonlyArray<Racking> {
  const plant = preparePlant({ hbd: { ...design, racks: null }, scaleOut: null }, rackClass, scenario.allowances)
  if (plant.kind === "plant") return rackingsUpTo(plant.rule, attachedW)
  log.drop(`${plant.resource} of a ${rackClass.coolingClass.name} rack`, `${host.id}: ${plant.reason}`)
  return []
}

/** Of designs for more and more racks that are the same but for lengths, the one for the most stands for all. */
function mergeAlike(designs: ReadonlyArray<HbdDesign>): ReadonlyArray<HbdDesign> {
  const merged: Array<HbdDesign> = []
  for (const design of designs) {
    const last = merged.at(-1)
    const isAlike = last !== undefined && last.racks!.hostsTogether === design.racks!.hostsTogether &&
      JSON.stringify(last.links) === JSON.stringify(design.links)
    if (isAlike) merged[merged.length - 1] = { ...design, racks: { ...design.racks!, least: last.racks!.least } }
    else merged.push(design)
  }
  return merged
}

function sizeHbd(asked: HbdAsked, { hostsTogether }: Racking, log: DropLog): ScaleUpSize | null {
  const { accelerator, host, size, topology } = asked
  const spec = scaleUpSpec(asked, (hostsTogether ?? 0) * host.accelerators)
  const sized = spec === null ? null : sizeScaleUp(spec)
  if (sized !== null && sized.kind !== "infeasible") return sized
  log.drop("HBD that radix, links or topology do not allow", `${size} × ${accelerator.id} (${topology})`)
  return null
}

function assembleHbd(asked: HbdAsked, sized: ScaleUpSize, racking: Racking, log: DropLog): HbdDesign | null {
  const { accelerator, host, size, topology, lanes, onBoard, opticalCircuitSwitch } = asked
  const links = mediaOf(asked, sized, racking)
  if (links === null) {
    log.drop("no scale-up medium of the speed that reaches", `${size} × ${accelerator.id} (${topology}), ${racking.racks} racks`)
    return null
  }
  const boxes = asked.switch?.crossbars ?? 1
  const first = onBoard === null ? Math.ceil(sized.switches.first / boxes) : host.scaleUpSwitches * (size / host.accelerators)
  const isOrdered = racking.racks > 1 && links.some(({ joins }) => joins !== "any")
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
    performance: describeScaleUpPerformance(sized, timingOf(asked, links)),
    links: links.map(({ medium, count, joins }) => ({ medium, count, joins })),
    racks: { least: racking.racks, most: racking.racks, hostsTogether: isOrdered ? racking.hostsTogether : null },
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
    // a box is on no board
    acceleratorsPerNode: onBoard === null && asked.switch !== null ? 0 : host.accelerators,
    acceleratorsPerRack
  }
}

/** The cables of a medium, and the length of the longest, m. */
interface LaidLinks extends MediumCount {
  readonly lengthM: number
}

/** Cables by medium; null where a length has no medium. Of those that reach, the one of least power, then of least price. */
function mediaOf(asked: HbdAsked, sized: ScaleUpSize, racking: Racking): ReadonlyArray<LaidLinks> | null {
  const linkGbps = sized.GBps * 8 / asked.lanes.links
  const counts: Array<LaidLinks> = []
  for (const { reach, links, lines } of sized.bundles) {
    if (reach === "board") continue
    const joins = reach === "rack" ? "one" : lines ?? "any"
    const lengthM = longestJoinM(racking.racks, joins, rowPitchOf(asked.rackClass.coolingClass))
    const medium = leastPower(asked.hardware.interconnects.filter((one) =>
      one.uses.includes("scale-up") && reaches(one, lengthM) && one.gbps >= linkGbps * (1 - 1e-9) &&
      (one.vendor === "Various" || one.vendor === asked.accelerator.vendor) &&
      (one.kind !== "backplane" || reach === "rack")
    ), linkGbps)
    if (medium === null) return null
    const linksPerCable = Math.floor(medium.gbps / linkGbps + 1e-9)
    counts.push({ medium, count: Math.ceil(links / linksPerCable), joins, lengthM })
  }
  return counts
}

function leastPower(media: ReadonlyArray<Interconnect>, linkGbps: number): Interconnect | null {
  const perLink = (medium: Interconnect, figure: number) => figure / Math.floor(medium.gbps / linkGbps + 1e-9)
  const power = (medium: Interconnect) => perLink(medium, medium.powerPerEndMaxW ?? medium.powerPerEndW ?? Infinity)
  const price = (medium: Interconnect) => perLink(medium, cableUsd(medium) ?? 0)
  return media.reduce<Interconnect | null>(
    (best, one) =>
      best === null || power(one) < power(best) || (power(one) === power(best) && price(one) < price(best)) ? one : best,
    null
  )
}

/** What an accelerator's own ports add is the performance model's constant. */
function timingOf(asked: HbdAsked, links: ReadonlyArray<LaidLinks>): FabricTiming {
  return {
    switchLatencyNs: asked.switch?.latencyNs ?? 0,
    endpointLatencyNs: 0,
    cableLatencyNs: Math.max(0, ...links.map(({ medium, lengthM }) => cableLatencyNs(medium, lengthM))),
    inNetworkReduction: asked.switch?.inNetworkReduction ?? false
  }
}
