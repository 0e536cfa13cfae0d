/** Answers, or the rows of a query, as files of CSV or Parquet: written under another name first, then renamed. */
import { existsSync, lstatSync, realpathSync, renameSync, rmSync, statSync } from "node:fs"
import type { DuckDBConnection } from "@duckdb/node-api"
import { isDatabase } from "../files/database-file.ts"

export const fileForms = ["csv", "parquet"] as const
export type FileForm = typeof fileForms[number]

/** A column for each axis, `axis_power`, of numbers where all labels are; then those of a result without the documents. */
export async function answersQuery(connection: DuckDBConnection, batch: string | null): Promise<string> {
  const where = batch === null ? "" : ` WHERE batch = ${quoted(batch)}`
  const names = (await connection.runAndReadAll("SELECT DISTINCT name FROM axes ORDER BY name")).getRows().map(String)
  const axes: Array<string> = []
  for (const name of names) {
    const label = `axes->>${pathOf(name)}`
    const read = await connection.runAndReadAll(`SELECT DISTINCT json_type(axes, ${pathOf(name)}) FROM answers${where}`)
    const type = columnType(read.getRows().map(String))
    axes.push(`${type === null ? label : `(${label})::${type}`} AS "axis_${name.replaceAll('"', '""')}"`)
  }
  return `SELECT ${["batch", ...axes].join(", ")}, answers.* EXCLUDE (batch, axes, recommendation) FROM answers${where} ` +
    "ORDER BY batch, answers.axes"
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const pathOf = (axis: string): string => quoted(`$."${axis.replaceAll('"', '\\"')}"`)

/** Of labels of these types of JSON; null: text. */
function columnType(types: ReadonlyArray<string>): "BIGINT" | "DOUBLE" | null {
  const labels = types.filter((type) => type !== "NULL" && type !== "null")
  if (labels.length === 0 || labels.some((type) => !["BIGINT", "UBIGINT", "DOUBLE"].includes(type))) return null
  return labels.includes("DOUBLE") ? "DOUBLE" : "BIGINT"
}

/** What stands in the place of a file to be written and must not be replaced; null: nothing does. */
export function occupantOf(path: string): string | null {
  if (!existsSync(path)) return lstatSync(path, { throwIfNoEntry: false }) === undefined ? null : "a link to nothing"
  const stat = statSync(path)
  if (stat.isDirectory()) return "a directory"
  if (!stat.isFile()) return "no regular file"
  return isDatabase(path) ? "a database" : null
}

/** Throws what DuckDB says of the query or of the file. A link stays and what it leads to is replaced. */
export async function writeAnswers(
  connection: DuckDBConnection, query: string, form: FileForm, path: string
): Promise<void> {
  const target = existsSync(path) ? realpathSync(path) : path
  const temporary = `${target}.${process.pid}.tmp`
  const options = form === "csv" ? "FORMAT csv, HEADER" : "FORMAT parquet"
  try {
    // the query may end in a comment
    await connection.run(`COPY (${query.replace(/;\s*$/, "")}\n) TO ${quoted(temporary)} (${options})`)
    renameSync(temporary, target)
  } finally {
    rmSync(temporary, { force: true })
  }
}
