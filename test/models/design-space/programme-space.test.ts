import { describe, expect, it } from "vitest"
import { type Candidate, createLayoutSpace, type Judged, type LayoutNode } from "../../../models/design-space/layout-space.ts"
import { mappingsOf, ProgrammeSpace } from "../../../models/design-space/programme-space.ts"
import type { ObjectiveName, Scenario, Workload } from "../../../models/design-space/scenario.ts"
import type { Hardware } from "../../../models/design-space/selection.ts"
import { parameterCount } from "../../../models/workload/parameters.ts"
import { searchTree } from "../../../solvers/branch-and-bound/branch-and-bound.ts"
import { isWorseBeyondMargin, worstValue } from "../../../solvers/contract/gap.ts"
import { unlimited } from "../../../solvers/contract/search-run.ts"
import type { SearchSpace } from "../../../solvers/contract/search-space.ts"
import { cutDown, type Draw, drawFrom } from "./cut-down.ts"
import { everyProgrammeOptimum } from "./oracle.ts"
import { shipped, shippedModels } from "./shipped.ts"

const smallModels = shippedModels.filter((model) => parameterCount(model).total < 100e9)

const solve = (space: SearchSpace<LayoutNode, Candidate>, known: ReadonlyArray<Candidate> = []) => searchTree({
  space, limits: unlimited, interrupt: { now: () => 0, stopped: () => false }, seed: 1,
  incumbents: known.map((candidate) => ({ candidate, source: "known" })), progress: () => undefined
})

interface Small {
  readonly scenario: Scenario
  readonly hardware: Hardware
}

/** A cut-down scenario with a second workload: another batch, length and number of tokens, often of another model. */
function smallProgramme(seed: number): Small | null {
  const draw = drawFrom(seed)
  const { scenario, hardware } = draw.of(shipped)
  const small = cutDown(scenario, hardware, draw.of(smallModels), draw)
  if (small === null) return null
  const hbds = draw.below(4) === 0 ? [1, 2, 3, 5, 8] : null
  return {
    hardware,
    scenario: { ...small, furtherWorkloads: [secondWorkload(small.workload, draw)], search: { ...small.search, hbds } }
  }
}

function secondWorkload(first: Workload, draw: Draw): Workload {
  return {
    ...first, name: "second", model: draw.below(2) === 0 ? first.model : draw.of(smallModels),
    sequence: draw.of([2048, 4096, 8192]), globalBatch: 4 + draw.below(40), tokens: first.tokens * draw.of([0.1, 1, 3])
  }
}

const withObjective = (scenario: Scenario, name: ObjectiveName, throughputFloor: number | null): Scenario =>
  ({ ...scenario, objective: { ...scenario.objective, name, throughputFloor } })

/** What a node below which nothing has been found yet may ask. */
const fresh = (space: ProgrammeSpace) => ({
  cutoff: () => worstValue(space.sense), offer: () => undefined, spend: () => undefined, stopped: () => false
})

/** The search's optimum against the oracle's, and every node's bound against the best leaf below it; the optimum judged. */
function attack({ scenario, hardware }: Small): Judged | null {
  const optima = everyProgrammeOptimum(scenario, hardware)
  const space = new ProgrammeSpace(scenario, hardware)
  const bestOf = (some: typeof optima): number | null => {
    const values = some.flatMap(({ value }) => (value === null ? [] : [value]))
    return values.length === 0 ? null : space.sense === "maximize" ? Math.max(...values) : Math.min(...values)
  }
  const best = bestOf(optima)
  const answer = solve(space)
  expect(answer.incumbent?.value ?? null).toBe(best)
  expect(answer.status).toBe(best === null ? "infeasible" : "optimal")
  const holds = (bound: number, value: number) => expect(isWorseBeyondMargin(space.sense, bound, value)).toBe(false)
  for (const [block] of space.blocks.entries()) {
    const ofBlock = bestOf(optima.filter((one) => one.block === block))
    if (ofBlock === null) continue
    for (const level of [0, 1]) holds(space.bound({ kind: "block", block }, level), ofBlock)
    const [ideal] = [...space.branch({ kind: "block", block }, fresh(space))]
    holds(space.bound(ideal!, 0), ofBlock)
    const below = [...space.branch(ideal!, fresh(space))].map((node) => {
      if (node.kind !== "class") throw new Error("a block behind an ideal scale-out branches into classes")
      const machine = JSON.stringify(space.runs[0]!.space.classOf(node).machine)
      const value = bestOf(optima.filter((one) => one.block === block && one.machine === machine))
      if (value !== null) holds(space.bound(node, 0), value)
      return value
    })
    expect(below).toContain(ofBlock)
  }
  return answer.incumbent === null ? null : space.judge(answer.incumbent.candidate)
}

/** More HBDs, a power limit that leaves room for some of them: then exact counts decide. */
function withPower({ scenario, hardware }: Small, limitMW: number, times: number): Small {
  const sites = scenario.sites.map((site) =>
    ({ ...site, accelerators: times * site.accelerators!, power: { ...site.power, limitMW } }))
  return { scenario: { ...scenario, sites }, hardware }
}

/** So many programmes that have an answer, the fastest of each with it. */
function* feasibleProgrammes(
  count: number, start = 0
): Generator<Small & { readonly space: ProgrammeSpace; readonly best: Candidate }> {
  let found = 0
  for (let seed = start; found < count; seed++) {
    const small = smallProgramme(seed)
    if (small === null) continue
    const scenario = withObjective(small.scenario, "minimizeTimeToTrain", null)
    const space = new ProgrammeSpace(scenario, small.hardware)
    const { incumbent } = solve(space)
    if (incumbent === null) continue
    found++
    yield { scenario, hardware: small.hardware, space, best: incumbent.candidate }
  }
}

