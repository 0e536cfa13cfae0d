import { describe, expect, it } from "vitest"
import { withLimit } from "../../models/design-space/limit.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { evaluate, plan } from "../../src/planner/planner.ts"
import { silent } from "../../src/planner/search.ts"
import { few, readScenario, within } from "./shipped.ts"

const hall = readScenario("instances/scenarios/air-retrofit.yaml")
const halls = readScenario("instances/scenarios/two-halls-40km.yaml")
const asked = (scenario: Scenario): Scenario => within({ ...scenario, workload: { ...hall.workload, globalBatch: 192 } }, 20_000_000, 0)

const one = (change: Partial<Scenario["sites"][number]>, limitMW: number): Scenario => asked({
  ...hall, sites: hall.sites.map((site) => ({ ...site, power: { ...site.power, limitMW }, ...change }))
})

const two = (limitsMW: ReadonlyArray<number>): Scenario => asked({
  ...halls, sites: halls.sites.map((site, i) =>
    ({ ...site, racks: 500, cooling: hall.sites[0]!.cooling, power: { ...site.power, limitMW: limitsMW[i]! } }))
})

const wide = { racks: 1000, floorM2: 1e4 }
const powers = ["$.sites[0].power.limitMW", "$.sites[1].power.limitMW"]
const accelerators = "$.sites[0].accelerators"
/** Limits of which more changes the plan, and those of them that it leaves slack. */
const cases: ReadonlyArray<readonly [string, Scenario, ReadonlyArray<string>, ReadonlyArray<string>]> = [
  ["one that binds, and slack ones that do not matter", one({ ...wide, accelerators: 1000 }, 0.55), powers.slice(0, 1), []],
  ["a slack one that matters, and others that do not", one({ ...wide, accelerators: 205 }, 5), [accelerators], [accelerators]],
  ["two sites", two([0.3, 0.2]), powers, powers.slice(1)]
]

const valueOf = async (scenario: Scenario) => (await evaluate(scenario, few)).objective.value!

describe("what limits are worth, and over which range the plan is the best:", () => {
  it.each(cases)("%s, as solving again has it", async (_, scenario, changing, slack) => {
    const { status, objective, resources } = await plan(scenario, few, { ...silent, threads: 1 })
    expect(status).toBe("optimal")
    const value = objective.value!
    const priced = resources.filter(({ increment }) => increment !== null)
    expect(priced.filter(({ range }) => range!.changesAt !== null).map(({ path }) => path).sort()).toEqual(changing)
    expect(priced.length).toBeGreaterThan(changing.length + 2)
    expect(priced.filter(({ path, used, limit, increment }) => changing.includes(path) && limit! - used >= increment!)
      .map(({ path }) => path)).toEqual(slack)
    for (const { path, limit, increment, worthUp, worthDown, range } of priced) {
      const at = (changed: number) => valueOf(withLimit(scenario, path, changed))
      const { from, to, changesAt } = range!
      expect(worthUp! / value).toBeCloseTo(await at(limit! + increment!) / value - 1, 9)
      expect(Math.abs(1 - worthDown! / value - await at(limit! - increment!) / value)).toBeLessThan(0.0011)
      expect(await at(from * (1 + 1e-9))).toBeCloseTo(value, 3)
      expect(await at(to)).toBeCloseTo(value, 3)
      if (changesAt === null) expect(to).toBe(2 * limit!)
      else {
        expect(changesAt - to).toBeLessThanOrEqual(0.0101 * limit!)
        expect(await at(changesAt)).toBeGreaterThan(value * (1 + 1e-9))
      }
    }
  }, 300_000)
})
