/** `csv`: bill of materials, wiring list and rack elevations as comma-separated values (RFC 4180). */
import { renderCsv } from "./csv-table.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { planTables, tableRemarks } from "./plan-tables.ts"

export function exportCsv(source: ExportSource): Exported {
  const { bom, wiring, racks } = planTables(source)
  return {
    files: { "bom.csv": renderCsv(bom), "wiring.csv": renderCsv(wiring), "racks.csv": renderCsv(racks) },
    remarks: tableRemarks(source)
  }
}
