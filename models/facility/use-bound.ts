/**
 * Bounds of what N HBDs use, without placing a rack. The length of a cable is not known here, but that few racks are near others
 * is: of each figure, all cables but those few are counted as of the medium that has least of it among those that reach farther
 * than they are near. Any choice of what counts as near (a cut of the ladder) gives a bound.
 */
import { type CableTotals, cableTotals, hostRacksOf } from "./cable-counts.ts"
import { longestPossibleM } from "./floor-grid.ts"
import { portsHeld } from "./rack-contents.ts"
import { type CableRung, type Plant, type ScaleOutCounts, useColumns } from "./plant.ts"
import { drivers } from "./plant-lines.ts"
import { countRacks, noScaleOut, type RackCounts, serviceRacks, spareRatio } from "./rack-counts.ts"
import { combine, countDrivers, type DriverCounts, type SiteUse, sumUse } from "./resource-use.ts"

/**
 * Taken off a lower bound: more than `INWARD` and the rounding of a few dozen additions of non-negative terms.
 */
const OUTWARD = 1 - 1e-11

/** `from` HBDs or more, N of them, use at least N · `perHbd` − `less`, figure by figure. */
export interface AffineUse {
  readonly perHbd: SiteUse
  readonly less: SiteUse
  readonly from: number
}

/**
 * What `resourceUse` of as many HBDs behind whatever network never undercuts: whole racks of HBDs, spares and services, and of
 * switches at least one where there is more than one HBD. `plant` is of the HBDs alone. Never falls as HBDs are added.
 */
export function leastUseOfHbds(plant: Plant, hbds: number): SiteUse {
  const racks = countRacks(plant, hbds, null).total + (hbds > 1 ? 1 : 0)
  return outward(sumUse(plant, countDrivers(plant, hbds, null, racks), new Float64Array(useColumns.length), racks))
}

/** What `resourceUse` of as many HBDs never undercuts. */
export function leastResourceUse(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): SiteUse {
  const racks = countRacks(plant, hbds, scaleOut)
  const totals = cableTotals(plant, hbds, scaleOut ?? noScaleOut)
  const zones = Math.ceil(racks.leaf / Math.max(1, plant.rule.leafRacksPerZone))
  const bundles = [endpointBundle(plant, totals, hbds, zones), ...trunkBundles(plant, totals, racks, zones)]
  const cables = Float64Array.from(useColumns, (_, column) => {
    let sum = 0
    for (const bundle of bundles) {
      const { far, near } = bestCut(bundle, column, Infinity)
      sum += far - near
    }
    return sum
  })
  return outward(sumUse(plant, countDrivers(plant, hbds, scaleOut, racks.total), cables, racks.total))
}

/**
 * What `resourceUse` of as many HBDs or fewer never exceeds: every cable, figure by figure, of the medium that has most of it;
 * null where a hall of so many racks might ask for a longer cable than there is. Non-decreasing in `hbds` when the fabric's
 * counts are.
 */
export function mostResourceUse(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): SiteUse | null {
  const racks = countRacks(plant, hbds, scaleOut)
  const totals = cableTotals(plant, hbds, scaleOut ?? noScaleOut)
  const cables = new Float64Array(useColumns.length)
  if (scaleOut !== null) {
    const longestM = longestPossibleM(plant.rule, racks, plant.standing.coolingClass)
    const { endpointRungs, trunkRungs } = plant
    if (endpointRungs.at(-1)!.reachM < longestM || trunkRungs.at(-1)!.reachM < longestM) return null
    addMost(cables, endpointRungs, hbds * totals.endpoints, hbds * totals.modules, longestM)
    addMost(cables, trunkRungs, totals.trunks + totals.cores, 0, longestM)
  }
  const use = sumUse(plant, countDrivers(plant, hbds, scaleOut, racks.total), cables, racks.total)
  return combine(use, use, (figure) => figure * (2 - OUTWARD))
}

/**
 * Use per HBD that no number of HBDs N ≥ 1 undercuts: resourceUse(N) ≥ N · bound, figure by figure. `perHbd`
 * are counts of the fabric per HBD that its exact counts never undercut (`boundFabric`); fractions throughout.
 */
