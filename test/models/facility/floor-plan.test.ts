import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  cableLengthM, IN_RACK_M, maximumCableLengthM, maximumCableLengths
} from "../../../models/facility/floor-grid.ts"
import { drawFloorPlan } from "../../../models/facility/floor-drawing.ts"
import { floorPlan } from "../../../models/facility/floor-plan.ts"
import { defaultAllowances } from "../../../models/facility/defaults.ts"
import { countDrivers, countRacks } from "../../../models/facility/resource-use.ts"
import { copper, optics, scaleOut, trayHbd } from "./parts.ts"
import { closCounts, plants, ready } from "./plants.ts"

const few = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 300 }))

describe("floorPlan", () => {
  it("has no cable longer than the closed form says", () => {
    fc.assert(fc.property(plants, few, (plant, hbds) => {
      const fabric = closCounts(plant, hbds)
      const plan = floorPlan(plant, hbds, fabric)
      const limits = maximumCableLengths(plant, hbds, fabric)
      for (const bundle of ["scaleUpM", "endpointM", "trunkM"] as const) {
        expect(plan.longest[bundle], bundle).toBeLessThanOrEqual(limits[bundle] + 1e-9)
      }
      const hallM = maximumCableLengthM(plan.racks.length, plant.rule.racksPerHbd, plant.standing.coolingClass)
      for (const longestM of Object.values(plan.longest)) expect(longestM).toBeLessThanOrEqual(hallM + 1e-9)
    }), { numRuns: 200 })
  })

  it("places every rack that is counted, each on a place of its own", () => {
    fc.assert(fc.property(plants, few, (plant, hbds) => {
      const { racks, grid } = floorPlan(plant, hbds, closCounts(plant, hbds))
      const counts = countRacks(plant, hbds, closCounts(plant, hbds))
      for (const kind of ["compute", "spare", "leaf", "upper", "service"] as const) {
        expect(racks.filter((rack) => rack.kind === kind).length, kind).toBe(counts[kind])
      }
      expect(new Set(racks.map((rack) => `${rack.row} ${rack.xM.toFixed(2)}`)).size).toBe(racks.length)
      expect(Math.max(...racks.map((rack) => rack.xM))).toBeLessThan(grid.racksPerRow * 0.6)
    }), { numRuns: 100 })
  })

  it("pulls every cable of the bill, and keeps an HBD's racks side by side", () => {
    fc.assert(fc.property(plants, few, (plant, hbds) => {
      const fabric = closCounts(plant, hbds)
      const { runs, racks, grid } = floorPlan(plant, hbds, fabric)
      const cables = (bundle: string) =>
        runs.filter((run) => run.bundle === bundle).reduce((sum, run) => sum + run.cables, 0)
      const counts = countDrivers(plant, hbds, fabric, racks.length)
      expect(cables("endpoint")).toBe(counts[9])
      expect(cables("trunk")).toBe(counts[11])
      expect(cables("scale-up")).toBe(hbds * plant.design.hbd.links.reduce((sum, link) => sum + link.count, 0))
      const compute = racks.filter((rack) => rack.kind === "compute")
      const { racksPerHbd } = plant.rule
      if (racksPerHbd > grid.racksPerRow) return
      for (let first = 0; first < compute.length; first += racksPerHbd) {
        const xs = compute.slice(first, first + racksPerHbd).map((rack) => rack.xM)
        expect(new Set(compute.slice(first, first + racksPerHbd).map((rack) => rack.row)).size).toBe(1)
        expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo((racksPerHbd - 1) * 0.6, 9)
      }
    }), { numRuns: 100 })
  })

  it("says which runs a medium does not reach", () => {
    const hbd = trayHbd(16, 8, copper)
    const media = { endpointMedium: copper, trunkMedium: optics }
    const plant = ready({ hbd, scaleOut: { ...scaleOut, ...media } }, defaultAllowances)
    const { runs } = floorPlan(plant, 8, closCounts(plant, 8))
    expect(runs.filter((run) => run.bundle === "endpoint" && run.longestM > copper.reachM).length).toBeGreaterThan(0)
    for (const run of runs) {
      expect(run.reaches).toBe(run.longestM <= (run.medium === copper.id ? copper.reachM : optics.reachM))
    }
    expect(runs.every((run) => run.meanM <= run.longestM && run.powerW > 0 && run.latencyNs !== null)).toBe(true)
  })
})

describe("cableLengthM", () => {
  it("keeps to the rack, goes through the side to a neighbour, and over the trays beyond", () => {
    expect(cableLengthM(0, 0)).toBe(IN_RACK_M)
    expect(cableLengthM(0.6, 0)).toBeCloseTo(2.1)
    expect(cableLengthM(6, 4)).toBeCloseTo((10 + 3.4) * 1.1)
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
