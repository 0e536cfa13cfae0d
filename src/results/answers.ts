/** What a store holds, batch by batch, as plain rows. */
import type { DuckDBConnection } from "@duckdb/node-api"

/** What choices are told by. */
export type Aspect = "accelerator" | "hbdSize"

/** A scenario of a batch with its result. */
export interface AnswerRow {
  readonly key: string
  /** label by axis */
  readonly axes: Readonly<Record<string, unknown>>
  readonly status: string
  readonly reason: string | null
  /** objective with its unit: values of different ones are not compared */
  readonly objective: string | null
  readonly sense: "maximize" | "minimize" | null
  readonly unit: string | null
  readonly value: number | null
  readonly bound: number | null
  readonly gap: number | null
  readonly accelerator: string | null
  readonly hbdSize: number | null
  readonly accelerators: number | null
  readonly tokensPerS: number | null
  /** what the scenario leaves no choice of; null: the search chose it */
  readonly fixed: { readonly accelerator: string | null; readonly hbdSize: number | null }
}

export interface AnsweredAxis {
  readonly name: string
  /** all of it narrows what may be chosen; else it is a circumstance */
  readonly isDecision: boolean
}

export interface AnsweredBatch {
  readonly name: string
  readonly axes: ReadonlyArray<AnsweredAxis>
  /** in the order of their axes */
  readonly rows: ReadonlyArray<AnswerRow>
}

const columns = {
  key: "key", axes: "axes", status: "status", reason: "reason", objective: "objective", sense: "sense", unit: "unit",
  value: "value", bound: "bound", gap: "gap", accelerator: "accelerator", hbdSize: "hbd_size",
  accelerators: "accelerators", tokensPerS: "tokens_per_s"
} as const

export async function batchNames(connection: DuckDBConnection): Promise<ReadonlyArray<string>> {
  return (await connection.runAndReadAll("SELECT DISTINCT batch FROM axes ORDER BY batch")).getRows().map(String)
}

/** Every batch, or the one of that name; rows of an earlier form of a batch are left out. */
export async function readBatches(connection: DuckDBConnection, only: string | null): Promise<ReadonlyArray<AnsweredBatch>> {
  const read = await connection.runAndReadAll("SELECT batch, name, paths FROM axes ORDER BY batch, position")
  const axes = read.getRows().map((row) => row.map(String) as [string, string, string])
    .map(([batch, name, paths]) => ({ batch, name, paths: JSON.parse(paths) as ReadonlyArray<string> }))
  const names = [...new Set(axes.map(({ batch }) => batch))].filter((name) => only === null || name === only)
  const batches: Array<AnsweredBatch> = []
  for (const name of names) {
    const own = axes.filter(({ batch }) => batch === name)
    const told = own.map(({ name, paths }): AnsweredAxis => ({ name, isDecision: isDecision(paths) }))
    const rows = await readRows(connection, name, told)
    batches.push({ name, axes: told, rows: await withFixed(connection, rows, own.filter(changesSearch).map(({ name }) => name)) })
  }
  return batches
}

function isDecision(paths: ReadonlyArray<string>): boolean {
  return paths.length > 0 && paths.every((path) => /^(search|catalog)\b/.test(path))
}

function changesSearch({ paths }: { readonly paths: ReadonlyArray<string> }): boolean {
  return paths.length === 0 || paths.some((path) => /^search\b/.test(path))
}

type ReadRow = Omit<AnswerRow, "fixed">

async function readRows(
  connection: DuckDBConnection, batch: string, axes: ReadonlyArray<AnsweredAxis>
): Promise<ReadonlyArray<ReadRow>> {
  const sql = `SELECT ${Object.values(columns).join(", ")} FROM answers WHERE batch = $1`
  const names = Object.keys(columns)
  const rows = (await connection.runAndReadAll(sql, [batch])).getRows().map((cells) =>
    Object.fromEntries(cells.map((cell, i) => [names[i]!, plainCell(names[i]!, cell)])) as unknown as ReadRow)
  const current = rows.filter((row) => Object.keys(row.axes).join() === axes.map(({ name }) => name).join())
  return current.sort((a, b) => compareLabels(a, b, axes))
}

const fixedSql = `
  SELECT key, to_json(json_extract(recommendation, ['$.scenario.search.accelerator', '$.scenario.search.hbdSize']))
  FROM results WHERE key IN (SELECT unnest(from_json($1, '["VARCHAR"]')))`

/** Scenarios that differ in no axis of the search fix the same: one of them is read, for recommendations are long. */
async function withFixed(
  connection: DuckDBConnection, rows: ReadonlyArray<ReadRow>, axes: ReadonlyArray<string>
): Promise<ReadonlyArray<AnswerRow>> {
  const labels = (row: ReadRow) => JSON.stringify(axes.map((name) => row.axes[name]))
  const samples = new Map(rows.filter(({ objective }) => objective !== null).map((row) => [labels(row), row.key]))
  const read = (await connection.runAndReadAll(fixedSql, [JSON.stringify([...samples.values()])])).getRows()
  const fixed = new Map(read.map(([key, tried]) => [key, fixedOf((JSON.parse(String(tried)) ?? []) as ReadonlyArray<unknown>)]))
  return rows.map((row) => ({ ...row, fixed: fixed.get(samples.get(labels(row)) ?? null) ?? fixedOf([]) }))
}

function plainCell(name: string, cell: unknown): unknown {
  if (name === "axes") return JSON.parse(cell as string)
  return typeof cell === "bigint" ? Number(cell) : cell
}

/** Of what the search may try, listed, or null for everything. */
function fixedOf([accelerators, hbdSizes]: ReadonlyArray<unknown>): AnswerRow["fixed"] {
  const only = (tried: unknown) => Array.isArray(tried) && tried.length === 1 ? tried[0] : null
  return { accelerator: only(accelerators), hbdSize: only(hbdSizes) }
}

function compareLabels(a: ReadRow, b: ReadRow, axes: ReadonlyArray<AnsweredAxis>): number {
  for (const { name } of axes) {
    const order = compareValues(a.axes[name], b.axes[name])
    if (order !== 0) return order
  }
  return 0
}

/** Numbers by size, else by text. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b
  const [left, right] = [labelText(a), labelText(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Made once: to make one takes a hundred times as long as to use it. */
const numbers = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 })

/** A label in a table. */
export function labelText(label: unknown): string {
  if (typeof label === "number") return numbers.format(label)
  return typeof label === "string" ? label : JSON.stringify(label)
}
