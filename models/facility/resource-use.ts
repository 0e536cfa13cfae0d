/** What N HBDs of a design use of a site, exactly, and a linear lower bound of it for every N ≥ 1. */
import type { Plant, ScaleOutCounts } from "./plant.ts"
import { useColumns } from "./plant.ts"
import { drivers } from "./plant-lines.ts"
import { meterPowerW } from "./power-chain.ts"

/** Of one site. Power provisioned; money with its range. */
export interface SiteUse {
  /** at the racks' inputs */
  readonly itPowerW: number
  /** at the utility meter */
  readonly meterPowerW: number
  readonly racks: number
  readonly rackUnits: number
  readonly floorM2: number
  readonly weightKg: number
  readonly capexUsd: number
  readonly capexLowUsd: number
  readonly capexHighUsd: number
  /** spares included */
  readonly accelerators: number
}

/** Racks of one site by what stands in them. */
export interface RackCounts {
  readonly compute: number
  readonly spare: number
  readonly leaf: number
  /** spines and cores; 0 also where they share the one rack of the leaves */
  readonly upper: number
  readonly service: number
  readonly total: number
}

/** Counts per driver, in the order of `drivers`. */
export type DriverCounts = ReadonlyArray<number>

/** Taken off a count before it is rounded up, so that 5.000000000000001 hosts are 5. */
const INWARD = 1 - 1e-12

/**
 * Taken off a lower bound: more than `INWARD` and the rounding of a few dozen additions of non-negative terms.
 */
const OUTWARD = 1 - 1e-11

const noScaleOut: ScaleOutCounts = { leaf: 0, spine: 0, core: 0, endpointLinks: 0, trunkLinks: 0 }

/**
 * Exact use of a site by `hbds` HBDs with the scale-out fabric of that site (null: none). Equals the sums over
 * `billOfMaterials`. Non-decreasing in `hbds` when the fabric's counts are.
 */
export function resourceUse(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): SiteUse {
  const racks = countRacks(plant, hbds, scaleOut)
  return sumUse(plant, countDrivers(plant, hbds, scaleOut, racks.total), racks.total)
}

/**
 * Use per HBD that no number of HBDs N ≥ 1 undercuts: resourceUse(N) ≥ N · bound, figure by figure. `perHbd`
 * are counts of the fabric per HBD that its exact counts never undercut (`boundFabric`); fractions throughout.
 */
export function boundResourceUse(plant: Plant, perHbd: ScaleOutCounts | null): SiteUse {
  const racks = boundRacks(plant, perHbd ?? noScaleOut)
  const use = sumUse(plant, boundDrivers(plant, perHbd ?? noScaleOut, racks), racks)
  return {
    itPowerW: use.itPowerW * OUTWARD,
    meterPowerW: use.meterPowerW * OUTWARD,
    racks: use.racks * OUTWARD,
    rackUnits: use.rackUnits * OUTWARD,
    floorM2: use.floorM2 * OUTWARD,
    weightKg: use.weightKg * OUTWARD,
    capexUsd: use.capexUsd * OUTWARD,
    capexLowUsd: use.capexLowUsd * OUTWARD,
    capexHighUsd: use.capexHighUsd * OUTWARD,
    accelerators: use.accelerators * OUTWARD
  }
}

/** Figure by figure the lesser of two uses. */
export function leastOfEach(a: SiteUse, b: SiteUse): SiteUse {
  return combine(a, b, Math.min)
}

/** Figure by figure the sum of two uses. */
export function sumOfEach(a: SiteUse, b: SiteUse): SiteUse {
  return combine(a, b, (x, y) => x + y)
}

function combine(a: SiteUse, b: SiteUse, of: (x: number, y: number) => number): SiteUse {
  const both = { ...a } as Record<keyof SiteUse, number>
  for (const name of Object.keys(a) as Array<keyof SiteUse>) both[name] = of(a[name], b[name])
  return both
}

/** The fullest rack of the site, W at its input, management included. */
export function worstRackPowerW(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): number {
  const { rule, allowances } = plant
  if (hbds === 0) return 0
  const compute = rule.hbdPeakW * Math.max(1, Math.min(hbds, rule.hbdsPerRack))
  const switches = scaleOut === null ? 0 : scaleOut.leaf + scaleOut.spine + scaleOut.core
  const network = (rule.contents.networkSwitch?.powerW ?? 0) * Math.min(switches, rule.networkSwitchesPerRack)
  return Math.max(compute, network) + allowances.managementPowerWPerRack
}

/** Racks of a site, by kind. Spare hosts and services stand in racks of their own. */
export function countRacks(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): RackCounts {
  const { rule } = plant
  const { leaf: leaves, spine, core } = scaleOut ?? noScaleOut
  const compute = rule.hbdsPerRack > 0 ? Math.ceil(hbds / rule.hbdsPerRack) : hbds * rule.racksPerHbd
  const spare = Math.ceil(countSpareHosts(plant, hbds) / rule.hostsPerRack)
  const shared = leaves + spine + core <= rule.networkSwitchesPerRack
  const leaf = leaves === 0 ? 0 : shared ? 1 : countLeafRacks(plant, leaves)
  const upper = spine + core === 0 || shared ? 0 : Math.ceil((spine + core) / rule.networkSwitchesPerRack)
  const service = Math.ceil(serviceRacks(plant, countAccelerators(plant, hbds)) * INWARD)
  return { compute, spare, leaf, upper, service, total: compute + spare + leaf + upper + service }
}

