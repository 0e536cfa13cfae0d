/**
 * Where every rack stands, and how long and of what medium every run of cables is: made on demand, in the grid of the hall
 * (`floor-grid.ts`). HBDs are numbered zone by zone, from the leaves of each outwards.
 */
import { cableLatencyNs, reaches, rungOf } from "../fabric/media.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import { cableTotals, hostRacksOf, rackShare, shareOf } from "./cable-counts.ts"
import {
  cableLengthM, type FloorGrid, floorGrid, placesOf, RACK_WIDTH_M, upperPlaces, zoneOf
} from "./floor-grid.ts"
import type { Plant, ScaleOutCounts } from "./plant.ts"
import type { CableDriver } from "./plant-lines.ts"
import { joinedRacks } from "./joined-racks.ts"
import { countRacks, type RackCounts } from "./rack-counts.ts"
import type { RackKind } from "./rack-plan.ts"

export interface PlacedRack {
  readonly kind: RackKind
  /** of a compute rack, its first HBD; else its number within its kind */
  readonly number: number
  /** which of the racks of its HBD; 0 for every other */
  readonly slot: number
  readonly zone: number
  readonly row: number
  /** of its left edge, and of its row */
  readonly xM: number
  readonly yM: number
}

/** Cables of one medium between one rack, or one HBD's racks, and those they reach. */
export interface CableRun {
  readonly bundle: "scale-up" | "endpoint" | "trunk"
  /** the rack it starts from; of an HBD's own cables its first */
  readonly from: Pick<PlacedRack, "kind" | "number" | "slot">
  readonly medium: string
  readonly cables: number
  readonly meanM: number
  readonly longestM: number
  /** of the longest cable, its ends included; null: an end's is unknown */
  readonly latencyNs: number | null
  readonly powerW: number
  /** the medium reaches that far */
  readonly reaches: boolean
}

export interface MediumLength {
  readonly medium: string
  readonly cables: number
  readonly totalM: number
  readonly longestM: number
}

/** Longest cable of each bundle, m; 0 where there is none. */
export interface CableLengths {
  readonly scaleUpM: number
  readonly endpointM: number
  readonly trunkM: number
}

export interface FloorPlan {
  readonly grid: FloorGrid
  readonly rows: number
  /** row by row */
  readonly racks: ReadonlyArray<PlacedRack>
  readonly runs: ReadonlyArray<CableRun>
  readonly lengths: ReadonlyArray<MediumLength>
  readonly longest: CableLengths
}

/** The floor plan of one site with the scale-out fabric that stands there (null: none). */
export function floorPlan(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): FloorPlan {
  const counts = countRacks(plant, hbds, scaleOut)
  const grid = floorGrid(plant.rule, counts, plant.standing.coolingClass)
  const racks = placeRacks(plant, counts, grid)
  const runs = [
    ...scaleUpRuns(plant, hbds, racks),
    ...(scaleOut === null ? [] : scaleOutRuns(plant, hbds, scaleOut, racks))
  ]
  const longest = (bundle: CableRun["bundle"]) =>
    runs.reduce((most, run) => run.bundle === bundle ? Math.max(most, run.longestM) : most, 0)
  const inRows = [...racks].sort((a, b) => a.row - b.row || a.xM - b.xM)
  return {
    grid, rows: (inRows.at(-1)?.row ?? -1) + 1, racks: inRows, runs, lengths: sumLengths(runs),
    longest: { scaleUpM: longest("scale-up"), endpointM: longest("endpoint"), trunkM: longest("trunk") }
  }
}

