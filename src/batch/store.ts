/**
 * The store of a batch while it runs. Results are committed as they come, those that arrive during a commit together by the
 * next; a key is never there twice.
 */
import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api"
import { contentHash } from "../identity/content-hash.ts"
import type { Batch } from "./batch.ts"
import type { Frame } from "./job.ts"
import { type Cell, resultColumns } from "./result-columns.ts"
import { openDatabase, type OpenDatabase, storeMistake } from "./store-file.ts"

/** A scenario's place in a batch. */
export interface Membership {
  readonly batch: string
  readonly name: string
  readonly key: string
  readonly axes: Readonly<Record<string, unknown>>
}

export interface ResultRow {
  readonly key: string
  /** in the order of `resultColumns` */
  readonly cells: ReadonlyArray<Cell>
  readonly seconds: number
}

export interface RunHead {
  readonly batches: ReadonlyArray<Pick<Batch, "name" | "source" | "axes" | "content">>
  readonly version: string
  readonly frame: Pick<Frame, "hash" | "limits">
  readonly threads: number
  readonly total: number
}

interface Write {
  readonly member: Membership
  readonly result: ResultRow | null
  readonly done: () => void
  readonly failed: (cause: unknown) => void
}

const marks = (count: number): string => Array.from({ length: count }, (_, i) => `$${i + 1}`).join(", ")

const resultNames = ["key", ...resultColumns.map(({ name }) => name), "seconds", "run", "solved_at"]
const resultSql = `INSERT INTO results (${resultNames.join(", ")}) VALUES (${marks(resultNames.length - 1)}, now())`
/** In place of a defect, of no other answer; a plain insert takes a third of its time. */
const resultForDefectSql =
  `${resultSql} ON CONFLICT (key) DO UPDATE SET ` +
  `${resultNames.slice(1).map((name) => `${name} = excluded.${name}`).join(", ")} WHERE results.status = 'failed'`
const scenarioSql = "INSERT INTO scenarios (batch, axes, form, name, key) VALUES ($1, $2, $3, $4, $5) " +
  "ON CONFLICT (batch, axes) DO UPDATE SET form = excluded.form, name = excluded.name, key = excluded.key"

/** Those of the keys that have a result; `retryFailed`: that is no defect. */
export async function knownKeys(
  connection: DuckDBConnection, keys: ReadonlyArray<string>, retryFailed: boolean
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  const sql = `SELECT key FROM results WHERE key IN (${marks(keys.length)})${retryFailed ? " AND status <> 'failed'" : ""}`
  const rows = (await connection.runAndReadAll(sql, [...keys])).getRows()
  return new Set(rows.map(([key]) => key as string))
}

/** Those of the places in batches as they are now that are noted with their key, as `placeOf` writes them. */
async function notedPlaces(
  connection: DuckDBConnection, members: ReadonlyArray<Membership>
): Promise<ReadonlySet<string>> {
  if (members.length === 0) return new Set()
  const sql = `SELECT batch, axes, key FROM scenarios JOIN batches USING (batch, form) WHERE key IN (${marks(members.length)})`
  const rows = (await connection.runAndReadAll(sql, members.map(({ key }) => key))).getRows()
  return new Set(rows.map((row) => JSON.stringify(row)))
}

/** The batch as it is now: places of other forms of it are in none of its answers. */
async function noteBatch(connection: DuckDBConnection, batch: string, form: string, axes: Batch["axes"]): Promise<void> {
  await connection.run("INSERT OR REPLACE INTO batches (batch, form) VALUES ($1, $2)", [batch, form])
  for (const [position, { name, paths }] of axes.entries()) {
    const values = [batch, position, name, JSON.stringify(paths)]
    await connection.run("INSERT OR REPLACE INTO axes (batch, position, name, paths) VALUES ($1, $2, $3, $4)", values)
  }
  await connection.run("DELETE FROM axes WHERE batch = $1 AND position >= $2", [batch, axes.length])
}

/** Of limits: what a batch makes of them are those that its command line states. */
const unstated = { timeS: null, gap: NaN, evaluations: null, seed: NaN }

/** The work's answer; what DuckDB says of the file is thrown as BadInput. */
async function guarded<A>(path: string, work: () => Promise<A>): Promise<A> {
  try {
    return await work()
  } catch (cause) {
    throw storeMistake(path, cause)
  }
}

