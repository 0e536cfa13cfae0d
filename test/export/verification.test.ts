import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { searchOf, verifyRecommendation } from "../../src/export/verification.ts"
import { evaluate, plan } from "../../src/planner/planner.ts"
import { silent } from "../../src/planner/search.ts"
import { shipped } from "../catalog/shipped-catalog.ts"
import { shipped as shippedScenarios } from "../models/design-space/shipped.ts"
import { densePlan } from "./exported-plans.ts"

const { recommendation } = densePlan
const existing = shippedScenarios.find(({ name }) => name === "existing-cluster")!

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

  it("finds what the status, the check and the origin say wrongly", async () => {
    const wrong: ReadonlyArray<readonly [string, Partial<Recommendation>]> = [
      ["$.layout", { status: "noSolution" }],
      ["$.conflict", { conflict: { members: [], relaxations: [], together: [] } }],
      ["$.limit", { limit: recommendation.limit === null ? "time" : null, status: "optimal" }],
      ["$.check.maxViolation", { check: { ...recommendation.check, maxViolation: 0.5 } }],
      ["$.provenance.program", { provenance: { ...recommendation.provenance, program: "another" } }]
    ]
    for (const [path, change] of wrong) {
      const { differences } = await verifyRecommendation({ ...reread(recommendation), ...change }, shipped)
      expect(differences.map((one) => one.path), path).toContain(path)
    }
    const other = { ...recommendation, provenance: { ...recommendation.provenance, version: "9.9.9" } }
    expect((await verifyRecommendation(other, shipped)).unconfirmed.join()).toContain("9.9.9")
    const nothing = { ...reread(recommendation), status: "infeasible" as const, layout: null, mapping: null, performance: null }
    const paths = (await verifyRecommendation(nothing, shipped)).differences.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(["$.resources", "$.bom", "$.objective.value"]))
  })

  it("confirms the plans beside the answer, and finds any figure of theirs that was changed", async () => {
    const found = await plan(existing.scenario, shipped, { ...silent, threads: 1 })
    const file = reread(found)
    expect((await verifyRecommendation(file, shipped)).differences).toEqual([])
    expect(file.alternatives.length).toBeGreaterThan(0)
    const figuresOfOne = ["objectiveValue", "tokensPerS", "stepTimeS", "itPowerMW", "capexUsd", "crossFabricBytes", "memoryGB"] as const
    for (const name of figuresOfOne) {
      const alternatives = file.alternatives.map((one, i) => (i === 0 ? { ...one, [name]: one[name] * 1.001 + 1e-6 } : one))
      const { differences } = await verifyRecommendation({ ...file, alternatives }, shipped)
      expect(differences.map(({ path }) => path)).toEqual([`$.alternatives[0].${name}`])
    }
    const [first, ...others] = file.alternatives
    const moved = { ...file, alternatives: [{ ...first!, layout: { ...first!.layout, hbds: first!.layout.hbds + 1 } }, ...others] }
    expect((await verifyRecommendation(moved, shipped)).differences[0]!.path).toBe("$.alternatives[0]")
  }, 60_000)

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
