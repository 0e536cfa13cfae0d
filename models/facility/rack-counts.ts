/** How many racks and spare hosts a number of HBDs takes, in closed form. */
import type { Plant, ScaleOutCounts } from "./plant.ts"

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

/** Taken off a count before it is rounded up, so that 5.000000000000001 hosts are 5. */
export const INWARD = 1 - 1e-12

export const noScaleOut: ScaleOutCounts = { leaf: 0, spine: 0, core: 0, endpointLinks: 0, trunkLinks: 0, coreLinks: 0 }

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

/** Whole hosts, so that spares are at least their share of all accelerators. */
export function countSpareHosts({ design, allowances }: Plant, hbds: number): number {
  return Math.ceil(hbds * design.hbd.hosts * spareRatio(allowances.spareShare) * INWARD)
}

/** Accelerators of a site, spares included. */
export function countAccelerators(plant: Plant, hbds: number): number {
  return hbds * plant.accelerators + countSpareHosts(plant, hbds) * plant.acceleratorsPerHost
}

/** Spare accelerators over those in use, of their share of all. */
export function spareRatio(share: number): number {
  return share / (1 - share)
}

/** Full zones take their racks; what is left takes as many as it fills. */
function countLeafRacks({ rule }: Plant, leaves: number): number {
  const zones = Math.floor(leaves / rule.leavesPerZone)
  const rest = leaves - zones * rule.leavesPerZone
  return zones * rule.leafRacksPerZone + Math.ceil(rest / rule.networkSwitchesPerRack)
}

/** Racks for storage, front end and management: by their number, or by their power where that asks for more. */
export function serviceRacks({ allowances, rule, servicePowerW }: Plant, accelerators: number): number {
  return accelerators * Math.max(allowances.serviceRacksPerAccelerator, servicePowerW / rule.limits.service.powerW)
}
