/** The scale-out designs that an accelerator's HBDs can stand behind: NIC, switch, tiers, planes, rails, media. */
import type { FabricSpec, PartialFabricSpec } from "../fabric/fabric.ts"
import { cableUsd, type MediaLadder, mediaLadder } from "../fabric/media.ts"
import { unknownOfMedium } from "../facility/missing-figures.ts"
import { endPowerW } from "../facility/part-figures.ts"
import type { Accelerator } from "../hardware/accelerator.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Nic } from "../hardware/nic.ts"
import type { Part } from "../hardware/part.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import { pricesMatter } from "./price-ends.ts"
import type { Domain, Scenario } from "./scenario.ts"
import { type DropLog, type Hardware, missingFigure } from "./selection.ts"

const nicsPerAcceleratorDefault = [1, 2]
const oversubscriptionDefault = [1, 2, 4]
/** ratio of what a shape serves to what was asked, beyond which a faster trunk port is no longer split for the endpoint */
const breakoutMax = 4

/** Every scale-out design the scenario allows behind an HBD. */
export function enumerateScaleOutDesigns(
  scenario: Scenario,
  hardware: Hardware,
  hbd: HbdDesign,
  log: DropLog
): ReadonlyArray<ScaleOutDesign> {
  const { accelerator, host, scaleOutMaxGbps } = hbd
  const designs: Array<ScaleOutDesign> = []
  for (const attachment of nicAttachments(scenario, hardware, accelerator, scaleOutMaxGbps, log)) {
    for (const box of switchesFor(scenario, hardware, attachment, log)) {
      for (const media of mediaFor(scenario, hardware, attachment, box, log)) {
        for (const shape of shapesFor(scenario, host, attachment)) {
          designs.push({ ...attachment, switch: box.switch, ...media, ...shape })
        }
      }
    }
  }
  return designs
}

/** Gb/s of a link between two switches of the design: the trunk media's. */
export function trunkGbps(design: ScaleOutDesign): number {
  return design.trunkMedia[0]!.gbps
}

/** What fabric sizing is asked for `endpoints` NICs. */
export function fabricSpecOf(design: ScaleOutDesign, endpoints: number): PartialFabricSpec {
  const trunk = trunkGbps(design)
  return {
    topology: design.topology,
    endpoints,
    radix: [portsAt(design.switch, trunk)],
    linkGbps: trunk,
    endpointGbps: design.linkGbps,
    tiers: design.tiers,
    rails: design.rails,
    planes: design.planes,
    oversubscription: design.oversubscription,
    linksPerCable: linksPerCableOf(design)
  }
}

/** A medium faster than the link carries several: a twin-port module, a breakout cable. */
export function linksPerCableOf(design: ScaleOutDesign): FabricSpec["linksPerCable"] {
  return { endpoint: Math.max(1, Math.floor(design.endpointMedia[0]!.gbps / design.linkGbps)), fabric: 1 }
}

/** Ports of a switch when all run at `gbps`; 0 where it has none of that speed. */
export function portsAt(box: Switch, gbps: number): number {
  return box.radix.find((one) => one.portGbps === gbps)?.ports ?? 0
}

export type Attachment = Pick<ScaleOutDesign, "nic" | "nicsPerAccelerator" | "planes" | "linkGbps">

/** NICs that an accelerator may have, how many, and how each is split over planes. */
export function nicAttachments(
  scenario: Scenario,
  hardware: Hardware,
  accelerator: Accelerator,
  lanesGbps: number | null,
  log: DropLog
): ReadonlyArray<Attachment> {
  const { search } = scenario
  const usable = hardware.nics.filter((nic) => isIn(search.nic, nic.id) && fits(nic, accelerator, hardware.nics) && isKnown(nic, log))
  return undominated(usable, coversNic, log).flatMap((nic) =>
    (search.nicsPerAccelerator ?? nicsPerAcceleratorDefault)
      .filter((count) => {
        const most = lanesGbps ?? accelerator.scaleOutMaxGbps ?? accelerator.scaleOutGbps
        const within = most === null || nic.totalGbps * count <= most
        if (!within) log.drop("more scale-out bandwidth than the host's links carry", `${count} × ${nic.id} on ${accelerator.id}`)
        return within
      })
      .flatMap((nicsPerAccelerator) =>
        nic.ports.filter((split) => isIn(search.planes, split.ports))
          .map((split) => ({ nic, nicsPerAccelerator, planes: split.ports, linkGbps: split.portGbps }))
      )
  )
}

