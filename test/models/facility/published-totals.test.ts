import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { tabulateAllIn, tabulateTotals } from "../../../models/facility/published-table.ts"
import { allInCases, checkAllIn, checkTotal, publishedCases } from "../../../models/facility/published-totals.ts"
import type { Catalog } from "../../../models/hardware/catalog.ts"

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")
const entries = (file: string) => JSON.parse(read(`instances/catalog/${file}.json`)).entries

const catalog: Catalog = {
  accelerators: entries("accelerators"), systems: entries("systems"), switches: entries("switches"),
  nics: entries("nics"), interconnects: entries("interconnects"), coolingClasses: entries("cooling-classes"),
  facilities: entries("facilities"), models: []
}

describe("published totals", () => {
  it.each(publishedCases)("$system is within 10 %", (published) => {
    const check = checkTotal(published, catalog)
    expect(check).not.toBeNull()
    expect(Math.abs(check?.error ?? 1)).toBeLessThan(0.1)
  })

  it("names a power that makes the total come out", () => {
    const cloud = publishedCases.find((one) => one.system === "cloudmatrix384")
    if (cloud === undefined) throw new Error("no such case")
    const needed = checkTotal(cloud, catalog)?.needed
    const replaced = catalog.accelerators.map((one) =>
      one.name === needed?.name ? { ...one, powerMaxW: needed.neededW } : one)
    expect(checkTotal(cloud, { ...catalog, accelerators: replaced })?.error).toBeCloseTo(0, 9)
  })

  it("knows nothing of a system whose parts the catalogue lacks", () => {
    for (const published of publishedCases) expect(checkTotal(published, { ...catalog, accelerators: [] })).toBeNull()
  })

  it("implies a PUE near those of halls from power at the meter", () => {
    const pues = allInCases.map((one) => checkAllIn(one, catalog)?.impliedPue ?? 0)
    expect(pues.length).toBe(allInCases.length)
    for (const pue of pues) expect(pue).toBeGreaterThan(0.85)
    for (const pue of pues) expect(pue).toBeLessThan(1.56)
  })

  it("is what docs/facility.md shows (rewrite it with: npm run docs)", () => {
    const page = read("docs/facility.md")
    const totals = publishedCases.map((one) => checkTotal(one, catalog)).filter((check) => check !== null)
    const allIn = allInCases.map((one) => checkAllIn(one, catalog)).filter((check) => check !== null)
    expect(page).toContain(tabulateTotals(totals))
    expect(page).toContain(tabulateAllIn(allIn))
  })
})