/** Every rack, those of a kind by number and slot. */
function placeRacks({ rule }: Plant, racks: RackCounts, grid: FloorGrid): ReadonlyArray<PlacedRack> {
  const { racksPerRow, rowPitchM, zones, pod } = grid
  const placed: Array<PlacedRack> = []
  const next = { compute: 0, spare: 0, leaf: 0, upper: 0, service: 0 }
  const place = (kind: RackKind, number: number, slot: number, zone: number, row: number, column: number) => {
    placed.push({ kind, number, slot, zone, row, xM: column * RACK_WIDTH_M, yM: row * rowPitchM })
  }
  const placeNext = (kind: RackKind, count: number, zone: number, row: number, column: number) => {
    for (let rack = 0; rack < count; rack++) place(kind, next[kind]++, 0, zone, row, column + rack)
  }
  for (let zone = 0; zone < zones; zone++) {
    const own = zoneOf(grid, rule, racks, zone)
    const places = placesOf(pod, own)
    for (let at = 0; at < own.blocks * rule.racksPerHbd; at++) {
      const block = Math.floor(at / rule.racksPerHbd)
      const slot = at % rule.racksPerHbd
      place("compute", (own.first + block) * Math.max(1, rule.hbdsPerRack), slot, zone,
        own.row + places.rows[block]! + Math.floor(slot / pod.cell.columns),
        own.column + places.columns[block]! + slot % pod.cell.columns)
    }
    const row = own.row + pod.middleRow
    placeNext("leaf", own.leaves, zone, row, own.column + places.middleColumn)
    placeNext("upper", own.uppers, -1, row, own.column + places.middleColumn + own.leaves)
  }
  for (let row = 0; row < grid.upperRows; row++) {
    const { column, racks: own } = upperPlaces(grid, racks, row)
    placeNext("upper", own, -1, grid.upperRow + row, column)
  }
  for (let at = 0; at < racks.spare + racks.service; at++) {
    placeNext(at < racks.spare ? "spare" : "service", 1, -1, grid.tailRow + Math.floor(at / racksPerRow), at % racksPerRow)
  }
  return placed
}

/** Cables of each HBD, between the racks that they join. */
function scaleUpRuns(plant: Plant, hbds: number, racks: ReadonlyArray<PlacedRack>): ReadonlyArray<CableRun> {
  const { hbd } = plant.design
  const compute = racks.filter((rack) => rack.kind === "compute")
  const { racksPerHbd, hbdsPerRack } = plant.rule
  const joined = hbd.links.map(({ joins }) => joinedRacks(racksPerHbd, joins))
  const powerPerCable = (medium: Interconnect) => {
    const cables = hbd.links.reduce((sum, link) => link.medium === medium ? sum + link.count : sum, 0)
    return plant.lines.filter((line) => line.part === medium && line.driver === "hbd")
      .reduce((sum, line) => sum + line.quantity * line.powerMaxW, 0) / cables
  }
  const runs: Array<CableRun> = []
  for (let first = 0; first < compute.length; first += racksPerHbd) {
    const block = compute.slice(first, first + racksPerHbd)
    const held = Math.min(Math.max(1, hbdsPerRack), hbds - block[0]!.number)
    hbd.links.forEach(({ medium, count }, i) => {
      const span = { longestM: 0, meanM: 0 }
      for (const { from, to, share } of joined[i]!) extend(span, lengthM(block[from]!, block[to]!), share)
      runs.push(run("scale-up", block[0]!, medium, count * held, span, powerPerCable(medium) * count * held))
    })
  }
  return runs
}

/**
 * From every rack of hosts to all leaves of its zone; from every rack of leaves to all spines and cores, and among those. What a
 * rack starts follows from the hosts and switches that it holds.
 */
