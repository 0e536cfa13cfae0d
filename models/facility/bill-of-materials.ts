/** What has to be bought, line by line: the one ground on which power, room and money are summed. */
import type { PieceFigures } from "./part-figures.ts"
import { countCables } from "./cable-counts.ts"
import { estimatedFields } from "./part-figures.ts"
import type { Plant, ScaleOutCounts } from "./plant.ts"
import type { AllowanceRanges, PlantLine } from "./plant-lines.ts"
import { type CableDriver, cableDrivers, drivers } from "./plant-lines.ts"
import { countRacks } from "./rack-counts.ts"
import { countDrivers, resourceUse } from "./resource-use.ts"

/** The part of the plant a line belongs to. */
export type BomSide = "accelerator" | "host" | "scale-up" | "scale-out" | "scale-across" | "allowance"

/** Figures of one piece, power at the rack's input: with the loss of the power shelf it stands behind. */
export interface BomLine extends PieceFigures {
  readonly site: string
  readonly side: BomSide
  /** "accelerator", "host", "nic", "leaf switch", "transceiver", "cable", "storage" … */
  readonly role: string
  /** catalogue id; null for an allowance */
  readonly part: string | null
  readonly name: string
  readonly count: number
  /** of what cools it: its power at the meter over that at the racks, but for the loss of distribution */
  readonly pue: number
  /** figures of this line that are estimates (`recalled`, `estimated` or `scenario` evidence), by field name */
  readonly estimates: ReadonlyArray<string>
}

/**
 * What one site buys for `hbds` HBDs with its scale-out fabric (null: none), each of whose cables some medium reaches. Sums
 * of count × figure over these lines are `resourceUse`.
 */
export function billOfMaterials(
  plant: Plant, site: string, hbds: number, scaleOut: ScaleOutCounts | null, ranges: AllowanceRanges
): ReadonlyArray<BomLine> {
  const lines = countLines(plant, hbds, scaleOut).map(({ line, count }): BomLine => ({
    site, side: line.side, role: line.role, part: line.part?.id ?? null, name: line.name, count, pue: line.pue,
    powerMaxW: line.powerMaxW, powerIdleW: line.powerIdleW, rackUnits: line.rackUnits, weightKg: line.weightKg,
    priceUsd: line.priceUsd, ...priceRangeOf(line, ranges),
    estimates: line.part === null ? ["powerMaxW", "priceUsd"] : estimatedFields(line.part, line.fields)
  }))
  const { buildingUsdPerMW } = plant.allowances
  const building = buildingLine(site, buildingUsdPerMW, resourceUse(plant, hbds, scaleOut)!.meterPowerW, ranges)
  return [...lines, ...building].filter((line) => line.count > 0)
}

/** Of a part its own, of an allowance the scenario's. */
export function priceRangeOf(
  { allowance, priceLowUsd, priceHighUsd }: Pick<PlantLine, "allowance" | "priceLowUsd" | "priceHighUsd">, ranges: AllowanceRanges
): Pick<BomLine, "priceLowUsd" | "priceHighUsd"> {
  if (allowance === null) return { priceLowUsd, priceHighUsd }
  return { priceLowUsd: ranges[allowance].low, priceHighUsd: ranges[allowance].high }
}

/** A line of a plant with its pieces. */
export interface CountedLine {
  readonly line: PlantLine
  readonly count: number
}

/** Lines of a plant with the pieces of each. */
export function countLines(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): ReadonlyArray<CountedLine> {
  const racks = countRacks(plant, hbds, scaleOut)
  const counts = countDrivers(plant, hbds, scaleOut, racks.total)
  const cables = countCables(plant, hbds, scaleOut, racks)
  return plant.lines.map((line) => {
    const count = isOfCables(line.driver) ? cables[line.driver][line.rung] : counts[drivers.indexOf(line.driver)]
    return { line, count: line.quantity * (count ?? 0) }
  })
}

function isOfCables(driver: PlantLine["driver"]): driver is CableDriver {
  return (cableDrivers as ReadonlyArray<string>).includes(driver)
}

/** A site's share of a building, by its power at the meter; none where it has no price. */
export function buildingLine(
  site: string, usdPerMW: number, meterPowerW: number, { buildingUsdPerMW: { low, high } }: AllowanceRanges
): ReadonlyArray<BomLine> {
  if (!(usdPerMW > 0)) return []
  const MW = meterPowerW / 1e6
  return [{
    site, side: "allowance", role: "building", part: null, name: "building and power plant", count: 1, pue: 1,
    powerMaxW: 0, powerIdleW: 0, rackUnits: 0, weightKg: 0,
    priceUsd: usdPerMW * MW, priceLowUsd: low * MW, priceHighUsd: high * MW, estimates: ["priceUsd"]
  }]
}