/** Counts per driver of `hbds` HBDs in `racks` racks. */
export function countDrivers(
  plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null, racks: number
): DriverCounts {
  const { leaf, spine, core, endpointLinks, trunkLinks } = scaleOut ?? noScaleOut
  const { endpoint, fabric } = plant.linksPerCable
  const spares = countSpareHosts(plant, hbds)
  const nics = hbds * plant.nicsPerHbd
  const nicModules = nics === 0 ? 0 : nics * Math.ceil(endpointLinks / nics / endpoint * INWARD)
  const endpointCables = Math.ceil(endpointLinks / endpoint)
  const trunkCables = Math.ceil(trunkLinks / fabric)
  return [
    hbds, spares, countAccelerators(plant, hbds), racks, leaf, spine, core,
    plant.endpointModules ? nicModules : 0,
    plant.leafModules ? endpointCables : 0,
    endpointCables,
    plant.trunkModules ? 2 * trunkCables : 0,
    trunkCables
  ]
}

/** Whole hosts, so that spares are at least their share of all accelerators. */
export function countSpareHosts({ design, allowances }: Plant, hbds: number): number {
  return Math.ceil(hbds * design.hbd.hosts * spareRatio(allowances.spareShare) * INWARD)
}

/** Accelerators of a site, spares included. */
export function countAccelerators(plant: Plant, hbds: number): number {
  return hbds * plant.accelerators + countSpareHosts(plant, hbds) * plant.acceleratorsPerHost
}

function spareRatio(share: number): number {
  return share / (1 - share)
}

/** Full zones take their racks; what is left takes as many as it fills. */
function countLeafRacks({ rule }: Plant, leaves: number): number {
  const zones = Math.floor(leaves / rule.leavesPerZone)
  const rest = leaves - zones * rule.leavesPerZone
  return zones * rule.leafRacksPerZone + Math.ceil(rest / rule.networkSwitchesPerRack)
}

/** Racks for storage, front end and management: by their number, or by their power where that asks for more. */
function serviceRacks({ allowances, rule, servicePowerW }: Plant, accelerators: number): number {
  return accelerators * Math.max(allowances.serviceRacksPerAccelerator, servicePowerW / rule.limits.service.powerW)
}

function boundRacks(plant: Plant, perHbd: ScaleOutCounts): number {
  const { rule } = plant
  const switches = perHbd.leaf + perHbd.spine + perHbd.core
  const spares = boundSpareHosts(plant)
  return (rule.hbdsPerRack > 0 ? 1 / rule.hbdsPerRack : rule.racksPerHbd) +
    spares / rule.hostsPerRack +
    (switches > 0 ? switches / rule.networkSwitchesPerRack : 0) +
    serviceRacks(plant, plant.accelerators + spares * plant.acceleratorsPerHost)
}

/** Spare hosts per HBD, a fraction. */
function boundSpareHosts({ design, allowances }: Plant): number {
  return design.hbd.hosts * spareRatio(allowances.spareShare)
}

function boundDrivers(plant: Plant, perHbd: ScaleOutCounts, racks: number): DriverCounts {
  const { endpoint, fabric } = plant.linksPerCable
  const spares = boundSpareHosts(plant)
  const endpointCables = perHbd.endpointLinks / endpoint
  const trunkCables = perHbd.trunkLinks / fabric
  return [
    1, spares, plant.accelerators + spares * plant.acceleratorsPerHost, racks,
    perHbd.leaf, perHbd.spine, perHbd.core,
    plant.endpointModules ? endpointCables : 0,
    plant.leafModules ? endpointCables : 0,
    endpointCables,
    plant.trunkModules ? 2 * trunkCables : 0,
    trunkCables
  ]
}

function sumUse(plant: Plant, counts: DriverCounts, racks: number): SiteUse {
  const { uses, allowances, standing } = plant
  const totals = [0, 0, 0, 0, 0, 0]
  const columns = useColumns.length
  for (let row = 0; row < drivers.length; row++) {
    const count = counts[row] ?? 0
    // an unknown figure of a line that is not used must not make the sum unknown
    if (count === 0) continue
    for (let i = 0; i < columns; i++) totals[i] = (totals[i] ?? 0) + count * (uses[row * columns + i] ?? 0)
  }
  const [itPowerW = 0, rackUnits = 0, weightKg = 0, priceUsd = 0, priceLowUsd = 0, priceHighUsd = 0] = totals
  const meterW = meterPowerW(itPowerW, allowances, standing.pue)
  const buildingUsd = allowances.buildingUsdPerMW * meterW / 1e6
  return {
    itPowerW, meterPowerW: meterW, racks, rackUnits, weightKg,
    floorM2: racks * standing.coolingClass.floorM2PerRack,
    capexUsd: priceUsd + buildingUsd,
    capexLowUsd: priceLowUsd + buildingUsd,
    capexHighUsd: priceHighUsd + buildingUsd,
    accelerators: counts[2] ?? 0
  }
}
