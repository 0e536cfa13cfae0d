import { describe, expect, it } from "vitest"
import { describeValue, listKind, showEntry } from "../../src/catalog/catalog-text.ts"
import { unitOf } from "../../src/catalog/units.ts"
import { catalogKinds } from "../../src/schema/catalog.ts"
import { shipped } from "./shipped-catalog.ts"

const entry = (id: string) => shipped.accelerators.find((one) => one.id === id)!

describe("the catalogue as text", () => {
  it("stays within 80 columns; only addresses are longer", () => {
    for (const kind of catalogKinds) {
      const lines = [...listKind(kind, shipped), ...shipped[kind].flatMap((one) => showEntry(kind, one))]
      expect(lines.filter((line) => line.length > 80 && !/^ +https?:/.test(line))).toEqual([])
    }
  })

  it("shows each figure with its unit and the number of its source, estimates marked", () => {
    const lines = showEntry("accelerators", entry("h100-sxm"))
    expect(lines.find((line) => line.includes(" bf16Tflops "))).toMatch(/989 TFLOP\/s \[\d+\]$/)
    expect(lines.find((line) => line.includes(" powerTypicalW "))).toMatch(/600 W \[\d+\] estimate$/)
    expect(lines.find((line) => line.includes(" fp4Tflops "))).toMatch(/—$/)
  })

  it("reads units from names", () => {
    expect(["memoryGBps", "linkGbps", "memoryGB", "powerMaxW", "rackPowerMaxKW", "priceUsd", "latencyNsPerM", "layers"].map(unitOf))
      .toEqual(["GB/s", "Gb/s", "GB", "W", "kW", "USD", "ns/m", ""])
    expect(describeValue("radix", [{ portGbps: 800, ports: 64 }])).toBe("64 × 800 Gb/s")
  })
})
