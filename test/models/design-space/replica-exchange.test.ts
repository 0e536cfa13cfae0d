import { describe, expect, it } from "vitest"
import { createLayoutSpace, type LayoutSpace } from "../../../models/design-space/layout-space.ts"
import { type MappingProblem, mostReplicas, timedRuns } from "../../../models/design-space/mapping-run.ts"
import { leastExchange } from "../../../models/design-space/replica-exchange.ts"
import { shardAll, shardInside } from "../../../models/performance/replicas.ts"
import { figure } from "../../../models/performance/step.ts"
import { type Draw, drawFrom } from "./cut-down.ts"
import { shipped } from "./shipped.ts"

/** Of a block behind the ideal scale-out, or behind one of its own: an HBD alone has nothing to exchange over. */
function drawnProblem(space: LayoutSpace, draw: Draw): MappingProblem {
  const block = draw.below(space.blocks.length)
  const classes = draw.below(2) === 0 ? [] : space.classesOf(block).filter(({ machine }) => machine.scaleOut.GBps > 0)
  if (classes.length === 0) return space.idealProblem(block, 4096)
  return space.machines.problem(classes[draw.below(classes.length)]!.machine, 4096)
}

/** The bound over what the evaluator shows of the exchange, in a random run with random replicas and sharding; null: none fits. */
function pressure(problem: MappingProblem, draw: Draw): number | null {
  const { evaluator, cuts, pipelines, domain } = problem
  const cut = cuts[draw.below(cuts.length)]!
  const plan = pipelines[draw.below(pipelines.length)]!
  const order = domain.order[draw.below(domain.order.length)]!
  const most = Math.floor(Math.min(mostReplicas(problem, cut, plan.pp), problem.globalBatch / cut.microBatch) / cut.multiple)
  if (most < 1) return null
  const dp = cut.multiple * (1 + draw.below(most))
  const recompute = draw.below(3)
  const runs = timedRuns(problem, cut, plan, order, recompute)
  const run = runs[draw.below(runs.length)]!
  const floorS = leastExchange(problem, problem.times.layers(cut, recompute), run, dp)
  evaluator.evaluate(
    cut.tp, cut.cp, cut.ep, cut.etp, plan.pp, run.vpp, dp, cut.microBatch, cut.sequenceParallel, recompute,
    draw.below(4), draw.below(2) === 0 ? shardAll : shardInside, 0, order === "tp-cp-dp-pp"
  )
  const shownS = evaluator.out[figure.dataS]! + evaluator.out[figure.shardingS]!
  return floorS === 0 ? 0 : floorS / shownS
}

describe("what replicas exchange at the least", () => {
  it("is never more than what a step shows of it, and often close", () => {
    const draw = drawFrom(11)
    const ratios: Array<number> = []
    for (const { scenario, hardware } of shipped.filter(({ name }) => /vendor|moe-1.8t|air/.test(name))) {
      const space = createLayoutSpace(scenario, hardware)
      for (let i = 0; i < 40; i++) {
        const problem = drawnProblem(space, draw)
        for (let j = 0; j < 60; j++) ratios.push(pressure(problem, draw) ?? 0)
      }
    }
    expect(Math.max(...ratios)).toBeLessThanOrEqual(1 + 1e-9)
    expect(Math.max(...ratios)).toBeGreaterThan(0.97)
    expect(ratios.filter((ratio) => ratio > 0.5).length).toBeGreaterThan(ratios.length / 10)
  }, 120_000)
})
