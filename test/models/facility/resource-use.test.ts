import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Design } from "../../../models/design-space/layout.ts"
import type { Allowances } from "../../../models/design-space/scenario.ts"
import { billOfMaterials } from "../../../models/facility/bill-of-materials.ts"
import { defaultAllowances } from "../../../models/facility/defaults.ts"
import type { Plant, ScaleOutCounts } from "../../../models/facility/plant.ts"
import { preparePlant } from "../../../models/facility/plant.ts"
import { boundResourceUse, resourceUse, worstRackPowerW } from "../../../models/facility/resource-use.ts"
import { copper, design, nodeHbd, optics, scaleOut, standing, trayHbd } from "./parts.ts"

const figures = [
  "itPowerW", "meterPowerW", "racks", "rackUnits", "floorM2", "weightKg", "capexUsd", "capexLowUsd", "capexHighUsd",
  "accelerators"
] as const

function ready(design: Design, allowances: Allowances, linksPerCable = { endpoint: 1, fabric: 1 }): Plant {
  const plant = preparePlant(design, standing, allowances, linksPerCable)
  if (plant.kind === "refusal") throw new Error(plant.reason)
  return plant
}

/** A two-tier fabric of 64-port switches: counts that grow with the endpoints, and what they never undercut. */
function closCounts(plant: Plant, hbds: number): ScaleOutCounts | null {
  if (plant.design.scaleOut === null) return null
  const links = hbds * plant.nicsPerHbd * plant.design.scaleOut.planes
  const leaf = Math.ceil(links / 32)
  return { leaf, spine: Math.ceil(leaf / 2), core: 0, endpointLinks: links, trunkLinks: leaf * 32 }
}

function closBound(plant: Plant): ScaleOutCounts | null {
  if (plant.design.scaleOut === null) return null
  const links = plant.nicsPerHbd * plant.design.scaleOut.planes
  return { leaf: links / 32, spine: links / 64, core: 0, endpointLinks: links, trunkLinks: links }
}

const allowances = fc.record({
  storagePowerWPerAccelerator: fc.integer({ min: 0, max: 100 }),
  storageUsdPerAccelerator: fc.integer({ min: 0, max: 3000 }),
  frontEndPowerWPerAccelerator: fc.integer({ min: 0, max: 60 }),
  frontEndUsdPerAccelerator: fc.integer({ min: 0, max: 2000 }),
  managementPowerWPerRack: fc.integer({ min: 0, max: 400 }),
  managementUsdPerRack: fc.integer({ min: 0, max: 9000 }),
  serviceRacksPerAccelerator: fc.constantFrom(0, 1 / 256, 0.013),
  spareShare: fc.constantFrom(0, 0.01, 0.05, 0.3),
  rackUsd: fc.integer({ min: 0, max: 20_000 }),
  buildingUsdPerMW: fc.constantFrom(0, 1.5e7),
  rackPowerLoss: fc.constantFrom(0, 0.03, 0.06),
  distributionLoss: fc.constantFrom(0, 0.04)
})

const designs = fc.record({
  hosts: fc.integer({ min: 1, max: 20 }),
  trays: fc.integer({ min: 0, max: 40 }),
  medium: fc.constantFrom(optics, copper),
  planes: fc.constantFrom(1, 2, 4),
  rails: fc.constantFrom(1, 8),
  joined: fc.boolean(),
  coPackagedOptics: fc.boolean()
}).map(({ hosts, trays, medium, planes, rails, joined, coPackagedOptics }): Design => ({
  hbd: trays === 0 ? nodeHbd : trayHbd(hosts, trays, medium),
  scaleOut: joined
    ? { ...scaleOut, planes, rails, endpointMedium: medium, switch: { ...scaleOut.switch, coPackagedOptics } }
    : null
}))

const plants = fc.record({
  design: designs, allowances,
  linksPerCable: fc.record({ endpoint: fc.constantFrom(1, 2), fabric: fc.constantFrom(1, 2, 4) })
}).map(({ design, allowances, linksPerCable }) => ready(design, allowances, linksPerCable))

const counts = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20_000 }))

describe("resourceUse", () => {
  it("is the sum over the bill of materials", () => {
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      const use = resourceUse(plant, hbds, closCounts(plant, hbds))
      const bom = billOfMaterials(plant, "hall", hbds, closCounts(plant, hbds))
      const sum = (of: (line: (typeof bom)[number]) => number) => bom.reduce((all, line) => all + line.count * of(line), 0)
      const { rackPowerLoss, distributionLoss } = plant.allowances
      expect(sum((line) => line.powerMaxW) / (1 - rackPowerLoss) / use.itPowerW).toBeCloseTo(1, 10)
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
    }), { numRuns: 2000 })
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
