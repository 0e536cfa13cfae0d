/** Columns of text within 80 characters, and differences in per cent. */
import { formatPercent } from "../report/format.ts"

const width = 80
const narrowest = 6

/** Columns as wide as they need, the first `left` and the last flush left; the widest give way where there is no room. */
export const columns = (cells: ReadonlyArray<ReadonlyArray<string>>, left: number): ReadonlyArray<string> => {
  const rows = cells.map((row) => row.map((cell) => cell.replace(/[\t\n\r]+/g, " ")))
  const widths = widthsOf(rows)
  while (sumOf(widths) > width && Math.max(...widths) > narrowest) {
    widths[widths.indexOf(Math.max(...widths))]! -= 1
  }
  return rows.map((row) =>
    `  ${row.map((cell, i) => fit(cell, widths[i]!, i < left || i === row.length - 1)).join("  ")}`.trimEnd())
}

/** Characters that a line takes where nothing gives way. */
export const widthOf = (rows: ReadonlyArray<ReadonlyArray<string>>): number => sumOf(widthsOf(rows))

const widthsOf = (rows: ReadonlyArray<ReadonlyArray<string>>): Array<number> =>
  (rows[0] ?? []).map((_, i) => rows.reduce((most, row) => Math.max(most, row[i]!.length), 0))

const sumOf = (widths: ReadonlyArray<number>): number => widths.reduce((sum, one) => sum + one + 2, 0)

const fit = (cell: string, size: number, isLeft: boolean): string => {
  const text = cell.length <= size ? cell : `${cell.slice(0, size - 1)}…`
  return isLeft ? text.padEnd(size) : text.padStart(size)
}

/** `−3.2 %`: how far `value` is from `from`. */
export const difference = (value: number, from: number): string => {
  const share = value / from - 1
  return `${share < 0 ? "−" : "+"}${formatPercent(Math.abs(share))}`
}
