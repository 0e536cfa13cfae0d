/** Columns of text within 80 characters, and differences in per cent. */
import { formatPercent } from "../report/format.ts"

const width = 80
const narrowest = 6

/** Columns as wide as they need, the first `left` and the last flush left; the widest give way where there is no room. */
export const columns = (rows: ReadonlyArray<ReadonlyArray<string>>, left: number): ReadonlyArray<string> => {
  const [head] = rows
  if (head === undefined) return []
  const widths = head.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  while (widths.reduce((sum, one) => sum + one + 2, 0) > width && Math.max(...widths) > narrowest) {
    widths[widths.indexOf(Math.max(...widths))]! -= 1
  }
  return rows.map((row) =>
    `  ${row.map((cell, i) => fit(cell, widths[i]!, i < left || i === row.length - 1)).join("  ")}`.trimEnd())
}

const fit = (cell: string, size: number, isLeft: boolean): string => {
  const text = cell.length <= size ? cell : `${cell.slice(0, size - 1)}…`
  return isLeft ? text.padEnd(size) : text.padStart(size)
}

/** `−3.2 %`: how far `value` is from `from`. */
export const difference = (value: number, from: number): string => {
  const share = value / from - 1
  return `${share < 0 ? "−" : "+"}${formatPercent(Math.abs(share))}`
}
