import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { searchOf, verifyRecommendation } from "../../src/export/verification.ts"
import { evaluate } from "../../src/planner/planner.ts"
import { shipped } from "../catalog/shipped-catalog.ts"
import { densePlan } from "./exported-plans.ts"

const { recommendation } = densePlan

/** As a file gives it back. */
const reread = (value: Recommendation): Recommendation => JSON.parse(JSON.stringify(value)) as Recommendation

type Path = ReadonlyArray<string>
type Tree = { [key: string]: unknown }

/** Numbers that follow from the plan, by their path. */
const figures = (value: unknown, path: Path = []): ReadonlyArray<Path> =>
  typeof value === "number"
    ? [path]
    : typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, held]) => figures(held, [...path, key]))
    : []

const changed = (path: Path, change: (value: number) => number): Recommendation => {
  const copy = reread(recommendation) as unknown as Tree
  const last = path.at(-1)!
  const parent = path.slice(0, -1).reduce((held, key) => held[key] as Tree, copy)
  parent[last] = change(parent[last] as number)
  return copy as unknown as Recommendation
}

describe("verify", () => {
  it("confirms what the planner wrote", async () => {
    const verification = await verifyRecommendation(reread(recommendation), shipped)
    expect(verification.differences).toEqual([])
    expect(verification.figures).toBeGreaterThan(400)
  })

  it("finds any figure that was changed", async () => {
    const { performance, split, money, resources, bom, layout, objective } = recommendation
    const { value } = objective
    const stated = figures({ performance, split, money, resources, bom, layout, objective: { value } })
    await fc.assert(fc.asyncProperty(fc.constantFrom(...stated), async (path) => {
      const wrong = changed(path, (value) => value === 0 ? 1 : value * 1.001)
      expect((await verifyRecommendation(wrong, shipped)).differences).not.toEqual([])
    }), { numRuns: 15 })
  })

  it("tells the path of what was changed, and what it should be", async () => {
    const { differences } = await verifyRecommendation(changed(["performance", "mfu"], () => 0.99), shipped)
    const { mfu } = recommendation.performance!
    expect(differences).toEqual([{ path: "$.performance.mfu", found: "0.99", expected: String(mfu) }])
  })

  it("notices another catalogue", async () => {
    const accelerators = shipped.accelerators.map((one) => ({ ...one, priceUsd: (one.priceUsd ?? 0) + 1 }))
    const { differences } = await verifyRecommendation(recommendation, { ...shipped, accelerators })
    const paths = differences.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(["$.provenance.catalogHash", "$.money.capexUsd"]))
  })

  it("searching again confirms the bound, and finds one that was changed", async () => {
    expect(searchOf(recommendation)).toBe("evaluate")
    const again = await evaluate(recommendation.scenario, shipped)
    expect((await verifyRecommendation(recommendation, shipped, again)).differences).toEqual([])
    const { objective } = recommendation
    const loosened = { ...recommendation, objective: { ...objective, bound: objective.bound! * 2, gap: 0.5 } }
    const { differences } = await verifyRecommendation(loosened, shipped, again)
    expect(differences.map(({ path }) => path)).toContain("$.objective.bound")
  })
})
