/** The scale-out designs that an accelerator's HBDs can stand behind: NIC, switch, tiers, planes, rails, media. */
import type { PartialFabricSpec } from "../fabric/fabric.ts"
import type { Accelerator } from "../hardware/accelerator.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Nic } from "../hardware/nic.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import type { Domain, Scenario } from "./scenario.ts"
import { type DropLog, type Hardware, missingFigure } from "./selection.ts"

const nicsPerAcceleratorDefault = [1, 2, 4]
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
    oversubscription: design.oversubscription
  }
}

/** Ports of a switch when all run at `gbps`; 0 where it has none of that speed. */
export function portsAt(box: Switch, gbps: number): number {
  return box.radix.find((one) => one.portGbps === gbps)?.ports ?? 0
}

/** Light or current along a cable, with what both its ends add. */
export function cableLatencyNs(medium: Interconnect, lengthM: number): number {
  return medium.latencyNsPerM * lengthM + 2 * (medium.latencyPerEndNs ?? 0)
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
  const usable = hardware.nics.filter((nic) => isIn(search.nic, nic.id) && fits(nic, accelerator) && isKnown(nic, log))
  return usable.flatMap((nic) =>
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

function fits(nic: Nic, accelerator: Accelerator): boolean {
  return nic.accelerators === null ? true : nic.accelerators.includes(accelerator.id)
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
  return hardware.switches.filter((box) =>
    box.kind === "scale-out" && isIn(scenario.search.scaleOutSwitch, box.id) &&
    box.protocols.some((protocol) => (attachment.nic.protocols as ReadonlyArray<string>).includes(protocol))
  ).filter((box) => {
    const missing = missingFigure(box, ["powerMaxW", "priceUsd", "rackUnits", "latencyNs"])
    if (missing !== null) log.drop(`switch without ${missing}`, box.id)
    return missing === null
  }).flatMap((box) =>
    box.radix.filter(({ portGbps }) => portGbps >= attachment.linkGbps && portGbps <= breakoutMax * attachment.linkGbps)
      .filter(({ portGbps }) => portGbps % attachment.linkGbps === 0)
      .map(({ portGbps }) => ({ switch: box, trunkGbps: portGbps }))
  )
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
  const shapes: Array<Shape> = []
  for (const topology of ["single", "clos", "rail-only"] as const) {
    if (!isIn(search.scaleOutTopology, topology)) continue
    for (const tiers of topology === "single" ? [1 as const] : [1 as const, 2 as const, 3 as const]) {
      if (!isIn(search.scaleOutTiers, tiers) || (topology === "clos" && tiers === 1)) continue
      for (const railOptimized of topology === "rail-only" ? [true] : tiers === 1 ? [false] : [true, false]) {
        if (!isIn(search.railOptimized, railOptimized)) continue
        for (const ratio of tiers === 1 ? [1] : search.oversubscription ?? oversubscriptionDefault) {
          const oversubscription = tiers === 1 ? [] : tiers === 2 ? [ratio] : [1, ratio]
          shapes.push({ topology, tiers, rails: railOptimized ? nicsOfHost : 1, oversubscription })
        }
      }
    }
  }
  return shapes
}

function isIn<A>(domain: Domain<A>, value: A): boolean {
  return domain === null || domain.includes(value)
}
