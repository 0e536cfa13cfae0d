import { describe, expect, it } from "vitest"
import { withLimit } from "../../models/design-space/limit.ts"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { type Scenario, workloadsOf } from "../../models/design-space/scenario.ts"
import { exportSource, type ExportSource, sourceOfRun } from "../../src/export/export-source.ts"
import { exportPlan } from "../../src/export/targets.ts"
import { verifyRecommendation } from "../../src/export/verification.ts"
import { checkRecommendation } from "../../src/planner/check.ts"
import { findFront } from "../../src/planner/pareto.ts"
import { evaluate, plan } from "../../src/planner/planner.ts"
import { silent } from "../../src/planner/search.ts"
import { poolStarter } from "../../src/planner/worker-pool.ts"
import { renderExplanation } from "../../src/report/explanation.ts"
import { renderReport } from "../../src/report/report.ts"
import { plain } from "../../src/report/style.ts"
import { catalog, readScenario } from "./shipped.ts"

const shipped = readScenario("instances/scenarios/programme-two-models.yaml")
const small: Scenario = {
  ...shipped,
  sites: shipped.sites.map((site) => ({ ...site, power: { ...site.power, limitMW: 2 }, capitalUsd: 1e9 })),
  search: {
    ...shipped.search, accelerator: ["b300-sxm", "mi355x"], hbdSize: [8], nicsPerAccelerator: [1], scaleOutTiers: [2],
    scaleOutSwitch: ["sn5610", "qm9700"], planes: [1],
    mapping: {
      ...shipped.search.mapping, tp: [1, 2, 8], cp: [1], ep: [1, 8, 16, 32], etp: [1], pp: [1, 2, 4, 8, 16], microBatch: [1, 2],
      offload: ["none"], recompute: ["none", "selective"]
    }
  },
  limits: { ...shipped.limits, timeS: null }
}
const asked = (name: Scenario["objective"]["name"], scenario = small): Scenario =>
  ({ ...scenario, objective: { ...scenario.objective, name } })

const answer = await plan(small, catalog, { ...silent, threads: 1 })
const programme = answer.programme!

describe("a plan for several workloads", () => {
  it("is proven, and holds for every run", () => {
    expect(answer.status).toBe("optimal")
    expect(answer.check.messages).toEqual([])
    expect(programme.runs.map(({ name }) => name)).toEqual(["dense 70B", "mixture of experts"])
    expect(answer.objective.value).toBeCloseTo(programme.totalDays, 9)
    expect(programme.totalDays).toBeCloseTo(programme.runs.reduce((sum, { days }) => sum + days, 0), 12)
    expect(answer.mapping).toEqual(programme.runs[0]!.mapping)
    expect(answer.performance!.tokensPerS).toBe(programme.runs[0]!.tokensPerS)
    const memory = answer.resources.find(({ name }) => name === "memory per accelerator")!
    expect(memory.used).toBe(Math.max(...programme.runs.map(({ memoryGB }) => memoryGB)))
  })

  it("is no faster than each workload on the layout that is best for it alone", async () => {
    const alone = await Promise.all(workloadsOf(small).map((workload) =>
      evaluate({ ...small, workload, furtherWorkloads: [] }, catalog)))
    const days = alone.map(({ objective }) => objective.value!)
    for (const [i, run] of programme.runs.entries()) expect(run.days).toBeGreaterThanOrEqual(days[i]! * (1 - 1e-12))
    expect(programme.totalDays).toBeGreaterThanOrEqual((days[0]! + days[1]!) * (1 - 1e-12))
  }, 60_000)

  it("is the same whether days or tokens per second are asked for", async () => {
    const fastest = await evaluate(asked("maximizeThroughput"), catalog)
    expect(fastest.objective.value).toBeCloseTo(programme.tokensPerS, 3)
    expect([fastest.layout, fastest.programme]).toEqual([answer.layout, programme])
  }, 60_000)

  it("is worth what it gains where a limit is moved", async () => {
    const power = answer.resources.find(({ path, worthUp }) => path === "$.sites[0].power.limitMW" && worthUp !== null)!
    const more = await evaluate(withLimit(small, power.path, 2 + power.increment!), catalog)
    expect(power.worthUp! / (answer.objective.value! - more.objective.value!)).toBeCloseTo(1, 1)
  }, 60_000)

  it("stands beside answers to the same programme", () => {
    expect(answer.alternatives.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["least power", "least capital"]))
    for (const { objectiveValue } of answer.alternatives) expect(objectiveValue).toBeGreaterThan(programme.totalDays * 0.999)
    // the vendor's own parts may be others than those asked for
    for (const { tokensPerS, objectiveValue } of [...answer.alternatives, answer.baseline!]) {
      expect(tokensPerS * objectiveValue).toBeCloseTo(programme.tokensPerS * programme.totalDays, -3)
    }
  })

  it("is the cheapest that meets a deadline", async () => {
    const deadlineDays = programme.totalDays * 1.4
    const cheapest = await evaluate({ ...small, objective: { ...small.objective, name: "minimizeCapex", deadlineDays } }, catalog)
    expect([cheapest.status, cheapest.check.messages]).toEqual(["optimal", []])
    expect(cheapest.programme!.totalDays).toBeLessThanOrEqual(deadlineDays)
    expect(cheapest.objective.value).toBeLessThan(answer.money!.capexUsd)
  }, 120_000)

  it("has the bytes of one thread on two", async () => {
    const stop = new Int32Array(new SharedArrayBuffer(4))
    const together = await plan(small, catalog, { ...silent, threads: 2, startPool: poolStarter(stop) })
    expect(JSON.stringify(together)).toBe(JSON.stringify(answer))
  }, 120_000)
})

