/** A batch whose scenarios take milliseconds: the mapping is fixed, some have no plan, one is no scenario. */
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openDatabase } from "../../src/batch/store-file.ts"

const base = {
  name: "quick",
  workload: { model: "llama3-8b" },
  sites: [{ power: { limitMW: 1 } }],
  search: {
    accelerator: "h100-sxm", hbdSize: 8, nic: "cx7-400", nicsPerAccelerator: 1, scaleOutSwitch: "qm9700",
    scaleOutTopology: "clos", scaleOutTiers: 2, railOptimized: true, planes: 1, oversubscription: 1,
    mapping: {
      tp: 2, cp: 1, pp: 1, vpp: 1, microBatch: 1, sequenceParallel: true, recompute: "selective", shardingStage: 1,
      shardingGroup: "all", offload: "none", order: "tp-cp-dp-pp"
    }
  },
  limits: { gap: 0.01 }
}

export const quickDirectory = (): string => mkdtempSync(join(tmpdir(), "batch-"))

/** Writes the batch file: `powers` limits from one that is too small up, for so many batch sizes. */
export const writeQuickBatch = (directory: string, powers: number, batchSizes = 1, name = "quick"): string => {
  const path = join(directory, `${name}.json`)
  const axes = [
    { name: "power", path: "sites[0].power.limitMW", range: { from: 0.0001, to: 2, steps: powers } },
    { path: "workload.globalBatch", values: Array.from({ length: batchSizes }, (_, i) => 512 * (i + 1)) }
  ]
  writeFileSync(path, JSON.stringify({ name, base, axes }))
  return path
}

/** Rows of a query, whole numbers as numbers. */
export const rowsOf = async (store: string, sql: string): Promise<ReadonlyArray<ReadonlyArray<unknown>>> => {
  const { connection, close } = await openDatabase(store, "READ_ONLY")
  try {
    const rows = (await connection.runAndReadAll(sql)).getRows()
    return rows.map((row) => row.map((cell) => (typeof cell === "bigint" ? Number(cell) : cell)))
  } finally {
    close()
  }
}
