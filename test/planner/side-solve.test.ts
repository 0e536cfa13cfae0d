import { describe, expect, it } from "vitest"
import { withLimit } from "../../models/design-space/limit.ts"
import { plan } from "../../src/planner/planner.ts"
import { prepareProblem } from "../../src/planner/problem.ts"
import { knownOf, solveQuestion } from "../../src/planner/side-solve.ts"
import { silent } from "../../src/planner/search.ts"
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

  it("is asked for ranges, however many designs of one site there are", async () => {
    const google = readScenario("instances/scenarios/vendor-google.yaml")
    expect(prepareProblem(google, catalog).space.blocks.length).toBeGreaterThan(300)
    const { resources } = await plan(google, catalog, { ...silent, threads: 1 })
    expect(resources.filter(({ range }) => range !== null)).not.toEqual([])
  }, 120_000)
})
