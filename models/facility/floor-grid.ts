/**
 * The grid of a hall, in closed form. The racks of a zone, which its leaves serve, stand in a pod: an odd number of rows with the
 * leaves in the middle of the middle one, which is filled first. Pods are alike and stand side by side in a nearly square hall;
 * spines and cores have rows of their own across its middle, or stand beside the leaves where there is one zone. The row pitch
 * is what the cooling class's floor per rack implies. Cables run over Manhattan trays.
 */
import type { CoolingClass } from "../hardware/facility.ts"
import type { RackCounts } from "./rack-counts.ts"
import type { RackRule } from "./rack-rule.ts"

/** Width of a rack, m. */
export const RACK_WIDTH_M = 0.6

/** Longest cable inside one rack, with its switches half way up, m: the reach of an NVL72 cartridge. */
export const IN_RACK_M = 1.5

/** From the middle of a rack to the tray above it, m: half of a 42–48 U rack (2.2 m) and the tray's height over it. */
const RISE_M = 1.7

/** Length bought over length run. */
const SLACK = 1.1

/** The widest HBD that stands in one row, racks. */
const ROW_MAX = 40

/** Where the racks of a zone stand; all pods of a hall have the same grid. */
export interface PodGrid {
  readonly rows: number
  readonly columns: number
  /** of the leaves, from the pod's first row */
  readonly middleRow: number
  readonly cell: HbdCell
}

/** Places of the racks of one HBD, or of one rack of HBDs: row by row, all rows but the last full. */
export interface HbdCell {
  readonly rows: number
  readonly columns: number
}

export interface FloorGrid {
  readonly racksPerRow: number
  readonly rowPitchM: number
  readonly zones: number
  readonly pod: PodGrid
  readonly podsPerRow: number
  /** first row of spines and cores and their number of rows; 0 rows where they stand in the one pod */
  readonly upperRow: number
  readonly upperRows: number
  /** first row of what has no cables here: spares and services */
  readonly tailRow: number
}

/** One zone: its blocks (an HBD of several racks, or a rack of HBDs) from `first` on, the racks in its middle, its corner. */
export interface Zone {
  readonly first: number
  readonly blocks: number
  /** racks of leaves */
  readonly leaves: number
  /** racks of spines and cores that stand beside them */
  readonly uppers: number
  readonly row: number
  readonly column: number
}

/** The cells of a zone in their pod, in the order in which they are filled; rows and columns from the pod's corner. */
export interface PodPlaces {
  readonly rows: ReadonlyArray<number>
  readonly columns: ReadonlyArray<number>
  /** of the first rack of the leaves */
  readonly middleColumn: number
}

type Packing = Pick<RackRule, "racksPerHbd" | "leafRacksPerZone">

/** From row to row, m. */
export function rowPitchOf({ floorM2PerRack }: CoolingClass): number {
  return floorM2PerRack / RACK_WIDTH_M
}

/** The grid of a hall of these racks. */
export function floorGrid(rule: Packing, racks: RackCounts, coolingClass: CoolingClass): FloorGrid {
  const rowPitchM = rowPitchOf(coolingClass)
  const zones = Math.max(1, Math.ceil(racks.leaf / Math.max(1, rule.leafRacksPerZone)))
  const middle = zones === 1 ? racks.leaf + racks.upper : rule.leafRacksPerZone
  const pod = podGrid(Math.ceil(racks.compute / rule.racksPerHbd / zones), rule.racksPerHbd, middle, rowPitchM)
  const podsPerRow = Math.min(zones, Math.ceil(Math.sqrt(zones * pod.rows * rowPitchM / (pod.columns * RACK_WIDTH_M))))
  const podRows = Math.ceil(zones / podsPerRow)
  const apart = zones === 1 ? 0 : racks.upper
  const racksPerRow = Math.max(podsPerRow * pod.columns, Math.ceil(Math.sqrt(apart * rowPitchM / RACK_WIDTH_M)))
  const upperRows = Math.ceil(apart / racksPerRow)
  return {
    racksPerRow, rowPitchM, zones, pod, podsPerRow, upperRows, upperRow: Math.ceil(podRows / 2) * pod.rows,
    tailRow: podRows * pod.rows + upperRows
  }
}

