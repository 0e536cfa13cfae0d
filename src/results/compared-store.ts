/** What `compare` reads of a store. */
import type { DuckDBConnection } from "@duckdb/node-api"
import { readBatches } from "./answers.ts"
import type { ComparedStore, Program } from "./store-difference.ts"

/** What makes a plan another one: choices, not figures that follow from them. */
const planColumns = [
  "accelerator", "host", "hbd_size", "hbd_topology", "hbd_tiers", "scale_out_topology", "scale_out_tiers",
  "scale_out_gbits_per_s", "scale_out_switch", "scale_out_switches", "hbds", "accelerators", "racks",
  "tp", "cp", "ep", "etp", "pp", "vpp", "dp", "micro_batch", "recompute", "zero_stage"
]

export async function readComparedStore(connection: DuckDBConnection): Promise<ComparedStore> {
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRows() as ReadonlyArray<ReadonlyArray<string>>
  const plans = await rowsOf(`SELECT key, hash(${planColumns.join(", ")})::VARCHAR FROM results WHERE value IS NOT NULL`)
  const programs = await rowsOf(
    "SELECT DISTINCT version, catalog_hash FROM runs WHERE run IN (SELECT run FROM answers) ORDER BY ALL"
  )
  return {
    batches: await readBatches(connection, null),
    plans: new Map(plans.map(([key, plan]) => [key!, plan!])),
    programs: programs.map(([version, catalogHash]): Program => ({ version: version!, catalogHash: catalogHash! }))
  }
}

/** By key; none of what is no scenario or a defect. */
export async function readRecommendations(
  connection: DuckDBConnection, keys: ReadonlyArray<string>
): Promise<ReadonlyMap<string, unknown>> {
  if (keys.length === 0) return new Map()
  const marks = keys.map((_, i) => `$${i + 1}`).join(", ")
  const sql = `SELECT key, recommendation FROM results WHERE key IN (${marks}) AND recommendation IS NOT NULL`
  const rows = (await connection.runAndReadAll(sql, [...keys])).getRows() as ReadonlyArray<ReadonlyArray<string>>
  return new Map(rows.map(([key, json]) => [key!, JSON.parse(json!) as unknown]))
}
