/** What only processes can show: kill -9 loses what is in flight and nothing else, Ctrl-C ends well, a store has one owner. */
import { spawn } from "node:child_process"
import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { captureRun } from "../cli/captured-run.ts"
import { quickDirectory, rowsOf, writeQuickBatch } from "./quick-batch.ts"

const root = join(import.meta.dirname, "../..")

const start = (file: string, store: string) => {
  const args = ["--import", "tsx", "src/cli/main.ts", "batch", file, "--store", store, "--threads", "2"]
  const child = spawn(process.execPath, args, { cwd: root })
  const said = { stdout: "", stderr: "" }
  child.stdout.on("data", (data: Buffer) => void (said.stdout += data.toString()))
  child.stderr.on("data", (data: Buffer) => void (said.stderr += data.toString()))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, ...said })))
  return { child, ended }
}

const sizesOf = (store: string): string =>
  [store, `${store}.wal`].map((file) => (existsSync(file) ? statSync(file).size : 0)).join()

/** Starts a batch and waits until it has written so many times, as far as can be seen. */
const begin = async (file: string, store: string, writes: number) => {
  let before = sizesOf(store)
  const process = start(file, store)
  for (let seen = 0; seen < writes && process.child.exitCode === null; await wait(3)) {
    if (sizesOf(store) === before) continue
    before = sizesOf(store)
    seen++
  }
  return process
}

describe("a batch", () => {
  it("killed at any moment keeps what is done, and in the end has every scenario once", async () => {
    const directory = quickDirectory()
    const [file, store] = [writeQuickBatch(directory, 12, 3), join(directory, "killed.duckdb")]
    const counts: Array<number> = []
    for (const writes of [1, 3, 9]) {
      const { child, ended } = await begin(file, store, writes)
      await wait(Math.random() * 50)
      child.kill("SIGKILL")
      await ended
      const [[count]] = await rowsOf(store, "SELECT count(*) FROM results") as [[number]]
      expect(count).toBeGreaterThanOrEqual(counts.at(-1) ?? 0)
      counts.push(count)
    }
    const last = await start(file, store).ended
    expect(last.code).toBe(0)
    expect(await rowsOf(store, "SELECT count(*), count(DISTINCT key) FROM results")).toEqual([[36, 36]])
    expect(await rowsOf(store, "SELECT count(*), count(DISTINCT key), count(DISTINCT axes) FROM answers")).toEqual([[36, 36, 36]])
    expect(counts.at(-1)).toBeGreaterThan(0)
  }, 240_000)

  it("interrupted ends well with 130, says how to go on, and goes on", async () => {
    const directory = quickDirectory()
    const [file, store] = [writeQuickBatch(directory, 60, 6), join(directory, "interrupted.duckdb")]
    const { child, ended } = await begin(file, store, 5)
    const other = await captureRun("results", store)
    expect(other).toMatchObject({ code: 2, stderr: expect.stringMatching(/in use by another process, \d+/) })
    child.kill("SIGINT")
    const { code, stderr } = await ended
    expect(code).toBe(130)
    expect(stderr).toContain("the same command goes on")
    expect(existsSync(`${store}.wal`)).toBe(false)
    const [[done]] = await rowsOf(store, "SELECT count(*) FROM results") as [[number]]
    expect(done).toBeLessThan(360)
    expect(await rowsOf(store, "SELECT ended_by FROM runs")).toEqual([["interrupted"]])
    const again = await captureRun("batch", file, "--store", store, "--threads", "2", "--json")
    expect(JSON.parse(again.stdout)).toMatchObject({ total: 360, known: done, solved: 360 - done })
  }, 240_000)
})
