import { describe, expect, it } from "vitest"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { renderExplanation } from "../../src/report/explanation.ts"
import { plain } from "../../src/report/style.ts"
import { inventedRecommendation as answer } from "./invented-recommendation.ts"

const valued = (value: number | null, bound: number | null): Recommendation => ({
  ...answer, objective: { ...answer.objective, value, bound }
})

const slower: Recommendation = {
  ...valued(4.158e6, 4.3e6),
  performance: answer.performance && {
    ...answer.performance, stepTimeS: 4.03,
    breakdown: answer.performance.breakdown.map((cause) =>
      cause.name === "pipeline bubble" ? { ...cause, timeS: cause.timeS + 0.4 } : cause)
  }
}

const told = (chosen: Recommendation): string => renderExplanation(answer, chosen, plain)
const oneLine = (text: string): string => text.replaceAll("\n", " ")

describe("an explanation", () => {
  it("says how much worse a choice is, with what proof, and where", () => {
    expect(oneLine(told(slower))).toContain(
      "With this choice: 4.16 M tokens/s instead of 4.62 M tokens/s, 10 % worse. " +
        "No plan with it can do better than 4.3 M tokens/s."
    )
    const lines = told(slower).split("\n")
    const at = lines.indexOf("Where the time of a step goes")
    expect(lines[at + 2]).toMatch(/^ {2}step +3\.63 s +4\.03 s +\+400 ms$/)
    expect(lines[at + 3]).toMatch(/^ {2}pipeline bubble +280 ms +680 ms +\+400 ms$/)
    expect(lines.filter((line) => line.length > 80)).toEqual([])
  })

  it("claims no proof that it has not", () => {
    expect(oneLine(told(valued(4.158e6, 4.9e6)))).toContain("10 % worse. That it cannot do better is not proven.")
    expect(oneLine(told(valued(4.158e6, null)))).toContain("10 % worse. That it cannot do better is not proven.")
  })

  it("knows a minimum from a maximum", () => {
    const days = (value: number, bound: number): Recommendation => ({
      ...answer, objective: { name: "minimizeTimeToTrain", unit: "days", sense: "minimize", value, bound, gap: 0 }
    })
    expect(oneLine(renderExplanation(days(30, 30), days(33, 33), plain))).toContain(
      "With this choice: 33 days instead of 30 days, 10 % worse. No plan with it can do better than 33 days."
    )
    expect(renderExplanation(days(30, 29), days(29, 29), plain)).toContain("better than what the search found")
  })

  it("names what the choice breaks", () => {
    const conflict = { members: [{ path: "$.search.hbdSize", limit: "8 accelerators" }], relaxations: [], together: [] }
    const text = told({
      ...valued(null, null), status: "infeasible", layout: null, performance: null, resources: [], conflict
    })
    expect(text).toContain("With this choice nothing that meets the limits can be built.")
    expect(text).toContain("  $.search.hbdSize: 8 accelerators")
  })

  it("says when there is nothing to tell, or nothing was found", () => {
    expect(told(answer)).toContain("This choice is as good as the answer: 4.62 M tokens/s.")
    expect(told({ ...valued(null, null), status: "noSolution", limit: "time", layout: null }))
      .toContain("No plan with this choice was found before the search stopped (time).")
  })
})
