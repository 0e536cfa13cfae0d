/**
 * Cables by medium, counted without placing a rack: of the zones only those that differ are looked at, and every rack of leaves,
 * spines and cores. `floor-plan.ts` places them all and comes to the same.
 *
 * A run, the cables from one rack to those it reaches, is of one medium: the first that reaches the farthest of them.
 */
import { rungOf } from "../fabric/media.ts"
import {
  cableLengthM, type FloorGrid, floorGrid, IN_RACK_M, placesOf, RACK_WIDTH_M, upperPlaces, type Zone, zoneOf
} from "./floor-grid.ts"
import type { CableRung, Plant, ScaleOutCounts } from "./plant.ts"
import type { CableDriver } from "./plant-lines.ts"
import { countRacks, INWARD, type RackCounts } from "./rack-counts.ts"

/** By rung of the ladder of media. */
export interface CableCounts extends Readonly<Record<CableDriver, ReadonlyArray<number>>> {
  /** a cable is longer than any medium of its ladder reaches */
  readonly unreached: boolean
}

/** Cables of a site, whatever their media. */
export interface CableTotals {
  /** of one HBD, to the leaves, and the modules at its NICs */
  readonly endpoints: number
  readonly modules: number
  /** of all leaves, or routers, and of all spines to the cores */
  readonly trunks: number
  readonly cores: number
}

/** Whole cables: one serves one HBD, its modules one NIC. */
export function cableTotals(plant: Plant, hbds: number, { endpointLinks, trunkLinks, coreLinks }: ScaleOutCounts): CableTotals {
  const { endpoint, fabric } = plant.linksPerCable
  const nics = plant.nicsPerHbd
  return {
    endpoints: Math.ceil(endpointLinks / hbds / endpoint * INWARD),
    modules: nics === 0 ? 0 : nics * Math.ceil(endpointLinks / hbds / nics / endpoint * INWARD),
    trunks: Math.ceil(trunkLinks / fabric * INWARD),
    cores: Math.ceil(coreLinks / fabric * INWARD)
  }
}

/** Of `count` pieces dealt evenly those of share number `at` of `shares`. */
export function shareOf(count: number, shares: number, at: number): number {
  return Math.floor((at + 1) * count / shares) - Math.floor(at * count / shares)
}

/** Of `count` cables those of rack `at`, by the switches that it holds: the first racks hold one more where they differ. */
export function rackShare(count: number, switches: number, racks: number, at: number): number {
  const least = Math.floor(switches / racks)
  const fuller = switches - least * racks
  const before = at * least + Math.min(at, fuller)
  const after = before + least + (at < fuller ? 1 : 0)
  return Math.floor(after * count / switches) - Math.floor(before * count / switches)
}

/** Racks of one HBD that hold hosts. */
export function hostRacksOf({ rule: { racksPerHbd, switchRacksPerHbd, circuitRacksPerHbd } }: Plant): number {
  return racksPerHbd - switchRacksPerHbd - circuitRacksPerHbd
}

const none: CableCounts = { endpointModule: [], endpointCable: [], trunkCable: [], unreached: false }

/** The scale-out cables of one site, and the modules at its NICs. `racks`: those of `countRacks`, where they are known already. */
export function countCables(
  plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null, racks: RackCounts = countRacks(plant, hbds, scaleOut)
): CableCounts {
  if (scaleOut === null || plant.design.scaleOut === null || racks.leaf === 0) return none
  const hall = { plant, hbds, scaleOut, racks, grid: floorGrid(plant.rule, racks, plant.standing.coolingClass) }
  const totals = cableTotals(plant, hbds, scaleOut)
  const endpoints = new Tally(plant.endpointRungs)
  const trunks = new Tally(plant.trunkRungs)
  tallyEndpoints(hall, totals, endpoints)
  tallyTrunks(hall, totals, trunks)
  return {
    endpointModule: endpoints.modules, endpointCable: endpoints.cables, trunkCable: trunks.cables,
    unreached: endpoints.unreached || trunks.unreached
  }
}

interface Hall {
  readonly plant: Plant
  readonly hbds: number
  readonly scaleOut: ScaleOutCounts
  readonly racks: RackCounts
  readonly grid: FloorGrid
}

class Tally {
  readonly cables: Array<number>
  readonly modules: Array<number>
  unreached = false
  readonly #rungs: ReadonlyArray<CableRung>

  constructor(rungs: ReadonlyArray<CableRung>) {
    this.#rungs = rungs
    this.cables = rungs.map(() => 0)
    this.modules = rungs.map(() => 0)
  }

