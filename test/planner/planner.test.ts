import { describe, expect, it } from "vitest"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { completeFabricSpec } from "../../models/fabric/fabric.ts"
import { sizeFabric } from "../../models/fabric/sizing.ts"
import { checkRecommendation } from "../../src/planner/check.ts"
import { evaluate, plan } from "../../src/planner/planner.ts"
import { silent } from "../../src/planner/search.ts"
import { catalog, readScenario, within } from "./shipped.ts"

const existing = readScenario("instances/scenarios/existing-cluster.yaml")
const retrofit = readScenario("instances/scenarios/air-retrofit.yaml")

const withPower = (scenario: Scenario, limitMW: number): Scenario => ({
  ...scenario, sites: scenario.sites.map((site) => ({ ...site, power: { ...site.power, limitMW } }))
})

const onlyB300 = { ...retrofit, search: { ...retrofit.search, accelerator: ["b300-sxm"], nic: ["cx7-400"] } }

describe("plan", () => {
  it("gives the same bytes twice, and every part of an answer", async () => {
    const scenario = within(existing, 200_000, 0)
    const options = { ...silent, threads: 1 }
    const first = await plan(scenario, catalog, options)
    expect(JSON.stringify(await plan(scenario, catalog, options))).toBe(JSON.stringify(first))
    expect(first.status).toBe("optimal")
    expect(first.check.maxViolation).toBeLessThan(1e-9)
    expect(first.bom.length).toBeGreaterThan(8)
    expect(first.baseline).not.toBeNull()
    expect(first.provenance.estimates.length).toBeGreaterThan(0)
    const power = first.resources.find(({ path, limit }) => path === "$.sites[0].power.limitMW" && limit !== null)
    expect(power?.worthUp).toBe(0)
    expect(power?.increment).toBeGreaterThan(0)
  }, 120_000)

  it("tells over which range of a limit it stays the best", async () => {
    const asked = within(withPower(onlyB300, 1), 3_000_000, 0)
    const { objective, resources } = await plan(asked, catalog, { ...silent, threads: 1 })
    const { range } = resources.find(({ path, limit }) => path === "$.sites[0].power.limitMW" && limit !== null)!
    const { from, to, changesAt } = range!
    expect(from).toBeLessThanOrEqual(1)
    expect(to).toBeGreaterThanOrEqual(1)
    expect(changesAt! - to).toBeLessThanOrEqual(0.01)
    const gain = async (limitMW: number) =>
      (await evaluate(within(withPower(onlyB300, limitMW), 3_000_000, 0), catalog)).objective.value! / objective.value! - 1
    for (const same of [from * (1 + 1e-9), to]) expect(Math.abs(await gain(same))).toBeLessThan(1e-5)
    expect(await gain(changesAt!)).toBeGreaterThan(1e-5)
    expect(await gain(from * 0.99)).toBeLessThan(-1e-5)
  }, 120_000)

  it("is never made worse by more power, once proven", async () => {
    const values: Array<number> = []
    for (const limitMW of [0.5, 0.7, 1, 1.4]) {
      const answer = await evaluate(within(withPower(onlyB300, limitMW), 3_000_000, 0), catalog)
      expect(answer.status).toBe("optimal")
      values.push(answer.objective.value!)
    }
    expect([...values].sort((a, b) => a - b)).toEqual(values)
  }, 120_000)

  it("stops when asked, with the best so far and its bound", async () => {
    let asked = 0
    const answer = await evaluate(retrofit, catalog, { ...silent, stopped: () => ++asked > 400 })
    expect(answer.limit).toBe("interrupted")
    expect(["feasible", "noSolution"]).toContain(answer.status)
    if (answer.objective.value !== null) expect(answer.objective.bound!).toBeGreaterThanOrEqual(answer.objective.value)
  }, 60_000)
})

describe("a dragonfly", () => {
  const shapes = (scaleOutTopology: Scenario["search"]["scaleOutTopology"]): Scenario => ({
    ...withPower(readScenario("instances/scenarios/vendor-nvidia.yaml"), 1),
    search: { ...onlyB300.search, accelerator: ["h100-sxm"], host: ["dgx-h100"], scaleOutTopology }
  })

  it("is searched where it is named, at whole routers for all endpoints", async () => {
    const answer = await evaluate(shapes(["dragonfly"]), catalog)
    expect(answer.status).toBe("optimal")
    expect(answer.check.maxViolation).toBeLessThan(1e-9)
    const scaleOut = answer.layout!.scaleOut!
    expect(scaleOut.topology).toBe("dragonfly")
    const endpoints = scaleOut.nicsPerAccelerator * answer.layout!.accelerators
    const { radix } = catalog.switches.find(({ id }) => id === scaleOut.switch)!
    const sized = sizeFabric(completeFabricSpec({
      topology: "dragonfly", endpoints, radix: [radix.find(({ portGbps }) => portGbps === 400)!.ports], linkGbps: 400
    }))
    expect(sized).toMatchObject({ kind: "direct", switches: { router: scaleOut.switches.total } })
  }, 60_000)
})

describe("the check", () => {
  it("finds what was changed in an answer", async () => {
    const { check, ...answer } = await evaluate(readScenario("instances/reference/dgx-superpod-h100.yaml"), catalog)
    expect(check.maxViolation).toBeLessThan(1e-9)
    const changed = [
      { ...answer, bom: answer.bom.map((line, i) => (i === 0 ? { ...line, count: line.count + 1 } : line)) },
      { ...answer, mapping: { ...answer.mapping!, dp: answer.mapping!.dp * 2 } },
      { ...answer, performance: { ...answer.performance!, stepTimeS: answer.performance!.stepTimeS * 0.99 } },
      { ...answer, objective: { ...answer.objective, value: answer.objective.value! * 1.01 } },
      { ...answer, resources: answer.resources.map((row) => ({ ...row, limit: row.used * 0.9 })) }
    ]
    for (const one of changed) expect(checkRecommendation(one).maxViolation).toBeGreaterThan(1e-6)
  })

  it("finds a cable of either fabric that its medium does not reach", async () => {
    const { check, ...answer } = await evaluate(readScenario("instances/reference/gb200-nvl72-superpod.yaml"), catalog)
    expect(check.maxViolation).toBeLessThan(1e-9)
    const [site] = answer.floor
    const { hbd: { media }, scaleOut } = answer.layout!
    for (const medium of [media[0]!, scaleOut!.media[0]!]) {
      const cables = site!.cables.map((one) => (one.medium === medium ? { ...one, reachM: one.longestM * 0.9 } : one))
      const { messages } = checkRecommendation({ ...answer, floor: [{ ...site!, cables }] })
      expect(messages).toEqual([expect.stringContaining(`reach of ${medium}`)])
    }
  })
})
