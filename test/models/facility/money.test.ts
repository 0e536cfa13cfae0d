import { describe, expect, it } from "vitest"
import { billOfMaterials } from "../../../models/facility/bill-of-materials.ts"
import { defaultAllowances, defaultPriceRanges } from "../../../models/facility/defaults.ts"
import { money, priceOf } from "../../../models/facility/money.ts"
import { averagePower, BUSY_SHARE_OF_MAX, meterPowerW, powerAtLoad } from "../../../models/facility/power-chain.ts"
import { resourceUse } from "../../../models/facility/resource-use.ts"
import { copper, design, scaleOut, trayHbd } from "./parts.ts"
import { closCounts, ready } from "./plants.ts"

const plant = ready(design, { ...defaultAllowances, distributionLoss: 0.05 })
const bom = billOfMaterials(plant, "hall", 64, closCounts(plant, 64), defaultPriceRanges)
const idle = { accelerator: 0, scaleUp: 0, scaleOut: 0 }
const busy = { accelerator: 1, scaleUp: 1, scaleOut: 1 }

describe("the power chain", () => {
  it("draws an accelerator's idle power at rest and the measured share of its maximum when busy", () => {
    const line = { side: "accelerator", powerMaxW: 700, powerIdleW: 70 } as const
    expect(powerAtLoad(line, idle)).toBe(70)
    expect(powerAtLoad(line, busy)).toBeCloseTo(700 * BUSY_SHARE_OF_MAX)
    expect(powerAtLoad(line, { ...idle, accelerator: 0.5 })).toBeCloseTo((70 + 700 * BUSY_SHARE_OF_MAX) / 2)
  })

  it("stays between idle and what is provisioned, and rises with the load", () => {
    const provisioned = resourceUse(plant, 64, closCounts(plant, 64))!
    const half = averagePower(bom, { accelerator: 0.5, scaleUp: 0.2, scaleOut: 0.2 }, plant.allowances)
    expect(averagePower(bom, idle, plant.allowances).itW).toBeLessThan(half.itW)
    expect(half.itW).toBeLessThan(averagePower(bom, busy, plant.allowances).itW)
    expect(averagePower(bom, busy, plant.allowances).itW).toBeLessThan(provisioned.itPowerW)
  })

  it("adds the loss of the power shelf to trays, and to no box with supplies of its own", () => {
    const tray = ready({ ...design, hbd: trayHbd(2, 1, copper, "tray") }, { ...defaultAllowances, rackPowerLoss: 0.05 })
    const powerOf = (role: string) => tray.lines.find((line) => line.role === role)?.powerMaxW
    expect(powerOf("accelerator")).toBeCloseTo(700 / 0.95)
    expect(powerOf("scale-up switch")).toBeCloseTo(2000 / 0.95)
    expect(powerOf("transceiver, NIC side")).toBeCloseTo(10 / 0.95)
    expect(powerOf("leaf switch")).toBe(800)
    expect(plant.lines.find((line) => line.role === "accelerator")?.powerMaxW).toBe(700)
  })

  it("adds distribution and PUE to reach the meter", () => {
    expect(meterPowerW(1000, { distributionLoss: 0.05 }, 1.3)).toBeCloseTo(1000 / 0.95 * 1.3)
    const { itW, meterW } = averagePower(bom, busy, plant.allowances)
    expect(meterW / itW).toBeCloseTo(1.3 / 0.95, 12)
  })
})

describe("money", () => {
  it("spreads capital, energy and maintenance over tokens and accelerator-hours", () => {
    const economics = { electricityUsdPerKWh: 0.1, carbonKgPerKWh: 0.5, horizonYears: 4, maintenanceShare: 0.02 }
    const { usd, lowUsd, highUsd } = priceOf(bom)
    const summary = money(bom, 1e6, economics, 1e6, {
      electricityUsdPerKWh: { low: 0.05, high: 0.3 }, maintenanceShare: { low: 0.02, high: 0.06 }
    })
    expect(summary.energyUsdPerYear).toBeCloseTo(876_000)
    expect(summary.carbonKgPerYear).toBeCloseTo(4_380_000)
    expect(summary.tcoUsd).toBeCloseTo(usd * 1.08 + 4 * 876_000)
    expect(summary.usdPerMillionTokens).toBeCloseTo(summary.tcoUsd / (4 * 8760 * 3600))
    expect(summary.usdPerAcceleratorHour).toBeCloseTo(summary.tcoUsd / (512 * 4 * 8760))
    expect(summary.tcoLowUsd).toBeCloseTo(lowUsd * 1.08 + 4 * 438_000)
    expect(summary.tcoHighUsd).toBeCloseTo(highUsd * 1.24 + 4 * 2_628_000)
    expect(lowUsd).toBeLessThan(usd)
    expect(highUsd).toBeGreaterThan(usd)
  })

  it("pays for the building at the meter", () => {
    const built = ready(design, { ...defaultAllowances, buildingUsdPerMW: 1.5e7 })
    const use = resourceUse(built, 64, closCounts(built, 64))!
    const bare = resourceUse(ready(design, defaultAllowances), 64, closCounts(plant, 64))!
    expect(use.capexUsd - bare.capexUsd).toBeCloseTo(15 * use.meterPowerW, 3)
    const ranges = { ...defaultPriceRanges, buildingUsdPerMW: { low: 1e7, high: 3e7 } }
    const building = billOfMaterials(built, "hall", 64, closCounts(built, 64), ranges).find(({ role }) => role === "building")!
    expect(building.priceLowUsd).toBeCloseTo(10 * use.meterPowerW, 3)
    expect(building.priceHighUsd).toBeCloseTo(30 * use.meterPowerW, 3)
  })
})

