import { describe, expect, it } from "vitest"
import { billOfMaterials } from "../../../models/facility/bill-of-materials.ts"
import { defaultAllowances, defaultPriceRanges } from "../../../models/facility/defaults.ts"
import { missingFigures } from "../../../models/facility/missing-figures.ts"
import {
  cableFigures, endFigures, hostFigures, nicFigures, switchFigures
} from "../../../models/facility/part-figures.ts"
import { resourceUse } from "../../../models/facility/resource-use.ts"
import type { Evidence } from "../../../models/hardware/part.ts"
import { accelerator, box, copper, design, host, nic, nodeHbd, onBoard, optics, scaleOut, tray } from "./parts.ts"
import { closCounts, ready } from "./plants.ts"

const recalled: Evidence = {
  fields: ["powerMaxW"], title: "memory", url: null, confidence: "datasheet", verification: "recalled", method: null
}

describe("figures of a part", () => {
  it("puts a stand-in for idle power and weight, never for maximum power or price", () => {
    const unpriced = { hostPriceUsd: null, hostPriceLowUsd: null, hostPriceHighUsd: null }
    const figures = hostFigures({ ...host, ...unpriced, hostPowerIdleW: null, weightKg: null })
    expect(figures.powerIdleW).toBeGreaterThan(0)
    expect(figures.powerIdleW).toBeLessThan(figures.powerMaxW)
    expect(figures.weightKg).toBe(8 * 16)
    expect(figures.priceUsd).toBeNaN()
    expect(hostFigures({ ...host, hostPowerMaxW: null }).powerMaxW).toBeNaN()
  })

  it("finds an integrated NIC in its accelerator, and a board's switch in its host's room", () => {
    expect(nicFigures({ ...nic, integrated: true, powerMaxW: null, powerIdleW: null, priceUsd: null }))
      .toMatchObject({ powerMaxW: 0, powerIdleW: 0, priceUsd: 0 })
    expect(switchFigures(onBoard, true)).toMatchObject({ rackUnits: 0, weightKg: 0, powerMaxW: 100 })
    expect(switchFigures(tray, false)).toMatchObject({ rackUnits: 1, weightKg: 20 })
  })

  it("draws a module's power at each end and a copper cable's at both", () => {
    expect(endFigures(optics)).toMatchObject({ powerMaxW: 10, powerIdleW: 10 })
    expect(endFigures(optics)).toMatchObject({ priceUsd: 400, priceLowUsd: 200, priceHighUsd: 800 })
    expect(cableFigures(optics)).toMatchObject({ powerMaxW: 0, priceUsd: 50 })
    expect(cableFigures(copper)).toMatchObject({ powerMaxW: 0.2, priceUsd: 100 })
    expect(endFigures({ ...optics, powerPerEndMaxW: null }).powerMaxW).toBe(9)
  })

  it("marks a line by the figures that are recalled, estimated or stand-ins", () => {
    const marked = { ...accelerator, powerIdleW: null, evidence: [recalled] }
    const plant = ready({ hbd: { ...nodeHbd, accelerator: marked }, scaleOut }, defaultAllowances)
    const bom = billOfMaterials(plant, "hall", 1, closCounts(plant, 1), defaultPriceRanges)
    expect(bom.find((line) => line.role === "accelerator")?.estimates).toEqual(["powerMaxW", "powerIdleW"])
    expect(bom.find((line) => line.role === "host")?.estimates).toEqual([])
    expect(bom.find((line) => line.role === "storage")?.estimates).toEqual(["powerMaxW", "priceUsd"])
  })
})

describe("missingFigures", () => {
  it("finds nothing in a design whose figures are known", () => {
    expect(missingFigures(design)).toEqual([])
  })

  it("names every figure that a sum would need, with its part and what needs it", () => {
    const missing = missingFigures({
      hbd: { ...nodeHbd, accelerator: { ...accelerator, powerMaxW: null }, host: { ...host, rackUnits: null } },
      scaleOut: {
        ...scaleOut, nic: { ...nic, priceUsd: null }, switch: { ...box, powerMaxW: null },
        endpointMedia: [{ ...optics, powerPerEndMaxW: null, powerPerEndW: null }]
      }
    })
    expect(missing.map(({ kind, id, field, need }) => `${kind}.${id}.${field} ${need}`)).toEqual([
      "accelerators.accelerator.powerMaxW power", "systems.host.rackUnits room", "nics.nic.priceUsd money",
      "switches.box.powerMaxW power", "interconnects.optics.powerPerEndMaxW power"
    ])
  })

  it("is exactly what makes a sum unknown", () => {
    const unpriced = { ...design, scaleOut: { ...scaleOut, nic: { ...nic, priceUsd: null } } }
    const plant = ready(unpriced, defaultAllowances)
    const use = resourceUse(plant, 4, closCounts(plant, 4))!
    expect(use.capexUsd).toBeNaN()
    expect(use.itPowerW).toBeGreaterThan(0)
  })
})