async function startRun(
  connection: DuckDBConnection, { batches, version, frame, threads, total }: RunHead
): Promise<number> {
  const [[run]] = (await connection.runAndReadAll("SELECT coalesce(max(run), 0) + 1 FROM runs")).getRows() as [[bigint]]
  await connection.run(
    "INSERT INTO runs (run, started, sources, version, catalog_hash, threads, total) VALUES ($1, now(), $2, $3, $4, $5, $6)",
    [run, batches.map(({ source }) => source).join(" "), version, frame.hash, threads, total]
  )
  return Number(run)
}

/** Prepared once: to parse and plan a statement takes longer than to run it. */
interface Statements {
  readonly insertResult: DuckDBPreparedStatement
  readonly insertScenario: DuckDBPreparedStatement
}

export class Store {
  readonly #path: string
  readonly #connection: DuckDBConnection
  readonly #statements: Statements
  readonly #close: () => void
  readonly #run: number
  readonly #forms: ReadonlyMap<string, string>
  readonly #retryFailed: boolean
  #waiting: Array<Write> = []
  #writing: Promise<void> | null = null

  private constructor(
    path: string, { connection, close }: OpenDatabase, statements: Statements, run: number, forms: ReadonlyMap<string, string>,
    retryFailed: boolean
  ) {
    this.#path = path
    this.#connection = connection
    this.#statements = statements
    this.#close = close
    this.#run = run
    this.#forms = forms
    this.#retryFailed = retryFailed
  }

  /** Opens or makes the store and starts a run in it, which knows no defects if they are to be tried again; throws BadInput. */
  static async open(path: string, head: RunHead, retryFailed = false): Promise<Store> {
    const database = await openDatabase(path, "READ_WRITE")
    const { connection } = database
    return guarded(path, async () => {
      const run = await startRun(connection, head)
      const forms = new Map<string, string>()
      for (const { name, axes, content } of head.batches) {
        const form = await contentHash([head.frame.hash, head.frame.limits(unstated), content])
        forms.set(name, form)
        await noteBatch(connection, name, form, axes)
      }
      const statements = {
        insertResult: await connection.prepare(retryFailed ? resultForDefectSql : resultSql),
        insertScenario: await connection.prepare(scenarioSql)
      }
      return new Store(path, database, statements, run, forms, retryFailed)
    })
  }

  knownOf(keys: ReadonlyArray<string>): Promise<ReadonlySet<string>> {
    return guarded(this.#path, () => knownKeys(this.#connection, keys, this.#retryFailed))
  }

  placesOf(members: ReadonlyArray<Membership>): Promise<ReadonlySet<string>> {
    return guarded(this.#path, () => notedPlaces(this.#connection, members))
  }

  /** Resolves once it is on the disk. `result` null: the key's is there. */
  save(member: Membership, result: ResultRow | null): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ member, result, done, failed })
      this.#writing ??= this.#writeAll()
    })
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const writes = this.#waiting
      this.#waiting = []
      try {
        await guarded(this.#path, () => this.#commit(writes))
        for (const { done } of writes) done()
      } catch (cause) {
        for (const { failed } of writes) failed(cause)
      }
    }
    this.#writing = null
  }

  async #commit(writes: ReadonlyArray<Write>): Promise<void> {
    const { insertResult, insertScenario } = this.#statements
    await this.#connection.run("BEGIN")
    try {
      for (const { member: { batch, name, key, axes }, result } of writes) {
        insertScenario.bind([batch, JSON.stringify(axes), this.#forms.get(batch)!, name, key])
        await insertScenario.run()
        if (result === null) continue
        insertResult.bind([key, ...result.cells, result.seconds, this.#run])
        await insertResult.run()
      }
      await this.#connection.run("COMMIT")
    } catch (cause) {
      // a store that failed may have none to roll back
      await this.#connection.run("ROLLBACK").catch(() => undefined)
      throw cause
    }
  }

  /** Notes how the run ended and closes the file. */
  async end(endedBy: "done" | "interrupted", solved: number, known: number): Promise<void> {
    await this.#writing
    await this.#connection.run(
      "UPDATE runs SET ended = now(), ended_by = $1, solved = $2, known = $3 WHERE run = $4",
      [endedBy, solved, known, this.#run]
    )
    this.#close()
  }
}