describe("of a plan for several workloads", () => {
  it("the check finds what was changed", () => {
    const { check: _, ...rest } = answer
    const changed = (runs: typeof programme.runs): Omit<Recommendation, "check"> => ({ ...rest, programme: { ...programme, runs } })
    const [first, second] = programme.runs as [typeof programme.runs[number], typeof programme.runs[number]]
    const wrong = [
      { ...rest, programme: null },
      { ...rest, programme: { ...programme, totalDays: programme.totalDays * 1.01 } },
      { ...rest, programme: { ...programme, tokensPerS: programme.tokensPerS * 1.01 } },
      changed([first]), changed([second, first]),
      ...(["tokens", "days", "tokensPerS", "stepTimeS", "hbdsInUse"] as const)
        .map((key) => changed([first, { ...second, [key]: second[key] * 1.01 }])),
      changed([first, { ...second, memoryGB: 1e4 }]),
      changed([first, { ...second, mapping: { ...second.mapping, dp: second.mapping.dp * 2 } }])
    ]
    for (const one of wrong) expect(checkRecommendation(one).messages).not.toEqual([])
  })

  it("verify works out every run", async () => {
    expect((await verifyRecommendation(answer, catalog)).differences).toEqual([])
    const [first, second] = programme.runs
    const wrong = { ...answer, programme: { ...programme, runs: [first!, { ...second!, mfu: 0.9 }] } }
    expect((await verifyRecommendation(wrong, catalog)).differences.map(({ path }) => path)).toEqual(["$.programme.runs[1].mfu"])
    const remapped = { ...second!, mapping: { ...second!.mapping, microBatch: 64 } }
    const other = await verifyRecommendation({ ...answer, programme: { ...programme, runs: [first!, remapped] } }, catalog)
    expect(other.differences.length).toBeGreaterThan(0)
  })

  it("the report names all runs in 80 columns, and an explanation sets them side by side", () => {
    const lines = renderReport(answer, plain).split("\n")
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines).toEqual(expect.arrayContaining(["Mapping of dense 70B", "Mapping of mixture of experts"]))
    expect(lines.join(" ")).toContain("both runs in")
    for (const { name } of programme.runs) expect(lines.some((line) => line.startsWith(`  ${name} `))).toBe(true)
    const told = renderExplanation(answer, answer, plain)
    expect(told).toContain("days of dense 70B")
    expect(told).toContain("days of mixture of expe")
  })

  it("an export holds one run's mapping, and says whose", async () => {
    const source = exportSource(answer, catalog) as ExportSource
    const first = await exportPlan("megatron", source)
    expect(first.remarks[0]).toBe("of 2 runs the mapping of dense 70B alone; --run NAME writes another's")
    expect(first.files["megatron.sh"]).not.toContain("--num-experts")
    const second = await exportPlan("megatron", sourceOfRun(source, "mixture of experts")!)
    expect(second.remarks[0]).toContain("mixture of experts alone")
    const { ep, tp } = programme.runs[1]!.mapping
    expect(second.files["megatron.sh"]).toContain("--num-experts 256")
    expect(second.files["megatron.sh"]).toContain(`--expert-model-parallel-size ${ep}\n`)
    expect(second.files["megatron.sh"]).toContain(`--tensor-model-parallel-size ${tp}\n`)
    expect(sourceOfRun(source, "dense 70B")).toMatchObject({ mapping: source.mapping })
    expect(sourceOfRun(source, "another")).toBeNull()
    expect((await exportPlan("graphviz", source)).remarks.join()).not.toContain("dense 70B")
  })

  it("the front's ends are the optima", async () => {
    const front = await findFront(small, catalog, {
      objectives: ["throughput", "capex"], points: 3, floorShare: 0.5, stopped: () => false, onSolve: () => undefined
    })
    expect(front.points.length).toBeGreaterThanOrEqual(3)
    // the hall of a smaller plan has shorter cables
    expect(front.points[0]!.tokensPerS / programme.tokensPerS).toBeCloseTo(1, 3)
    for (const { recommendation, tokensPerS, gap } of front.points) {
      expect(gap).toBe(0)
      expect(recommendation.check.messages).toEqual([])
      expect(recommendation.programme!.tokensPerS / tokensPerS).toBeCloseTo(1, 3)
    }
  }, 120_000)
})
