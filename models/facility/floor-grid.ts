/**
 * The grid of a hall and the longest cables on it, in closed form. Racks stand in rows that are walked to and
 * fro, so that neighbours in the order are neighbours on the floor; the row pitch is what the cooling class's
 * floor per rack implies. Cables run over Manhattan trays.
 */
import type { CoolingClass } from "../hardware/facility.ts"
import type { Plant, ScaleOutCounts } from "./plant.ts"
import { countRacks } from "./resource-use.ts"

/** Width of a rack, m. */
export const RACK_WIDTH_M = 0.6

/** Longest cable inside one rack, with its switches half way up, m: the reach of an NVL72 cartridge. */
export const IN_RACK_M = 1.5

/**
 * From the middle of a rack to the tray above it, m: half of a 42–48 U rack (2.2 m) and the tray's height over
 * it.
 */
const RISE_M = 1.7

/** Length bought over length run. */
const SLACK = 1.1

/** The widest block of racks that a row is made long enough for. */
const ROW_MAX = 40

/** Places of a row beside those of its HBDs of several racks, share of them: for network racks. */
const BETWEEN_HBDS = 0.1

export interface FloorGrid {
  readonly racksPerRow: number
  readonly rowPitchM: number
  /** racks that stay together in a row; 1 where no row can hold an HBD */
  readonly block: number
}

/** Longest cable of each bundle, m; 0 where there is none. */
export interface CableLengths {
  readonly scaleUpM: number
  readonly endpointM: number
  readonly trunkM: number
}

/**
 * A nearly square hall for `racks` racks, with rows that hold whole HBDs where they can, and network racks
 * between them.
 */
export function floorGrid(racks: number, racksPerHbd: number, coolingClass: CoolingClass): FloorGrid {
  const rowPitchM = coolingClass.floorM2PerRack / RACK_WIDTH_M
  const square = Math.max(1, Math.ceil(Math.sqrt(racks * rowPitchM / RACK_WIDTH_M)))
  const least = racksPerHbd <= ROW_MAX ? Math.max(square, racksPerHbd) : square
  if (racksPerHbd === 1 || racksPerHbd > least) return { racksPerRow: least, rowPitchM, block: 1 }
  const hbds = Math.ceil(least / racksPerHbd) * racksPerHbd
  return { racksPerRow: hbds + 1 + Math.ceil(hbds * BETWEEN_HBDS), rowPitchM, block: racksPerHbd }
}

/** Length to buy for a cable between racks `acrossM` along the row and `rowsM` over the rows apart. */
export function cableLengthM(acrossM: number, rowsM: number): number {
  if (acrossM === 0 && rowsM === 0) return IN_RACK_M
  // neighbours are joined through the side, below the trays
  if (rowsM === 0 && acrossM <= RACK_WIDTH_M * 1.001) return IN_RACK_M + RACK_WIDTH_M
  return (acrossM + rowsM + 2 * RISE_M) * SLACK
}

/**
 * No cable between two racks of a hall is longer, m: for the choice of media before racks are counted by kind.
 */
export function maximumCableLengthM(racks: number, racksPerHbd: number, coolingClass: CoolingClass): number {
  return longestM(floorGrid(racks, racksPerHbd, coolingClass), racks - 1)
}

/** Longest cable of each bundle of a site; never below the explicit floor plan's. */
export function maximumCableLengths(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): CableLengths {
  const { rule, standing } = plant
  const racks = countRacks(plant, hbds, scaleOut)
  const grid = floorGrid(racks.total, rule.racksPerHbd, standing.coolingClass)
  const blocks = racks.compute / rule.racksPerHbd
  const zones = Math.max(1, Math.ceil(racks.leaf / Math.max(1, rule.leafRacksPerZone)))
  const zoneBlocks = Math.ceil(blocks / zones)
  const zoneRacks = zoneBlocks * rule.racksPerHbd + rule.leafRacksPerZone
  const halfZone = Math.ceil(zoneBlocks / 2) * rule.racksPerHbd + rule.leafRacksPerZone
  const trunkSpan = racks.upper > 0 ? Math.ceil(zones / 2) * zoneRacks + racks.upper : racks.compute + racks.leaf
  return {
    scaleUpM: grid.block === rule.racksPerHbd
      ? cableLengthM((rule.racksPerHbd - 1) * RACK_WIDTH_M, 0)
      : longestM(grid, rule.racksPerHbd - 1),
    endpointM: scaleOut === null || scaleOut.endpointLinks === 0
      ? 0
      : longestM(grid, halfZone + (zones === 1 ? racks.upper : 0)),
    trunkM: scaleOut === null || scaleOut.trunkLinks === 0
      ? 0
      : racks.upper === 0 && racks.leaf === 1 ? IN_RACK_M : longestM(grid, trunkSpan)
  }
}

/**
 * Longest cable between racks at most `steps` apart in the order. A row but the last holds at least
 * racksPerRow − block + 1 racks, so `steps` racks turn at most 1 + (steps − 1)/that corners.
 */
function longestM({ racksPerRow, rowPitchM, block }: FloorGrid, steps: number): number {
  if (steps <= 0) return IN_RACK_M
  const filled = racksPerRow - block + 1
  const rows = 1 + Math.floor((steps - 1) / filled)
  const across = Math.min(steps + block, racksPerRow - 1)
  return Math.max(cableLengthM(RACK_WIDTH_M, 0), cableLengthM(across * RACK_WIDTH_M, rows * rowPitchM))
}
