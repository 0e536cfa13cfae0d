/**
 * The lines of a plant and what makes each grow: with the pieces per driver fixed, every sum is linear in the
 * drivers.
 */
import type { HbdDesign, MediumCount, ScaleOutDesign } from "../design-space/layout.ts"
import type { AllowancePrice, Allowances, ValueRange } from "../design-space/scenario.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Part } from "../hardware/part.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"
import type { BomSide } from "./bill-of-materials.ts"
import type { PartFigures } from "./part-figures.ts"
import type { Cooling } from "../hardware/part.ts"
import { meterPowerW, rackInputW } from "./power-chain.ts"
import {
  acceleratorFigures, cableFigures, endFigures, hostFigures, isWholeCable, nicFigures, switchFigures
} from "./part-figures.ts"

/** What of an HBD is bought and stood in racks. */
export type PlantHbd =
  & Pick<
    HbdDesign,
    | "accelerator" | "host" | "hosts" | "size" | "tiers" | "switch" | "switches" | "opticalCircuitSwitch" | "links"
    | "racks"
  >
  & {
    /** the switch on the hosts' boards where it is another than `switch` (two tiers, the first on the boards) */
    readonly onBoardSwitch?: Switch | null
  }

/** What of a design is bought; a `Design` is one. */
export interface PlantDesign {
  readonly hbd: PlantHbd
  readonly scaleOut: ScaleOutDesign | null
}

/** Counts of one site from which the count of every line follows. */
export const drivers = ["hbd", "spareHost", "accelerator", "rack", "leaf", "spine", "core"] as const

export type Driver = typeof drivers[number]

/** Counts of cables and of modules at NICs, for each rung of a ladder of media by itself. */
export const cableDrivers = ["endpointModule", "endpointCable", "trunkCable"] as const

export type CableDriver = typeof cableDrivers[number]

/** `quantity` pieces of a part for each unit of its driver. */
export interface PlantLine extends PartFigures {
  readonly side: BomSide
  readonly role: string
  /** null for an allowance */
  readonly part: Part | null
  readonly name: string
  readonly driver: Driver | CableDriver
  /** of the ladder of the cables that drive it; 0 for every other line */
  readonly rung: number
  readonly quantity: number
  /** which of the allowances' prices it has; null for a part */
  readonly allowance: AllowancePrice | null
  /** of what cools it */
  readonly pue: number
  /** of one piece, at the utility meter */
  readonly meterPowerW: number
}

/** What the allowances' prices may be. */
export type AllowanceRanges = Readonly<Record<AllowancePrice, ValueRange>>

type UncooledLine = Omit<PlantLine, "pue" | "meterPowerW">

/** All lines of a design, allowances included; power at the racks' inputs, and at the meter by the PUE of what cools each. */
export function plantLines(
  design: PlantDesign, allowances: Allowances, pues: { readonly air: number; readonly liquid: number }
): ReadonlyArray<PlantLine> {
  const lines = [
    ...hostLines(design, "hbd", design.hbd.hosts),
    ...scaleUpLines(design.hbd),
    ...(allowances.spareShare > 0 ? hostLines(design, "spareHost", 1) : []),
    ...(design.scaleOut === null ? [] : scaleOutLines(design.scaleOut)),
    ...allowanceLines(allowances)
  ].filter((line) => line.quantity > 0)
  return lines.map((line) => {
    const pue = coolingOf(line, design) === "air" ? pues.air : pues.liquid
    const isBehind = isBehindShelf(line, design.hbd.host)
    const powerMaxW = isBehind ? rackInputW(line.powerMaxW, allowances) : line.powerMaxW
    const powerIdleW = isBehind ? rackInputW(line.powerIdleW, allowances) : line.powerIdleW
    // field by field: a spread takes ten times as long, and this is done for every plant
    return {
      side: line.side, role: line.role, part: line.part, name: line.name, driver: line.driver, rung: line.rung,
      quantity: line.quantity, powerMaxW, powerIdleW, rackUnits: line.rackUnits, weightKg: line.weightKg,
      priceUsd: line.priceUsd, priceLowUsd: line.priceLowUsd, priceHighUsd: line.priceHighUsd, fields: line.fields,
      allowance: line.allowance, pue, meterPowerW: meterPowerW(powerMaxW, allowances, pue)
    }
  })
}