export function boundResourceUse(plant: Plant, perHbd: ScaleOutCounts | null): SiteUse {
  const counts = perHbd ?? noScaleOut
  const totals = boundTotals(plant, counts, 1)
  const bundles = [endpointBundle(plant, totals, 1, 1), ...trunkBundles(plant, totals, { leaf: 1, upper: 0 }, null)]
  const cables = new Float64Array(useColumns.length)
  for (const bundle of bundles) {
    for (let column = 0; column < cables.length; column++) cables[column]! += bestCut(bundle, column, 0).far
  }
  return perHbdUse(plant, counts, cables)
}

/**
 * The same but for a constant, which is closer where the switches that others are joined to fill more than a rack. Zones grow
 * with the leaves: Z zones have more than (Z − 1) · leavesPerZone. What a zone's near cables save is taken off its leaves, which
 * must not come to less than nothing by it, and off one zone more.
 */
export function boundManyUse(plant: Plant, perHbd: ScaleOutCounts): AffineUse {
  const { leavesPerZone, networkSwitchesPerRack } = plant.rule
  const uppers = perHbd.spine + perHbd.core
  const from = perHbd.trunkLinks === 0 ? 1
    : Math.floor(networkSwitchesPerRack / (uppers > 0 ? uppers : perHbd.leaf) * (2 - OUTWARD)) + 1
  const leaves = perHbd.leaf * from
  const racks = { leaf: Math.ceil(leaves / networkSwitchesPerRack), upper: Math.ceil(uppers * from / networkSwitchesPerRack) }
  const totals = boundTotals(plant, perHbd, from)
  const zones = leaves / leavesPerZone
  const endpoints = endpointBundle(plant, totals, from, zones)
  const trunks = trunkBundles(plant, totals, racks, null)
  const cables = new Float64Array(useColumns.length)
  const less = new Float64Array(useColumns.length)
  for (let column = 0; column < cables.length; column++) {
    const { far, near } = bestCut(endpoints, column, leaves * plant.uses[drivers.indexOf("leaf") * cables.length + column]!)
    cables[column] = (far - near) / from
    less[column] = near / zones
    for (const bundle of trunks) {
      const trunk = bestCut(bundle, column, Infinity)
      cables[column]! += trunk.far / from
      less[column]! += trunk.near
    }
  }
  return { perHbd: perHbdUse(plant, perHbd, cables), less: sumUse(plant, [], less, 0), from }
}

/** Cables of `hbds` HBDs at the least. */
function boundTotals(plant: Plant, perHbd: ScaleOutCounts, hbds: number): CableTotals {
  const { fabric } = plant.linksPerCable
  return {
    ...cableTotals(plant, 1, perHbd), trunks: perHbd.trunkLinks / fabric * hbds, cores: perHbd.coreLinks / fabric * hbds
  }
}

function perHbdUse(plant: Plant, perHbd: ScaleOutCounts, cables: Float64Array): SiteUse {
  const racks = boundRacks(plant, perHbd)
  return outward(sumUse(plant, boundDrivers(plant, perHbd, racks), cables, racks))
}

