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
import { evenRacks, racksUpTo } from "./hbd-racks.ts"
import type { HbdDesign, HbdRacks, MediumCount } from "./layout.ts"
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

/**
 * For every number of racks that it may come to, with all media that its NICs may have: as few racks as hold it, with no cable
 * taken to stay in one, and the fewest that hold equal parts of it and so keep cables in them. By rising number of racks.
 */
export function designHbd(asked: HbdAsked, log: DropLog): ReadonlyArray<HbdDesign> {
  const hosts = asked.size / asked.host.accelerators
  const design = designer(asked, log)
  const compact = design({ least: 1, most: 1, hostsTogether: hosts })
  if (compact === null) return []
  const racksOf = rackCounter(asked, log)
  const open = [...racksOf(compact)]
  const done = new Set<number>()
  const asFew: Array<HbdDesign> = []
  const inOrder = new Map<number, HbdDesign | null>()
  for (let racks = open.pop(); racks !== undefined; racks = open.pop()) {
    if (done.has(racks)) continue
    done.add(racks)
    // of one tier, all accelerators have links to all switches
    const evens = racks > 1 && asked.topology === "switched-1" ? [] : evenRacks(hosts, racks)
    for (const even of evens) {
      if (!inOrder.has(even)) inOrder.set(even, orderedDesign(asked, design, even, log))
      if (inOrder.get(even) !== null) break
    }
    const free = racks === 1 ? null : design({ least: racks, most: racks, hostsTogether: null })
    if (free === null) continue
    if (racksOf(free).includes(racks)) asFew.push(free)
    open.push(...racksOf(free))
  }
  const ordered = [...inOrder.values()].filter((one) => one !== null)
  return mergeAlike([...asFew, ...ordered].sort((a, b) => a.racks!.most - b.racks!.most))
}

type Designer = (racks: HbdRacks) => HbdDesign | null

/** Designs for whatever racks; each size is worked out once. */
function designer(asked: HbdAsked, log: DropLog): Designer {
  const sizes = new Map<number | null, ScaleUpSize | null>()
  return (racks) => {
    const { hostsTogether } = racks
    if (!sizes.has(hostsTogether)) sizes.set(hostsTogether, sizeHbd(asked, hostsTogether, log))
    const sized = sizes.get(hostsTogether)!
    return sized === null ? null : assembleHbd(asked, sized, racks, log)
  }
}

/** The numbers of racks that a design comes to: they follow from what is bought, however far it reaches. */
function rackCounter(asked: HbdAsked, log: DropLog): (design: HbdDesign) => ReadonlyArray<number> {
  const known = new Map<string, ReadonlyArray<number>>()
  return (design) => {
    const bought = design.links.map(({ medium, count }) => `${medium.id} ${count}`).join()
    if (!known.has(bought)) known.set(bought, racksOfDesign(asked, design, null, log))
    return known.get(bought)!
  }
}

/** Over so many racks of hosts in equal parts, circuit switches among them or apart; null where no cable would stay in a rack. */
function orderedDesign(asked: HbdAsked, design: Designer, racks: number, log: DropLog): HbdDesign | null {
  const hostsTogether = asked.size / asked.host.accelerators / racks
  const first = design({ least: racks, most: racks, hostsTogether })
  if (first === null || first.racks!.hostsTogether === null) return null
  const all = racksOfDesign(asked, first, hostsTogether, log)
  return all.length === 0 ? null : design({ least: Math.min(...all), most: Math.max(...all), hostsTogether })
}

/** The numbers of racks that a design of these parts comes to; none where something is more than a rack holds. */
function racksOfDesign(
  { rackClass, scenario, host, attachedW }: HbdAsked, design: HbdDesign, hostsTogether: number | null, log: DropLog
): ReadonlyArray<number> {
  const hbd = { ...design, racks: { least: 1, most: Infinity, hostsTogether } }
  const plant = preparePlant({ hbd, scaleOut: null }, rackClass, scenario.allowances)
  if (plant.kind === "plant") return racksUpTo(plant.rule, attachedW)
  if (hostsTogether === null) log.drop(`${plant.resource} of a ${rackClass.coolingClass.name} rack`, `${host.id}: ${plant.reason}`)
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

function sizeHbd(asked: HbdAsked, hostsTogether: number | null, log: DropLog): ScaleUpSize | null {
  const { accelerator, host, size, topology } = asked
  const spec = scaleUpSpec(asked, (hostsTogether ?? 0) * host.accelerators)
  const sized = spec === null ? null : sizeScaleUp(spec)
  if (sized !== null && sized.kind !== "infeasible") return sized
  log.drop("HBD that radix, links or topology do not allow", `${size} × ${accelerator.id} (${topology})`)
  return null
}

function assembleHbd(asked: HbdAsked, sized: ScaleUpSize, racks: HbdRacks, log: DropLog): HbdDesign | null {
  const { accelerator, host, size, topology, lanes, onBoard, opticalCircuitSwitch } = asked
  const links = mediaOf(asked, sized, racks)
  if (links === null) {
    log.drop("no scale-up medium of the speed that reaches", `${size} × ${accelerator.id} (${topology}), ${racks.most} racks`)
    return null
  }
  const boxes = asked.switch?.crossbars ?? 1
  const first = onBoard === null ? Math.ceil(sized.switches.first / boxes) : host.scaleUpSwitches * (size / host.accelerators)
  // racks that hold equal parts are asked for where a cable relies on it
  const isOrdered = racks.most === 1 || links.some(({ joins }) => joins !== "any")
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
    racks: { ...racks, hostsTogether: isOrdered ? racks.hostsTogether : null },
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
function mediaOf(asked: HbdAsked, sized: ScaleUpSize, racks: HbdRacks): ReadonlyArray<LaidLinks> | null {
  const linkGbps = sized.GBps * 8 / asked.lanes.links
  const counts: Array<LaidLinks> = []
  for (const { reach, links, lines } of sized.bundles) {
    if (reach === "board") continue
    const joins = reach === "rack" ? "one" : lines ?? "any"
    const lengthM = longestJoinM(racks.most, joins, rowPitchOf(asked.rackClass.coolingClass))
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