const inHosts: ReadonlySet<PlantLine["driver"]> = new Set(["hbd", "spareHost", "endpointModule"])

/**
 * Of its box: a switch's own, cables and modules at network switches as those, all that is in or on a host as the host. Shared
 * services are in air.
 */
function coolingOf({ side, role, part, driver }: UncooledLine, { hbd, scaleOut }: PlantDesign): Cooling {
  if (side === "allowance") return "air"
  const box = [hbd.switch, hbd.opticalCircuitSwitch].find((one) => one === part)
  if (box !== undefined && box !== null && !role.includes("on-board")) return box.cooling
  return inHosts.has(driver) ? hbd.host.cooling : scaleOut?.switch.cooling ?? "air"
}

/** What hangs on the bus bar of a rack of trays. */
const onBusbar: ReadonlySet<PlantLine["driver"]> = new Set(["hbd", "spareHost", "endpointModule"])

/**
 * Trays and what hangs on their bus bar draw through the rack's power shelves. A node's published maximum
 * already is at its own supplies' inlets, as a switch box's is: no loss is added to those.
 */
export function isBehindShelf(line: Pick<PlantLine, "driver">, host: System): boolean {
  return host.kind === "tray" && onBusbar.has(line.driver)
}

/** The switch on the hosts' boards; null where there is none. */
export function boardSwitch(hbd: PlantHbd): Switch | null {
  if (hbd.onBoardSwitch !== undefined && hbd.onBoardSwitch !== null) return hbd.onBoardSwitch
  return hbd.switch !== null && (hbd.switch.onBoard || hbd.host.scaleUpSwitch === hbd.switch.id) ? hbd.switch : null
}

/**
 * Scale-up switches of one HBD on the hosts' boards: all, if that is what its switch is, else as many as the
 * hosts hold.
 */
export function countBoardSwitches(hbd: PlantHbd): number {
  const all = hbd.switches.l1 + hbd.switches.l2
  if (hbd.switch?.onBoard === true) return all
  return boardSwitch(hbd) === null ? 0 : Math.min(all, hbd.hosts * hbd.host.scaleUpSwitches)
}

/**
 * Modules at the ends of one HBD's links of a medium. A link to an optical circuit switch has one: the mirror's
 * port is passive. Where the packet switch holds its optics, only the accelerators' ends remain: with t tiers
 * of equal bandwidth every t-th cable reaches an accelerator.
 */
function scaleUpEnds(hbd: PlantHbd, { medium, count }: MediumCount): number {
  if (isWholeCable(medium)) return 0
  if (hbd.switches.opticalCircuit > 0) return count
  return hbd.switch?.coPackagedOptics === true ? Math.ceil(count / Math.max(1, hbd.tiers)) : 2 * count
}

/** Hosts with their accelerators, NICs and the switches on their boards. */
function hostLines(
  { hbd, scaleOut }: PlantDesign, driver: "hbd" | "spareHost", hosts: number
): ReadonlyArray<UncooledLine> {
  const accelerators = hosts * hbd.host.accelerators
  const spare = driver === "spareHost" ? "spare " : ""
  const onBoard = boardSwitch(hbd)
  return [
    line("accelerator", `${spare}accelerator`, hbd.accelerator, acceleratorFigures(hbd.accelerator), driver,
      accelerators),
    line("host", `${spare}host`, hbd.host, hostFigures(hbd.host), driver, hosts),
    ...(onBoard === null
      ? []
      : [line("scale-up", `${spare}on-board switch`, onBoard, switchFigures(onBoard, true), driver,
        Math.ceil(hosts * countBoardSwitches(hbd) / hbd.hosts))]),
    ...(scaleOut === null
      ? []
      : [line("scale-out", `${spare}nic`, scaleOut.nic, nicFigures(scaleOut.nic), driver,
        accelerators * scaleOut.nicsPerAccelerator)])
  ]
}

