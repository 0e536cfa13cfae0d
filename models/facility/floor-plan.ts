/**
 * Where every rack stands and how long every bundle of cables is: made on demand. HBDs stand in the order of
 * their numbers; the leaves of a zone stand in its middle, spines and cores in the middle of the hall, spares
 * and services at its end.
 */
import type { Interconnect } from "../hardware/interconnect.ts"
import type { CableLengths, FloorGrid } from "./floor-grid.ts"
import { cableLengthM, floorGrid, RACK_WIDTH_M } from "./floor-grid.ts"
import type { Plant, ScaleOutCounts } from "./plant.ts"
import { drivers } from "./plant-lines.ts"
import type { RackKind } from "./rack-plan.ts"
import { countDrivers, countRacks } from "./resource-use.ts"

export interface PlacedRack {
  readonly kind: RackKind
  /** of a compute rack, its first HBD; of a leaf rack, its zone; else its number within its kind */
  readonly number: number
  readonly zone: number
  readonly row: number
  /** of its left edge, and of its row */
  readonly xM: number
  readonly yM: number
}

/** Equal cables between one rack, or one HBD's racks, and those they reach. */
export interface CableRun {
  readonly bundle: "scale-up" | "endpoint" | "trunk"
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

export interface FloorPlan {
  readonly grid: FloorGrid
  readonly rows: number
  readonly racks: ReadonlyArray<PlacedRack>
  readonly runs: ReadonlyArray<CableRun>
  readonly lengths: ReadonlyArray<MediumLength>
  readonly longest: CableLengths
}

type Slot = Pick<PlacedRack, "kind" | "number" | "zone">

/** The floor plan of one site with the scale-out fabric that stands there (null: none). */
export function floorPlan(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): FloorPlan {
  const counts = countRacks(plant, hbds, scaleOut)
  const grid = floorGrid(counts.total, plant.rule.racksPerHbd, plant.standing.coolingClass)
  const racks = place(orderRacks(plant, hbds, scaleOut), grid)
  const runs = [
    ...scaleUpRuns(plant, hbds, racks),
    ...(scaleOut === null ? [] : scaleOutRuns(plant, hbds, scaleOut, racks))
  ]
  const longest = (bundle: CableRun["bundle"]) =>
    runs.reduce((most, run) => run.bundle === bundle ? Math.max(most, run.longestM) : most, 0)
  return {
    grid, rows: (racks.at(-1)?.row ?? -1) + 1, racks, runs, lengths: sumLengths(runs),
    longest: { scaleUpM: longest("scale-up"), endpointM: longest("endpoint"), trunkM: longest("trunk") }
  }
}

/** Blocks of racks in the order in which they are placed; the racks of a block stand together. */
function orderRacks(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): ReadonlyArray<ReadonlyArray<Slot>> {
  const { rule } = plant
  const counts = countRacks(plant, hbds, scaleOut)
  const blocks = counts.compute / rule.racksPerHbd
  const zones = Math.max(1, Math.ceil(counts.leaf / Math.max(1, rule.leafRacksPerZone)))
  const single = (kind: RackKind, count: number, zone = -1): ReadonlyArray<ReadonlyArray<Slot>> =>
    Array.from({ length: count }, (_, number) => [{ kind, number, zone }])
  const order: Array<ReadonlyArray<Slot>> = []
  for (let zone = 0; zone < zones; zone++) {
    const first = Math.floor(zone * blocks / zones)
    const last = Math.floor((zone + 1) * blocks / zones)
    const middle = Math.floor((first + last) / 2)
    const leaves = Math.min(rule.leafRacksPerZone, counts.leaf - zone * rule.leafRacksPerZone)
    order.push(...hbdBlocks(plant, zone, first, middle), ...single("leaf", leaves, zone))
    if (zones === 1) order.push(...single("upper", counts.upper))
    order.push(...hbdBlocks(plant, zone, middle, last))
    if (zones > 1 && zone === Math.ceil(zones / 2) - 1) order.push(...single("upper", counts.upper))
  }
  return [...order, ...single("spare", counts.spare), ...single("service", counts.service)]
}

function hbdBlocks({ rule }: Plant, zone: number, first: number, last: number): ReadonlyArray<ReadonlyArray<Slot>> {
  const perBlock = Math.max(1, rule.hbdsPerRack)
  return Array.from({ length: last - first }, (_, i) => {
    const slot: Slot = { kind: "compute", number: (first + i) * perBlock, zone }
    return Array.from({ length: rule.racksPerHbd }, () => slot)
  })
}

/**
 * Rows walked to and fro; a block that does not fit in what is left of a row starts the next, unless no row
 * holds it.
 */
function place(blocks: ReadonlyArray<ReadonlyArray<Slot>>, grid: FloorGrid): ReadonlyArray<PlacedRack> {
  const racks: Array<PlacedRack> = []
  let row = 0
  let at = 0
  for (const block of blocks) {
    if (block.length <= grid.racksPerRow && at + block.length > grid.racksPerRow) {
      row++
      at = 0
    }
    for (const slot of block) {
      if (at === grid.racksPerRow) {
        row++
        at = 0
      }
      const column = row % 2 === 0 ? at : grid.racksPerRow - 1 - at
      racks.push({ ...slot, row, xM: column * RACK_WIDTH_M, yM: row * grid.rowPitchM })
      at++
    }
  }
  return racks
}

/** Cables of each HBD, evenly between all pairs of its racks; media that reach no other rack stay inside one. */
function scaleUpRuns(plant: Plant, hbds: number, racks: ReadonlyArray<PlacedRack>): ReadonlyArray<CableRun> {
  const { hbd } = plant.design
  const compute = racks.filter((rack) => rack.kind === "compute")
  const { racksPerHbd, hbdsPerRack } = plant.rule
  const neighbourM = cableLengthM(RACK_WIDTH_M, 0)
  const powerPerCable = (medium: Interconnect) => {
    const cables = hbd.links.reduce((sum, link) => link.medium === medium ? sum + link.count : sum, 0)
    return plant.lines.filter((line) => line.part === medium && line.driver === "hbd")
      .reduce((sum, line) => sum + line.quantity * line.powerMaxW, 0) / cables
  }
  const runs: Array<CableRun> = []
  for (let first = 0; first < compute.length; first += racksPerHbd) {
    const block = compute.slice(first, first + racksPerHbd)
    const held = Math.min(Math.max(1, hbdsPerRack), hbds - (block[0]?.number ?? 0))
    for (const { medium, count } of hbd.links) {
      const inside = racksPerHbd === 1 || medium.reachM < neighbourM
      const lengths = inside ? [cableLengthM(0, 0)] : pairLengths(block)
      runs.push(run("scale-up", medium, count * held, lengths, powerPerCable(medium) * count * held))
    }
  }
  return runs
}

function pairLengths(racks: ReadonlyArray<PlacedRack>): ReadonlyArray<number> {
  return racks.flatMap((from, i) => racks.slice(i + 1).map((to) => lengthM(from, to)))
}

function scaleOutRuns(
  plant: Plant, hbds: number, scaleOut: ScaleOutCounts, racks: ReadonlyArray<PlacedRack>
): ReadonlyArray<CableRun> {
  const { scaleOut: fabric } = plant.design
  if (fabric === null) return []
  const of = (kind: RackKind) => racks.filter((rack) => rack.kind === kind)
  const { racksPerHbd, switchRacksPerHbd, circuitRacksPerHbd } = plant.rule
  const hostRacks = racksPerHbd - switchRacksPerHbd - circuitRacksPerHbd
  const compute = of("compute").filter((_, i) => i % racksPerHbd < hostRacks)
  const leaf = of("leaf")
  const upper = of("upper")
  const counts = countDrivers(plant, hbds, scaleOut, racks.length)
  const count = (driver: typeof drivers[number]) => counts[drivers.indexOf(driver)] ?? 0
  const powerOf = (...wanted: ReadonlyArray<typeof drivers[number]>) => plant.lines
    .filter((line) => wanted.includes(line.driver))
    .reduce((sum, line) => sum + line.quantity * line.powerMaxW * count(line.driver), 0)
  const hosts = leaf.length > 0 ? compute : []
  const tops = upper.length > 0 ? upper : leaf.length > 0 ? leaf : compute
  return [
    ...spreadRuns("endpoint", fabric.endpointMedium, count("endpointCable"),
      powerOf("endpointModule", "leafModule", "endpointCable"),
      hosts.map((from) => ({ from, to: leaf.filter((rack) => rack.zone === from.zone) }))),
    ...spreadRuns("trunk", fabric.trunkMedium, count("trunkCable"), powerOf("trunkModule", "trunkCable"),
      (leaf.length > 0 ? leaf : compute).map((from) => ({ from, to: tops })))
  ]
}

/** All cables of a bundle, dealt evenly over its starting racks, whole cables each. */
function spreadRuns(
  bundle: CableRun["bundle"], medium: Interconnect, cables: number, powerW: number,
  pairs: ReadonlyArray<{ readonly from: PlacedRack; readonly to: ReadonlyArray<PlacedRack> }>
): ReadonlyArray<CableRun> {
  return pairs.flatMap(({ from, to }, i) => {
    const share = Math.floor((i + 1) * cables / pairs.length) - Math.floor(i * cables / pairs.length)
    return share === 0
      ? []
      : [run(bundle, medium, share, to.map((rack) => lengthM(from, rack)), powerW * share / cables)]
  })
}

function run(
  bundle: CableRun["bundle"], medium: Interconnect, cables: number, lengths: ReadonlyArray<number>, powerW: number
): CableRun {
  const longestM = lengths.reduce((most, length) => Math.max(most, length), 0)
  const meanM = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
  return {
    bundle, medium: medium.id, cables, meanM, longestM, powerW, reaches: longestM <= medium.reachM,
    latencyNs: medium.latencyPerEndNs === null ? null : 2 * medium.latencyPerEndNs + longestM * medium.latencyNsPerM
  }
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
  return cableLengthM(Math.abs(from.xM - to.xM), Math.abs(from.yM - to.yM))
}
