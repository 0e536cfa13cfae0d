/**
 * Times the hot functions of the facility model; with `docs`, rewrites the tables and drawings of
 * docs/facility.md instead. Sizes sweep from one HBD to a gigawatt; every use is held against its bill of
 * materials before it is timed.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { billOfMaterials } from "../models/facility/bill-of-materials.ts"
import { defaultAllowances } from "../models/facility/defaults.ts"
import { drawFloorPlan } from "../models/facility/floor-drawing.ts"
import { maximumCableLengths } from "../models/facility/floor-grid.ts"
import { floorPlan } from "../models/facility/floor-plan.ts"
import { preparePlant } from "../models/facility/plant.ts"
import { tabulateAllIn, tabulateTotals } from "../models/facility/published-table.ts"
import { allInCases, checkAllIn, checkTotal, publishedCases } from "../models/facility/published-totals.ts"
import type { ReferenceLinks, ReferenceSite } from "../models/facility/reference-plant.ts"
import { referenceSite } from "../models/facility/reference-plant.ts"
import { boundResourceUse, resourceUse } from "../models/facility/resource-use.ts"
import type { Catalog } from "../models/hardware/catalog.ts"
import { measure, showTimes } from "./timing.ts"

const root = new URL("../", import.meta.url)

const entries = (file: string) =>
  JSON.parse(readFileSync(new URL(`instances/catalog/${file}.json`, root), "utf8")).entries

const catalog: Catalog = {
  accelerators: entries("accelerators"), systems: entries("systems"), switches: entries("switches"),
  nics: entries("nics"), interconnects: entries("interconnects"), coolingClasses: entries("cooling-classes"),
  facilities: entries("facilities"), models: []
}

const site = (id: string, hbds: number, links: ReferenceLinks = []): ReferenceSite => {
  const system = catalog.systems.find((one) => one.id === id)
  const site = system === undefined ? null : referenceSite(system, catalog, hbds, links)
  if (site === null) throw new Error(`the catalogue cannot build ${id}`)
  return site
}

const bench = () => {
  for (const [id, hbds] of [["dgx-h100", 1], ["dgx-h100", 4096], ["gb200-nvl72", 16], ["gb200-nvl72", 1024]] as const) {
    const { plant, scaleOut } = site(id, hbds)
    const billedW = billOfMaterials(plant, id, hbds, scaleOut)
      .reduce((sum, line) => sum + line.count * line.powerMaxW, 0)
    const usedW = resourceUse(plant, hbds, scaleOut).itPowerW
    if (Math.abs(billedW / usedW - 1) > 1e-9) throw new Error(`${id}: the bill draws ${billedW} W, not ${usedW} W`)
    const runs: ReadonlyArray<readonly [string, () => unknown]> = [
      ["resourceUse", () => resourceUse(plant, hbds, scaleOut)],
      ["boundResourceUse", () => boundResourceUse(plant, scaleOut)],
      ["maximumCableLengths", () => maximumCableLengths(plant, hbds, scaleOut)],
      ["preparePlant", () => preparePlant(plant.design, plant.standing, defaultAllowances, plant.linksPerCable)],
      ["billOfMaterials", () => billOfMaterials(plant, id, hbds, scaleOut)]
    ]
    for (const [name, run] of runs) {
      console.log(`${id} × ${hbds}`.padEnd(20), name.padEnd(20), showTimes(measure(200, run)), "ms")
    }
  }
}

const drawings: ReadonlyArray<readonly [string, string, ReferenceSite]> = [
  ["nodes", "2,048 H100 in 256 nodes of eight, air-cooled", site("dgx-h100", 256)],
  ["racks", "1,152 GB200 in 16 NVL72 racks, liquid-cooled", site("gb200-nvl72", 16)],
  [
    "supernodes", "1,536 Ascend 910C in 4 CloudMatrix384 of several racks each",
    site("cloudmatrix384", 4, [{ medium: "ub-optical-400", count: 2688 }])
  ]
]

const writeDocs = () => {
  mkdirSync(new URL("docs/facility/", root), { recursive: true })
  for (const [name, title, { plant, hbds, scaleOut }] of drawings) {
    writeFileSync(new URL(`docs/facility/${name}.svg`, root), drawFloorPlan(floorPlan(plant, hbds, scaleOut), title))
  }
  const page = new URL("docs/facility.md", root)
  const tables = {
    totals: tabulateTotals(publishedCases.map((one) => checkTotal(one, catalog)).filter((check) => check !== null)),
    "all-in": tabulateAllIn(allInCases.map((one) => checkAllIn(one, catalog)).filter((check) => check !== null))
  }
  writeFileSync(page, Object.entries(tables).reduce(
    (text, [name, table]) => text.replace(
      new RegExp(`<!-- ${name} -->[^]*?<!-- end -->`), () => `<!-- ${name} -->\n${table}\n<!-- end -->`),
    readFileSync(page, "utf8")
  ))
}

if (process.argv[2] === "docs") writeDocs()
else bench()
