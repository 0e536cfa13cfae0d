import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"
import { describe, expect, it } from "vitest"
import { openFrame } from "../../src/batch/job.ts"
import { BatchRun } from "../../src/batch/run.ts"
import { openBatches } from "../../src/batch/sources.ts"
import { storeFormat } from "../../src/batch/store-tables.ts"
import { solve } from "../../src/planner/planner.ts"
import { createSharedWork } from "../../src/planner/shared-work.ts"
import { captureRun } from "../cli/captured-run.ts"
import { catalog } from "../planner/shipped.ts"
import { quickDirectory, rowsOf, writeQuickBatch } from "./quick-batch.ts"

const directory = quickDirectory()
const storeAt = (name: string): string => join(directory, name)
const batch = (file: string, store: string, ...flags: ReadonlyArray<string>) =>
  captureRun("batch", file, "--store", store, "--threads", "2", ...flags)

describe("batch", () => {
  it("solves every scenario once, and again nothing", async () => {
    const file = writeQuickBatch(directory, 4, 2)
    const store = storeAt("once.duckdb")
    const first = await batch(file, store, "--json")
    expect(first).toMatchObject({ code: 0, stderr: "" })
    expect(JSON.parse(first.stdout)).toMatchObject({ total: 8, solved: 8, known: 0 })
    const before = await rowsOf(store, "SELECT * FROM results ORDER BY key")
    expect(before.length).toBe(8)
    const second = await batch(file, store, "--json")
    expect(JSON.parse(second.stdout)).toMatchObject({ total: 8, solved: 0, known: 8 })
    expect(await rowsOf(store, "SELECT * FROM results ORDER BY key")).toEqual(before)
    const runs = await rowsOf(store, "SELECT run, ended_by, total, solved, known FROM runs ORDER BY run")
    expect(runs).toEqual([[1, "done", 8, 8, 0], [2, "done", 8, 0, 8]])
  }, 120_000)

  it("solves only what is missing when it grows, and only what differs", async () => {
    const store = storeAt("grown.duckdb")
    await batch(writeQuickBatch(directory, 3, 1), store)
    const grown = await batch(writeQuickBatch(directory, 3, 2), store, "--json")
    expect(JSON.parse(grown.stdout)).toMatchObject({ total: 6, solved: 3, known: 3 })
    const gap = await batch(writeQuickBatch(directory, 3, 2), store, "--json", "--gap", "0.5")
    expect(JSON.parse(gap.stdout)).toMatchObject({ solved: 6, known: 0 })
  }, 120_000)

  it("leaves a defect as it is until it is to be tried again, and then puts the answer in its place", async () => {
    const file = writeQuickBatch(directory, 3)
    const store = storeAt("defect.duckdb")
    await batch(file, store)
    const statuses = () => rowsOf(store, "SELECT status, reason, run, value IS NULL FROM results ORDER BY key")
    const before = await statuses()
    const spoil = await DuckDBInstance.create(store)
    const connection = await spoil.connect()
    await connection.run("UPDATE results SET status = 'failed', reason = 'out of memory', value = NULL WHERE value > 0 AND " +
      "key = (SELECT min(key) FROM results WHERE value > 0)")
    connection.closeSync()
    spoil.closeSync()
    expect(JSON.parse((await batch(file, store, "--json")).stdout)).toMatchObject({ solved: 0, known: 3 })
    expect((await statuses()).filter(([status]) => status === "failed").length).toBe(1)
    const dry = await batch(file, store, "--json", "--retry-failed", "--dry-run", "--sample", "0")
    expect(JSON.parse(dry.stdout)).toMatchObject({ known: 2, toDo: 1 })
    const again = JSON.parse((await batch(file, store, "--json", "--retry-failed")).stdout)
    expect(again).toMatchObject({ total: 3, solved: 1, known: 2 })
    const after = await statuses()
    expect(after.map(([status, reason, , isNull]) => [status, reason, isNull]))
      .toEqual(before.map(([status, reason, , isNull]) => [status, reason, isNull]))
    expect(after.map(([, , run]) => run).toSorted()).toEqual([1, 1, 3])
  }, 120_000)

  it("answers as plan does, and keeps a row with its reason where there is none", async () => {
    const store = storeAt("rows.duckdb")
    const scenario = join(directory, "scenario.json")
    const quick = JSON.parse(readFileSync(writeQuickBatch(directory, 2), "utf8")) as { base: object }
    // without a gap there is one answer
    writeFileSync(scenario, JSON.stringify({ ...quick.base, limits: { gap: 0 } }))
    writeFileSync(join(directory, "scenario-dark.json"), JSON.stringify({ ...quick.base, sites: [{ power: { limitMW: 1e-4 } }] }))
    writeFileSync(join(directory, "scenario-limited.json"), JSON.stringify({ ...quick.base, limits: { evaluations: 1e-9 } }))
    writeFileSync(join(directory, "scenario-wrong.json"), JSON.stringify({ ...quick.base, sitess: [] }))
    const { code } = await batch(join(directory, "scenario*.json"), store)
    expect(code).toBe(0)
    const rows = await rowsOf(store, "SELECT axes->>'file', status, reason, value, stopped_by FROM answers ORDER BY 1")
    expect(rows.map(([file, status]) => [String(file).replace(/.*scenario/, ""), status])).toEqual([
      ["-dark.json", "infeasible"], ["-limited.json", "noSolution"], ["-wrong.json", "invalid"],
      [".json", expect.stringMatching(/optimal|feasible/)]
    ])
    expect(rows[0]![2]).toContain("$.sites[0].power.limitMW")
    expect(rows[1]!.slice(2, 4)).toEqual([expect.stringContaining("limit"), null])
    expect(rows[2]![2]).toContain("Did you mean sites?")
    const planned = JSON.parse((await captureRun("plan", scenario, "--json")).stdout)
    expect(rows[3]![3]).toBe(planned.objective.value)
    const [[kept]] = await rowsOf(store, `SELECT recommendation FROM answers WHERE axes->>'file' = '${scenario}'`) as [[string]]
    const { layout, mapping, performance, bom, objective } = JSON.parse(kept)
    const { layout: l, mapping: m, performance: p, bom: b, objective: o } = planned
    expect({ layout, mapping, performance, bom, objective })
      .toEqual({ layout: l, mapping: m, performance: p, bom: b, objective: o })
  }, 120_000)

  it("takes its kin in turn with the same answers as each alone", async () => {
    const store = storeAt("kin.duckdb")
    await batch(writeQuickBatch(directory, 6), store)
    const kept = await rowsOf(store, "SELECT recommendation FROM results WHERE value IS NOT NULL")
    expect(kept.length).toBeGreaterThan(2)
    for (const [text] of kept) {
      const { scenario, objective, layout } = JSON.parse(String(text))
      const alone = await solve(scenario, catalog, createSharedWork())
      expect({ objective, layout }).toEqual({ objective: alone.objective, layout: alone.layout })
    }
  }, 120_000)

  it("holds as answers those of a batch as it was asked last, and the others for when it is asked so again", async () => {
    const store = storeAt("forms.duckdb")
    const values = () => rowsOf(store, "SELECT axes->>'power', value FROM answers ORDER BY 1")
    const path = writeQuickBatch(directory, 3)
    const file = JSON.parse(readFileSync(path, "utf8"))
    const write = (other: object, powers: ReadonlyArray<number>) => writeFileSync(path, JSON.stringify({
      ...file, base: { ...file.base, ...other }, axes: [{ name: "power", path: "sites[0].power.limitMW", values: powers }]
    }))
    write({}, [0.5, 1])
    await batch(path, store)
    const first = await values()
    write({ workload: { model: "llama3-8b", globalBatch: 1024 } }, [1])
    await batch(path, store)
    const other = await values()
    expect(other).toEqual([["1", expect.any(Number)]])
    expect(other[0]![1]).not.toBe(first[1]![1])
    write({}, [0.5, 1])
    expect(JSON.parse((await batch(path, store, "--json")).stdout)).toMatchObject({ known: 2, solved: 0 })
    expect(await values()).toEqual(first)
  }, 120_000)

  it("goes on without a file that cannot be read, or that goes away, and tells of it", async () => {
    const folder = quickDirectory()
    const quick = JSON.parse(readFileSync(writeQuickBatch(directory, 2), "utf8")) as { base: object }
    for (const name of ["a", "b"]) writeFileSync(join(folder, `${name}.json`), JSON.stringify(quick.base))
    writeFileSync(join(folder, "torn.json"), `{ "name": `)
    const store = storeAt("torn.duckdb")
    expect((await batch(join(folder, "*.json"), store)).code).toBe(0)
    expect(await rowsOf(store, "SELECT status, count(*)::INT, max(reason) IS NULL FROM answers GROUP BY 1 ORDER BY 1")).toEqual([
      ["invalid", 1, false], ["optimal", 2, true]
    ])
    const alone = await batch(join(folder, "torn.json"), store)
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining("torn.json") })
    const batches = await Effect.runPromise(openBatches([join(folder, "*.json")], catalog).pipe(Effect.provide(NodeServices.layer)))
    rmSync(join(folder, "a.json"))
    const points = []
    for await (const point of batches[0]!.points()) points.push(point.unreadable ?? null)
    expect(points).toEqual([expect.stringContaining("no such file"), null, expect.any(String)])
  }, 60_000)

  it("makes no store where none can be", async () => {
    const run = await batch(writeQuickBatch(directory, 2), join(directory, "none/x.duckdb"))
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining("no directory") })
    expect(await batch(writeQuickBatch(directory, 2), join(directory, "none/x.duckdb"), "--dry-run")).toEqual(run)
    expect((await batch(writeQuickBatch(directory, 2), directory)).stderr).toContain("a directory")
  })

  it("tells before it starts how many there are and how long they take, and keeps nothing", async () => {
    const store = storeAt("dry.duckdb")
    const file = writeQuickBatch(directory, 5, 2)
    const { code, stdout } = await batch(file, store, "--dry-run", "--sample", "3", "--json")
    expect(code).toBe(0)
    const estimate = JSON.parse(stdout)
    expect(estimate).toMatchObject({ total: 10, known: 0, toDo: 10, sampled: 3 })
    expect(estimate.expectedS).toBeGreaterThan(0)
    expect(estimate.expectedS).toBeLessThanOrEqual(estimate.sampleS * estimate.toDo)
    expect(existsSync(store)).toBe(false)
    await batch(writeQuickBatch(directory, 5, 1), store)
    const half = await batch(writeQuickBatch(directory, 5, 2), store, "--dry-run", "--sample", "0", "--json")
    expect(JSON.parse(half.stdout)).toMatchObject({ known: 5, toDo: 5, expectedS: null })
  }, 120_000)

  it("tells mistakes of the batch before anything is written", async () => {
    const store = storeAt("none.duckdb")
    const file = join(directory, "wrong.json")
    writeFileSync(file, JSON.stringify({ name: "w", base: { name: "x" }, axes: [{ path: "search.acelerator", values: ["h100-sxm"] }] }))
    const { code, stderr } = await batch(file, store)
    expect(code).toBe(2)
    expect(stderr).toContain("$.axes[0].path")
    expect(stderr).toContain("Did you mean accelerator?")
    expect(stderr).toContain("$.base.workload")
    expect(existsSync(store)).toBe(false)
    expect((await captureRun("lint", file)).stderr).toBe(stderr)
  })

  it("tells the mistakes of all its files at once, each with its file", async () => {
    const files = ["first", "second"].map((name) => join(directory, `${name}.json`))
    for (const file of files) writeFileSync(file, JSON.stringify({ name: "w", base: { name: "x" }, axes: [{ path: "search.acelerator", values: [1] }] }))
    const { code, stderr } = await captureRun("batch", ...files, "--store", storeAt("none.duckdb"))
    expect(code).toBe(2)
    expect(stderr).toContain("2 files: ")
    for (const file of files) expect(stderr).toContain(`${file} $.base.workload`)
  })
})

