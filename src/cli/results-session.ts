/** What `results` prints and writes. */
import { resolve } from "node:path"
import type { DuckDBConnection } from "@duckdb/node-api"
import { Console, Effect } from "effect"
import { type FileForm, answersQuery, occupantOf, writeAnswers } from "../results/answer-files.ts"
import { type AnsweredBatch, batchNames, readBatches } from "../results/answers.ts"
import { contestsOf } from "../results/contests.ts"
import { crossoversOf } from "../results/crossovers.ts"
import { sharesOf } from "../results/shares.ts"
import { renderBatch, renderRows } from "../results/tables.ts"
import { badFile, BadInput } from "../scenario/bad-input.ts"
import { wantedStyle } from "./delivery.ts"
import { withStore } from "./store-access.ts"

interface Asked {
  readonly store: string
  readonly batch: string | null
  readonly sql: string | null
  readonly key: string | null
  readonly to: FileForm | null
  readonly out: string | null
  readonly json: boolean
}

export const showResults = (asked: Asked) =>
  withStore(asked.store, Effect.fnUntraced(function*(connection: DuckDBConnection) {
    const { store, batch, sql, key, to, json } = asked
    const names = yield* query(store, () => batchNames(connection))
    if (batch !== null && !names.includes(batch)) {
      return yield* badFile("--batch", batch, `a batch of the store: ${names.join(", ")}`)
    }
    yield* to !== null
      ? writeFile(connection, asked, to)
      : key !== null
      ? printRecommendation(connection, store, key)
      : sql !== null
      ? printRows(connection, sql, json)
      : printBatches(connection, asked)
  }))

/** What DuckDB finds wrong with a query is the user's to mend. */
const query = <A>(source: string, work: () => Promise<A>): Effect.Effect<A, BadInput> =>
  Effect.tryPromise({
    try: work,
    catch: (cause) =>
      badFile(source, cause instanceof Error ? cause.message.split("\n")[0]! : String(cause), "what DuckDB can do")
  })

const writeFile = Effect.fnUntraced(function*(connection: DuckDBConnection, { store, sql, batch, out }: Asked, form: FileForm) {
  const occupant = resolve(out!) === `${resolve(store)}.wal` ? "what belongs to the store" : occupantOf(out!)
  if (occupant !== null) return yield* badFile("--out", `${occupant}: ${out}`, "the name of a file; --json and --sql print")
  yield* query(sql === null ? "--out" : "--sql", async () =>
    writeAnswers(connection, sql ?? await answersQuery(connection, batch), form, out!))
  yield* Console.error(`wrote ${out}`)
})

const printRecommendation = Effect.fnUntraced(function*(connection: DuckDBConnection, store: string, key: string) {
  const rows = yield* query("--key", async () =>
    (await connection.runAndReadAll(
      "SELECT recommendation FROM results WHERE starts_with(key, $1) AND recommendation IS NOT NULL LIMIT 2", [key]
    )).getRows())
  if (rows.length !== 1) {
    return yield* badFile("--key", key, rows.length === 0 ? `the key of an answer in ${store}` : "more of the key: several begin so")
  }
  yield* Console.log(JSON.stringify(JSON.parse(String(rows[0]![0])), null, 2))
})

const printRows = Effect.fnUntraced(function*(connection: DuckDBConnection, sql: string, json: boolean) {
  const reader = yield* query("--sql", () => connection.runAndReadAll(sql))
  const names = reader.deduplicatedColumnNames()
  const values = reader.getRows()
  // whole numbers that JSON's readers hold exactly are numbers, larger ones text
  const isNumber = (value: unknown) => typeof value === "bigint" && Number.isSafeInteger(Number(value))
  const rows = reader.getRowsJson().map((row, i) => row.map((cell, j) => isNumber(values[i]![j]) ? Number(cell) : cell))
  if (json) {
    const objects = rows.map((row) => Object.fromEntries(row.map((cell, j) => [names[j]!, cell])))
    return yield* Console.log(JSON.stringify(objects, null, 2))
  }
  yield* Console.log(renderRows(names, rows))
})

const printBatches = Effect.fnUntraced(function*(connection: DuckDBConnection, { store, batch, json }: Asked) {
  const batches = yield* query(store, () => readBatches(connection, batch))
  if (batches.length === 0) return yield* badFile(store, "no batch", "a store with the answers of one")
  yield* Console.log(json
    ? JSON.stringify(batches.map(summaryOf), null, 2)
    : batches.map((one) => renderBatch(one, wantedStyle())).join("\n\n"))
})

const summaryOf = (batch: AnsweredBatch) => ({
  ...batch,
  contests: contestsOf(batch),
  crossovers: crossoversOf(batch),
  shares: Object.fromEntries(batch.axes.map(({ name }) => [name, sharesOf(batch, name)]))
})
