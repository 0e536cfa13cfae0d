/**
 * The mappings of one machine, searched exactly and best first: cuts of a layer by rising work, the pipelines of a cut by
 * what they may come to, their completions. So hardly any pipeline is completed that the best could not come from.
 */
import { recomputeCode } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { CutWork } from "./cut-order.ts"
import type { LayerCut } from "./layer-cut.ts"
import { completeRun } from "./mapping-completion.ts"
import {
  leastRecompute, leastStepOfPipeline, type MappingGoal, type MappingProblem, mostReplicas, type PipelinePlan, roughStepOfPipeline,
  timedRuns, wholeModel
} from "./mapping-run.ts"
import { PromiseQueue } from "./promise-queue.ts"

/** A cut on a pipeline, not yet completed. */
interface OpenPipeline {
  readonly cut: LayerCut
  readonly plan: PipelinePlan
  /** null: bounded roughly, for all orders */
  readonly order: Mapping["order"] | null
  readonly replicas: number
  /** of the cut */
  readonly work: number
  readonly loss: number
}

/** Offers the goal every completion that may matter. Returns false when it was stopped. */
export function searchMappings(problem: MappingProblem, goal: MappingGoal): boolean {
  const open = new PromiseQueue<OpenPipeline>()
  const cuts = cutsByWork(problem)[Symbol.iterator]()
  let next = cuts.next()
  for (;;) {
    if (goal.stopped()) return false
    const leastLoss = next.done ? Infinity : goal.leastLoss(next.value.work, 0)
    if (!next.done && leastLoss <= open.leastKey && goal.mayMatterAnywhere(leastLoss)) {
      openPipelines(problem, next.value, goal, open)
      next = cuts.next()
      continue
    }
    const best = open.pop()
    if (best === undefined || !goal.mayMatterAnywhere(best.loss)) return true
    if (best.order === null) boundByOrder(problem, best, goal, open)
    else completePipeline(problem, { ...best, order: best.order }, goal)
  }
}

/** All cuts by rising work: accelerator-seconds that no step of the cut undercuts. */
export function cutsByWork(problem: MappingProblem): Iterable<CutWork> {
  return problem.times.byWork(problem.floors(), leastRecompute(problem.domain), wholeModel(problem))
}

function openPipelines(
  problem: MappingProblem, { cut, work }: CutWork, goal: MappingGoal, open: PromiseQueue<OpenPipeline>
): void {
  const least = leastRecompute(problem.domain)
  for (const plan of problem.pipelines) {
    const replicas = mostReplicas(problem, cut, plan.pp)
    if (replicas === 0) continue
    const loss = goal.leastLoss(work, roughStepOfPipeline(problem, cut, plan, least, fewestMicroBatches(problem, cut, replicas)))
    if (goal.mayMatterAnywhere(loss)) open.push({ cut, plan, order: null, replicas, work, loss }, loss)
  }
}

function fewestMicroBatches({ globalBatch }: MappingProblem, { microBatch }: LayerCut, replicas: number): number {
  return Math.ceil(globalBatch / (replicas * microBatch))
}

/** The pipeline once for each order, bounded by its runs. */
function boundByOrder(
  problem: MappingProblem, pipeline: OpenPipeline, goal: MappingGoal, open: PromiseQueue<OpenPipeline>
): void {
  const { cut, plan, replicas, work } = pipeline
  const least = leastRecompute(problem.domain)
  const microBatches = fewestMicroBatches(problem, cut, replicas)
  for (const order of plan.pp === 1 ? problem.domain.order.slice(0, 1) : problem.domain.order) {
    const loss = goal.leastLoss(work, leastStepOfPipeline(problem, cut, plan, order, least, microBatches))
    if (goal.mayMatterAnywhere(loss)) open.push({ ...pipeline, order, loss }, loss)
  }
}

function completePipeline(
  problem: MappingProblem, { cut, plan, order, replicas }: OpenPipeline & { readonly order: Mapping["order"] }, goal: MappingGoal
): void {
  for (const recompute of problem.domain.recompute) {
    for (const run of timedRuns(problem, cut, plan, order, recomputeCode[recompute])) {
      completeRun(problem, run, replicas, goal)
    }
  }
}
