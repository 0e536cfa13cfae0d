import { beforeAll, describe, expect, it } from "vitest"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { evaluate } from "../../src/planner/planner.ts"
import { plain } from "../../src/report/style.ts"
import { renderDifference } from "../../src/results/difference-report.ts"
import { differenceOf } from "../../src/results/recommendation-difference.ts"
import { catalog, readScenario } from "../planner/shipped.ts"

describe("two recommendations", () => {
  const scenario = readScenario("instances/reference/dgx-superpod-h100.yaml")
  let a: Recommendation
  let b: Recommendation

  beforeAll(async () => {
    a = await evaluate(scenario, catalog)
    b = await evaluate({
      ...scenario, search: { ...scenario.search, mapping: { ...scenario.search.mapping, recompute: ["full"] } }
    }, catalog)
  }, 60_000)

  it("differ in what was asked and in what follows, each by its path", () => {
    const found = differenceOf(a, b)
    expect(found.scenario).toEqual([{ path: "search.mapping.recompute[0]", a: "selective", b: "full" }])
    expect(found.mapping).toEqual([{ path: "recompute", a: "selective", b: "full" }])
    expect(found.layout).toEqual([])
  })

  it("differ in time by the causes that sum to it, the largest first", () => {
    const { time } = differenceOf(a, b)
    expect(time[0]!.name).toBe("recomputation")
    const sum = time.reduce((total, { aS, bS }) => total + bS - aS, 0)
    const millions = scenario.workload.globalBatch * scenario.workload.sequence / 1e6
    expect(sum).toBeCloseTo((b.performance!.stepTimeS - a.performance!.stepTimeS) / millions, 9)
  })

  it("differ in resources, with those that are full", () => {
    const { resources } = differenceOf(a, b)
    const memory = resources.find(({ name }) => name === "memory per accelerator")!
    expect(memory.b!).toBeLessThan(memory.a!)
  })

  it("are told within 80 columns, why too", () => {
    const text = renderDifference(differenceOf(a, b), plain)
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(80)
    expect(text).toContain("accelerators +0.0 %")
    expect(text).toContain("recomputation")
  })

  it("of different objectives are told by name, without a per cent", () => {
    const objective = {
      name: "maximizeThroughputPerDollar", unit: "tokens/s per USD", sense: "maximize", value: 0.7, bound: 0.8, gap: 0.1
    } as const
    const found = differenceOf(a, { ...a, objective })
    const text = renderDifference(found, plain)
    expect(text).toMatch(/^ +objective +maximizeThroughput +maximizeThroughputPerDollar$/m)
    expect(text).toMatch(/^ +value +\S+ [kM] tokens\/s +0\.7 tokens\/s per USD$/m)
    expect(found.because.join()).not.toContain("bound")
  })

  it("of which one has no plan tell why", () => {
    const none: Recommendation = { ...b, status: "noSolution", limit: "time", layout: null, performance: null, mapping: null }
    expect(differenceOf(a, none).because).toEqual(["B has no plan: nothing found before the limit of time"])
    expect(differenceOf(none, none).because.length).toBe(2)
  })

  it("that are one and the same do not differ", () => {
    expect(renderDifference(differenceOf(a, a), plain)).toBe("the same question, the same answer")
  })
})
