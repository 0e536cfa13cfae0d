import { describe, expect, it } from "vitest"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { renderBomCsv } from "../../src/report/bom-csv.ts"
import { renderReport } from "../../src/report/report.ts"
import { coloured, plain } from "../../src/report/style.ts"
import { inventedRecommendation as plan } from "./invented-recommendation.ts"

const linesOf = (recommendation: Recommendation): ReadonlyArray<string> =>
  renderReport(recommendation, plain).split("\n")

const unsolved: Recommendation = {
  ...plan, limit: null, objective: { ...plan.objective, value: null, bound: null, gap: null }, layout: null,
  mapping: null, performance: null, split: null, resources: [], bom: [], money: null, baseline: null, alternatives: []
}

const infeasible: Recommendation = {
  ...unsolved,
  status: "infeasible",
  conflict: {
    members: [
      { path: "$.objective.deadlineDays", limit: "all tokens in 30 days" },
      { path: "$.sites[0].power.limitMW", limit: "2 MW at the meter, a limit described at such length that it wraps" }
    ],
    relaxations: [{ path: "$.sites[0].power.limitMW", from: 2, to: 17.412, bound: 17.412, unit: "MW" }],
    together: [
      { path: "$.sites[0].power.limitMW", from: 2, to: 7.1, bound: 7.1, unit: "MW" },
      { path: "$.objective.deadlineDays", from: 30, to: 107, bound: 105, unit: "days" }
    ]
  }
}

const crowded: Recommendation = {
  ...plan,
  alternatives: Array.from({ length: 9 }, () => plan.alternatives[1]).filter((one) => one !== undefined),
  resources: Array.from({ length: 12 }, () => plan.resources[0]).filter((one) => one !== undefined)
}

describe("a report", () => {
  it("fits a screen of 80 columns", () => {
    for (const recommendation of [plan, unsolved, infeasible, crowded]) {
      const lines = linesOf(recommendation)
      expect(lines.filter((line) => line.length > 80)).toEqual([])
      expect(lines.length).toBeLessThanOrEqual(60)
    }
    expect(linesOf(plan).length).toBeLessThanOrEqual(50)
  })

  it("says what would make an infeasible scenario feasible: one limit, or all a little", () => {
    const text = renderReport(infeasible, plain)
    expect(text).toMatch(/^Any one of these would be enough\n {2}\$\.sites\[0\]\.power\.limitMW: from 2 MW to 17\.5 MW$/m)
    expect(text).toMatch(/^All of these together.*\n {2}.*from 2 MW to 7\.1 MW\n {2}.*from 30 days to 107 days;/m)
  })

  it("says over what values of a limit the plan stays the best", () => {
    const ranges = [{ from: 19.9, to: 20, changesAt: 20.2 }, { from: 160, to: 640, changesAt: null }]
    const resources = plan.resources.map((row, i) => ({ ...row, range: ranges[i] ?? null }))
    const text = renderReport({ ...plan, resources }, plain).replaceAll(/\s+/g, " ")
    const [power, racks] = plan.resources
    expect(text).toContain(`stays best ${power!.name} from 19.9 MW to 20 MW, a better one at 20.2 MW; ${racks!.name} from`)
    expect(text).toContain("or more money")
  })

  it("begins with the answer in a sentence", () => {
    expect(linesOf(plan).slice(0, 3)).toEqual([
      "invented-hall: M1, 15 T tokens in bf16, 1,024 × 8,192 a step",
      "Build 144 HBDs of 72 a1: 4.62 M tokens/s, the whole run in 37.6 days. It is",
      "within 3.1 % of the best possible."
    ])
    const optimal = { ...plan, status: "optimal", limit: null, objective: { ...plan.objective, gap: 0 } } as const
    expect(renderReport(optimal, plain).replaceAll("\n", " ")).toContain("No candidate of the search space is better.")
  })

  it("has every section, and the causes of a step add up", () => {
    const text = renderReport(plan, plain)
    const titles = [
      "Layout", "Mapping", "Time: a step of", "Fabrics", "Resources", "Beside it", "Proof", "Estimates"
    ]
    for (const title of titles) expect(text).toMatch(new RegExp(`^${title}`, "m"))
    const shares = linesOf(plan).flatMap((line) => /[█·]+ +([\d.]+) %/.exec(line)?.slice(1) ?? []).map(Number)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 0)
  })

  it("tells what more of a resource is worth", () => {
    const line = (name: string) => linesOf(plan).find((one) => one.startsWith(`  ${name}`)) ?? ""
    expect(line("facility power")).toMatch(/19\.8 MW +20 MW +99 % +\+230 k tokens\/s per MW$/)
    expect(line("racks")).toMatch(/nothing$/)
    expect(line("capital")).toMatch(/≤ 10 k tokens\/s per 1 %$/)
  })

  it("names the conflict of what cannot be built", () => {
    const text = renderReport(infeasible, plain)
    expect(text).toContain("Nothing that meets the limits can be built.")
    expect(text).toContain("  $.objective.deadlineDays: all tokens in 30 days")
    // outward, so that what is read suffices
    expect(text).toContain("  $.sites[0].power.limitMW: from 2 MW to 17.5 MW\n")
    expect(text).toContain("  $.sites[0].power.limitMW: from 2 MW to 7.1 MW\n")
    expect(text).toContain("from 30 days to 107 days; nothing nearer than 105\n  days would do")
  })

  it("does not claim more than is known when nothing was found", () => {
    expect(renderReport({ ...unsolved, status: "noSolution", limit: "time" }, plain).replaceAll("\n", " "))
      .toContain("No plan was found before the search stopped (time). It is not proven that there is none.")
  })

  it("is the same text with colours, but for the colours", () => {
    const text = renderReport(plan, coloured)
    expect(text).toContain("\u001b[1mLayout\u001b[22m")
    expect(text.replaceAll(/\u001b\[\d+m/g, "")).toBe(renderReport(plan, plain))
  })
})

describe("the bill of materials as CSV", () => {
  it("quotes what a spreadsheet would misread", () => {
    const [head, first, second, end] = renderBomCsv(plan.bom).split("\r\n")
    expect(head).toMatch(/^site,side,role,part,name,count,/)
    expect(first).toContain(`a1,"A1, ""the big one""",10368,1.15,1000,`)
    expect(second).toMatch(/^hall,allowance,storage,,storage,10368,/)
    expect(end).toBe("")
  })
})
