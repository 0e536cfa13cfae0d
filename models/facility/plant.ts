/**
 * A design made ready for one site: its lines, what each driver uses, and its racks. All that does not depend on the number
 * of HBDs is computed once here, so that a use (`resource-use.ts`) is a dozen multiplications.
 */
import type { Design, SitePlacement } from "../design-space/layout.ts"
import type { Allowances } from "../design-space/scenario.ts"
import type { FabricSize, FabricSpec } from "../fabric/fabric.ts"
import type { Switch } from "../hardware/switch.ts"
import { endPowerW, hostFigures, isWholeCable, switchFigures } from "./part-figures.ts"
import type { PlantLine } from "./plant-lines.ts"
import { drivers, onBoardSwitches, plantLines } from "./plant-lines.ts"
import type { RackContents, RackLoad, RackRefusal, RackRule } from "./rack-rule.ts"
import { coolingServes, rackLimit, rackRule } from "./rack-rule.ts"

/** Where the racks stand: a placement without its number of HBDs. */
export type Standing = Pick<SitePlacement, "coolingClass" | "rackPowerKW" | "pue">

/** Links that one pulled cable or one module carries. */
export type LinksPerCable = FabricSpec["linksPerCable"]

/** Scale-out fabric of one site. Routers of a direct topology stand as leaves, links between them as trunks. */
export interface ScaleOutCounts {
  readonly leaf: number
  readonly spine: number
  readonly core: number
  readonly endpointLinks: number
  readonly trunkLinks: number
}

export interface Plant {
  readonly kind: "plant"
  readonly design: Design
  readonly standing: Standing
  readonly allowances: Allowances
  readonly linksPerCable: LinksPerCable
  readonly lines: ReadonlyArray<PlantLine>
  readonly rule: RackRule
  /** what one unit of each driver uses, in the order of `drivers`, one column a figure (`useColumns`) */
  readonly uses: Float64Array
  /** accelerators of one HBD and of one host */
  readonly accelerators: number
  readonly acceleratorsPerHost: number
  readonly nicsPerHbd: number
  /** power of storage and front end for one accelerator, which stands in the service racks */
  readonly servicePowerW: number
  /** no modules: the endpoint, or the trunk, is a whole cable; no leaf-side modules: the switch holds its optics */
  readonly endpointModules: boolean
  readonly leafModules: boolean
  readonly trunkModules: boolean
}

export const useColumns = [
  "powerMaxW", "rackUnits", "weightKg", "priceUsd", "priceLowUsd", "priceHighUsd"
] as const

/** Prepares a design for a site; a refusal says what of it the racks there cannot hold. */
export function preparePlant(
  design: Design, standing: Standing, allowances: Allowances, linksPerCable: LinksPerCable = { endpoint: 1, fabric: 1 }
): Plant | RackRefusal {
  const { coolingClass, rackPowerKW } = standing
  const warm = uncooled(design, standing)
  if (warm !== null) return warm
  const lines = plantLines(design, allowances)
  const contents = rackContents(design, lines, linksPerCable)
  const limit = rackLimit(coolingClass, rackPowerKW, allowances.rackPowerLoss, allowances.managementPowerWPerRack)
  const rule = rackRule(contents, limit)
  if (rule.kind === "refusal") return rule
  const { hbd, scaleOut } = design
  const coPackaged = scaleOut?.switch.coPackagedOptics === true
  return {
    kind: "plant", design, standing, allowances, linksPerCable, lines, rule,
    uses: sumUses(lines),
    accelerators: hbd.size,
    acceleratorsPerHost: hbd.host.accelerators,
    nicsPerHbd: hbd.size * (scaleOut?.nicsPerAccelerator ?? 0),
    servicePowerW: allowances.storagePowerWPerAccelerator + allowances.frontEndPowerWPerAccelerator,
    endpointModules: scaleOut !== null && !isWholeCable(scaleOut.endpointMedium),
    leafModules: scaleOut !== null && !isWholeCable(scaleOut.endpointMedium) && !coPackaged,
    trunkModules: scaleOut !== null && !isWholeCable(scaleOut.trunkMedium) && !coPackaged
  }
}

/** The counts that a plant asks of a sized fabric. */
export function scaleOutCounts(size: FabricSize): ScaleOutCounts {
  return size.kind === "switched"
    ? {
      leaf: size.switches.leaf, spine: size.switches.spine, core: size.switches.core,
      endpointLinks: size.links.endpointLeaf, trunkLinks: size.links.leafSpine + size.links.spineCore
    }
    : {
      leaf: size.switches.router, spine: 0, core: 0,
      endpointLinks: size.links.endpointRouter, trunkLinks: size.links.local + size.links.global
    }
}

