/**
 * Batches: scenarios a second by the number of threads, as the command line runs them, start and store included. Every
 * scenario of every run must have a result before its rate is printed.
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"

const powers = [1, 2, 3, 5, 7, 10, 20, 30, 50, 100]

interface Size {
  readonly models: ReadonlyArray<string>
  /** null: the whole catalogue */
  readonly accelerators: ReadonlyArray<string> | null
}

const small: Size = { models: ["llama3-8b"], accelerators: ["h100-sxm", "mi355x", "b200-sxm", "gaudi3"] }
const whole: Size = { models: ["llama3-8b", "llama3-70b", "deepseek-v3", "qwen3-235b"], accelerators: null }

function writeBatch(directory: string, { models, accelerators }: Size): string {
  const file = join(directory, "batch.json")
  writeFileSync(file, JSON.stringify({
    name: "bench",
    base: {
      name: "bench", sites: [{ power: { limitMW: 1 } }], limits: { gap: 0.01, timeS: 60 },
      catalog: { availability: ["shipping", "announced", "cloud-only", "restricted", "discontinued"] }
    },
    axes: [
      { path: "workload.model", values: models },
      { path: "search.accelerator", ...(accelerators === null ? { every: "accelerators" } : { values: accelerators }) },
      { name: "power", path: "sites[0].power.limitMW", values: powers }
    ]
  }))
  return file
}

interface Counted {
  readonly total: number
  readonly solved: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly seconds: number
}

function run(directory: string, file: string, threads: number): Counted {
  const store = join(directory, "store.duckdb")
  rmSync(store, { force: true })
  const args = ["dist/cli.mjs", "batch", file, "--store", store, "--threads", String(threads), "--json"]
  const counted = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Counted
  if (counted.solved !== counted.total || counted.byStatus["failed"] !== undefined) throw new Error("a batch is not whole")
  return counted
}

/** `BATCH_SIZE=whole` runs 1,200 scenarios of the whole catalogue; a small one without. */
export function benchBatch(): void {
  const directory = mkdtempSync(join(tmpdir(), "bench-batch-"))
  const isWhole = process.env["BATCH_SIZE"] === "whole"
  const file = writeBatch(directory, isWhole ? whole : small)
  const cores = availableParallelism()
  const counts = [...new Set([1, 2, 4, 8, 16, 32, 64, cores].filter((threads) => threads <= cores))].sort((a, b) => a - b)
  console.log(`threads  scenarios  seconds  a second  without a plan`)
  for (const threads of isWhole ? [cores] : counts) {
    const { solved, seconds, byStatus } = run(directory, file, threads)
    const cells = [threads, solved, seconds.toFixed(1), (solved / seconds).toFixed(2), byStatus["infeasible"] ?? 0]
    console.log(cells.map((cell, i) => String(cell).padStart([7, 10, 8, 9, 15][i]!)).join(" "))
  }
  rmSync(directory, { recursive: true, force: true })
}
