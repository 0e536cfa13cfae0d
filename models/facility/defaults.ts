/**
 * What a scenario that says nothing of allowances and money is given: modest round figures, each with its
 * source.
 */
import type { Allowances, CommonPrice, Economics, ValueRange } from "../design-space/scenario.ts"
import { PRICE_RANGE } from "./part-figures.ts"

/**
 * Storage, front end and management stay small beside the accelerators: "storage servers, network switches and
 * optical transceivers … approximately 10 % of the total power" of an H100 cluster (apetops-us.com, 100K H100),
 * of which the compute fabric, counted part by part, takes about half. Shares of the total are ours, to be
 * replaced by the planner's own.
 */
export const defaultAllowances: Allowances = {
  storagePowerWPerAccelerator: 40,
  storageUsdPerAccelerator: 1_500,
  /** one 200G port of a DPU (40 W typical, two ports a node of eight) and its share of two switch tiers */
  frontEndPowerWPerAccelerator: 25,
  frontEndUsdPerAccelerator: 800,
  /** one 48-port 1G switch (about 100 W) with rack PDUs and sensors */
  managementPowerWPerRack: 200,
  managementUsdPerRack: 6_000,
  /** a storage-and-management rack for each 256 accelerators, as in a 32-node scalable unit */
  serviceRacksPerAccelerator: 1 / 256,
  spareShare: 0,
  /** frame, busbar or PDUs, manifold; estimate, 3,000 (air) to 20,000 (liquid) */
  rackUsd: 8_000,
  buildingUsdPerMW: 0,
  /** Open Rack v3 rectifiers peak at 97.5 %, 80 PLUS Titanium supplies at 96 % */
  rackPowerLoss: 0.03,
  /**
   * 0: a PUE holds the UPS and distribution by its definition (ISO/IEC 30134-2); set it beside a cooling-only
   * PUE
   */
  distributionLoss: 0
}

/** Industrial electricity (US, about 0.08 USD/kWh), the world's grid carbon, five years of depreciation. */
export const defaultEconomics: Economics = {
  electricityUsdPerKWh: 0.08,
  /** world average, Ember (recalled); US 0.384, EU 0.213, China 0.56 */
  carbonKgPerKWh: 0.473,
  horizonYears: 5,
  maintenanceShare: 0.03
}

const around = (price: number): ValueRange => ({ low: price * PRICE_RANGE.low, high: price * PRICE_RANGE.high })

/** Ranges of the default prices: where nothing else is known, as wide as those of parts. */
export const defaultPriceRanges: Readonly<Record<CommonPrice, ValueRange>> = {
  storageUsdPerAccelerator: around(defaultAllowances.storageUsdPerAccelerator),
  frontEndUsdPerAccelerator: around(defaultAllowances.frontEndUsdPerAccelerator),
  managementUsdPerRack: around(defaultAllowances.managementUsdPerRack),
  /** air to liquid, as above */
  rackUsd: { low: 3_000, high: 20_000 },
  buildingUsdPerMW: { low: 0, high: 0 },
  /** industrial, the cheapest and the dearest of the contiguous US (New Mexico, Rhode Island), EIA Electric Power Annual 2023 */
  electricityUsdPerKWh: { low: 0.0575, high: 0.1898 },
  /** estimate */
  maintenanceShare: { low: 0.02, high: 0.05 }
}
