/** `xlsx`: bill of materials, wiring list and rack elevations as one workbook (Office Open XML, ECMA-376). */
import ExcelJS from "exceljs"
import type { Exported, ExportSource } from "./export-source.ts"
import { planTables, tableRemarks } from "./plan-tables.ts"

/** Rows of a sheet, the header included. */
const mostRows = 1_048_576

export async function exportXlsx(source: ExportSource): Promise<Exported> {
  const { bom, wiring, racks } = planTables(source)
  const sheets = { "Bill of materials": bom, Wiring: wiring, Racks: racks }
  const workbook = new ExcelJS.Workbook()
  workbook.created = workbook.modified = new Date(0)
  const tooLong: Array<string> = []
  for (const [name, { columns, rows }] of Object.entries(sheets)) {
    const sheet = workbook.addWorksheet(name, { views: [{ state: "frozen", ySplit: 1 }] })
    sheet.addRow([...columns]).font = { bold: true }
    sheet.addRows(rows.slice(0, mostRows - 1).map((row) => [...row]))
    sheet.columns.forEach((column, i) => {
      column.width = widthOf(columns[i]!, rows.slice(0, 100).map((row) => row[i]))
    })
    if (rows.length >= mostRows) {
      tooLong.push(`${name}: a sheet ends after ${mostRows} rows, ${rows.length} are needed; use csv`)
    }
  }
  const written = new Uint8Array(await workbook.xlsx.writeBuffer())
  return { files: { "plan.xlsx": written }, remarks: [...tableRemarks(source), ...tooLong] }
}

function widthOf(header: string, cells: ReadonlyArray<unknown>): number {
  const widest = cells.reduce<number>((most, cell) => Math.max(most, String(cell ?? "").length), header.length)
  return Math.min(60, widest + 2)
}