/** A NIC made for certain accelerators serves those alone; any other needs a slot, which silicon with its own ports has not. */
function fits(nic: Nic, accelerator: Accelerator, all: ReadonlyArray<Nic>): boolean {
  if (nic.accelerators !== null) return nic.accelerators.includes(accelerator.id)
  const ownPorts = all.some((other) => other.integrated && other.accelerators?.includes(accelerator.id) === true)
  return !ownPorts && accelerator.availability.status !== "cloud-only"
}

function isKnown(nic: Nic, log: DropLog): boolean {
  const missing = nic.integrated ? null : missingFigure(nic, ["powerMaxW", "priceUsd"])
  if (missing !== null) log.drop(`NIC without ${missing}`, nic.id)
  return missing === null
}

/** A switch with the speed its trunks run at. */
interface SwitchChoice {
  readonly switch: Switch
  readonly trunkGbps: number
}

function switchesFor(
  scenario: Scenario,
  hardware: Hardware,
  attachment: Attachment,
  log: DropLog
): ReadonlyArray<SwitchChoice> {
  const usable = hardware.switches.filter((box) =>
    box.kind === "scale-out" && isIn(scenario.search.scaleOutSwitch, box.id) &&
    box.protocols.some((protocol) => (attachment.nic.protocols as ReadonlyArray<string>).includes(protocol))
  ).filter((box) => {
    const missing = missingFigure(box, ["powerMaxW", "priceUsd", "rackUnits", "latencyNs"])
    if (missing !== null) log.drop(`switch without ${missing}`, box.id)
    return missing === null
  })
  return undominated(usable, coversSwitch, log)
    .flatMap((box) => trunkSpeeds(box, attachment.linkGbps).map((trunkGbps) => ({ switch: box, trunkGbps })))
}

/** Trunks run at the endpoint's speed, for the most ports, or at the fastest, for the fewest cables. */
function trunkSpeeds(box: Switch, linkGbps: number): ReadonlyArray<number> {
  const speeds = box.radix.map(({ portGbps }) => portGbps)
    .filter((portGbps) => portGbps % linkGbps === 0 && portGbps <= breakoutMax * linkGbps)
  return [...new Set([Math.min(...speeds), Math.max(...speeds)])].filter(Number.isFinite)
}

/** Parts that no other covers; of two that cover each other the first stays. */
function undominated<P extends Part>(
  parts: ReadonlyArray<P>, covers: (a: P, b: P) => boolean, log: DropLog
): ReadonlyArray<P> {
  return parts.filter((one, i) => {
    const better = parts.find((other, j) => other !== one && covers(other, one) && (j < i || !covers(one, other)))
    if (better !== undefined) log.drop("another part with the same ports is no worse in any figure", `${one.id} (${better.id})`)
    return better === undefined
  })
}

/** Whether `a` does all that `b` does, on the same ports, with no figure worse. */
function coversSwitch(a: Switch, b: Switch): boolean {
  return JSON.stringify(a.radix) === JSON.stringify(b.radix) && a.coPackagedOptics === b.coPackagedOptics &&
    (a.cooling === "air" || a.cooling === b.cooling) &&
    b.protocols.every((protocol) => a.protocols.includes(protocol)) &&
    (a.inNetworkReduction || !b.inNetworkReduction) &&
    noWorse(a, b, ["powerMaxW", "powerIdleW", "priceUsd", "priceHighUsd", "latencyNs", "rackUnits", "weightKg"])
}

function coversNic(a: Nic, b: Nic): boolean {
  return JSON.stringify(a.ports) === JSON.stringify(b.ports) && a.integrated === b.integrated &&
    b.protocols.every((protocol) => a.protocols.includes(protocol)) &&
    noWorse(a, b, ["powerMaxW", "powerIdleW", "priceUsd", "priceHighUsd"])
}

/** Where `b` has a figure, `a` has one that is no greater. */
function noWorse<P>(a: P, b: P, figures: ReadonlyArray<keyof P>): boolean {
  return figures.every((figure) => b[figure] === null || (a[figure] !== null && a[figure]! <= b[figure]!))
}

type Media = Pick<ScaleOutDesign, "endpointMedia" | "trunkMedia">

/**
 * No cable of a hall is longer, m, by the bound on the extent of one for a million accelerators: of media that reach as far the
 * first ends a ladder.
 */
const hallReachM = 2000