  add(lengthM: number, cables: number, modules: number): void {
    if (cables === 0) return
    const rung = rungOf(this.#rungs, lengthM)
    if (rung === this.#rungs.length) this.unreached = true
    else {
      this.cables[rung]! += cables
      this.modules[rung]! += modules
    }
  }
}

/** All zones but the last have all their leaves and one of two numbers of blocks; the last rack may hold fewer HBDs. */
function tallyEndpoints(hall: Hall, totals: CableTotals, tally: Tally): void {
  const { plant: { rule }, hbds, racks, grid } = hall
  const { zones } = grid
  const blocks = racks.compute / rule.racksPerHbd
  const last = zoneOf(grid, rule, racks, zones - 1)
  const fewest = Math.floor(blocks / zones)
  const fuller = last.first - (zones - 1) * fewest
  const perBlock = Math.max(1, rule.hbdsPerRack)
  const whole = { ...last, leaves: rule.leafRacksPerZone }
  tallyZone(hall, totals, { ...whole, blocks: fewest }, (zones - 1 - fuller) * perBlock, 0, tally)
  tallyZone(hall, totals, { ...whole, blocks: fewest + 1 }, fuller * perBlock, 0, tally)
  tallyZone(hall, totals, last, perBlock, blocks * perBlock - hbds, tally)
}

/** `times`: HBDs that stand at each block's place; at that of the last block `fewer`. */
function tallyZone(
  { plant, grid: { pod, rowPitchM } }: Hall, { endpoints, modules }: CableTotals, zone: Zone, times: number, fewer: number,
  tally: Tally
): void {
  if (times === 0) return
  const places = placesOf(pod, zone)
  const hostRacks = hostRacksOf(plant)
  for (let block = 0; block < zone.blocks; block++) {
    const hbds = block === zone.blocks - 1 ? times - fewer : times
    for (let rack = 0; rack < hostRacks; rack++) {
      const across = places.columns[block]! + rack % pod.cell.columns - places.middleColumn
      const row = places.rows[block]! + Math.floor(rack / pod.cell.columns)
      const distanceM = Math.max(Math.abs(across), Math.abs(across - zone.leaves + 1)) * RACK_WIDTH_M +
        Math.abs(row - pod.middleRow) * rowPitchM
      tally.add(cableLengthM(distanceM), hbds * shareOf(endpoints, hostRacks, rack), hbds * shareOf(modules, hostRacks, rack))
    }
  }
}

/** From each rack of leaves to all of spines and cores, and among those; in a direct fabric among the racks of routers. */
function tallyTrunks({ plant: { rule }, scaleOut, racks, grid }: Hall, { trunks, cores }: CableTotals, tally: Tally): void {
  if (trunks + cores === 0) return
  const { leaf, spine, core } = scaleOut
  if (racks.upper === 0 && racks.leaf === 1) return tally.add(IN_RACK_M, trunks + cores, 0)
  const leaves = new Places(grid)
  const uppers = new Places(grid)
  // all zones but the last have their leaves at the places of one of two
  const middles = new Map<number, number>()
  for (let zone = 0; zone < grid.zones; zone++) {
    const own = zoneOf(grid, rule, racks, zone)
    const key = own.blocks * (rule.leafRacksPerZone + 1) + own.leaves
    let column = middles.get(key)
    if (column === undefined) middles.set(key, column = placesOf(grid.pod, own).middleColumn)
    const row = own.row + grid.pod.middleRow
    leaves.add(row, own.column + column, own.leaves)
    uppers.add(row, own.column + column + own.leaves, own.uppers)
  }
  for (let row = 0; row < grid.upperRows; row++) {
    const { column, racks: own } = upperPlaces(grid, racks, row)
    uppers.add(grid.upperRow + row, column, own)
  }
  const targets = racks.upper > 0 ? uppers : leaves
  leaves.tally(targets, trunks, leaf, tally)
  uppers.tally(targets, cores, spine + core, tally)
}

/** Racks by their places, and how far the farthest of them is from any place: distances over trays are of rotated axes. */
class Places {
  readonly #pitchM: number
  readonly #at: Array<readonly [number, number]> = []
  #sumMin = Infinity
  #sumMax = -Infinity
  #lessMin = Infinity
  #lessMax = -Infinity

  constructor({ rowPitchM }: FloorGrid) {
    this.#pitchM = rowPitchM
  }

  /** Racks side by side. */
  add(row: number, column: number, racks: number): void {
    for (let rack = 0; rack < racks; rack++) {
      const x = (column + rack) * RACK_WIDTH_M
      const y = row * this.#pitchM
      this.#at.push([x, y])
      this.#sumMin = Math.min(this.#sumMin, x + y)
      this.#sumMax = Math.max(this.#sumMax, x + y)
      this.#lessMin = Math.min(this.#lessMin, x - y)
      this.#lessMax = Math.max(this.#lessMax, x - y)
    }
  }

  /** `cables` from these racks, which hold so many switches, to all targets. */
  tally(targets: Places, cables: number, switches: number, tally: Tally): void {
    const racks = this.#at.length
    for (let at = 0; at < racks && cables > 0; at++) {
      const [x, y] = this.#at[at]!
      const sum = x + y
      const less = x - y
      const distanceM = Math.max(sum - targets.#sumMin, targets.#sumMax - sum, less - targets.#lessMin, targets.#lessMax - less)
      tally.add(cableLengthM(distanceM), rackShare(cables, switches, racks, at), 0)
    }
  }
}
