/** One question, completed: every default filled in, every name still a name (the catalogue is joined by presolve). */
import type { ScaleUpTopology } from "../hardware/accelerator.ts"
import type { Climate } from "../hardware/facility.ts"
import type { AvailabilityStatus } from "../hardware/part.ts"
import type { DimensionOrder, Mapping, Recompute } from "../performance/mapping.ts"
import type { TrainingWorkload } from "../workload/training.ts"

export interface Scenario {
  readonly formatVersion: 1
  readonly name: string
  readonly description: string | null
  /** what is trained; of a programme of several runs the first */
  readonly workload: Workload
  /** the runs that the same cluster trains after it, each with a mapping of its own; empty for one */
  readonly furtherWorkloads: ReadonlyArray<Workload>
  readonly sites: ReadonlyArray<Site>
  /** between every two sites; empty with one site */
  readonly links: ReadonlyArray<SiteLink>
  readonly allSites: TotalLimits
  readonly catalog: CatalogSelection
  readonly objective: Objective
  readonly search: SearchDomains
  readonly limits: SolveLimits
  readonly allowances: Allowances
  readonly economics: Economics
  /** of common prices; one without has that of its default while it is at its default, else none */
  readonly priceRanges: { readonly [price in CommonPrice]?: ValueRange }
  /** share of an accelerator's memory that a mapping must leave free, 0–1 */
  readonly memoryHeadroom: number
  /** figures the catalogue lacks, or that this scenario sees otherwise; marked as estimates to the output */
  readonly estimates: ReadonlyArray<FigureEstimate>
}

export interface Workload extends TrainingWorkload {
  readonly kind: "training"
  /** the model's, where the scenario gives none; unique within it */
  readonly name: string
}

/** Every run of a scenario in its order, at least one. */
export function workloadsOf(
  { workload, furtherWorkloads }: Pick<Scenario, "workload" | "furtherWorkloads">
): ReadonlyArray<Workload> {
  return [workload, ...furtherWorkloads]
}

export interface Site {
  readonly name: string
  readonly power: {
    readonly limitMW: number
    /** where the limit holds: at the IT load, or at the utility meter (IT × PUE) */
    readonly at: "it" | "meter"
    /** null: the cooling class's own, or that of the site's climate */
    readonly pue: number | null
  }
  /** null: not said; the cooling class's own PUE */
  readonly climate: Climate | null
  /** all limits below: null is no limit */
  readonly racks: number | null
  readonly floorM2: number | null
  readonly capitalUsd: number | null
  readonly accelerators: number | null
  /**
   * what the hall can cool, in order of preference; a host goes to the first class made for its cooling, else to the first that
   * can take it
   */
  readonly cooling: ReadonlyArray<SiteCooling>
}

/** Limits on what all sites use together; null: none beside those of each site. */
export interface TotalLimits {
  /** at the meters */
  readonly powerMW: number | null
  readonly capitalUsd: number | null
}

export interface SiteCooling {
  /** id of a cooling class of the catalogue */
  readonly class: string
  readonly racks: number | null
  /** null: the class's own */
  readonly rackPowerKW: number | null
}

export interface SiteLink {
  readonly between: readonly [string, string]
  /** Gb/s one direction */
  readonly Gbps: number
  readonly distanceKm: number
}

/** Null: no restriction. Availability defaults to shipping alone. */
export interface CatalogSelection {
  readonly vendors: ReadonlyArray<string> | null
  readonly exclude: ReadonlyArray<string>
  readonly availability: ReadonlyArray<AvailabilityStatus>
}

export type ObjectiveName =
  | "maximizeThroughput" | "minimizeTimeToTrain" | "maximizeThroughputPerWatt" | "maximizeThroughputPerDollar"
  | "minimizePower" | "minimizeCapex"

export interface Objective {
  readonly name: ObjectiveName
  /** tokens/s the plan must reach; null without. Ratios and minima demand this or a deadline */
  readonly throughputFloor: number | null
  /** days in which all tokens must be trained; null without */
  readonly deadlineDays: number | null
  /** what a throughput per watt is divided by */
  readonly power: "it-provisioned" | "meter-provisioned"
  /** what a throughput per dollar is divided by */
  readonly money: "capex" | "tco"
}

