import { describe, expect, it } from "vitest"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { verifyRecommendation } from "../../src/export/verification.ts"
import { evaluate, plan } from "../../src/planner/planner.ts"
import { silent } from "../../src/planner/search.ts"
import { catalog, readScenario } from "./shipped.ts"

const halls = readScenario("instances/scenarios/two-halls-40km.yaml")
const small: Scenario = {
  ...halls,
  limits: { ...halls.limits, timeS: null, gap: 0, evaluations: null },
  search: {
    ...halls.search, accelerator: ["h200-sxm"], nic: ["cx7-400"], hbdSize: [8], nicsPerAccelerator: [1], planes: [1],
    oversubscription: [1], scaleOutTopology: ["clos"], scaleOutSwitch: ["qm9700"],
    mapping: { ...halls.search.mapping, tp: [8], cp: [1], microBatch: [1], recompute: ["selective", "full"], shardingStage: [1, 2] }
  }
}
const withLink = (Gbps: number): Scenario => ({ ...small, links: small.links.map((link) => ({ ...link, Gbps })) })

describe("a plan over several sites", () => {
  it("uses both halls within the limits of each, and beats each alone", async () => {
    const both = await plan(small, catalog, { ...silent, threads: 1 })
    const alone = await evaluate({ ...small, search: { ...small.search, sites: [1] } }, catalog)
    expect(both.status).toBe("optimal")
    expect(both.layout!.sites).toHaveLength(2)
    expect(both.objective.value!).toBeGreaterThan(1.3 * alone.objective.value!)
    expect(both.check.maxViolation).toBeLessThan(1e-9)
    expect(both.layout!.sites.reduce((sum, { hbds }) => sum + hbds, 0)).toBe(both.layout!.hbds)
    expect(both.layout!.links).toHaveLength(1)
    const beside = both.alternatives.find(({ kind }) => kind === "best on one site")!
    expect(Math.abs(beside.objectiveValue / alone.objective.value! - 1)).toBeLessThan(1e-3)
    expect(beside.why).toMatch(/faster than this plan where the links carry less than [\d.]+ % of what they do/)
    const { differences, figures } = await verifyRecommendation(both, catalog)
    expect(differences).toEqual([])
    expect(figures).toBeGreaterThan(300)
  }, 300_000)

  it("stands on one site where the link is too thin, and is never worse over a wider one", async () => {
    const answers = []
    for (const Gbps of [1, 400, 3200, 100_000]) answers.push(await evaluate(withLink(Gbps), catalog))
    expect(answers[0]!.layout!.sites).toHaveLength(1)
    expect(answers.at(-1)!.layout!.sites).toHaveLength(2)
    const values = answers.map(({ objective }) => objective.value!)
    for (const [i, value] of values.entries()) if (i > 0) expect(value).toBeGreaterThanOrEqual(values[i - 1]! * 0.999)
  }, 300_000)

  it("lights as much of a link as is worth it, where shares are named", async () => {
    const shares = (litShare: ReadonlyArray<number>): Scenario => ({
      ...withLink(100_000), search: { ...small.search, sites: [2], litShare }
    })
    const answers = []
    for (const share of [1, 0.1, 0.01]) answers.push(await evaluate(shares([share]), catalog))
    const free = await evaluate(shares([1, 0.1, 0.01]), catalog)
    const values = answers.map(({ objective }) => objective.value!)
    expect(free.status).toBe("optimal")
    expect(free.objective.value!).toBeCloseTo(Math.max(...values), 6)
    expect(answers.map(({ layout }) => layout!.links[0]!.modules)).toEqual([125, 13, 2])
    expect(answers.map(({ layout }) => layout!.links[0]!.litGbps)).toEqual([100_000, 10_400, 1_600])
    expect(answers[1]!.split!.scaleAcross!.powerW).toBeLessThan(answers[0]!.split!.scaleAcross!.powerW / 5)
    expect(values[2]).toBeLessThan(Math.max(...values))
    const { differences } = await verifyRecommendation(free, catalog)
    expect(differences).toEqual([])
  }, 300_000)

  it("keeps within limits on all sites together", async () => {
    const free = await evaluate(small, catalog)
    const capital = free.money!.capexUsd * 0.7
    const bound = await evaluate({ ...small, allSites: { powerMW: 6, capitalUsd: capital } }, catalog)
    const row = (name: string) => bound.resources.find((one) => one.name === name)!
    expect(row("facility power of all sites").used).toBeLessThanOrEqual(6)
    expect(row("capital of all sites").used).toBeLessThanOrEqual(capital / 1e6)
    expect(bound.objective.value!).toBeLessThan(free.objective.value!)
    expect(bound.check.maxViolation).toBeLessThan(1e-9)
  }, 300_000)
})
