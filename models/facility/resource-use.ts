/** What N HBDs of a design use of a site, exactly. */
import { type CableCounts, cableTotals, countCables } from "./cable-counts.ts"
import { type Plant, type ScaleOutCounts, useColumns } from "./plant.ts"
import { drivers } from "./plant-lines.ts"
import { countAccelerators, countRacks, countSpareHosts, noScaleOut } from "./rack-counts.ts"

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
  /** spares included */
  readonly accelerators: number
}

/** Counts per driver, in the order of `drivers`. */
export type DriverCounts = ReadonlyArray<number>

/**
 * Exact use of a site by `hbds` HBDs with the scale-out fabric of that site (null: none); null where a cable is longer than
 * any of its media reaches. Equals the sums over `billOfMaterials`. It may fall as HBDs are added: what moves a rack can
 * shorten cables.
 */
export function resourceUse(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): SiteUse | null {
  const racks = countRacks(plant, hbds, scaleOut)
  const cables = countCables(plant, hbds, scaleOut, racks)
  if (cables.unreached) return null
  return sumUse(plant, countDrivers(plant, hbds, scaleOut, racks.total), exactCables(plant, cables), racks.total)
}

/**
 * Whether two halls have the same switches, cables of them and racks of HBDs: they then differ by HBDs of the last of these
 * racks alone, every other cable is as long in both, and of each figure the one with more HBDs uses no less. So does every hall
 * between them, if switches never fall as HBDs are added.
 */
export function differInLastRack(
  plant: Plant, fewer: number, fewerScaleOut: ScaleOutCounts, more: number, moreScaleOut: ScaleOutCounts
): boolean {
  const [a, b] = [cableTotals(plant, fewer, fewerScaleOut), cableTotals(plant, more, moreScaleOut)]
  const { hbdsPerRack } = plant.rule
  return hbdsPerRack > 0 && Math.ceil(fewer / hbdsPerRack) === Math.ceil(more / hbdsPerRack) &&
    fewerScaleOut.leaf === moreScaleOut.leaf && fewerScaleOut.spine === moreScaleOut.spine &&
    fewerScaleOut.core === moreScaleOut.core &&
    a.endpoints === b.endpoints && a.modules === b.modules && a.trunks === b.trunks && a.cores === b.cores
}

/** Figure by figure the lesser of two uses. */
export function leastOfEach(a: SiteUse, b: SiteUse): SiteUse {
  return combine(a, b, Math.min)
}

/** Figure by figure the sum of two uses. */
export function sumOfEach(a: SiteUse, b: SiteUse): SiteUse {
  return combine(a, b, (x, y) => x + y)
}

/** Of each figure what `of` makes of two uses. */
export function combine(a: SiteUse, b: SiteUse, of: (x: number, y: number) => number): SiteUse {
  return {
    itPowerW: of(a.itPowerW, b.itPowerW),
    meterPowerW: of(a.meterPowerW, b.meterPowerW),
    racks: of(a.racks, b.racks),
    rackUnits: of(a.rackUnits, b.rackUnits),
    floorM2: of(a.floorM2, b.floorM2),
    weightKg: of(a.weightKg, b.weightKg),
    capexUsd: of(a.capexUsd, b.capexUsd),
    accelerators: of(a.accelerators, b.accelerators)
  }
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

/** Counts per driver of `hbds` HBDs in `racks` racks. */
export function countDrivers(
  plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null, racks: number
): DriverCounts {
  const { leaf, spine, core } = scaleOut ?? noScaleOut
  return [hbds, countSpareHosts(plant, hbds), countAccelerators(plant, hbds), racks, leaf, spine, core]
}

const columns = useColumns.length

/** Use of counted cables with their modules, one figure a column. */
function exactCables({ endpointRungs, trunkRungs }: Plant, cables: CableCounts): Float64Array {
  const use = new Float64Array(columns)
  const add = (figures: Float64Array, count: number) => {
    // an unknown figure of what is not used must not make the sum unknown
    if (count > 0) for (let i = 0; i < columns; i++) use[i]! += count * figures[i]!
  }
  cables.endpointCable.forEach((count, rung) => add(endpointRungs[rung]!.perCable, count))
  cables.endpointModule.forEach((count, rung) => add(endpointRungs[rung]!.perModule, count))
  cables.trunkCable.forEach((count, rung) => add(trunkRungs[rung]!.perCable, count))
  return use
}

/** Use of counts per driver with what their cables use, one figure a column. */
export function sumUse(plant: Plant, counts: DriverCounts, cables: Float64Array, racks: number): SiteUse {
  const { uses, allowances, standing } = plant
  const totals = cables.slice()
  for (let row = 0; row < drivers.length; row++) {
    const count = counts[row] ?? 0
    // an unknown figure of a line that is not used must not make the sum unknown
    if (count === 0) continue
    for (let i = 0; i < columns; i++) totals[i]! += count * uses[row * columns + i]!
  }
  const [itPowerW, meterW, rackUnits, weightKg, priceUsd] = [totals[0]!, totals[1]!, totals[2]!, totals[3]!, totals[4]!]
  const buildingUsd = allowances.buildingUsdPerMW * meterW / 1e6
  return {
    itPowerW, meterPowerW: meterW, racks, rackUnits, weightKg,
    floorM2: racks * standing.coolingClass.floorM2PerRack,
    capexUsd: priceUsd + buildingUsd,
    accelerators: counts[2] ?? 0
  }
}
