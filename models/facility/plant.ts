/**
 * A design made ready for one site: its lines, what each driver uses, and its racks. All that does not depend
 * on the number of HBDs is computed once here, so that a use (`resource-use.ts`) is a dozen multiplications.
 */
import type { SitePlacement } from "../design-space/layout.ts"
import type { Allowances } from "../design-space/scenario.ts"
import type { FabricBound } from "../fabric/bound.ts"
import type { MediaLadder } from "../fabric/media.ts"
import type { CoolingClass } from "../hardware/facility.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Cooling } from "../hardware/part.ts"
import { nearRacks } from "./floor-grid.ts"
import type { PlantDesign, PlantLine } from "./plant-lines.ts"
import { drivers, plantLines } from "./plant-lines.ts"
import type { LinksPerCable } from "./rack-contents.ts"
import { rackContents } from "./rack-contents.ts"
import type { RackRefusal, RackRule } from "./rack-rule.ts"
import { coolingServes, rackLimit, rackRule } from "./rack-rule.ts"

/** Where the racks stand: a placement without its number of HBDs. */
export interface Standing extends Pick<SitePlacement, "coolingClass" | "rackPowerKW" | "pue"> {
  /** the hall has a liquid loop: switches that need it stand beside air-cooled hosts too */
  readonly liquidLoop: boolean
  /** PUE of what the hall's air cools, and of what its loop does */
  readonly pues: { readonly air: number; readonly liquid: number }
}

/** Scale-out fabric of one site. Routers of a direct topology stand as leaves, links between them as trunks. */
export interface ScaleOutCounts {
  readonly leaf: number
  readonly spine: number
  readonly core: number
  readonly endpointLinks: number
  /** from a leaf to a spine, or between routers */
  readonly trunkLinks: number
  /** from a spine to a core */
  readonly coreLinks: number
}

export interface Plant {
  readonly kind: "plant"
  readonly design: PlantDesign
  readonly standing: Standing
  readonly allowances: Allowances
  readonly linksPerCable: LinksPerCable
  readonly lines: ReadonlyArray<PlantLine>
  readonly rule: RackRule
  /** what one unit of each driver uses, in the order of `drivers`, one column a figure (`useColumns`) */
  readonly uses: Float64Array
  /** of the cables from NIC to leaf, and of those between switches; empty without a scale-out side */
  readonly endpointRungs: ReadonlyArray<CableRung>
  readonly trunkRungs: ReadonlyArray<CableRung>
  /** accelerators of one HBD and of one host */
  readonly accelerators: number
  readonly acceleratorsPerHost: number
  readonly nicsPerHbd: number
  /** power of storage and front end for one accelerator, which stands in the service racks */
  readonly servicePowerW: number
}

/** A medium of a ladder and what its cables use, one column a figure (`useColumns`). */
export interface CableRung {
  readonly reachM: number
  /** a cable with its modules at switches */
  readonly perCable: Float64Array
  /** a module at a NIC; zeros where the medium has none */
  readonly perModule: Float64Array
  /** of each figure the least of this medium and those that reach farther */
  readonly leastCable: Float64Array
  readonly leastModule: Float64Array
  /** racks that can stand within reach of another, in its row and in others */
  readonly near: { readonly inRow: number; readonly inOthers: number }
}

export const useColumns = ["powerMaxW", "meterPowerW", "rackUnits", "weightKg", "priceUsd"] as const

/**
 * Prepares a design for a site; a refusal says what of it the racks there cannot hold. An HBD is refused where it takes other
 * racks than those that its media were chosen for; without a scale-out side it may take fewer, for NICs may make it wider.
 */
export function preparePlant(
  design: PlantDesign, standing: Standing, allowances: Allowances,
  linksPerCable: LinksPerCable = { endpoint: 1, fabric: 1 }
): Plant | RackRefusal {
  const { coolingClass, rackPowerKW } = standing
  const warm = uncooled(design, standing)
  if (warm !== null) return warm
  const lines = plantLines(design, allowances, standing.pues)
  const contents = rackContents(design, lines, linksPerCable)
  const limit = (cooling: Cooling) => rackLimit(coolingClass, rackPowerKW, allowances.managementPowerWPerRack, cooling)
  const rule = rackRule(contents, {
    host: limit(design.hbd.host.cooling), network: limit(design.scaleOut?.switch.cooling ?? "air"), service: limit("air")
  })
  if (rule.kind === "refusal") return rule
  const elsewhere = otherRacks(design, rule)
  if (elsewhere !== null) return elsewhere
  const { hbd, scaleOut } = design
  return {
    kind: "plant", design, standing, allowances, linksPerCable, lines, rule,
    ...sumUses(lines, scaleOut?.endpointMedia ?? [], scaleOut?.trunkMedia ?? [], coolingClass),
    accelerators: hbd.size,
    acceleratorsPerHost: hbd.host.accelerators,
    nicsPerHbd: hbd.size * (scaleOut?.nicsPerAccelerator ?? 0),
    servicePowerW: allowances.storagePowerWPerAccelerator + allowances.frontEndPowerWPerAccelerator
  }
}

