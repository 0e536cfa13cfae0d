import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { billOfMaterials } from "../../../models/facility/bill-of-materials.ts"
import { boundFabric } from "../../../models/fabric/bound.ts"
import { completeFabricSpec } from "../../../models/fabric/fabric.ts"
import { sizeFabric } from "../../../models/fabric/sizing.ts"
import { countCables } from "../../../models/facility/cable-counts.ts"
import { defaultAllowances, defaultPriceRanges } from "../../../models/facility/defaults.ts"
import type { Design } from "../../../models/design-space/layout.ts"
import { scaleOutCounts } from "../../../models/facility/plant.ts"
import { differInLastRack, resourceUse, worstRackPowerW } from "../../../models/facility/resource-use.ts"
import { boundManyUse, boundResourceUse, leastResourceUse, leastUseOfHbds, mostResourceUse } from "../../../models/facility/use-bound.ts"
import { activeCopper, copper, design, optics, scaleOut, shortOptics } from "./parts.ts"
import { closBound, closCounts, counts, plants, ready } from "./plants.ts"

const figures = [
  "itPowerW", "meterPowerW", "racks", "rackUnits", "floorM2", "weightKg", "capexUsd", "accelerators"
] as const

const cableDrivers = ["endpointModule", "endpointCable", "trunkCable"] as const