describe("a run that is stopped", () => {
  it("looks for nothing more, though all that is left has a result", async () => {
    let looked = 0
    const points = function*() {
      for (let i = 0; i < 100_000; i++) yield { axes: { i }, document: { name: `d${i}` } }
    }
    const frame = await openFrame(catalog, (limits) => limits)
    const store = {
      knownOf: async (keys: ReadonlyArray<string>) => {
        looked += keys.length
        if (looked > 64) run.stop()
        return new Set(keys)
      },
      placesOf: async () => new Set<string>(),
      save: async () => undefined
    }
    const run = new BatchRun([{ name: "b", source: "b", axes: [], content: null, total: 100_000, points }], frame, store, {
      threads: 1, onProgress: () => undefined
    })
    expect(await run.work()).toMatchObject({ solved: 0, known: 64 })
    expect(looked).toBe(128)
  })
})

describe("a file that is no store", () => {
  const file = writeQuickBatch(directory, 2)

  const refused = async (store: string, found: RegExp) => {
    const before = readFileSync(store)
    for (const run of [await batch(file, store), await captureRun("results", store)]) {
      expect(run.code).toBe(2)
      expect(run.stderr).toMatch(found)
      expect(run.stderr).not.toMatch(/^\s+at /m)
    }
    expect(readFileSync(store).equals(before)).toBe(true)
  }

  it("is refused and left as it is: text, an empty file", async () => {
    writeFileSync(storeAt("text"), "not a database\n".repeat(2000))
    writeFileSync(storeAt("empty"), "")
    await refused(storeAt("text"), /no database/)
    await refused(storeAt("empty"), /an empty file/)
  })

  it("is refused and left as it is: a database of another program", async () => {
    const store = storeAt("foreign.duckdb")
    const instance = await DuckDBInstance.create(store)
    const connection = await instance.connect()
    await connection.run("CREATE TABLE results (key VARCHAR)")
    connection.closeSync()
    instance.closeSync()
    await refused(store, /another program/)
  })

  it("is refused and left as it is: a store with a broken block, wherever its rows are, or half of a store", async () => {
    const whole = storeAt("whole.duckdb")
    await batch(writeQuickBatch(directory, 12), whole)
    const bytes = readFileSync(whole)
    const [head, block] = [12_288, 262_144]
    const connection = await (await DuckDBInstance.create(whole, { access_mode: "READ_ONLY" })).connect()
    const used = (await connection.runAndReadAll("SELECT DISTINCT block_id FROM pragma_storage_info('results') WHERE block_id >= 0")).getRows()
    connection.closeSync()
    expect(used.length).toBeGreaterThan(0)
    for (const [id] of used) {
      const broken = storeAt(`broken-${id}.duckdb`)
      const copy = Buffer.from(bytes)
      copy.fill(0x55, head + Number(id) * block + 5000, head + Number(id) * block + 10_000)
      writeFileSync(broken, copy)
      expect(await batch(file, broken)).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot be read") })
      expect(readFileSync(broken).equals(copy)).toBe(true)
      expect(existsSync(`${broken}.wal`)).toBe(false)
    }
    const half = storeAt("half.duckdb")
    writeFileSync(half, bytes.subarray(0, bytes.length / 2))
    expect(await batch(file, half)).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot be read") })
    const compared = await captureRun("compare", half, whole)
    expect(compared).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot be read") })
  }, 60_000)

  it("is refused and left as it is: a database that only says to be a store", async () => {
    const store = storeAt("named.duckdb")
    const instance = await DuckDBInstance.create(store)
    const connection = await instance.connect()
    await connection.run(`CREATE TABLE store AS SELECT 'scale-across' AS program, ${storeFormat} AS format`)
    connection.closeSync()
    instance.closeSync()
    await refused(store, /another program/)
  })
})