function sumUses(lines: ReadonlyArray<PlantLine>): Float64Array {
  const uses = new Float64Array(drivers.length * useColumns.length)
  for (const line of lines) {
    const row = drivers.indexOf(line.driver) * useColumns.length
    useColumns.forEach((column, i) => {
      uses[row + i] = (uses[row + i] ?? 0) + line.quantity * line[column]
    })
  }
  return uses
}

function uncooled({ hbd, scaleOut }: Design, { coolingClass }: Standing): RackRefusal | null {
  const parts = [hbd.host, hbd.switch, hbd.opticalCircuitSwitch, scaleOut?.switch ?? null]
  const part = parts.find((part) => part !== null && !coolingServes(coolingClass.cooling, part.cooling))
  if (part === undefined || part === null) return null
  return {
    kind: "refusal", resource: "cooling", required: 1, limit: 0, unit: "liquid loop",
    reason: `${part.name} is cooled by ${part.cooling}, ${coolingClass.name} by air`
  }
}

/** Loads of what stands in racks: cables' and modules' power goes half to each end. */
function rackContents(design: Design, lines: ReadonlyArray<PlantLine>, linksPerCable: LinksPerCable): RackContents {
  const { hbd, scaleOut } = design
  const boxes = hbd.switch === null ? 0 : hbd.switches.l1 + hbd.switches.l2 - onBoardSwitches(hbd)
  const perHbdW = (wanted: (line: PlantLine) => boolean) => lines
    .filter((line) => line.driver === "hbd" && wanted(line))
    .reduce((sum, line) => sum + line.quantity * line.powerMaxW, 0)
  const linksW = perHbdW((line) => hbd.links.some(({ medium }) => medium.id === line.part) && line.side === "scale-up")
  const standingW = perHbdW((line) => line.rackUnits > 0 && line.role !== "host")
  const atSwitches = boxes > 0 ? linksW / 2 : 0
  const hostsW = perHbdW(() => true) - linksW - standingW + linksW - atSwitches
  return {
    host: { ...standingLoad(hostFigures(hbd.host)), powerW: hostsW / hbd.hosts + nicEndsW(design, linksPerCable) },
    hosts: hbd.hosts,
    scaleUpSwitch: boxes === 0 || hbd.switch === null
      ? nothing
      : addPower(standingLoad(switchFigures(hbd.switch, false)), atSwitches / boxes),
    scaleUpSwitches: boxes,
    opticalCircuitSwitch: hbd.opticalCircuitSwitch === null
      ? nothing
      : standingLoad(switchFigures(hbd.opticalCircuitSwitch, false)),
    opticalCircuitSwitches: hbd.switches.opticalCircuit,
    networkSwitch: scaleOut === null
      ? null
      : addPower(standingLoad(switchFigures(scaleOut.switch, false)), switchEndsW(design, linksPerCable)),
    leafGroup: scaleOut === null ? 1 : scaleOut.rails * scaleOut.planes
  }
}

const nothing: RackLoad = { powerW: 0, rackUnits: 0, weightKg: 0 }

function standingLoad(figures: { powerMaxW: number; rackUnits: number; weightKg: number }): RackLoad {
  return { powerW: figures.powerMaxW, rackUnits: figures.rackUnits, weightKg: figures.weightKg }
}

function addPower(load: RackLoad, powerW: number): RackLoad {
  return { ...load, powerW: load.powerW + powerW }
}

/** Power of one host's ends of scale-out links, W. */
function nicEndsW({ hbd, scaleOut }: Design, { endpoint }: LinksPerCable): number {
  if (scaleOut === null) return 0
  const nics = hbd.host.accelerators * scaleOut.nicsPerAccelerator
  return nics * Math.ceil(scaleOut.planes / endpoint) * endPowerW(scaleOut.endpointMedium)
}

/** Power of the modules of one scale-out switch with all its ports in use, W; none where it holds its optics. */
function switchEndsW({ scaleOut }: Design, { endpoint, fabric }: LinksPerCable): number {
  if (scaleOut === null || scaleOut.switch.coPackagedOptics) return 0
  const { endpointMedium, trunkMedium, linkGbps } = scaleOut
  return Math.max(
    portsAt(scaleOut.switch, linkGbps) / endpoint * endPowerW(endpointMedium),
    portsAt(scaleOut.switch, trunkMedium.gbps / fabric) / fabric * endPowerW(trunkMedium)
  )
}

function portsAt(box: Switch, gbps: number): number {
  const listed = box.radix.find((entry) => entry.portGbps === gbps)
  if (listed !== undefined) return listed.ports
  const capacityGbps = Math.max(...box.radix.map((entry) => entry.portGbps * entry.ports))
  return Math.floor(capacityGbps / gbps)
}