function scaleUpLines(hbd: PlantHbd): ReadonlyArray<UncooledLine> {
  const boxes = hbd.switches.l1 + hbd.switches.l2 - countBoardSwitches(hbd)
  const ocs = hbd.opticalCircuitSwitch
  return [
    ...(hbd.switch === null
      ? []
      : [line("scale-up", "scale-up switch", hbd.switch, switchFigures(hbd.switch, false), "hbd", boxes)]),
    ...(ocs === null ? [] : [
      line("scale-up", "optical circuit switch", ocs, switchFigures(ocs, false), "hbd", hbd.switches.opticalCircuit)
    ]),
    ...hbd.links.flatMap((link) => [
      line("scale-up", endRole(link.medium), link.medium, endFigures(link.medium), "hbd", scaleUpEnds(hbd, link)),
      line("scale-up", "cable", link.medium, cableFigures(link.medium), "hbd", link.count)
    ])
  ]
}

function scaleOutLines(scaleOut: ScaleOutDesign): ReadonlyArray<UncooledLine> {
  const { endpointMedia, trunkMedia } = scaleOut
  const box = (role: string, driver: Driver) =>
    line("scale-out", role, scaleOut.switch, switchFigures(scaleOut.switch, false), driver, 1)
  return [
    box("leaf switch", "leaf"), box("spine switch", "spine"), box("core switch", "core"),
    ...endpointMedia.flatMap((medium, rung) => [
      ends(scaleOut, medium, "NIC side", "endpointModule", rung, 1),
      ends(scaleOut, medium, "leaf side", "endpointCable", rung, 1),
      line("scale-out", "cable, NIC to leaf", medium, cableFigures(medium), "endpointCable", 1, rung)
    ]),
    ...trunkMedia.flatMap((medium, rung) => [
      ends(scaleOut, medium, "between switches", "trunkCable", rung, 2),
      line("scale-out", "cable between switches", medium, cableFigures(medium), "trunkCable", 1, rung)
    ])
  ]
}

/** Modules: none of a whole cable, and none at a switch that holds its optics. */
function ends(
  scaleOut: ScaleOutDesign, medium: Interconnect, place: string, driver: CableDriver, rung: number, each: number
): UncooledLine {
  const held = driver !== "endpointModule" && scaleOut.switch.coPackagedOptics
  const quantity = isWholeCable(medium) || held ? 0 : each
  return line("scale-out", `${endRole(medium)}, ${place}`, medium, endFigures(medium), driver, quantity, rung)
}

/** What is an allowance for an accelerator or a rack, at the prices as stated: a bill knows their ranges. */
export function allowanceLines(allowances: Allowances): ReadonlyArray<UncooledLine> {
  const line = (role: string, name: string, driver: Driver, powerW: number, allowance: AllowancePrice): UncooledLine => {
    const priceUsd = allowances[allowance]
    return {
      side: "allowance", role, part: null, name, driver, rung: 0, quantity: powerW > 0 || priceUsd > 0 ? 1 : 0, allowance,
      powerMaxW: powerW, powerIdleW: powerW, rackUnits: 0, weightKg: 0,
      priceUsd, priceLowUsd: priceUsd, priceHighUsd: priceUsd, fields: []
    }
  }
  const { storagePowerWPerAccelerator, frontEndPowerWPerAccelerator, managementPowerWPerRack } = allowances
  return [
    line("storage", "storage, share of an accelerator", "accelerator", storagePowerWPerAccelerator, "storageUsdPerAccelerator"),
    line("front end", "front-end network, share of an accelerator", "accelerator", frontEndPowerWPerAccelerator,
      "frontEndUsdPerAccelerator"),
    line("management", "management network, share of a rack", "rack", managementPowerWPerRack, "managementUsdPerRack"),
    line("rack", "rack, power distribution and manifolds", "rack", 0, "rackUsd")
  ]
}

function endRole(medium: Interconnect): string {
  return medium.transceivers ? "transceiver" : "optical engine"
}

function line(
  side: BomSide, role: string, part: Part, figures: PartFigures, driver: PlantLine["driver"], quantity: number, rung = 0
): UncooledLine {
  return { side, role, part, name: part.name, driver, rung, quantity, allowance: null, ...figures }
}
