/** `floor`: where every rack stands, as SVG, and every bundle of cables with its length, medium, power and latency, as CSV. */
import { drawFloorPlan } from "../../models/facility/floor-drawing.ts"
import { floorPlan } from "../../models/facility/floor-plan.ts"
import { renderCsv } from "./csv-table.ts"
import type { Exported, ExportSource } from "./export-source.ts"

const columns = ["bundle", "medium", "cables", "meanM", "longestM", "powerW", "latencyNs", "reaches"] as const

export function exportFloor({ layout, built: { member: { plant }, candidate, counts } }: ExportSource): Exported {
  const plan = floorPlan(plant, candidate.hbds, counts)
  const title = `${layout.hbds} HBDs of ${layout.hbd.size} ${layout.accelerator}, ${plan.racks.length} racks`
  return {
    files: {
      "floor-plan.svg": drawFloorPlan(plan, title),
      "cables.csv": renderCsv({ columns, rows: plan.runs.map((run) => columns.map((column) => run[column])) })
    },
    remarks: ["cables of a bundle are counted from rack to rack, evenly: the wiring list (csv) names each without a length"]
  }
}
