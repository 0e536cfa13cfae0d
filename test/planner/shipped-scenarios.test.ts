import { describe, expect, it } from "vitest"
import { evaluate } from "../../src/planner/planner.ts"
import { catalog, filesIn, readScenario, within } from "./shipped.ts"

/** Enough for a candidate and a bound everywhere; not for every proof. */
const work = 300_000

describe("every shipped scenario", () => {
  it.each(filesIn("scenarios"))("%s is answered, and the answer holds when it is worked out again", async (file) => {
    const answer = await evaluate(within(readScenario(file), work), catalog)
    if (file.includes("infeasible")) {
      expect(answer.status).toBe("infeasible")
      expect(answer.conflict?.members.map(({ path }) => path)).toEqual(["$.sites[0].power.limitMW", "$.objective.deadlineDays"])
      return
    }
    expect(["optimal", "feasible"]).toContain(answer.status)
    expect(answer.check.messages).toEqual([])
    expect(answer.check.rows).toBeGreaterThan(25)
    expect(answer.objective.gap).toBeGreaterThanOrEqual(0)
    for (const { used, limit } of answer.resources) if (limit !== null) expect(used).toBeLessThanOrEqual(limit * (1 + 1e-9))
  }, 180_000)
})

describe("every reference layout", () => {
  it.each(filesIn("reference"))("%s is evaluated as it stands", async (file) => {
    const scenario = readScenario(file)
    const answer = await evaluate(scenario, catalog)
    expect(answer.status).toBe("optimal")
    expect(answer.check.messages).toEqual([])
    expect(answer.layout?.hbds).toBe(scenario.search.hbds?.[0])
    expect(answer.mapping?.tp).toBe(scenario.search.mapping.tp?.[0])
    expect(answer.objective.bound).toBe(answer.objective.value)
  }, 60_000)
})
