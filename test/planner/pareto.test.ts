import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { findFront, type ParetoFront } from "../../src/planner/pareto.ts"
import { type Box, type Costs, withoutDominated, withoutEmpty } from "../../src/planner/pareto-boxes.ts"
import { askFor, frontObjectives } from "../../src/planner/pareto-question.ts"
import { prepareProblem } from "../../src/planner/problem.ts"
import { renderFront } from "../../src/report/pareto.ts"
import { plain } from "../../src/report/style.ts"
import { catalog, readScenario } from "./shipped.ts"

const hall = readScenario("instances/scenarios/air-retrofit.yaml")
const replicas = [4, 8, 12, 16, 24, 32]
const small: Scenario = {
  ...hall,
  limits: { ...hall.limits, timeS: null, gap: 0, evaluations: null },
  search: {
    ...hall.search,
    accelerator: ["b300-sxm", "h200-sxm", "mi300x"], nic: ["cx7-400"], hbdSize: [8], hbds: replicas,
    nicsPerAccelerator: [1], planes: [1], oversubscription: [1], scaleOutTopology: ["single", "clos"],
    mapping: {
      tp: [8], cp: [1], ep: [1], etp: [1], pp: [1], vpp: [1], dp: replicas, microBatch: [1], sequenceParallel: [true],
      recompute: ["selective"], shardingStage: [1], shardingGroup: ["all"], offload: ["none"], order: ["tp-cp-dp-pp"]
    }
  }
}
const options = {
  objectives: frontObjectives, points: 200, floorShare: 0.3, stopped: () => false, onSolve: () => undefined
}
const whole = await findFront(small, catalog, options)

const costs = ({ tokensPerS, facilityPowerW, capexUsd }: ParetoFront["points"][number]): Costs =>
  [-tokensPerS, facilityPowerW, capexUsd]
const covers = (a: Costs, b: Costs, tolerance = 1e-9): boolean =>
  a.every((cost, i) => cost <= b[i]! + tolerance * Math.abs(b[i]!))
/** What a figure may change by where a point is evaluated again: rounding. */
const rounding = 1e-9

/** Every candidate of the scenario, its fabric chosen as each objective would. */
function judgeAll(floor: number): ReadonlyArray<Costs> {
  const unlimited = frontObjectives.map(() => Infinity)
  return frontObjectives.flatMap((_, which) => {
    const { space } = prepareProblem(askFor(small, frontObjectives, which, unlimited), catalog)
    return space.blocks.flatMap((_, block) => space.classesOf(block).flatMap(({ fabric }) =>
      replicas.flatMap((hbds) => replicas.flatMap((dp) => {
        const mapping = { ...whole.points[0]!.recommendation.mapping!, dp }
        const judged = space.judge({ block, fabric, hbds, mapping })
        if (judged === null) return []
        const tokensPerS = small.workload.globalBatch * small.workload.sequence / judged.stepS
        const { meterPowerW, capexUsd } = judged.classUse.use
        return tokensPerS < floor ? [] : [[-tokensPerS, meterPowerW, capexUsd]]
      }))))
  })
}

