/**
 * What a plant costs to buy and to run, and the carbon of its electricity, from its bill and its average power.
 */
import type { MoneySummary } from "../design-space/recommendation.ts"
import type { Economics, ValueRange } from "../design-space/scenario.ts"
import type { BomLine } from "./bill-of-materials.ts"

const HOURS_PER_YEAR = 8760

/** USD with the range of its prices. */
export interface PriceRange {
  readonly usd: number
  readonly lowUsd: number
  readonly highUsd: number
}

/** Of what is paid every year. */
export interface RunningRanges {
  readonly electricityUsdPerKWh: ValueRange
  readonly maintenanceShare: ValueRange
}

/**
 * Money of a bill over the horizon at the average power of the meter (W). TCO is undiscounted: capital, energy
 * and maintenance over the horizon, which also is the life over which cost per token and per accelerator-hour
 * are spread.
 */
export function money(
  bom: ReadonlyArray<BomLine>, meterPowerW: number, economics: Economics, tokensPerS: number, ranges: RunningRanges
): MoneySummary {
  const capital = priceOf(bom)
  const kWhPerYear = meterPowerW / 1000 * HOURS_PER_YEAR
  const energyUsdPerYear = kWhPerYear * economics.electricityUsdPerKWh
  const maintenanceUsdPerYear = capital.usd * economics.maintenanceShare
  const total = (capitalUsd: number, usdPerKWh: number, maintenanceShare: number) =>
    capitalUsd + economics.horizonYears * (kWhPerYear * usdPerKWh + capitalUsd * maintenanceShare)
  const { electricityUsdPerKWh: electricity, maintenanceShare: maintenance } = ranges
  const tcoUsd = total(capital.usd, economics.electricityUsdPerKWh, economics.maintenanceShare)
  const hours = economics.horizonYears * HOURS_PER_YEAR
  return {
    capexUsd: capital.usd,
    capexLowUsd: capital.lowUsd,
    capexHighUsd: capital.highUsd,
    energyUsdPerYear,
    maintenanceUsdPerYear,
    tcoUsd,
    tcoLowUsd: total(capital.lowUsd, electricity.low, maintenance.low),
    tcoHighUsd: total(capital.highUsd, electricity.high, maintenance.high),
    usdPerMillionTokens: tcoUsd / (tokensPerS * hours * 3600) * 1e6,
    usdPerAcceleratorHour: tcoUsd / (countAccelerators(bom) * hours),
    carbonKgPerYear: kWhPerYear * economics.carbonKgPerKWh,
    averagePowerMW: meterPowerW / 1e6
  }
}

/** Price of lines, with its range: every price at its low, every price at its high. */
export function priceOf(lines: ReadonlyArray<BomLine>): PriceRange {
  const sum = (of: (line: BomLine) => number) => lines.reduce((total, line) => total + line.count * of(line), 0)
  return {
    usd: sum((line) => line.priceUsd),
    lowUsd: sum((line) => line.priceLowUsd),
    highUsd: sum((line) => line.priceHighUsd)
  }
}

/** Spares included: they are paid for. */
function countAccelerators(bom: ReadonlyArray<BomLine>): number {
  return bom.filter((line) => line.side === "accelerator").reduce((sum, line) => sum + line.count, 0)
}
