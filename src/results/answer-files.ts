/** Answers, or the rows of a query, as files of CSV or Parquet: written under another name first, then renamed. */
import { renameSync, rmSync } from "node:fs"
import type { DuckDBConnection } from "@duckdb/node-api"

export const fileForms = ["csv", "parquet"] as const
export type FileForm = typeof fileForms[number]

/** A column for each axis of any batch, `axis_power`, then those of a result without the documents. */
export async function answersQuery(connection: DuckDBConnection, batch: string | null): Promise<string> {
  const names = (await connection.runAndReadAll("SELECT DISTINCT name FROM axes ORDER BY name")).getRows()
  const axes = names.map(([name]) => {
    const text = String(name)
    const path = `$."${text.replaceAll('"', '\\"')}"`.replaceAll("'", "''")
    return `axes->>'${path}' AS "axis_${text.replaceAll('"', '""')}"`
  })
  const where = batch === null ? "" : ` WHERE batch = '${batch.replaceAll("'", "''")}'`
  return `SELECT ${["batch", ...axes].join(", ")}, answers.* EXCLUDE (batch, axes, recommendation) FROM answers${where} ` +
    "ORDER BY batch, axes"
}

/** Throws what DuckDB says of the query or of the file. */
export async function writeAnswers(
  connection: DuckDBConnection, query: string, form: FileForm, path: string
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  const options = form === "csv" ? "FORMAT csv, HEADER" : "FORMAT parquet"
  try {
    await connection.run(`COPY (${query.replace(/;\s*$/, "")}) TO '${temporary.replaceAll("'", "''")}' (${options})`)
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}