describe("billOfMaterials", () => {
  it("has allowances at the ranges of the scenario", () => {
    const ranges = { ...defaultPriceRanges, rackUsd: { low: 2_000, high: 30_000 } }
    const lines = billOfMaterials(plant, "hall", 64, closCounts(plant, 64), ranges)
    const price = (role: string) => {
      const { priceLowUsd, priceUsd, priceHighUsd } = lines.find((line) => line.role === role)!
      return [priceLowUsd, priceUsd, priceHighUsd]
    }
    expect(price("rack")).toEqual([2_000, defaultAllowances.rackUsd, 30_000])
    expect(price("storage").map(Math.round)).toEqual([0.7, 1, 1.4].map((share) => share * 1500))
  })

  const count = (lines: typeof bom, role: string) => lines.find((line) => line.role === role)?.count ?? 0

  it("counts modules at both ends, and none where the switch holds its optics", () => {
    expect(count(bom, "transceiver, NIC side")).toBe(512)
    expect(count(bom, "transceiver, leaf side")).toBe(512)
    expect(count(bom, "transceiver, between switches")).toBe(2 * 512)
    expect(count(bom, "cable, NIC to leaf")).toBe(512)
    const photonic = { ...scaleOut, switch: { ...scaleOut.switch, coPackagedOptics: true } }
    const held = ready({ ...design, scaleOut: photonic }, defaultAllowances)
    const lines = billOfMaterials(held, "hall", 64, closCounts(held, 64), defaultPriceRanges)
    expect(count(lines, "transceiver, NIC side")).toBe(512)
    expect(count(lines, "transceiver, leaf side")).toBe(0)
    expect(count(lines, "transceiver, between switches")).toBe(0)
  })

  it("gives on-board switches no rack units and copper no modules", () => {
    const board = bom.find((line) => line.role === "on-board switch")
    expect(board).toMatchObject({ count: 256, rackUnits: 0 })
    expect(bom.some((line) => line.part === "backplane" && line.role.includes("transceiver"))).toBe(false)
  })

  it("lets a twin-port module carry two links, at the switch always, at a NIC only where it has two", () => {
    const twin = ready(design, defaultAllowances, { endpoint: 2, fabric: 2 })
    const lines = billOfMaterials(twin, "hall", 64, closCounts(twin, 64), defaultPriceRanges)
    expect(count(lines, "transceiver, leaf side")).toBe(256)
    expect(count(lines, "transceiver, NIC side")).toBe(512)
    expect(count(lines, "transceiver, between switches")).toBe(512)
    const twoPlanes = { ...design, scaleOut: { ...scaleOut, planes: 2 } }
    const planes = ready(twoPlanes, defaultAllowances, { endpoint: 2, fabric: 2 })
    expect(count(billOfMaterials(planes, "hall", 64, closCounts(planes, 64), defaultPriceRanges), "transceiver, NIC side")).toBe(512)
  })

  it("buys spares as whole hosts with accelerators and NICs", () => {
    const spare = ready(design, { ...defaultAllowances, spareShare: 0.03 })
    const lines = billOfMaterials(spare, "hall", 64, closCounts(spare, 64), defaultPriceRanges)
    expect(count(lines, "spare host")).toBe(2)
    expect(count(lines, "spare accelerator")).toBe(16)
    expect(count(lines, "spare nic")).toBe(16)
    expect(count(lines, "storage")).toBe(512 + 16)
  })
})
