/**
 * The mappings of one machine, searched exactly: cuts of a layer by rising work, the pipelines that may matter,
 * their completions.
 */
import { recomputeCode } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { CutWork } from "./cut-order.ts"
import type { LayerCut } from "./layer-cut.ts"
import { completeRun } from "./mapping-completion.ts"
import {
  leastRecompute, leastStepOfPipeline, type MappingGoal, type MappingProblem, mostReplicas, type PipelinePlan, timedRuns,
  wholeModel
} from "./mapping-run.ts"

/** Offers the goal every completion that may matter. Returns false when it was stopped. */
export function searchMappings(problem: MappingProblem, goal: MappingGoal): boolean {
  for (const { cut, work } of cutsByWork(problem)) {
    if (!goal.mayMatterAnywhere(work, 0)) break
    if (goal.stopped()) return false
    searchCut(problem, cut, work, goal)
  }
  return true
}

/** All cuts by rising work: accelerator-seconds that no step of the cut undercuts. */
export function cutsByWork(problem: MappingProblem): Iterable<CutWork> {
  return problem.times.byWork(problem.floors(), leastRecompute(problem.domain), wholeModel(problem))
}

function searchCut(problem: MappingProblem, cut: LayerCut, work: number, goal: MappingGoal): void {
  const least = leastRecompute(problem.domain)
  for (const plan of problem.pipelines) {
    const replicas = mostReplicas(problem, cut, plan.pp)
    if (replicas === 0) continue
    const microBatches = Math.ceil(problem.globalBatch / (replicas * cut.microBatch))
    for (const order of plan.pp === 1 ? problem.domain.order.slice(0, 1) : problem.domain.order) {
      const floorS = leastStepOfPipeline(problem, cut, plan, order, least, microBatches)
      if (goal.mayMatterAnywhere(work, floorS)) completePipeline(problem, cut, plan, order, replicas, goal)
    }
  }
}

function completePipeline(
  problem: MappingProblem, cut: LayerCut, plan: PipelinePlan, order: Mapping["order"], replicas: number,
  goal: MappingGoal
): void {
  for (const recompute of problem.domain.recompute) {
    for (const run of timedRuns(problem, cut, plan, order, recomputeCode[recompute])) {
      completeRun(problem, run, replicas, goal)
    }
  }
}
