import { describe, expect, it } from "vitest"
import { withLimit } from "../../models/design-space/limit.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { plan } from "../../src/planner/planner.ts"
import { prepareProblem } from "../../src/planner/problem.ts"
import { type Known, knownOf, solveQuestion } from "../../src/planner/side-solve.ts"
import { type BlockBounds, silent } from "../../src/planner/search.ts"
import { boundBlocks } from "../../src/planner/widest.ts"
import { catalog, readScenario } from "./shipped.ts"

const hall = readScenario("instances/scenarios/air-retrofit.yaml")
const small = { ...hall, search: { ...hall.search, accelerator: ["b200-sxm"], nic: ["cx7-400"], hbdSize: [8] } }

describe("a question beside the main one", () => {
  it("starts from the main answer as large as its own limits allow", async () => {
    const desk = { problem: prepareProblem(small, catalog), catalog, stopped: () => false }
    const main = await solveQuestion(desk, { scenario: small, limits: { gap: 0.05, evaluations: 1_000_000 }, known: null })
    const known = knownOf(main.built!)
    const at = async (limitMW: number) => {
      const scenario = withLimit(small, "$.sites[0].power.limitMW", limitMW)
      return (await solveQuestion(desk, { scenario, limits: { gap: 0, evaluations: 1 }, known })).built
    }
    const { tokensPerS, candidate } = main.built!
    const [less, more] = [await at(3.4), await at(8)]
    expect(less!.candidate.hbds).toBeLessThan(candidate.hbds)
    expect(less!.tokensPerS).toBeGreaterThan(0.6 * tokensPerS)
    expect(more!.tokensPerS).toBeGreaterThan(1.3 * tokensPerS)
  }, 60_000)

  it("ends with the first that is better than asked for, without a search where what it starts from is", async () => {
    const desk = { problem: prepareProblem(small, catalog), catalog, stopped: () => false }
    const solve = (until?: number, known: Known | null = null) =>
      solveQuestion(desk, { scenario: small, limits: { gap: 0, evaluations: 20_000_000 }, known, until })
    const best = await solve()
    const value = best.built!.judged.value
    const first = await solve(value / 2)
    expect(first).toMatchObject({ status: "feasible" })
    expect(first.built!.judged.value).toBeGreaterThan(value / 2)
    expect(first.built!.judged.value).toBeLessThan(value)
    const known = knownOf(best.built!)
    expect(await solve(value / 2, known)).toMatchObject({ status: "feasible", bound: null })
    expect(await solve(value, known)).toMatchObject({ status: "optimal", bound: value })
  }, 60_000)

  it("is bounded by what its blocks come to where limits are widest", async () => {
    const sizes = { ...small, search: { ...small.search, accelerator: ["b200-sxm", "b300-sxm", "h100-sxm"], hbdSize: null } }
    const wide = withLimit(sizes, "$.sites[0].power.limitMW", 4)
    const problem = prepareProblem(wide, catalog)
    const desk = { problem, catalog, stopped: () => false }
    const names = problem.space.blocks.map(({ name }) => name)
    const solve = (scenario: Scenario, blockBounds?: BlockBounds) =>
      solveQuestion(desk, { scenario, limits: { gap: 0, evaluations: 20_000_000 }, known: null, blockBounds })
    const { judged: { value } } = (await solve(sizes)).built!
    const [floor, aim, near] = [value * 0.5, value * 0.9, value * 3]
    const bounds = boundBlocks(problem, { floor, aim, near }, () => false)
    expect([...bounds.keys()]).toEqual(names)
    expect(new Set([...bounds.values()]).size).toBeGreaterThan(1)
    for (const [name, bound] of bounds) {
      const others = new Map(names.filter((other) => other !== name).map((other) => [other, -Infinity]))
      for (const scenario of [sizes, wide]) {
        const best = (await solve(scenario, others)).built
        if (best !== null) expect(best.block.name).toBe(name)
        expect(best?.judged.value ?? 0).toBeLessThanOrEqual(bound * (1 + 1e-9))
      }
    }
    expect((await solve(sizes, bounds)).built!.judged.value).toBe(value)
  }, 120_000)

  it("is asked for ranges, however many designs of one site there are", async () => {
    const google = readScenario("instances/scenarios/vendor-google.yaml")
    expect(prepareProblem(google, catalog).space.blocks.length).toBeGreaterThan(300)
    const { resources } = await plan(google, catalog, { ...silent, threads: 1 })
    expect(resources.filter(({ range }) => range !== null)).not.toEqual([])
  }, 120_000)
})
