import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { countCables } from "../../../models/facility/cable-counts.ts"
import { cableLengthM, IN_RACK_M, longestPossibleM } from "../../../models/facility/floor-grid.ts"
import { drawFloorPlan } from "../../../models/facility/floor-drawing.ts"
import { floorPlan } from "../../../models/facility/floor-plan.ts"
import { defaultAllowances } from "../../../models/facility/defaults.ts"
import { countRacks } from "../../../models/facility/rack-counts.ts"
import { activeCopper, copper, optics, scaleOut, shortOptics, trayHbd } from "./parts.ts"
import { closCounts, plants, ready, widePlants } from "./plants.ts"

const few = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 300 }))
const halls = fc.oneof({ weight: 5, arbitrary: fc.tuple(plants, few) }, fc.tuple(widePlants, fc.integer({ min: 1, max: 12 })))
const sum = (counts: ReadonlyArray<number>) => counts.reduce((all, count) => all + count, 0)

describe("floorPlan", () => {
  it("has no scale-out cable longer than the closed form says, of any hall with no fewer racks", () => {
    fc.assert(fc.property(halls, fc.integer({ min: 0, max: 40 }), ([plant, hbds], more) => {
      const plan = floorPlan(plant, hbds, closCounts(plant, hbds))
      const racks = countRacks(plant, hbds + more, closCounts(plant, hbds + more))
      const limitM = longestPossibleM(plant.rule, racks, plant.standing.coolingClass)
      expect(Math.max(plan.longest.endpointM, plan.longest.trunkM)).toBeLessThanOrEqual(limitM + 1e-9)
    }), { numRuns: 300 })
  })

  it("lays every cable in the medium that is counted for it, without placing a rack", () => {
    let mixed = 0
    fc.assert(fc.property(halls, ([plant, hbds]) => {
      const fabric = closCounts(plant, hbds)
      const { runs } = floorPlan(plant, hbds, fabric)
      const counted = countCables(plant, hbds, fabric)
      const { endpointMedia, trunkMedia } = plant.design.scaleOut ?? { endpointMedia: [], trunkMedia: [] }
      const laid = (bundle: string, media: typeof endpointMedia) => media.map(({ id }) =>
        sum(runs.filter((run) => run.bundle === bundle && run.medium === id).map(({ cables }) => cables)))
      expect(laid("endpoint", endpointMedia)).toEqual(counted.endpointCable)
      expect(laid("trunk", trunkMedia)).toEqual(counted.trunkCable)
      expect(counted.unreached).toBe(false)
      if (counted.endpointCable.filter((count) => count > 0).length > 1) mixed++
      for (const run of runs.filter(({ bundle }) => bundle !== "scale-up")) {
        const ladder = run.bundle === "endpoint" ? endpointMedia : trunkMedia
        expect(run.medium).toBe(ladder.find(({ reachM }) => reachM >= run.longestM)?.id)
      }
    }), { numRuns: 400 })
    expect(mixed).toBeGreaterThan(10)
  })

  it("places every rack that is counted, each on a place of its own", () => {
    fc.assert(fc.property(halls, ([plant, hbds]) => {
      const { racks, grid } = floorPlan(plant, hbds, closCounts(plant, hbds))
      const counts = countRacks(plant, hbds, closCounts(plant, hbds))
      for (const kind of ["compute", "spare", "leaf", "upper", "service"] as const) {
        expect(racks.filter((rack) => rack.kind === kind).length, kind).toBe(counts[kind])
      }
      expect(new Set(racks.map((rack) => `${rack.row} ${rack.xM.toFixed(2)}`)).size).toBe(racks.length)
      expect(Math.max(...racks.map((rack) => rack.xM))).toBeLessThan(grid.racksPerRow * 0.6)
    }), { numRuns: 100 })
  })

  it("pulls every cable of the bill, and keeps an HBD's racks side by side, in rows of at most forty", () => {
    let wide = 0
    fc.assert(fc.property(halls, ([plant, hbds]) => {
      const fabric = closCounts(plant, hbds)
      const { runs, racks, grid } = floorPlan(plant, hbds, fabric)
      const cables = (bundle: string) =>
        runs.filter((run) => run.bundle === bundle).reduce((sum, run) => sum + run.cables, 0)
      const counts = countCables(plant, hbds, fabric)
      expect(cables("endpoint")).toBe(sum(counts.endpointCable))
      expect(cables("trunk")).toBe(sum(counts.trunkCable))
      expect(cables("scale-up")).toBe(hbds * plant.design.hbd.links.reduce((sum, link) => sum + link.count, 0))
      const compute = racks.filter((rack) => rack.kind === "compute").sort((a, b) => a.number - b.number || a.slot - b.slot)
      const { racksPerHbd } = plant.rule
      const rows = Math.ceil(racksPerHbd / 40)
      const columns = Math.ceil(racksPerHbd / rows)
      if (rows > 1) wide++
      for (let first = 0; first < compute.length; first += racksPerHbd) {
        const own = compute.slice(first, first + racksPerHbd)
        const extent = (of: (rack: (typeof own)[number]) => number) => Math.max(...own.map(of)) - Math.min(...own.map(of))
        expect(extent(({ row }) => row)).toBe(rows - 1)
        expect(extent(({ yM }) => yM)).toBeCloseTo((rows - 1) * grid.rowPitchM, 9)
        expect(extent(({ xM }) => xM)).toBeCloseTo((columns - 1) * 0.6, 9)
      }
    }), { numRuns: 100 })
    expect(wide).toBeGreaterThan(3)
  })

  it("gives each run the first medium that reaches, and says which none reaches", () => {
    const hbd = trayHbd(16, 8, copper)
    const media = { endpointMedia: [copper, activeCopper], trunkMedia: [copper, activeCopper, shortOptics, optics] }
    const plant = ready({ hbd, scaleOut: { ...scaleOut, ...media } }, defaultAllowances)
    const { runs } = floorPlan(plant, 8, closCounts(plant, 8))
    expect(runs.filter((run) => run.bundle === "endpoint" && run.longestM > activeCopper.reachM).length).toBeGreaterThan(0)
    expect(countCables(plant, 8, closCounts(plant, 8)).unreached).toBe(true)
    const reach = new Map([...media.trunkMedia].map(({ id, reachM }) => [id, reachM]))
    for (const run of runs) expect(run.reaches).toBe(run.longestM <= reach.get(run.medium)!)
    expect(runs.every((run) => run.meanM <= run.longestM + 1e-9 && run.powerW > 0 && run.latencyNs !== null)).toBe(true)
  })
})

describe("cableLengthM", () => {
  it("keeps to the rack, goes through the side to a neighbour, and over the trays beyond", () => {
    expect(cableLengthM(0)).toBe(IN_RACK_M)
    expect(cableLengthM(0.6)).toBeCloseTo(2.1)
    expect(cableLengthM(6 + 4)).toBeCloseTo((10 + 3.4) * 1.1)
  })
})

describe("drawFloorPlan", () => {
  it("draws every rack of the plan once, within the picture", () => {
    const plant = ready({ hbd: trayHbd(10, 6, copper), scaleOut }, defaultAllowances)
    const plan = floorPlan(plant, 12, closCounts(plant, 12))
    const svg = drawFloorPlan(plan, "twelve HBDs")
    const [, width = "0", height = "0"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
    const racks = [...svg.matchAll(/class="rack" x="([\d.]+)" y="([\d.]+)"/g)]
    expect(racks.length).toBe(plan.racks.length)
    expect(new Set(racks.map(([, x, y]) => `${x} ${y}`)).size).toBe(racks.length)
    for (const [, x, y] of racks) {
      expect(Number(x)).toBeLessThan(Number(width))
      expect(Number(y)).toBeLessThan(Number(height))
    }
  })
})
