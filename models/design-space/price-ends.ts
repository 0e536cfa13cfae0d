/**
 * Scenarios at the ends of the price ranges: every part's price moved to its low or its high, as estimates of the scenario, and
 * the prices that are common to all layouts: allowances, electricity and maintenance.
 */
import { defaultAllowances, defaultEconomics, defaultPriceRanges } from "../facility/defaults.ts"
import { acceleratorFigures, hostFigures, mediumPriceRange, nicFigures, switchFigures } from "../facility/part-figures.ts"
import type { Catalog } from "../hardware/catalog.ts"
import type { AllowanceRanges } from "../facility/plant-lines.ts"
import { type CommonPrice, commonPrices, type FigureEstimate, type Scenario, type ValueRange } from "./scenario.ts"

export type PriceEnd = "low" | "high"

/** Objective or limits look at money. */
export function pricesMatter({ objective, sites, allSites }: Scenario): boolean {
  return objective.name === "maximizeThroughputPerDollar" || objective.name === "minimizeCapex" ||
    allSites.capitalUsd !== null || sites.some(({ capitalUsd }) => capitalUsd !== null)
}

/** Of a part by its id, and of the common prices; null: the price stays. */
export interface PriceEnds {
  readonly part: (id: string) => PriceEnd | null
  readonly common: PriceEnd | null
}

/** The scenario with every price at the end of its range that is asked for. Prices of parts that it states itself stay. */
export function atPriceEnds(scenario: Scenario, catalog: Catalog, { part, common }: PriceEnds): Scenario {
  const estimates = pricesOf(catalog).flatMap(({ kind, id, field, low, high }): ReadonlyArray<FigureEstimate> => {
    const end = part(id)
    if (end === null) return []
    return [{ kind, id, field, value: end === "low" ? low : high, reason: `the ${end} end of its price range` }]
  })
  const moved = { ...scenario, estimates: [...estimates, ...scenario.estimates] }
  return common === null ? moved : {
    ...moved,
    allowances: { ...scenario.allowances, ...commonAt(scenario, commonPrices.allowances, common) },
    economics: { ...scenario.economics, ...commonAt(scenario, commonPrices.economics, common) }
  }
}

function commonAt<P extends CommonPrice>(
  scenario: Scenario, prices: ReadonlyArray<P>, end: PriceEnd
): Partial<Record<P, number>> {
  return Object.fromEntries(prices.map((price) => [price, commonRange(scenario, price)[end]])) as Partial<Record<P, number>>
}

/** The range of a common price: the scenario's, that of the default price while it is at that, else its own value. */
export function commonRange({ allowances, economics, priceRanges }: Scenario, price: CommonPrice): ValueRange {
  const value = { ...allowances, ...economics }[price]
  const isDefault = value === { ...defaultAllowances, ...defaultEconomics }[price]
  return priceRanges[price] ?? (isDefault ? defaultPriceRanges[price] : { low: value, high: value })
}

/** Ranges of what allowances cost. */
export function allowanceRanges(scenario: Scenario): AllowanceRanges {
  return Object.fromEntries(commonPrices.allowances.map((price) => [price, commonRange(scenario, price)])) as AllowanceRanges
}

interface Price extends Pick<FigureEstimate, "kind" | "id" | "field"> {
  readonly low: number
  readonly high: number
}

/** Every known price of the catalogue with its range. */
function pricesOf(catalog: Catalog): ReadonlyArray<Price> {
  const range = ({ priceLowUsd, priceHighUsd }: { readonly priceLowUsd: number; readonly priceHighUsd: number }) =>
    ({ low: priceLowUsd, high: priceHighUsd })
  const field = "priceUsd"
  const prices: ReadonlyArray<Price> = [
    ...catalog.accelerators.map((part) => ({ kind: "accelerators" as const, id: part.id, field, ...range(acceleratorFigures(part)) })),
    ...catalog.systems.map((part) =>
      ({ kind: "systems" as const, id: part.id, field: "hostPriceUsd", ...range(hostFigures(part)) })),
    ...catalog.switches.map((part) => ({ kind: "switches" as const, id: part.id, field, ...range(switchFigures(part, false)) })),
    ...catalog.nics.map((part) => ({ kind: "nics" as const, id: part.id, field, ...range(nicFigures(part)) })),
    ...catalog.interconnects.flatMap((part) => {
      const { low, high } = mediumPriceRange(part)
      return (["pricePerEndUsd", "pricePerCableUsd"] as const).flatMap((field) => {
        const usd = part[field]
        return usd === null ? [] : [{ kind: "interconnects" as const, id: part.id, field, low: usd * low, high: usd * high }]
      })
    })
  ]
  return prices.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high))
}