describe("the front", () => {
  it("is what is left of every candidate once the dominated are gone", () => {
    expect(whole.status).toBe("complete")
    const front = whole.points.map(costs)
    const candidates = judgeAll(whole.throughputFloor)
    expect(candidates.length).toBeGreaterThan(100)
    expect(front.length).toBeGreaterThan(4)
    for (const candidate of candidates) expect(front.some((point) => covers(point, candidate, rounding))).toBe(true)
    for (const point of front) {
      const better = candidates.filter((candidate) => covers(candidate, point) && !covers(point, candidate))
      expect(better).toEqual([])
    }
    const met = front.filter((point) =>
      candidates.some((one) => covers(one, point, rounding) && covers(point, one, rounding)))
    expect(met.length).toBeGreaterThan(15)
  })

  it("holds no point that another dominates, each proven and each with a check that passes", () => {
    const front = whole.points.map(costs)
    expect(front.filter((a, i) => front.some((b, j) => i !== j && covers(b, a)))).toEqual([])
    for (const { gap, recommendation, tokensPerS, capexUsd } of whole.points) {
      expect(gap).toBe(0)
      expect(recommendation.check.messages).toEqual([])
      expect(Math.abs(recommendation.performance!.tokensPerS / tokensPerS - 1)).toBeLessThan(rounding)
      expect(recommendation.money!.capexUsd / capexUsd).toBeCloseTo(1, 9)
    }
    expect(new Set(whole.points.flatMap(({ extremeOf }) => extremeOf))).toEqual(new Set(frontObjectives))
  })

  it("cut short has points of the whole, and boxes that hold all the others", async () => {
    const cut = await findFront(small, catalog, { ...options, points: 4 })
    expect([cut.status, cut.limit, cut.points.length]).toEqual(["partial", "points", 4])
    const known = cut.points.map(costs)
    for (const point of whole.points.map(costs)) {
      const isKnown = known.some((one) => covers(one, point, rounding))
      const isInside = cut.uncovered.some(({ extent: { throughput, power, capex } }) =>
        covers([-(throughput!.best ?? Infinity), power!.best!, capex!.best!], point, rounding) &&
        covers(point, [-throughput!.worst!, power!.worst ?? Infinity, capex!.worst ?? Infinity], rounding))
      expect(isKnown || isInside).toBe(true)
    }
    const report = renderFront(cut, plain).split("\n")
    expect(Math.max(...report.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(report.join("\n")).toContain("Not covered")
  })

  it("of two objectives ends with the scenario's own floor; stopped at once it holds nothing and says so", async () => {
    const throughputFloor = whole.points[0]!.tokensPerS / 2
    const floored = { ...small, objective: { ...small.objective, throughputFloor } }
    const front = await findFront(floored, catalog, { ...options, objectives: ["power", "capex"] })
    expect(front.status).toBe("complete")
    for (const { tokensPerS } of front.points) expect(tokensPerS).toBeGreaterThanOrEqual(throughputFloor * (1 - 1e-9))
    const none = await findFront(small, catalog, { ...options, stopped: () => true })
    expect([none.status, none.limit, none.points.length]).toEqual(["partial", "interrupted", 0])
  })
})

describe("a front that is stopped on the way", () => {
  it.each([1, 3, 4, 8, 13, 21])("after %i searches: tells points worked out, and leaves open where others lie", async (most) => {
    let isStopped = false
    const front = await findFront(small, catalog, {
      ...options, stopped: () => isStopped, onSolve: ({ solves }) => void (isStopped = solves >= most)
    })
    expect([front.status, front.limit]).toEqual(["partial", "interrupted"])
    if (most > 3) expect(front.points.length).toBeGreaterThan(0)
    for (const { gap, recommendation } of front.points) expect([gap, recommendation.status]).toEqual([0, "optimal"])
    const isOpen = ({ tokensPerS, facilityPowerW, capexUsd }: ParetoFront["points"][number]) =>
      front.uncovered.some(({ extent: { throughput, power, capex } }) =>
        tokensPerS <= (throughput!.best ?? Infinity) * (1 + rounding) && tokensPerS >= (throughput!.worst ?? 0) * (1 - rounding) &&
        facilityPowerW >= (power!.best ?? 0) * (1 - rounding) && facilityPowerW <= (power!.worst ?? Infinity) * (1 + rounding) &&
        capexUsd >= (capex!.best ?? 0) * (1 - rounding) && capexUsd <= (capex!.worst ?? Infinity) * (1 + rounding))
    for (const point of whole.points) {
      expect(isOpen(point) || front.points.some((one) => covers(costs(one), costs(point)))).toBe(true)
    }
  })
})

describe("the boxes", () => {
  const cost = fc.integer({ min: 0, max: 6 })
  const triple = fc.tuple(cost, cost, cost)
  const start: Box = { lower: [0, 0, 0], upper: [7, 7, 7], halved: false }
  const holds = ({ lower, upper }: Box, at: Costs) => at.every((one, i) => one >= lower[i]! && one < upper[i]!)

  it("cover exactly what is neither dominated nor proven empty, once each", () => {
    const triples = fc.array(triple, { maxLength: 4 })
    fc.assert(fc.property(triples, triples, triple, (points, corners, at) => {
      const boxes = corners.reduce(withoutEmpty, points.reduce(withoutDominated, [start] as ReadonlyArray<Box>))
      const gone = points.some((point) => at.every((one, i) => one >= point[i]!)) ||
        corners.some((corner) => at.every((one, i) => one < corner[i]!))
      expect(boxes.filter((box) => holds(box, at))).toHaveLength(gone ? 0 : 1)
    }))
  })
})
