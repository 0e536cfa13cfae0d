/** Rows as comma-separated values (RFC 4180). */

export type Cell = string | number | boolean | null

export interface Table {
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<Cell>>
}

/** Null is an empty cell. */
export const renderCsv = ({ columns, rows }: Table): string =>
  [columns, ...rows].map((row) => row.map(renderCell).join(",") + "\r\n").join("")

const renderCell = (value: Cell): string => {
  const text = value === null ? "" : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll(`"`, `""`)}"` : text
}