/** The counts that a plant asks of a sized fabric, or per endpoint of a bounded one. */
export function scaleOutCounts(size: FabricBound): ScaleOutCounts {
  return size.kind === "switched"
    ? {
      leaf: size.switches.leaf, spine: size.switches.spine, core: size.switches.core,
      endpointLinks: size.links.endpointLeaf, trunkLinks: size.links.leafSpine, coreLinks: size.links.spineCore
    }
    : {
      leaf: size.switches.router, spine: 0, core: 0,
      endpointLinks: size.links.endpointRouter, trunkLinks: size.links.local + size.links.global, coreLinks: 0
    }
}

function sumUses(
  lines: ReadonlyArray<PlantLine>, endpointMedia: MediaLadder, trunkMedia: MediaLadder, coolingClass: CoolingClass
): Pick<Plant, "uses" | "endpointRungs" | "trunkRungs"> {
  const columns = useColumns.length
  const uses = new Float64Array(drivers.length * columns)
  const figures = () => new Float64Array(columns)
  const rung = ({ reachM }: Interconnect): CableRung => ({
    reachM, perCable: figures(), perModule: figures(), leastCable: figures(), leastModule: figures(),
    near: nearRacks(reachM, coolingClass)
  })
  const endpointRungs = endpointMedia.map(rung)
  const trunkRungs = trunkMedia.map(rung)
  for (const line of lines) {
    const { driver } = line
    const row = driver === "endpointCable" ? endpointRungs[line.rung]!.perCable
      : driver === "endpointModule" ? endpointRungs[line.rung]!.perModule
      : driver === "trunkCable" ? trunkRungs[line.rung]!.perCable
      : uses.subarray(drivers.indexOf(driver) * columns)
    for (let i = 0; i < columns; i++) row[i]! += line.quantity * line[useColumns[i]!]
  }
  takeLeast(endpointRungs)
  takeLeast(trunkRungs)
  return { uses, endpointRungs, trunkRungs }
}

function takeLeast(rungs: ReadonlyArray<CableRung>): void {
  rungs.toReversed().forEach(({ perCable, perModule, leastCable, leastModule }, i, all) => {
    const beyond = all[i - 1]
    for (let column = 0; column < perCable.length; column++) {
      leastCable[column] = Math.min(perCable[column]!, beyond?.leastCable[column] ?? Infinity)
      leastModule[column] = Math.min(perModule[column]!, beyond?.leastModule[column] ?? Infinity)
    }
  })
}

function uncooled({ hbd, scaleOut }: PlantDesign, { coolingClass, liquidLoop }: Standing): RackRefusal | null {
  const parts = liquidLoop ? [hbd.host] : [hbd.host, hbd.switch, hbd.opticalCircuitSwitch, scaleOut?.switch ?? null]
  const part = parts.find((part) => part !== null && !coolingServes(coolingClass.cooling, part.cooling))
  if (part === undefined || part === null) return null
  return {
    kind: "refusal", resource: "cooling", required: 1, limit: 0, unit: "liquid loop",
    reason: `${part.name} is cooled by ${part.cooling}, ${coolingClass.name} by air`
  }
}

function otherRacks({ hbd, scaleOut }: PlantDesign, rule: RackRule): RackRefusal | null {
  if (hbd.racks === null) return null
  const { racksPerHbd } = rule
  const { least, most } = hbd.racks
  if (scaleOut === null ? racksPerHbd <= most : isMadeFor(hbd, rule)) return null
  return {
    kind: "refusal", resource: "reach", required: racksPerHbd, limit: most, unit: "racks",
    reason: `the HBD takes ${racksPerHbd} racks, its links are made for ${least === most ? most : `${least}–${most}`}`
  }
}

/** Whether the media of an HBD were chosen for the racks that it comes to. */
export function isMadeFor({ racks }: PlantDesign["hbd"], { racksPerHbd }: RackRule): boolean {
  return racks === null || (racksPerHbd >= racks.least && racksPerHbd <= racks.most)
}