/** The place of an HBD of so many racks, in whatever hall: a row, or as few as hold it. */
export function hbdCell(racksPerHbd: number): HbdCell {
  const rows = Math.ceil(racksPerHbd / ROW_MAX)
  return { rows, columns: Math.ceil(racksPerHbd / rows) }
}

/** The farthest that racks of an HBD of so many, or of fewer, stand apart, m: fewer may be longer, in one row less. */
export function hbdSpanM(racksPerHbd: number, rowPitchM: number): number {
  const { rows, columns } = hbdCell(racksPerHbd)
  const span = (columns: number, rows: number) => (columns - 1) * RACK_WIDTH_M + (rows - 1) * rowPitchM
  return Math.max(span(columns, rows), rows > 1 ? span(ROW_MAX, rows - 1) : 0)
}

/** As square as an odd number of bands, each a cell deep, lets it be, and no wider than its racks need. */
function podGrid(blocks: number, racksPerHbd: number, middle: number, rowPitchM: number): PodGrid {
  const cell = hbdCell(racksPerHbd)
  const places = blocks * cell.columns + middle
  const square = Math.sqrt(places * RACK_WIDTH_M / (rowPitchM * cell.rows))
  const bands = 1 + 2 * Math.max(0, Math.round((square - 1) / 2))
  const room = (columns: number) =>
    (bands - 1) * Math.floor(columns / cell.columns) + Math.floor((columns - middle) / cell.columns)
  let columns = Math.max(1, middle, blocks > 0 ? cell.columns : 0, Math.ceil(places / bands))
  while (room(columns) < blocks) columns++
  return {
    rows: bands * cell.rows, columns, middleRow: (bands - 1) / 2 * cell.rows + Math.floor((cell.rows - 1) / 2), cell
  }
}

/** A zone of a hall with these racks. Blocks are dealt evenly, so that zones differ by one at most. */
export function zoneOf(grid: FloorGrid, rule: Packing, racks: RackCounts, zone: number): Zone {
  const { zones, pod, podsPerRow, upperRow, upperRows } = grid
  const blocks = racks.compute / rule.racksPerHbd
  const first = Math.floor(zone * blocks / zones)
  const row = Math.floor(zone / podsPerRow) * pod.rows
  return {
    first, blocks: Math.floor((zone + 1) * blocks / zones) - first,
    leaves: Math.min(rule.leafRacksPerZone, racks.leaf - zone * rule.leafRacksPerZone),
    uppers: zones === 1 ? racks.upper : 0,
    row: row < upperRow ? row : row + upperRows,
    column: zone % podsPerRow * pod.columns
  }
}

/** Corners of a zone's cells: bands from the middle outwards, each filled about its own middle. */
export function placesOf({ rows, columns, cell }: PodGrid, { blocks, leaves, uppers }: Zone): PodPlaces {
  const bands = rows / cell.rows
  const places = { rows: [] as Array<number>, columns: [] as Array<number>, middleColumn: 0 }
  let left = blocks
  for (let step = 0; step < bands; step++) {
    const band = (bands - 1) / 2 + (step % 2 === 0 ? step / 2 : -(step + 1) / 2)
    const between = step === 0 ? leaves + uppers : 0
    const cells = Math.min(left, Math.floor((columns - between) / cell.columns))
    const start = Math.floor((columns - cells * cell.columns - between) / 2)
    const before = step === 0 ? Math.ceil(cells / 2) : cells
    if (step === 0) places.middleColumn = start + before * cell.columns
    for (let at = 0; at < cells; at++) {
      places.rows.push(band * cell.rows)
      places.columns.push(start + at * cell.columns + (at < before ? 0 : between))
    }
    left -= cells
  }
  return places
}