function scaleOutRuns(
  plant: Plant, hbds: number, scaleOut: ScaleOutCounts, racks: ReadonlyArray<PlacedRack>
): ReadonlyArray<CableRun> {
  const { design: { scaleOut: fabric }, rule } = plant
  const of = (kind: RackKind) => racks.filter((rack) => rack.kind === kind)
  const [leaf, upper] = [of("leaf"), of("upper")]
  if (fabric === null || leaf.length === 0) return []
  const { endpoints, modules, trunks, cores } = cableTotals(plant, hbds, scaleOut)
  const hostRacks = hostRacksOf(plant)
  const tops = upper.length > 0 ? upper : leaf
  const switches = scaleOut.spine + scaleOut.core
  const leavesOf = new Map<number, Array<PlacedRack>>()
  for (const rack of leaf) {
    const own = leavesOf.get(rack.zone)
    if (own === undefined) leavesOf.set(rack.zone, [rack])
    else own.push(rack)
  }
  return [
    ...of("compute").filter(({ slot }) => slot < hostRacks).flatMap((from) => {
      const held = Math.min(Math.max(1, rule.hbdsPerRack), hbds - from.number)
      const share = (count: number) => held * shareOf(count, hostRacks, from.slot)
      return laidRuns(plant, "endpoint", from, leavesOf.get(from.zone) ?? [], share(endpoints), share(modules))
    }),
    ...leaf.flatMap((from, i) => laidRuns(plant, "trunk", from, tops, rackShare(trunks, scaleOut.leaf, leaf.length, i), 0)),
    ...tops.flatMap((from, i) => laidRuns(plant, "trunk", from, tops, rackShare(cores, switches, tops.length, i), 0))
  ]
}

/** The cables of a run, of the first medium that reaches them all: the last of the ladder where none does. */
function laidRuns(
  plant: Plant, bundle: "endpoint" | "trunk", from: PlacedRack, to: ReadonlyArray<PlacedRack>, cables: number, modules: number
): ReadonlyArray<CableRun> {
  if (!(cables > 0)) return []
  const { endpointMedia, trunkMedia } = plant.design.scaleOut!
  const ladder = bundle === "endpoint" ? endpointMedia : trunkMedia
  const span = { longestM: 0, meanM: 0 }
  for (const rack of to) extend(span, lengthM(from, rack), 1 / to.length)
  const rung = Math.min(rungOf(ladder, span.longestM), ladder.length - 1)
  const powerOf = (driver: CableDriver) => plant.lines.filter((line) => line.driver === driver && line.rung === rung)
    .reduce((sum, line) => sum + line.quantity * line.powerMaxW, 0)
  const powerW = cables * powerOf(bundle === "endpoint" ? "endpointCable" : "trunkCable") +
    (modules === 0 ? 0 : modules * powerOf("endpointModule"))
  return [run(bundle, from, ladder[rung]!, cables, span, powerW)]
}

function run(
  bundle: CableRun["bundle"], { kind, number, slot }: PlacedRack, medium: Interconnect, cables: number,
  { longestM, meanM }: Span, powerW: number
): CableRun {
  return {
    bundle, from: { kind, number, slot }, medium: medium.id, cables, meanM, longestM, powerW, reaches: reaches(medium, longestM),
    latencyNs: medium.latencyPerEndNs === null ? null : cableLatencyNs(medium, longestM)
  }
}

/** Lengths of a run's cables. A hall has hundreds of thousands of distances: none is kept. */
interface Span {
  longestM: number
  meanM: number
}

/** Adds a length that `share` of the cables have. */
function extend(span: Span, lengthM: number, share: number): void {
  span.longestM = Math.max(span.longestM, lengthM)
  span.meanM += lengthM * share
}

function sumLengths(runs: ReadonlyArray<CableRun>): ReadonlyArray<MediumLength> {
  const media = [...new Set(runs.map((run) => run.medium))]
  return media.map((medium) => {
    const own = runs.filter((run) => run.medium === medium)
    return {
      medium,
      cables: own.reduce((sum, run) => sum + run.cables, 0),
      totalM: own.reduce((sum, run) => sum + run.cables * run.meanM, 0),
      longestM: own.reduce((most, run) => Math.max(most, run.longestM), 0)
    }
  })
}

function lengthM(from: PlacedRack, to: PlacedRack): number {
  return cableLengthM(Math.abs(from.xM - to.xM) + Math.abs(from.yM - to.yM))
}
