/** The bill of materials as a table for a spreadsheet (RFC 4180). */
import type { BomLine } from "../../models/facility/bill-of-materials.ts"

const columns = [
  "site", "side", "role", "part", "name", "count", "pue", "powerMaxW", "powerIdleW", "rackUnits", "weightKg", "priceUsd",
  "priceLowUsd", "priceHighUsd", "estimates"
] as const satisfies ReadonlyArray<keyof BomLine>

export const renderBomCsv = (lines: ReadonlyArray<BomLine>): string =>
  [columns, ...lines.map((line) => columns.map((column) => line[column]))]
    .map((row) => row.map(renderCell).join(",") + "\r\n").join("")

const renderCell = (value: BomLine[keyof BomLine]): string => {
  const text = value === null ? "" : typeof value === "object" ? value.join(" ") : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll(`"`, `""`)}"` : text
}