function outward(use: SiteUse): SiteUse {
  return combine(use, use, (figure) => figure * OUTWARD)
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

function boundDrivers(plant: Plant, { leaf, spine, core }: ScaleOutCounts, racks: number): DriverCounts {
  const spares = boundSpareHosts(plant)
  return [1, spares, plant.accelerators + spares * plant.acceleratorsPerHost, racks, leaf, spine, core]
}

/** Cables of one kind, and by rung the racks that can start cables so short, each with so many at the most. */
interface Bundle {
  readonly rungs: ReadonlyArray<CableRung>
  readonly cables: number
  readonly modules: number
  readonly nearRacks: (rung: CableRung) => number
  readonly rackCables: number
  readonly rackModules: number
}

/** Of a zone's racks those near its leaves. */
function endpointBundle(plant: Plant, { endpoints, modules }: CableTotals, hbds: number, zones: number): Bundle {
  const hostRacks = hostRacksOf(plant)
  const held = Math.max(1, plant.rule.hbdsPerRack)
  return {
    rungs: plant.endpointRungs, cables: hbds * endpoints, modules: hbds * modules,
    nearRacks: ({ near: { inRow, inOthers } }) => zones * (inRow + inOthers),
    rackCables: held * Math.ceil(endpoints / hostRacks), rackModules: held * Math.ceil(modules / hostRacks)
  }
}

/**
 * From leaves to spines, and among spines and cores, or routers. Of one zone the leaves stand on one side of all spines, of
 * several they share no row with them; racks that are joined among themselves are near all others only where those are few.
 * `racks`: at the least; `zones`: null where not known.
 */
function trunkBundles(
  { trunkRungs, rule, design }: Plant, { trunks, cores }: CableTotals, racks: Pick<RackCounts, "leaf" | "upper">,
  zones: number | null
): ReadonlyArray<Bundle> {
  const { scaleOut } = design
  if (scaleOut === null) return []
  const rackCables = rule.networkSwitchesPerRack * portsHeld(scaleOut.switch, scaleOut.trunkMedia[0]!.gbps)
  const bundle = (cables: number, nearRacks: Bundle["nearRacks"]): Bundle =>
    ({ rungs: trunkRungs, cables, modules: 0, nearRacks, rackCables, rackModules: 0 })
  const among = (count: number) => ({ near: { inRow, inOthers } }: CableRung) =>
    count > inRow + inOthers + 1 ? 0 : inRow + inOthers + 1
  const below = ({ near: { inRow, inOthers } }: CableRung) => {
    const beside = racks.upper === 0 ? Math.max(1, inRow / 2) : Math.max(0, inRow / 2 - racks.upper + 1)
    return zones === null ? Math.max(beside, inOthers) : zones > 1 ? inOthers : beside
  }
  const isDirect = scaleOut.topology === "dragonfly"
  return [bundle(trunks, isDirect ? among(racks.leaf) : below), bundle(cores, among(racks.upper))]
}

/**
 * One figure of all cables, counted as of the rungs from the cut on, and what the racks near another save of it at the most: of
 * the cut that leaves most, among those by which no more than `nearMost` is saved.
 */
function bestCut(bundle: Bundle, column: number, nearMost: number): { readonly far: number; readonly near: number } {
  let best = { far: farFigure(bundle, 0, column), near: 0 }
  for (let cut = 1; cut < bundle.rungs.length && bundle.cables > 0; cut++) {
    const far = farFigure(bundle, cut, column)
    if (!(far > best.far - best.near)) continue
    const near = nearFigure(bundle, cut, column)
    if (near <= nearMost && far - near > best.far - best.near) best = { far, near }
  }
  return best
}

function farFigure({ rungs, cables, modules }: Bundle, cut: number, column: number): number {
  if (cables === 0) return 0
  const { leastCable, leastModule } = rungs[cut]!
  return cables * leastCable[column]! + (modules > 0 ? modules * leastModule[column]! : 0)
}

function nearFigure({ rungs, nearRacks, rackCables, rackModules }: Bundle, cut: number, column: number): number {
  let saved = 0
  let racks = 0
  for (let rung = 0; rung < cut; rung++) {
    const near = Math.max(racks, nearRacks(rungs[rung]!))
    const less = rackCables * (rungs[cut]!.leastCable[column]! - rungs[rung]!.leastCable[column]!) +
      (rackModules > 0 ? rackModules * (rungs[cut]!.leastModule[column]! - rungs[rung]!.leastModule[column]!) : 0)
    saved += (near - racks) * less
    racks = near
  }
  return saved
}

function addMost(
  use: Float64Array, rungs: ReadonlyArray<CableRung>, cables: number, modules: number, longestM: number
): void {
  if (!(cables > 0)) return
  for (let column = 0; column < use.length; column++) {
    let most = 0
    for (const [rung, { perCable, perModule }] of rungs.entries()) {
      if (rung > 0 && rungs[rung - 1]!.reachM >= longestM) break
      most = Math.max(most, cables * perCable[column]! + (modules > 0 ? modules * perModule[column]! : 0))
    }
    use[column]! += most
  }
}
