import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { billOfMaterials } from "../../../models/facility/bill-of-materials.ts"
import { defaultAllowances } from "../../../models/facility/defaults.ts"
import { boundResourceUse, resourceUse, worstRackPowerW } from "../../../models/facility/resource-use.ts"
import { design } from "./parts.ts"
import { closBound, closCounts, counts, plants, ready } from "./plants.ts"

const figures = [
  "itPowerW", "meterPowerW", "racks", "rackUnits", "floorM2", "weightKg", "capexUsd", "capexLowUsd", "capexHighUsd",
  "accelerators"
] as const

describe("resourceUse", () => {
  it("is the sum over the bill of materials", () => {
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      const use = resourceUse(plant, hbds, closCounts(plant, hbds))
      const bom = billOfMaterials(plant, "hall", hbds, closCounts(plant, hbds))
      const sum = (of: (line: (typeof bom)[number]) => number) => bom.reduce((all, line) => all + line.count * of(line), 0)
      const { distributionLoss } = plant.allowances
      expect(sum((line) => line.powerMaxW) / use.itPowerW).toBeCloseTo(1, 10)
      expect(use.itPowerW / (1 - distributionLoss) * plant.standing.pue / use.meterPowerW).toBeCloseTo(1, 10)
      expect(sum((line) => line.rackUnits)).toBeCloseTo(use.rackUnits, 6)
      expect(sum((line) => line.weightKg)).toBeCloseTo(use.weightKg, 3)
      expect(sum((line) => line.priceUsd) / use.capexUsd).toBeCloseTo(1, 10)
      expect(sum((line) => line.priceLowUsd) / use.capexLowUsd).toBeCloseTo(1, 10)
      expect(sum((line) => line.priceHighUsd) / use.capexHighUsd).toBeCloseTo(1, 10)
      expect(sum((line) => line.side === "accelerator" ? 1 : 0)).toBe(use.accelerators)
      expect(bom.every((line) => Number.isInteger(line.count) && line.count > 0)).toBe(true)
    }))
  })

  it("never falls as HBDs are added", () => {
    fc.assert(fc.property(plants, counts, fc.integer({ min: 1, max: 50 }), (plant, hbds, more) => {
      const fewer = resourceUse(plant, hbds, closCounts(plant, hbds))
      const greater = resourceUse(plant, hbds + more, closCounts(plant, hbds + more))
      for (const figure of figures) expect(greater[figure], figure).toBeGreaterThanOrEqual(fewer[figure])
      expect(worstRackPowerW(plant, hbds + more, closCounts(plant, hbds + more)))
        .toBeGreaterThanOrEqual(worstRackPowerW(plant, hbds, closCounts(plant, hbds)))
    }))
  })

  it("is bounded from below by the linear use of any number of HBDs", () => {
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      const use = resourceUse(plant, hbds, closCounts(plant, hbds))
      const bound = boundResourceUse(plant, closBound(plant))
      for (const figure of figures) expect(use[figure], figure).toBeGreaterThanOrEqual(hbds * bound[figure])
    }), { numRuns: 1000 })
  })

  it("comes close to its bound where HBDs are many", () => {
    const plant = ready(design, defaultAllowances)
    const use = resourceUse(plant, 4096, closCounts(plant, 4096))
    const bound = boundResourceUse(plant, closBound(plant))
    for (const figure of figures) expect(4096 * bound[figure] / use[figure], figure).toBeGreaterThan(0.98)
  })

  it("keeps the fullest rack within the limit", () => {
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      expect(worstRackPowerW(plant, hbds, closCounts(plant, hbds))).toBeLessThanOrEqual(45_000 * (1 + 1e-8))
    }))
  })
})
