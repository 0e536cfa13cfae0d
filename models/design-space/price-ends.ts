/** Scenarios at the ends of the price ranges: every part's price moved to its low or its high, as estimates of the scenario. */
import { acceleratorFigures, hostFigures, mediumPriceRange, nicFigures, switchFigures } from "../facility/part-figures.ts"
import type { Catalog } from "../hardware/catalog.ts"
import type { FigureEstimate, Scenario } from "./scenario.ts"

export type PriceEnd = "low" | "high"

/** Objective or limits look at money. */
export function pricesMatter({ objective, sites, allSites }: Scenario): boolean {
  return objective.name === "maximizeThroughputPerDollar" || objective.name === "minimizeCapex" ||
    allSites.capitalUsd !== null || sites.some(({ capitalUsd }) => capitalUsd !== null)
}

/** The scenario with every catalogue price at the end that `endOf` its part's id says. Prices it states itself stay. */
export function atPriceEnds(scenario: Scenario, catalog: Catalog, endOf: (id: string) => PriceEnd): Scenario {
  const estimates = pricesOf(catalog).map(({ kind, id, field, low, high }): FigureEstimate => {
    const end = endOf(id)
    return { kind, id, field, value: end === "low" ? low : high, reason: `the ${end} end of its price range` }
  })
  return { ...scenario, estimates: [...estimates, ...scenario.estimates] }
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
