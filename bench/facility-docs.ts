/** Rewrites the tables and drawings of docs/facility.md from the catalogue. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { drawFloorPlan } from "../models/facility/floor-drawing.ts"
import { floorPlan } from "../models/facility/floor-plan.ts"
import { tabulateAllIn, tabulateTotals } from "../models/facility/published-table.ts"
import { allInCases, checkAllIn, checkTotal, publishedCases } from "../models/facility/published-totals.ts"
import type { ReferenceSite } from "../models/facility/reference-plant.ts"
import { catalog, root, site } from "./reference-sites.ts"

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

writeDocs()