/** A decision's domain: null is free, one value is fixed. */
export type Domain<A> = ReadonlyArray<A> | null

export interface SearchDomains {
  readonly accelerator: Domain<string>
  readonly host: Domain<string>
  readonly hbdSize: Domain<number>
  readonly scaleUpTopology: Domain<ScaleUpTopology>
  readonly scaleUpSwitch: Domain<string>
  readonly nic: Domain<string>
  readonly nicsPerAccelerator: Domain<number>
  readonly scaleOutTopology: Domain<"none" | "single" | "clos" | "rail-only" | "dragonfly">
  readonly scaleOutSwitch: Domain<string>
  readonly scaleOutTiers: Domain<number>
  readonly railOptimized: Domain<boolean>
  readonly planes: Domain<number>
  /** endpoint bandwidth over uplink bandwidth at the top tier (1: none) */
  readonly oversubscription: Domain<number>
  readonly medium: Domain<string>
  /** number of sites that a layout spans */
  readonly sites: Domain<number>
  /** of the bandwidth of the links between sites, all alike and in whole modules; free: all of it */
  readonly litShare: Domain<number>
  /** number of HBDs in all; free: as many as the mapping needs */
  readonly hbds: Domain<number>
  readonly mapping: MappingDomains
}

export interface MappingDomains {
  readonly tp: Domain<number>
  readonly cp: Domain<number>
  readonly ep: Domain<number>
  readonly etp: Domain<number>
  readonly pp: Domain<number>
  readonly vpp: Domain<number>
  readonly dp: Domain<number>
  readonly microBatch: Domain<number>
  readonly sequenceParallel: Domain<boolean>
  readonly recompute: Domain<Recompute>
  readonly shardingStage: Domain<0 | 1 | 2 | 3>
  readonly shardingGroup: Domain<"all" | "hbd">
  readonly offload: Domain<Mapping["offload"]>
  readonly order: Domain<DimensionOrder>
}

export interface SolveLimits {
  readonly timeS: number | null
  /** stop when the gap is at most this; 0 proves the optimum */
  readonly gap: number
  readonly evaluations: number | null
  readonly seed: number
}

/** What is not decided here but draws power, room and money: per accelerator, per rack, or a share. */
export interface Allowances {
  readonly storagePowerWPerAccelerator: number
  readonly storageUsdPerAccelerator: number
  readonly frontEndPowerWPerAccelerator: number
  readonly frontEndUsdPerAccelerator: number
  readonly managementPowerWPerRack: number
  readonly managementUsdPerRack: number
  /** racks for storage, front end and management, per accelerator */
  readonly serviceRacksPerAccelerator: number
  /** spare accelerators with their hosts, bought and powered but not used by the mapping, share of the whole */
  readonly spareShare: number
  /** rack, busbar, manifolds, USD */
  readonly rackUsd: number
  /** building and power plant, USD per MW at the meter; 0: the hall exists */
  readonly buildingUsdPerMW: number
  /** power shelf or rack PSU loss, and loss of UPS and distribution, as shares of what passes */
  readonly rackPowerLoss: number
  readonly distributionLoss: number
}

export interface Economics {
  readonly electricityUsdPerKWh: number
  readonly carbonKgPerKWh: number
  readonly horizonYears: number
  /** of capex a year */
  readonly maintenanceShare: number
}

/** What a price may be. */
export interface ValueRange {
  readonly low: number
  readonly high: number
}

/** Prices that are no part's, by their keys under `allowances` and `economics`. */
export const commonPrices = {
  allowances: [
    "storageUsdPerAccelerator", "frontEndUsdPerAccelerator", "managementUsdPerRack", "rackUsd", "buildingUsdPerMW"
  ],
  economics: ["electricityUsdPerKWh", "maintenanceShare"]
} as const

export type AllowancePrice = (typeof commonPrices)["allowances"][number]

export type CommonPrice = AllowancePrice | (typeof commonPrices)["economics"][number]

/** Replaces one figure of one entry. */
export interface FigureEstimate {
  readonly kind: "accelerators" | "systems" | "switches" | "nics" | "interconnects" | "coolingClasses"
  readonly id: string
  readonly field: string
  readonly value: number
  readonly reason: string
}
