/**
 * The mappings of one machine, searched exactly: cuts of a layer by rising work, the pipelines that may matter,
 * their completions.
 */
import { recomputeCode } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { StageLoad } from "../performance/stage.ts"
import type { LayerCut } from "./layer-cut.ts"
import type { CutWork } from "./layer-times.ts"
import { completeRun } from "./mapping-completion.ts"
import type { MappingDomain } from "./mapping-domain.ts"
import {
  leastStep, type MappingGoal, type MappingProblem, mostReplicas, type PipelinePlan, timedRuns
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
export function cutsByWork(problem: MappingProblem): ReadonlyArray<CutWork> {
  return problem.times.byWork(problem.cuts, leastRecompute(problem.domain), wholeModel(problem))
}

/** Recomputation only adds: the lightest that the domain has gives a bound of all. */
function leastRecompute(domain: MappingDomain): number {
  return Math.min(...domain.recompute.map((recompute) => recomputeCode[recompute]))
}

/** How many layers of each kind the model has stands in every load. */
function wholeModel({ pipelines }: MappingProblem): StageLoad {
  return pipelines[0]!.chunks[0]!.load
}

function searchCut(problem: MappingProblem, cut: LayerCut, work: number, goal: MappingGoal): void {
  const least = leastRecompute(problem.domain)
  for (const plan of problem.pipelines) {
    const replicas = mostReplicas(problem, cut, plan.pp)
    if (replicas === 0) continue
    const microBatches = Math.ceil(problem.globalBatch / (replicas * cut.microBatch))
    for (const order of plan.pp === 1 ? problem.domain.order.slice(0, 1) : problem.domain.order) {
      const floorS = timedRuns(problem, cut, plan, order, least)
        .reduce((floor, run) => Math.min(floor, leastStep(problem, run, microBatches)), Infinity)
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