/** Places of spines and cores in a row of their own: about its middle. `row` counts from the first of them. */
export function upperPlaces(
  { racksPerRow, upperRows }: FloorGrid, racks: RackCounts, row: number
): { readonly column: number; readonly racks: number } {
  const own = Math.floor((row + 1) * racks.upper / upperRows) - Math.floor(row * racks.upper / upperRows)
  return { column: Math.floor((racksPerRow - own) / 2), racks: own }
}

/** Length to buy for a cable between racks that stand `distanceM` apart, along the row and over the rows together. */
export function cableLengthM(distanceM: number): number {
  if (distanceM === 0) return IN_RACK_M
  // neighbours are joined through the side, below the trays; rows are farther apart than that
  if (distanceM <= RACK_WIDTH_M * 1.001) return IN_RACK_M + RACK_WIDTH_M
  return (distanceM + 2 * RISE_M) * SLACK
}

/** Racks that can stand so near to another that a cable of `reachM` joins them: in its row, and in others. */
export function nearRacks(reachM: number, coolingClass: CoolingClass): { readonly inRow: number; readonly inOthers: number } {
  const pitchM = rowPitchOf(coolingClass)
  const aside = reachM < cableLengthM(RACK_WIDTH_M) * (1 - rounding) ? 0 : RACK_WIDTH_M
  const distanceM = Math.max(aside, reachM / SLACK - 2 * RISE_M) * (1 + rounding) + rounding
  const toEitherSide = (restM: number) => 2 * Math.floor(restM / RACK_WIDTH_M)
  let inOthers = 0
  for (let awayM = pitchM; awayM <= distanceM; awayM += pitchM) inOthers += 2 * (1 + toEitherSide(distanceM - awayM))
  return { inRow: toEitherSide(distanceM), inOthers }
}

/** More than what sums of places and reaches are rounded by. */
const rounding = 1e-6

/**
 * No scale-out cable is longer, m, in this hall or in one of the same rule with no more racks of any kind. With A the floor of
 * all places asked for, each of Z pods is at most (A/Z)^½ + d deep and 2(A/Z)^½ + g wide, and all together cover at most
 * H² = A + (c + m + 1)(Z·d + (Z·A)^½)·0.6 m², with cells of c columns and depth d; a hall of pods is at most H wider and deeper
 * than one of them, and spines stand across its middle.
 */
export function longestPossibleM(rule: Packing, racks: RackCounts, coolingClass: CoolingClass): number {
  const zones = Math.max(1, Math.ceil(racks.leaf / Math.max(1, rule.leafRacksPerZone)))
  const spans = [spanM(rule, racks, coolingClass, 1, 1, rule.leafRacksPerZone + racks.upper)]
  for (let fewest = 2; fewest <= zones; fewest *= 4) {
    spans.push(spanM(rule, racks, coolingClass, fewest, Math.min(zones, 4 * fewest), rule.leafRacksPerZone))
  }
  return cableLengthM(Math.max(...spans))
}

/** The farthest that two joined racks stand apart in a hall of `fewest` to `most` pods with up to `middle` network racks each. */
function spanM(
  rule: Packing, racks: RackCounts, coolingClass: CoolingClass, fewest: number, most: number, middle: number
): number {
  const pitchM = rowPitchOf(coolingClass)
  const { rows, columns } = hbdCell(rule.racksPerHbd)
  const cells = racks.compute / rule.racksPerHbd + most
  const floorM2 = coolingClass.floorM2PerRack * rows * (cells * columns + most * middle)
  const podSpanM = 3 * Math.sqrt(floorM2 / fewest) + RACK_WIDTH_M * (columns + middle + 1) + pitchM * rows
  if (most === 1) return podSpanM
  const wasteM2 = RACK_WIDTH_M * (columns + middle + 1) * (most * pitchM * rows + Math.sqrt(most * floorM2))
  const upperM = 2 * Math.sqrt(coolingClass.floorM2PerRack * racks.upper) + RACK_WIDTH_M + pitchM
  // routers are joined among themselves over the whole depth
  const depths = racks.upper > 0 ? 1.5 : 2
  return depths * Math.sqrt(floorM2 + wasteM2) + podSpanM + upperM
}
