import { execFileSync } from "node:child_process"
import { linkSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { beforeAll, describe, expect, it } from "vitest"
import { captureRun } from "../cli/captured-run.ts"
import { quickDirectory, writeQuickBatch } from "../batch/quick-batch.ts"

const directory = quickDirectory()
const store = join(directory, "results.duckdb")

beforeAll(async () => {
  const { code } = await captureRun("batch", writeQuickBatch(directory, 4), "--store", store, "--threads", "2")
  expect(code).toBe(0)
}, 120_000)

const results = (...flags: ReadonlyArray<string>) => captureRun("results", store, ...flags)

describe("results", () => {
  it("prints tables of 80 columns", async () => {
    const { code, stdout } = await results()
    expect(code).toBe(0)
    expect(stdout).toContain("quick: 4 scenarios over power (4) × globalBatch (1)")
    for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(80)
  })

  it("answers a query, as text and as JSON", async () => {
    const sql = "SELECT status, count(*) AS n FROM results GROUP BY ALL ORDER BY n"
    const { stdout } = await results("--sql", sql, "--json")
    const rows = JSON.parse(stdout) as ReadonlyArray<{ n: number }>
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(4)
    expect(JSON.parse((await results("--sql", "SELECT 9007199254740993 AS n, 0.5 AS x", "--json")).stdout))
      .toEqual([{ n: "9007199254740993", x: expect.anything() }])
    expect((await results("--sql", sql)).stdout).toMatch(/^status +n\n/)
  })

  it("cannot be made to change the store", async () => {
    const { code, stderr } = await results("--sql", "DELETE FROM results")
    expect(code).toBe(2)
    expect(stderr).toContain("read-only")
  })

  it("tells a query's mistake", async () => {
    expect(await results("--sql", "SELECT nothing FROM answers")).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing") })
    expect(await results("--to", "csv")).toMatchObject({ code: 2, stderr: expect.stringContaining("--out") })
  })

  it("refuses a batch that is not there, and flags of which one would do nothing", async () => {
    const out = ["--to", "csv", "--out", join(directory, "none.csv")]
    const refused: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
      [["--batch", "quik"], "a batch of the store: quick"],
      [["--batch", "quik", ...out], "a batch of the store: quick"],
      [["--batch", "quick", "--sql", "SELECT 1"], "beside --batch"],
      [["--key", "a", "--sql", "SELECT 1"], "beside --sql"],
      [["--key", "a", ...out], "beside --to"],
      [["--json", ...out], "beside --json"]
    ]
    for (const [flags, told] of refused) {
      expect(await results(...flags)).toMatchObject({ code: 2, stderr: expect.stringContaining(told) })
    }
    expect(lstatSync(out[3]!, { throwIfNoEntry: false })).toBeUndefined()
  })

  it("never writes over the store, another database, or what is no file", async () => {
    const at = (name: string) => join(directory, name)
    linkSync(store, at("hard.csv"))
    symlinkSync(store, at("soft.csv"))
    symlinkSync(at("nowhere"), at("loose.csv"))
    mkdirSync(at("folder"))
    execFileSync("mkfifo", [at("pipe")])
    const before = readFileSync(store)
    for (const out of [store, `${store}.wal`, ...["hard.csv", "soft.csv", "loose.csv", "folder", "pipe"].map(at)]) {
      expect(await results("--to", "csv", "--out", out)).toMatchObject({ code: 2, stderr: expect.stringContaining(out) })
    }
    expect(readFileSync(store).equals(before)).toBe(true)
    expect(statSync(at("pipe")).isFIFO()).toBe(true)
    writeFileSync(at("kept.csv"), "old")
    symlinkSync(at("kept.csv"), at("link.csv"))
    expect(await results("--to", "csv", "--out", at("link.csv"))).toMatchObject({ code: 0 })
    expect(lstatSync(at("link.csv")).isSymbolicLink()).toBe(true)
    expect(readFileSync(at("kept.csv"), "utf8")).toMatch(/^batch,/)
  })

  it("writes a query that ends in a comment", async () => {
    const csv = join(directory, "comment.csv")
    expect(await results("--sql", "SELECT 1 AS one -- so", "--to", "csv", "--out", csv)).toMatchObject({ code: 0 })
    expect(readFileSync(csv, "utf8")).toBe("one\n1\n")
  })

  it("writes CSV and Parquet that read back", async () => {
    const [csv, parquet] = [join(directory, "answers.csv"), join(directory, "answers.parquet")]
    expect(await results("--to", "csv", "--out", csv)).toMatchObject({ code: 0 })
    expect(await results("--to", "parquet", "--out", parquet)).toMatchObject({ code: 0 })
    expect(readFileSync(csv, "utf8")).toMatch(/^batch,axis_globalBatch,axis_power,name,key,status,/)
    const connection = await (await DuckDBInstance.create()).connect()
    for (const file of [csv, parquet]) {
      const read = await connection.runAndReadAll(`SELECT count(*), count(DISTINCT axis_power) FROM '${file}'`)
      expect(read.getRows()).toEqual([[4n, 4n]])
      const types = await connection.runAndReadAll(`SELECT typeof(axis_power), typeof(axis_globalBatch) FROM '${file}' LIMIT 1`)
      expect(types.getRows()).toEqual([["DOUBLE", "BIGINT"]])
    }
  })

  it("hands a recommendation to verify", async () => {
    const { stdout } = await results("--sql", "SELECT key FROM results WHERE value IS NOT NULL LIMIT 1", "--json")
    const [{ key }] = JSON.parse(stdout) as [{ key: string }]
    const file = join(directory, "kept.json")
    writeFileSync(file, (await results("--key", key.slice(0, 12))).stdout)
    expect(await captureRun("verify", file)).toMatchObject({ code: 0, stdout: expect.stringContaining("figures confirmed") })
    expect(await results("--key", "zz")).toMatchObject({ code: 2 })
  })
})

describe("compare", () => {
  it("tells that a store is the same as itself, and refuses a store beside a plan", async () => {
    expect((await captureRun("compare", store, store)).stdout).toContain("4 scenarios in both")
    expect((await captureRun("compare", store, join(directory, "quick.json"))).code).toBe(2)
  })
})
