/** A plan's bytes must not depend on threads: not on their number, not on one that dies. A raised flag ends them all. */
import { describe, expect, it } from "vitest"
import type { Worker } from "node:worker_threads"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { unlimited } from "../../solvers/contract/search-run.ts"
import { plan } from "../../src/planner/planner.ts"
import { silent } from "../../src/planner/search.ts"
import type { LayoutItem, LayoutItemAnswer, SearchPool, StartPool } from "../../src/planner/search-pool.ts"
import { poolStarter } from "../../src/planner/worker-pool.ts"
import { catalog, readScenario } from "./shipped.ts"

const retrofit = readScenario("instances/scenarios/air-retrofit.yaml")
const small: Scenario = {
  ...retrofit,
  search: {
    ...retrofit.search, accelerator: ["b300-sxm"], nic: ["cx7-400"], nicsPerAccelerator: [1],
    scaleOutSwitch: ["qm9700"],
    mapping: { ...retrofit.search.mapping, cp: [1], microBatch: [1], offload: ["none"] }
  },
  limits: { ...retrofit.limits, timeS: null, gap: 0 }
}

const stopFlag = () => new Int32Array(new SharedArrayBuffer(4))
const alone = (scenario: Scenario) => plan(scenario, catalog, { ...silent, threads: 1 })
const together = (scenario: Scenario, startPool: StartPool = poolStarter(stopFlag()), stopped = silent.stopped) =>
  plan(scenario, catalog, { ...silent, stopped, threads: 2, startPool })

/** The pool, with an ear for every piece that is dealt. */
const listening = (start: StartPool, onItem: (item: LayoutItem) => void): StartPool => (...question): SearchPool => {
  const pool = start(...question)
  const runItem = (item: LayoutItem, rootBound: number): Promise<LayoutItemAnswer> => {
    const answer = pool.runItem(item, rootBound)
    onItem(item)
    return answer
  }
  return { ...pool, runItem }
}

const text = (answer: Recommendation): string => JSON.stringify(answer)

describe("a plan over two threads", () => {
  it("that runs to its end gives the bytes of one thread, though threads die on the way", async () => {
    const workers: Array<Worker> = []
    const remember = (worker: Worker) => workers.push(worker)
    process.on("worker", remember)
    let killed = 0
    const dealt: Array<number> = []
    const answer = await together(small, listening(poolStarter(stopFlag()), ({ id }) => {
      dealt.push(id)
      if (dealt.filter((one) => one === id).length > 1 || (id !== 0 && id !== 1)) return
      killed++
      for (const worker of workers.splice(0)) void worker.terminate()
    }))
    process.off("worker", remember)
    expect(killed).toBe(2)
    expect(workers.length).toBeGreaterThan(0)
    expect(new Set(dealt).size).toBeLessThan(dealt.length)
    expect(answer.status).toBe("optimal")
    expect(answer.resources.some(({ worthUp }) => worthUp !== null)).toBe(true)
    expect(text(answer)).toBe(text(await alone(small)))
  }, 120_000)

  it.each([{ evaluations: 2_000 }, { gap: 0.25 }])("gives the bytes of one thread at a limit of work: %o", async (limit) => {
    const limited = { ...small, limits: { ...small.limits, ...limit } }
    const answer = await together(limited)
    expect(answer.limit).toBe(Object.keys(limit)[0])
    expect(text(answer)).toBe(text(await alone(limited)))
  }, 120_000)

  it("deals no more once the flag is up, and tells what it leaves open", async () => {
    const stop = stopFlag()
    let after = 0
    const start = listening(poolStarter(stop), ({ id }) => {
      after += Atomics.load(stop, 0)
      if (id === 1) Atomics.store(stop, 0, 1)
    })
    const answer = await together(small, start, () => Atomics.load(stop, 0) === 1)
    // what was dealt in the same turn
    expect(after).toBeLessThan(2)
    expect(answer.limit).toBe("interrupted")
    expect(answer.objective.bound).toBeGreaterThan(answer.objective.value ?? 0)
    expect(answer.alternatives).toEqual([])
  }, 60_000)
})

describe("the pool", () => {
  it("gives back a piece as it was dealt where its thread does not hear the flag", async () => {
    const stop = stopFlag()
    const pool = poolStarter(stop)(small, catalog, 1)
    const nodes = [{ node: { kind: "root" }, bound: Infinity, level: -1, depth: 0 }] as const
    const pause = { nodes: Infinity, evaluations: Infinity, timeS: Infinity }
    // a thread that still starts hears nothing
    const answer = pool.runItem({ id: 0, nodes, limits: unlimited, pause, incumbent: null, isLive: true }, Infinity)
    Atomics.store(stop, 0, 1)
    expect(await answer).toEqual({ incumbent: null, open: nodes, work: { nodes: 0, evaluations: 0 } })
    expect(await pool.solveBeside({ scenario: small, limits: { gap: 0, evaluations: Infinity }, known: null }))
      .toEqual({ status: "noSolution", bound: null, gap: null, built: null, known: null })
    await pool.close()
  }, 60_000)

  it("rejects a question of which every thread dies", async () => {
    const pool = poolStarter(stopFlag())(small, catalog, 1)
    const question = { scenario: { ...small, sites: null as never }, limits: { gap: 0, evaluations: 1 }, known: null }
    await expect(pool.solveBeside(question)).rejects.toThrow(TypeError)
    await pool.close()
  }, 60_000)
})
