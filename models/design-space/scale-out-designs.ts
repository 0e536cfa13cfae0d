/** The scale-out designs that an accelerator's HBDs can stand behind: NIC, switch, tiers, planes, rails, media. */
import type { FabricSpec, PartialFabricSpec } from "../fabric/fabric.ts"
import type { Accelerator } from "../hardware/accelerator.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Nic } from "../hardware/nic.ts"
import type { Part } from "../hardware/part.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import type { Domain, Scenario } from "./scenario.ts"
import { type DropLog, type Hardware, missingFigure } from "./selection.ts"

const nicsPerAcceleratorDefault = [1, 2]
const oversubscriptionDefault = [1, 2, 4]
/** ratio of what a shape serves to what was asked, beyond which a faster trunk port is no longer split for the endpoint */
const breakoutMax = 4

/** Every scale-out design the scenario allows behind an HBD, for cables up to `cableM` long. */
export function enumerateScaleOutDesigns(
  scenario: Scenario,
  hardware: Hardware,
  hbd: HbdDesign,
  cableM: number,
  log: DropLog
): ReadonlyArray<ScaleOutDesign> {
  const { accelerator, host, scaleOutMaxGbps } = hbd
  const designs: Array<ScaleOutDesign> = []
  for (const attachment of nicAttachments(scenario, hardware, accelerator, scaleOutMaxGbps, log)) {
    for (const box of switchesFor(scenario, hardware, attachment, log)) {
      for (const media of mediaFor(scenario, hardware, attachment, box, cableM, log)) {
        for (const shape of shapesFor(scenario, host, attachment)) {
          designs.push({ ...attachment, switch: box.switch, ...media, ...shape, linkGbps: attachment.linkGbps })
        }
      }
    }
  }
  return designs
}

/** Gb/s of a link between two switches of the design: the trunk medium's. */
export function trunkGbps(design: ScaleOutDesign): number {
  return design.trunkMedium.gbps
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
  return { endpoint: Math.max(1, Math.floor(design.endpointMedium.gbps / design.linkGbps)), fabric: 1 }
}

/** Ports of a switch when all run at `gbps`; 0 where it has none of that speed. */
export function portsAt(box: Switch, gbps: number): number {
  return box.radix.find((one) => one.portGbps === gbps)?.ports ?? 0
}

type Attachment = Pick<ScaleOutDesign, "nic" | "nicsPerAccelerator" | "planes" | "linkGbps">

function nicAttachments(
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

type Media = Pick<ScaleOutDesign, "endpointMedium" | "trunkMedium">

/** The media that reach: of each kind of link the one of least power and the one of least price. */
function mediaFor(
  scenario: Scenario,
  hardware: Hardware,
  attachment: Attachment,
  { switch: box, trunkGbps }: SwitchChoice,
  cableM: number,
  log: DropLog
): ReadonlyArray<Media> {
  const reaching = (gbps: number) =>
    hardware.interconnects.filter((medium) =>
      medium.uses.includes("scale-out") && medium.gbps === gbps && medium.reachM >= cableM &&
      (medium.kind === "cpo") === box.coPackagedOptics && isIn(scenario.search.medium, medium.id)
    )
  const trunks = reaching(trunkGbps)
  const alike = reaching(attachment.linkGbps)
  const endpoints = alike.length > 0 ? alike : trunks
  if (trunks.length === 0) {
    log.drop("no medium of the speed that reaches across the hall", `${box.id} at ${trunkGbps}G, ${Math.ceil(cableM)} m`)
    return []
  }
  const frugal = { trunkMedium: leastOf(trunks, powerOf, priceOf), endpointMedium: leastOf(endpoints, powerOf, priceOf) }
  const cheap = { trunkMedium: leastOf(trunks, priceOf, powerOf), endpointMedium: leastOf(endpoints, priceOf, powerOf) }
  const same = frugal.trunkMedium === cheap.trunkMedium && frugal.endpointMedium === cheap.endpointMedium
  return same ? [frugal] : [frugal, cheap]
}

function powerOf(medium: Interconnect): number {
  return medium.powerPerEndMaxW ?? medium.powerPerEndW ?? Infinity
}

function priceOf(medium: Interconnect): number {
  return 2 * (medium.pricePerEndUsd ?? 0) + (medium.pricePerCableUsd ?? 0)
}

function leastOf(
  media: ReadonlyArray<Interconnect>,
  first: (medium: Interconnect) => number,
  second: (medium: Interconnect) => number
): Interconnect {
  return media.reduce((best, one) =>
    first(one) < first(best) || (first(one) === first(best) && second(one) < second(best)) ? one : best
  )
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
