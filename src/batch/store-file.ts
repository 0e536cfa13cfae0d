/**
 * Opens the database of a store. DuckDB is loaded on use. What is no store is told as the user's mistake and never written to:
 * it is looked at without the right to write first.
 */
import { accessSync, constants, existsSync, renameSync, rmSync, statSync } from "node:fs"
import { dirname } from "node:path"
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api"
import { badFile, type BadInput } from "../scenario/bad-input.ts"
import { program } from "../version.ts"
import { createTables, storeFormat } from "./store-tables.ts"

/** Of DuckDB's own cache: a store may be larger than the memory. */
const memoryLimit = "512MB"
/** Of what is not yet in its place in the file; with DuckDB's own 16 MB a third of the time of writing goes to putting it there. */
const checkpointThreshold = "64MB"
/** While a batch writes, the cores are for solving. */
const threadsOf = { READ_ONLY: "2", READ_WRITE: "1" } as const

export interface OpenDatabase {
  readonly connection: DuckDBConnection
  readonly close: () => void
}

type Access = "READ_ONLY" | "READ_WRITE"

/** Throws BadInput for what is no store, cannot be read or made, or is in use. */
export async function openDatabase(path: string, access: Access): Promise<OpenDatabase> {
  if (!existsSync(path)) {
    if (access === "READ_ONLY") throw badFile(path, "no such file", "a store that batch has written")
    checkPlace(path)
    await createDatabase(path)
  }
  const looked = await connect(path, "READ_ONLY")
  const refusal = await refusalOf(path, looked.connection, access)
  if (refusal === null && access === "READ_ONLY") return looked
  looked.close()
  if (refusal !== null) throw refusal
  return connect(path, access)
}

/** Throws BadInput where no store can be made. */
export function checkPlace(path: string): void {
  const folder = dirname(path)
  if (!existsSync(folder)) throw badFile(path, `no directory ${folder}`, "a store in a directory that there is")
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    throw badFile(path, `no right to write in ${folder}`, "a store in a directory that may be written to")
  }
}

async function createDatabase(path: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  rmSync(temporary, { force: true })
  try {
    const { connection, close } = await connect(temporary, "READ_WRITE", path)
    await connection.run(createTables)
    close()
    renameSync(temporary, path)
  } finally {
    for (const left of [temporary, `${temporary}.wal`]) rmSync(left, { force: true })
  }
}

async function connect(path: string, access: Access, told = path): Promise<OpenDatabase> {
  const { DuckDBInstance } = await import("@duckdb/node-api")
  try {
    const instance: DuckDBInstance = await DuckDBInstance.create(path, {
      access_mode: access, memory_limit: memoryLimit, checkpoint_threshold: checkpointThreshold, threads: threadsOf[access],
      autoinstall_known_extensions: "false"
    })
    const connection = await instance.connect()
    return { connection, close: () => { connection.closeSync(); instance.closeSync() } }
  } catch (cause) {
    throw mistakeOf(told, cause)
  }
}

/** What will be written to is read whole: what is written behind a broken block helps nobody. */
async function refusalOf(path: string, connection: DuckDBConnection, access: Access): Promise<BadInput | null> {
  const foreign = badFile(path, "a database of another program", "a store that batch has written")
  try {
    const [row] = (await connection.runAndReadAll("SELECT program, format FROM store")).getRows()
    if (row?.[0] !== program) return foreign
    if (row[1] !== storeFormat) {
      return badFile(path, `a store of format ${row[1]}`, `one of format ${storeFormat}, or the version that wrote it`)
    }
    if (await columnsOf(connection) !== await columnsOfStores()) return foreign
    if (access === "READ_WRITE") await readWhole(connection)
    return null
  } catch (cause) {
    return /does not exist|not found/.test(messageOf(cause)) ? foreign : mistakeOf(path, cause)
  }
}

async function columnsOf(connection: DuckDBConnection): Promise<string> {
  const sql = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
  return JSON.stringify((await connection.runAndReadAll(sql)).getRows())
}

async function columnsOfStores(): Promise<string> {
  const { connection, close } = await connect(":memory:", "READ_WRITE")
  try {
    await connection.run(createTables)
    return await columnsOf(connection)
  } finally {
    close()
  }
}

async function readWhole(connection: DuckDBConnection): Promise<void> {
  const tables = await connection.runAndReadAll("SELECT table_name FROM duckdb_tables() WHERE NOT internal")
  for (const [table] of tables.getRows()) await connection.run(`SELECT bit_xor(hash(${table})) FROM ${table}`)
}

const messageOf = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause)

const ofFile = /^(IO|FATAL|INTERNAL|Fatal|Internal|Serialization|Out of Memory|TransactionContext)\b.*Error|invalidated/

/** What DuckDB says of a store's file, as the user's mistake; any other cause as it is. */
export function storeMistake(path: string, cause: unknown): unknown {
  return ofFile.test(messageOf(cause)) ? mistakeOf(path, cause) : cause
}

function mistakeOf(path: string, cause: unknown): BadInput {
  const text = messageOf(cause)
  const [said] = text.split("\n")
  const holder = /Conflicting lock is held in .*\(PID (\d+)\)/.exec(text)?.[1]
  if (holder !== undefined || /Could not set lock/.test(text)) {
    return badFile(path, `a store in use by another process${holder === undefined ? "" : `, ${holder}`}`, "that to end first")
  }
  if (existsSync(path) && (statSync(path).isDirectory() || /not a valid DuckDB database/.test(text))) {
    return badFile(path, whatFile(path), "a store that batch has written")
  }
  return /write|space|commit/i.test(text)
    ? badFile(path, `a store that cannot be written (${said})`, "room on its disk; it keeps what it holds, the same command goes on")
    : badFile(path, `a store that cannot be read (${said})`, "one that is whole; it was left as it is")
}

const whatFile = (path: string): string =>
  statSync(path).isDirectory() ? "a directory" : statSync(path).size === 0 ? "an empty file" : "no database"
