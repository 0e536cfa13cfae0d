/** `csv`: bill of materials, wiring list and rack elevations as comma-separated values (RFC 4180). */
import { renderCsv, type Table } from "./csv-table.ts"
import { plainCell } from "./escaping.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { planTables, tableRemarks } from "./plan-tables.ts"

export function exportCsv(source: ExportSource): Exported {
  const { bom, wiring, racks } = planTables(source)
  return {
    files: { "bom.csv": render(bom), "wiring.csv": render(wiring), "racks.csv": render(racks) },
    remarks: tableRemarks(source)
  }
}

/** For spreadsheets: text stays text. */
const render = ({ columns, rows }: Table): string =>
  renderCsv({ columns, rows: rows.map((row) => row.map((cell) => (typeof cell === "string" ? plainCell(cell) : cell))) })