/** Of each kind of link the media of least power for every length, and those of least price where money is weighed. */
function mediaFor(
  scenario: Scenario,
  hardware: Hardware,
  attachment: Attachment,
  { switch: box, trunkGbps }: SwitchChoice,
  log: DropLog
): ReadonlyArray<Media> {
  const usable = (gbps: number) =>
    hardware.interconnects.filter((medium) =>
      medium.uses.includes("scale-out") && medium.gbps === gbps &&
      (medium.kind === "cpo") === box.coPackagedOptics && isIn(scenario.search.medium, medium.id)
    ).filter((medium) => {
      const [missing] = unknownOfMedium(medium)
      if (missing !== undefined) log.drop(`part without ${missing.field}`, missing.id)
      return missing === undefined
    })
  const trunks = usable(trunkGbps)
  if (trunks.length === 0) {
    log.drop("no medium of the speed", `${box.id} at ${trunkGbps}G`)
    return []
  }
  return endpointFamilies(usable(attachment.linkGbps), trunks).flatMap((endpoints) => {
    const [frugal, cheap] = [byPower, byPrice].map((order) =>
      ({ endpointMedia: hallLadder(endpoints, order), trunkMedia: hallLadder(trunks, order) }))
    const isOne = !pricesMatter(scenario) ||
      (isSameLadder(frugal!.endpointMedia, cheap!.endpointMedia) && isSameLadder(frugal!.trunkMedia, cheap!.trunkMedia))
    return isOne ? [frugal!] : [frugal!, cheap!]
  })
}

/** Media of the link's own speed; where those of the trunks reach farther across a hall, the trunks', broken out, as well. */
function endpointFamilies(
  own: ReadonlyArray<Interconnect>, trunks: ReadonlyArray<Interconnect>
): ReadonlyArray<ReadonlyArray<Interconnect>> {
  const reachOf = (media: ReadonlyArray<Interconnect>) =>
    Math.min(hallReachM, media.reduce((most, { reachM }) => Math.max(most, reachM), 0))
  if (own.length === 0) return [trunks]
  return reachOf(own) >= reachOf(trunks) ? [own] : [own, trunks]
}

function hallLadder(media: ReadonlyArray<Interconnect>, order: (a: Interconnect, b: Interconnect) => number): MediaLadder {
  const ladder = mediaLadder(media, order)
  const last = ladder.findIndex(({ reachM }) => reachM >= hallReachM)
  return last < 0 ? ladder : ladder.slice(0, last + 1)
}

function isSameLadder(a: MediaLadder, b: MediaLadder): boolean {
  return a.length === b.length && a.every((medium, i) => medium === b[i])
}

function byPower(a: Interconnect, b: Interconnect): number {
  return endPowerW(a) - endPowerW(b) || priceOrder(a, b)
}

function byPrice(a: Interconnect, b: Interconnect): number {
  return priceOrder(a, b) || endPowerW(a) - endPowerW(b)
}

/** What has no price is left out before media are laid in order. */
function priceOrder(a: Interconnect, b: Interconnect): number {
  return (cableUsd(a) ?? 0) - (cableUsd(b) ?? 0)
}

type Shape = Pick<ScaleOutDesign, "topology" | "tiers" | "rails" | "oversubscription">

function shapesFor(scenario: Scenario, host: System, attachment: Attachment): ReadonlyArray<Shape> {
  const { search } = scenario
  const nicsOfHost = host.accelerators * attachment.nicsPerAccelerator
  const rails = (search.railOptimized ?? [true, false]).map((railOptimized) => (railOptimized ? nicsOfHost : 1))
  const ratios = search.oversubscription ?? oversubscriptionDefault
  const shapes: Array<Shape> = [
    { topology: "single", tiers: 1, rails: 1, oversubscription: [] },
    ...rails.flatMap((count) => ratios.flatMap((ratio): ReadonlyArray<Shape> => [
      { topology: "clos", tiers: 2, rails: count, oversubscription: [ratio] },
      { topology: "clos", tiers: 3, rails: count, oversubscription: [1, ratio] }
    ])),
    { topology: "rail-only", tiers: 1, rails: nicsOfHost, oversubscription: [] },
    ...ratios.map((ratio): Shape => ({ topology: "rail-only", tiers: 2, rails: nicsOfHost, oversubscription: [ratio] })),
    // asks for routing that not every switch has: only where the scenario names it
    ...(search.scaleOutTopology?.includes("dragonfly") === true
      ? [{ topology: "dragonfly", tiers: 1, rails: 1, oversubscription: [] } as const]
      : [])
  ]
  return shapes.filter((shape) => isIn(search.scaleOutTopology, shape.topology) && isIn(search.scaleOutTiers, shape.tiers))
}

function isIn<A>(domain: Domain<A>, value: A): boolean {
  return domain === null || domain.includes(value)
}
