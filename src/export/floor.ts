/**
 * `floor`: where every rack of a site stands, as SVG, and every bundle of cables with its length, medium, power and
 * latency, as CSV. Files carry the site's name where there are several.
 */
import { drawFloorPlan } from "../../models/facility/floor-drawing.ts"
import { floorPlan } from "../../models/facility/floor-plan.ts"
import type { SitePlan } from "../planner/built.ts"
import { renderCsv } from "./csv-table.ts"
import { xmlText } from "./escaping.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { nameRemarks, unplacedRemarks } from "./site-remarks.ts"

const columns = ["bundle", "medium", "cables", "meanM", "longestM", "powerW", "latencyNs", "reaches"] as const

export function exportFloor({ built }: ExportSource): Exported {
  const prefix = ({ slug }: SitePlan) => (built.sites.length === 1 ? "" : `${slug}-`)
  return {
    files: Object.fromEntries(built.sites.flatMap((plan) =>
      Object.entries(floorFiles(plan)).map(([name, content]) => [`${prefix(plan)}${name}`, content]))),
    remarks: [
      "cables of a bundle are counted from rack to rack, evenly: the wiring list (csv) names each without a length",
      ...nameRemarks(built), ...unplacedRemarks(built)
    ]
  }
}

function floorFiles({ site, stand: { hbd }, hbds, plant, counts }: SitePlan): Readonly<Record<string, string>> {
  const plan = floorPlan(plant, hbds, counts)
  const title = `${site}: ${hbds} HBDs of ${hbd.size} ${hbd.accelerator.id}, ${plan.racks.length} racks`
  return {
    "floor-plan.svg": drawFloorPlan(plan, xmlText(title)),
    "cables.csv": renderCsv({ columns, rows: plan.runs.map((run) => columns.map((column) => run[column])) })
  }
}