describe("the search of layouts for several workloads", () => {
  it("finds the optimum of brute force, and no bound is beaten, whatever is optimised", () => {
    let feasible = 0
    for (let seed = 0; seed < 150; seed++) {
      const small = smallProgramme(seed)
      if (small === null) continue
      const fastest = attack({ ...small, scenario: withObjective(small.scenario, "maximizeThroughput", null) })
      if (fastest === null) continue
      feasible++
      const draw = drawFrom(seed)
      const name = draw.of(["minimizeTimeToTrain", "minimizePower", "minimizeCapex"] as const)
      const floor = fastest.value * draw.of([0.2, 0.5, 0.8, 1 - 1e-9])
      attack(withPower({ ...small, scenario: withObjective(small.scenario, name, floor) }, 1000, draw.of([1, 3])))
      const limitMW = fastest.classUse.use.meterPowerW / 1e6 * draw.of([0.6, 0.9, 1.3, 2.1])
      attack(withPower({ ...small, scenario: withObjective(small.scenario, "maximizeThroughput", null) }, limitMW, 3))
    }
    expect(feasible).toBeGreaterThan(40)
  }, 300_000)

  it("trains the same workload twice on the layout of one, in twice its time", () => {
    for (const { scenario, hardware } of feasibleProgrammes(15)) {
      const alone = { ...scenario, furtherWorkloads: [] }
      const one = solve(createLayoutSpace({ ...alone, search: { ...alone.search, sites: [1] } }, hardware)).incumbent
      const twice = { ...scenario, furtherWorkloads: [{ ...scenario.workload, name: "again" }] }
      const both = solve(new ProgrammeSpace(twice, hardware)).incumbent
      if (one === null) {
        expect(both).toBeNull()
        continue
      }
      const { mapping, ...layout } = one.candidate
      expect(both?.candidate).toEqual({ ...layout, mapping, further: [mapping] })
      expect(both?.value).toBeCloseTo(2 * one.value, 9)
    }
  }, 120_000)

  it("does not care about the order of the workloads", () => {
    for (const { scenario, hardware, space, best } of feasibleProgrammes(15)) {
      const turned = new ProgrammeSpace(
        { ...scenario, workload: scenario.furtherWorkloads[0]!, furtherWorkloads: [scenario.workload] }, hardware
      )
      const { incumbent } = solve(turned)
      expect(incumbent?.value).toBeCloseTo(space.evaluate(best)!, 9)
      expect(incumbent?.candidate).toMatchObject({ block: best.block, fabric: best.fabric, hbds: best.hbds })
      expect(mappingsOf(incumbent!.candidate).toReversed()).toEqual(mappingsOf(best))
    }
  }, 120_000)

  it("gives the same answer when it is known beforehand", () => {
    for (const { space, best } of feasibleProgrammes(15)) expect(solve(space, [best]).incumbent?.candidate).toEqual(best)
  }, 120_000)

  it("is no slower for less to train, nor for more HBDs", () => {
    for (const { scenario, hardware, space, best } of feasibleProgrammes(10, 500)) {
      const days = space.evaluate(best)!
      const [second] = scenario.furtherWorkloads
      const less = { ...scenario, furtherWorkloads: [{ ...second!, tokens: second!.tokens / 2 }] }
      expect(solve(new ProgrammeSpace(less, hardware)).incumbent!.value).toBeLessThan(days)
      const sites = scenario.sites.map((site) => ({ ...site, accelerators: 2 * site.accelerators! }))
      expect(solve(new ProgrammeSpace({ ...scenario, sites }, hardware)).incumbent!.value).toBeLessThanOrEqual(days)
    }
  }, 120_000)

  it("withstands random pairs of mappings on the shipped programme", () => {
    const { scenario, hardware } = shipped.find(({ name }) => name === "programme-two-models")!
    const space = new ProgrammeSpace(scenario, hardware)
    const draw = drawFrom(3)
    let judged = 0
    for (const block of draw.some(space.blocks.map((_, i) => i), 12)) {
      const genomes = space.runs.map((run) => run.space.genomeOf([block]))
      for (let i = 0; i < 200; i++) {
        const fabric = draw.below(512)
        const [first, second] = genomes.map((genome) => genome.decode(
          genome.genes.map(({ name, cardinality }) => (name === "class" ? fabric : draw.below(cardinality)))))
        if (first == null || second == null) continue
        const value = space.evaluate({ ...first, hbds: Math.max(first.hbds, second.hbds), further: [second.mapping] })
        if (value === null) continue
        judged++
        for (const level of [0, 1]) {
          expect(isWorseBeyondMargin(space.sense, space.bound({ kind: "block", block }, level), value)).toBe(false)
        }
      }
    }
    expect(judged).toBeGreaterThan(20)
  }, 60_000)

  it("leaves out layouts on several sites, and says so", () => {
    const two = [...Array(200).keys()].map(smallProgramme).find((small) => small !== null && small.scenario.links.length > 0)!
    const space = new ProgrammeSpace(two.scenario, two.hardware)
    expect(space.blocks.every(({ crossing }) => crossing === null)).toBe(true)
    expect(space.droppedAt(null)).toContainEqual({
      reason: "layouts of a programme on several sites: it is planned on one", count: 1,
      examples: [two.scenario.links[0]!.between.join(" and ")]
    })
  })
})
