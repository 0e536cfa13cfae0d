import type { Cooling, Part } from "./part.ts"

/** By the outside air that a hall is cooled against: Nordic; Oregon, Ireland, Ohio; Dallas, Tokyo; Singapore, Mumbai, the Gulf. */
export type Climate = "cold" | "temperate" | "warm" | "hot"

/** What a class of hall gives a rack, and what it costs to cool. */
export interface CoolingClass extends Part {
  readonly cooling: Cooling
  readonly rackPowerMaxKW: number
  /** kW of a rack of air-cooled gear: all of the rack's in an air class, what room air takes away in a liquid one */
  readonly airRackPowerMaxKW: number
  readonly rackUnits: number
  readonly rackWeightMaxKg: number
  readonly pue: number
  readonly pueLow: number
  readonly pueHigh: number
  readonly pueByClimate: Readonly<Record<Climate, number>>
  /** floor of one rack with its share of the aisles */
  readonly floorM2PerRack: number
}

/** A published cluster, hall or price, kept to check against. */
export interface FacilityFact extends Part {
  readonly kind: string
  readonly figures: Readonly<Record<string, number>>
}
