/** `compare` over stores that batch has written: what was asked otherwise, and why the answers moved. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { openDatabase } from "../../src/batch/store-file.ts"
import { quickDirectory, writeQuickBatch } from "../batch/quick-batch.ts"
import { captureRun } from "../cli/captured-run.ts"

const directory = quickDirectory()
const storeOf = (name: string): string => join(directory, `${name}.duckdb`)

type Base = Record<string, unknown> & { readonly sites: ReadonlyArray<object>; readonly workload: object }

/** The quick batch with another base, solved into a store of its own. */
const solve = async (name: string, change: (base: Base) => object, batch = "quick"): Promise<void> => {
  const file = writeQuickBatch(directory, 4)
  const input = JSON.parse(readFileSync(file, "utf8")) as { readonly base: Base }
  writeFileSync(file, JSON.stringify({ ...input, name: batch, base: { ...input.base, ...change(input.base) } }))
  expect((await captureRun("batch", file, "--store", storeOf(name), "--threads", "1")).code).toBe(0)
}

beforeAll(async () => {
  await solve("before", () => ({}))
  await solve("racks", ({ sites: [site] }) => ({ sites: [{ ...site, racks: 4 }] }))
  await solve("model", ({ workload }) => ({ workload: { ...workload, model: "llama3-70b" } }))
  await solve("money", () => ({ objective: { name: "maximizeThroughputPerDollar", throughputFloor: 1e5 } }))
  await solve("named", () => ({}), "named")
}, 240_000)

const compared = async (a: string, b: string): Promise<string> => {
  const { code, stdout } = await captureRun("compare", storeOf(a), storeOf(b))
  expect(code).toBe(0)
  for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(80)
  return stdout
}

interface Found {
  readonly both: number
  readonly askedOtherwise: number
  readonly question: { readonly lookedAt: number; readonly changes: ReadonlyArray<object> }
  readonly pairs: ReadonlyArray<{ readonly keys: object; readonly because: ReadonlyArray<string> }>
  readonly sides: { readonly b: { readonly programs: ReadonlyArray<{ readonly version: string }> } }
}

const comparedJson = async (a: string, b: string): Promise<Found> =>
  JSON.parse((await captureRun("compare", storeOf(a), storeOf(b), "--json")).stdout) as Found

describe("compare of two stores", () => {
  it("tells once what was asked otherwise in all, and which limit holds a plan back", async () => {
    const text = await compared("before", "racks")
    expect(text).toMatch(/sites\[0\]\.racks +– +4$/m)
    expect(text).toMatch(/full\s+in\s+B\s+alone:\s+racks/)
    expect(text).toMatch(/accelerators −\d+\.\d %, each of them \+/)
    const { question, askedOtherwise, pairs } = await comparedJson("before", "racks")
    expect(question.changes).toEqual([{ path: "sites[0].racks", a: null, b: 4, pairs: question.lookedAt }])
    expect(askedOtherwise).toBe(4)
    expect(pairs.some(({ because }) => because.some((reason) => reason.startsWith("throughput −")))).toBe(true)
  })

  it("tells where the time of another model goes", async () => {
    const text = await compared("before", "model")
    expect(text).toMatch(/workload\.model\.layers +32 +80$/m)
  })

  it("tells another objective without a per cent of its value", async () => {
    const text = await compared("before", "money")
    expect(text).toMatch(/objective\.name +maximizeThroughput +maximizeThroughputPerDollar$/m)
    expect(text).toContain("Another objective")
    expect(text).not.toContain("Largest changes")
  })

  it("names the batches where none is in common", async () => {
    const text = await compared("before", "named")
    expect(text).toContain("A: batch quick, 4 scenarios over power, globalBatch")
    expect(text).toContain("B: batch named, 4 scenarios over power, globalBatch")
  })

  it("reads versions of the runs, and answers of another version's form as far as it can", async () => {
    copyFileSync(storeOf("racks"), storeOf("older"))
    const { connection, close } = await openDatabase(storeOf("older"), "READ_WRITE")
    await connection.run("UPDATE runs SET version = '0.0.9'")
    const patch = JSON.stringify({ performance: { stepTimeS: null } })
    await connection.run("UPDATE results SET recommendation = json_merge_patch(recommendation, $1)", [patch])
    close()
    expect(await compared("before", "older")).toMatch(/version +\S+ +0\.0\.9\n +sites\[0\]\.racks +– +4$/m)
    const { sides, pairs } = await comparedJson("before", "older")
    expect(sides.b.programs.map(({ version }) => version)).toEqual(["0.0.9"])
    expect(pairs.every(({ because }) => because.length === 0)).toBe(true)
  })
})