describe("resourceUse", () => {
  it("is the sum over the bill of materials", () => {
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      const use = resourceUse(plant, hbds, closCounts(plant, hbds))!
      const bom = billOfMaterials(plant, "hall", hbds, closCounts(plant, hbds), defaultPriceRanges)
      const sum = (of: (line: (typeof bom)[number]) => number) =>
        bom.reduce((all, line) => all + line.count * of(line), 0)
      const { distributionLoss } = plant.allowances
      expect(sum((line) => line.powerMaxW) / use.itPowerW).toBeCloseTo(1, 10)
      expect(sum((line) => line.powerMaxW * line.pue) / (1 - distributionLoss) / use.meterPowerW).toBeCloseTo(1, 10)
      expect(sum((line) => line.rackUnits)).toBeCloseTo(use.rackUnits, 6)
      expect(sum((line) => line.weightKg)).toBeCloseTo(use.weightKg, 3)
      expect(sum((line) => line.priceUsd) / use.capexUsd).toBeCloseTo(1, 10)
      expect(sum((line) => line.side === "accelerator" ? 1 : 0)).toBe(use.accelerators)
      expect(bom.every((line) => Number.isInteger(line.count) && line.count > 0)).toBe(true)
    }))
  })

  it("lies between the least and the most that its cables may come to, and the most never falls as HBDs are added", () => {
    fc.assert(fc.property(plants, counts, fc.integer({ min: 0, max: 50 }), (plant, hbds, more) => {
      const use = resourceUse(plant, hbds, closCounts(plant, hbds))!
      const least = leastResourceUse(plant, hbds, closCounts(plant, hbds))
      const most = mostResourceUse(plant, hbds + more, closCounts(plant, hbds + more))
      for (const figure of figures) {
        expect(use[figure], figure).toBeGreaterThanOrEqual(least[figure])
        if (most !== null) expect(use[figure], figure).toBeLessThanOrEqual(most[figure])
      }
      expect(worstRackPowerW(plant, hbds + more, closCounts(plant, hbds + more)))
        .toBeGreaterThanOrEqual(worstRackPowerW(plant, hbds, closCounts(plant, hbds)))
    }), { numRuns: 1000 })
  })

  it("is bounded from below by whole racks of the HBDs alone, whatever joins them, closer than by a line in small halls", () => {
    let closer = 0
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      const alone = ready({ hbd: plant.design.hbd as Design["hbd"], scaleOut: null }, plant.allowances)
      const use = resourceUse(plant, hbds, closCounts(plant, hbds))!
      const least = leastUseOfHbds(alone, hbds)
      const more = leastUseOfHbds(alone, hbds + 1)
      if (hbds > 1 && plant.design.scaleOut === null) return
      for (const figure of figures) {
        expect(use[figure], figure).toBeGreaterThanOrEqual(least[figure])
        expect(more[figure], figure).toBeGreaterThanOrEqual(least[figure])
      }
      if (least.racks > hbds * boundResourceUse(plant, closBound(plant)).racks) closer++
    }), { numRuns: 1000 })
    expect(closer).toBeGreaterThan(100)
  })

  it("never falls from hall to hall that differ in their last rack", () => {
    let pairs = 0
    const shared = plants.filter(({ rule }) => rule.hbdsPerRack > 1)
    fc.assert(fc.property(shared, counts, (plant, hbds) => {
      const whole = closCounts(plant, hbds + 1)
      if (whole === null) return
      // switches come in groups of more than one HBD
      const here = { ...whole, endpointLinks: whole.endpointLinks / (hbds + 1) * hbds }
      if (!differInLastRack(plant, hbds, here, hbds + 1, whole)) return
      const [use, more] = [resourceUse(plant, hbds, here)!, resourceUse(plant, hbds + 1, whole)!]
      for (const figure of figures) expect(more[figure], figure).toBeGreaterThanOrEqual(use[figure])
      const [cables, moreCables] = [countCables(plant, hbds, here), countCables(plant, hbds + 1, whole)]
      for (const driver of cableDrivers) {
        cables[driver].forEach((count, rung) => expect(moreCables[driver][rung]).toBeGreaterThanOrEqual(count))
      }
      pairs++
    }), { numRuns: 500 })
    expect(pairs).toBeGreaterThan(100)
  })

  it("is bounded from below by the affine use of many HBDs", () => {
    let tight = 0
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      const perHbd = closBound(plant)
      if (perHbd === null) return
      const use = resourceUse(plant, hbds, closCounts(plant, hbds))!
      const many = boundManyUse(plant, perHbd)
      if (hbds < many.from) return
      for (const figure of figures) {
        const bound = hbds * many.perHbd[figure] - many.less[figure]
        expect(use[figure], figure).toBeGreaterThanOrEqual(bound)
        if (bound > hbds * boundResourceUse(plant, perHbd)[figure]) tight++
      }
    }), { numRuns: 1000 })
    expect(tight).toBeGreaterThan(100)
  })

  it("is bounded from below by the linear use of any number of HBDs", () => {
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      const use = resourceUse(plant, hbds, closCounts(plant, hbds))!
      const bound = boundResourceUse(plant, closBound(plant))
      for (const figure of figures) expect(use[figure], figure).toBeGreaterThanOrEqual(hbds * bound[figure])
    }), { numRuns: 1000 })
  })

  it("is bounded behind exactly sized fabrics too", () => {
    const shapes = fc.record({
      radix: fc.constantFrom(16, 64, 128, 144),
      tiers: fc.constantFrom(2 as const, 3 as const),
      rails: fc.constantFrom(1, 8),
      oversubscription: fc.constantFrom(1, 1.5, 2, 4),
      hbds: fc.integer({ min: 1, max: 300 })
    })
    const media = [copper, activeCopper, shortOptics, optics]
    const plant = ready({ ...design, scaleOut: { ...scaleOut, endpointMedia: media, trunkMedia: media } }, defaultAllowances)
    fc.assert(fc.property(shapes, ({ hbds, radix, oversubscription, ...shape }) => {
      const spec = (count: number) => completeFabricSpec({
        topology: "clos", radix: [radix], linkGbps: 400, oversubscription: [oversubscription],
        endpoints: count * plant.nicsPerHbd, ...shape
      })
      const bound = boundFabric(spec(hbds))
      const size = sizeFabric(spec(hbds))
      if (bound.kind === "infeasible" || size.kind === "infeasible") return
      const { leaf, spine, core, endpointLinks, trunkLinks, coreLinks } = scaleOutCounts(bound)
      const nics = plant.nicsPerHbd
      const perHbd = {
        leaf: leaf * nics, spine: spine * nics, core: core * nics,
        endpointLinks: endpointLinks * nics, trunkLinks: trunkLinks * nics, coreLinks: coreLinks * nics
      }
      const linear = boundResourceUse(plant, perHbd)
      const many = boundManyUse(plant, perHbd)
      const use = resourceUse(plant, hbds, scaleOutCounts(size))!
      const least = leastResourceUse(plant, hbds, scaleOutCounts(size))
      for (const figure of figures) {
        expect(use[figure], figure).toBeGreaterThanOrEqual(least[figure])
        expect(use[figure], figure).toBeGreaterThanOrEqual(hbds * linear[figure])
        if (hbds >= many.from) {
          expect(use[figure], figure).toBeGreaterThanOrEqual(hbds * many.perHbd[figure] - many.less[figure])
        }
      }
    }), { numRuns: 500 })
  })

  it("comes close to its bound where HBDs are many", () => {
    const plant = ready(design, defaultAllowances)
    const use = resourceUse(plant, 4096, closCounts(plant, 4096))!
    const bound = boundResourceUse(plant, closBound(plant))
    for (const figure of figures) expect(4096 * bound[figure] / use[figure], figure).toBeGreaterThan(0.98)
  })

  it("keeps the fullest rack within the limit", () => {
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      expect(worstRackPowerW(plant, hbds, closCounts(plant, hbds))).toBeLessThanOrEqual(45_000 * (1 + 1e-8))
    }))
  })
})
