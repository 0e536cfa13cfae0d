import { describe, expect, it } from "vitest"
import { withLimit } from "../../models/design-space/limit.ts"
import type { LimitMove } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { evaluate, plan } from "../../src/planner/planner.ts"
import { silent } from "../../src/planner/search.ts"
import { few, readScenario, within } from "./shipped.ts"

const hall = readScenario("instances/scenarios/air-retrofit.yaml")
const halls = readScenario("instances/scenarios/two-halls-40km.yaml")

const due = (scenario: Scenario, deadlineDays: number): Scenario =>
  ({ ...scenario, workload: { ...hall.workload, globalBatch: 192 }, objective: { ...hall.objective, deadlineDays } })

const one = (change: Partial<Scenario["sites"][number]>, limitMW = 100): Scenario => due({
  ...hall, sites: hall.sites.map((site) => ({ ...site, power: { ...site.power, limitMW }, racks: null, ...change }))
}, 400)

const two = (limitsMW: ReadonlyArray<number>, allSites: Scenario["allSites"]): Scenario => due({
  ...halls, allSites, sites: halls.sites.map((site, i) =>
    ({ ...site, racks: null, cooling: hall.sites[0]!.cooling, power: { ...site.power, limitMW: limitsMW[i]! } }))
}, 400)

const powers = ["$.sites[0].power.limitMW", "$.sites[1].power.limitMW"]
const deadline = "$.objective.deadlineDays"
const cases: ReadonlyArray<readonly [string, Scenario, ReadonlyArray<string>]> = [
  ["power and a deadline", one({}, 0.2), [powers[0]!, deadline]],
  ["accelerators and a deadline", one({ accelerators: 64, racks: 10_000, floorM2: 1e5 }), ["$.sites[0].accelerators", deadline]],
  ["what two sites use together", two([50, 50], { powerMW: 0.3, capitalUsd: null }), ["$.allSites.powerMW", deadline]]
]

const moved = (scenario: Scenario, moves: ReadonlyArray<LimitMove>, end: "to" | "bound", share = 1): Scenario =>
  moves.reduce((rest, move) => withLimit(rest, move.path, move.from * (move[end]! / move.from) ** share), scenario)

const statusOf = async (question: Scenario) => (await evaluate(within(question, 20_000_000, Infinity), few)).status

describe("the conflict of", () => {
  it.each(cases)("%s: what it says suffices, and nothing less does", async (_, scenario, members) => {
    const { status, conflict } = await plan(scenario, few, { ...silent, threads: 1 })
    expect(status).toBe("infeasible")
    expect(conflict!.members.map(({ path }) => path)).toEqual(members)
    expect(conflict!.relaxations.map(({ path }) => path)).toEqual(members)
    expect(conflict!.together.map(({ path }) => path)).toEqual(members)
    for (const moves of [conflict!.together, ...conflict!.relaxations.map((move) => [move])]) {
      for (const { to, bound } of moves) expect(bound).toBe(to)
      expect(await statusOf(moved(scenario, moves, "to"))).not.toBe("infeasible")
      expect(await statusOf(moved(scenario, moves, "bound", 0.99))).toBe("infeasible")
    }
  }, 300_000)

  it("the power of each of two sites, to within what it says", async () => {
    const scenario = two([0.2, 0.1], { powerMW: null, capitalUsd: null })
    const { conflict } = await plan(scenario, few, { ...silent, threads: 1 })
    expect(conflict!.members.map(({ path }) => path)).toEqual([...powers, deadline])
    for (const move of conflict!.relaxations.slice(0, 1)) {
      expect(Math.abs(move.to / move.bound! - 1)).toBeLessThan(0.011)
      expect(await statusOf(moved(scenario, [move], "to"))).not.toBe("infeasible")
      expect(await statusOf(moved(scenario, [move], "bound", 0.99))).toBe("infeasible")
    }
  }, 300_000)
})
