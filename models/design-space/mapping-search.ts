/**
 * The mappings of one machine, searched exactly and best first: cuts of a layer by rising work, the pipelines of a cut by
 * what they may come to, their completions. So hardly any pipeline is completed that the best could not come from.
 */
import { recomputeCode } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { CutWork } from "./cut-order.ts"
import { CutFilter } from "./cut-filter.ts"
import type { LayerCut } from "./layer-cut.ts"
import { completeRun } from "./mapping-completion.ts"
import type { CutLayers } from "./layer-times.ts"
import {
  fewestMicroBatches, leastStep, leastStepOfPipeline, lightestLayers, type MappingGoal, type MappingProblem, mostReplicas, ordersOf,
  type PipelinePlan, roughStepOfPipeline, timedRuns, wholeModel
} from "./mapping-run.ts"
import { PromiseQueue } from "./promise-queue.ts"
import { replicasOn, type Shortlist } from "./shortlist.ts"

/** A cut on a pipeline, not yet completed. */
interface OpenPipeline {
  readonly cut: LayerCut
  readonly plan: PipelinePlan
  readonly order: Mapping["order"]
  readonly replicas: number
  readonly loss: number
}

type Queue = PromiseQueue<OpenPipeline>

/** Where pipelines come from, those that may come to the least loss first. */
interface Source {
  /** of all that is still to come at the least */
  readonly leastLoss: number
  readonly isEmpty: boolean
  /** the next, to where they are completed */
  open(queue: Queue): void
}

/** Pipelines opened or completed between two looks at what stops a search. */
const turnsBetweenLooks = 16

/**
 * Offers the goal every completion that may matter. `shortlist`: of the machine's silicon, for as many accelerators at least and
 * for all steps that may matter; without, all pipelines are looked at. Returns false when it was stopped.
 */
export function searchMappings(problem: MappingProblem, goal: MappingGoal, shortlist: Shortlist | null = null): boolean {
  const queue: Queue = new PromiseQueue()
  const source = shortlist === null ? new CutSource(problem, goal) : new ShortSource(problem, goal, shortlist)
  for (let turn = 0; ; turn++) {
    if (turn % turnsBetweenLooks === 0 && goal.stopped()) return false
    if (!source.isEmpty && source.leastLoss <= queue.leastKey && goal.mayMatterAnywhere(source.leastLoss)) {
      source.open(queue)
      continue
    }
    const best = queue.pop()
    if (best === undefined || !goal.mayMatterAnywhere(best.loss)) return true
    completePipeline(problem, best, goal)
  }
}

/** All cuts by rising work: accelerator-seconds that no step of the cut undercuts. */
export function cutsByWork(problem: MappingProblem): Iterable<CutWork> {
  return problem.times.byWork(problem.floors(), problem.lightest, wholeModel(problem))
}

/** Cut after cut, with all its pipelines. */
class CutSource implements Source {
  readonly #problem: MappingProblem
  readonly #goal: MappingGoal
  readonly #cuts: Iterator<CutWork>
  #next: IteratorResult<CutWork>
  leastLoss = Infinity

  constructor(problem: MappingProblem, goal: MappingGoal) {
    this.#problem = problem
    this.#goal = goal
    this.#cuts = cutsByWork(problem)[Symbol.iterator]()
    this.#next = this.#advance()
  }

  get isEmpty(): boolean {
    return this.#next.done === true
  }

  open(queue: Queue): void {
    const { cut, work } = this.#next.value as CutWork
    const layers = lightestLayers(this.#problem, cut)
    for (const plan of this.#problem.pipelines) {
      const replicas = mostReplicas(this.#problem, cut, plan.pp)
      if (replicas > 0) openPipeline(this.#problem, layers, plan, replicas, work, this.#goal, queue)
    }
    this.#next = this.#advance()
  }

  #advance(): IteratorResult<CutWork> {
    const next = this.#cuts.next()
    this.leastLoss = next.done === true ? Infinity : this.#goal.leastLoss(next.value.work, 0)
    return next
  }
}

/** The pipelines of a shortlist one by one, but for those of cuts whose work alone is too much on the machine. */
class ShortSource implements Source {
  readonly #problem: MappingProblem
  readonly #goal: MappingGoal
  readonly #list: Shortlist
  readonly #cuts: CutFilter
  readonly #mayMatter = (floorS: number) => this.#goal.mayMatterAnywhere(this.#goal.leastLoss(0, floorS))
  #at = 0
  leastLoss = Infinity

  constructor(problem: MappingProblem, goal: MappingGoal, list: Shortlist) {
    this.#problem = problem
    this.#goal = goal
    this.#list = list
    this.#cuts = new CutFilter(problem, (work) => goal.mayMatterAnywhere(goal.leastLoss(work, 0)))
    this.#look()
  }

  get isEmpty(): boolean {
    return this.#at === this.#list.entries.length
  }

  open(queue: Queue): void {
    const entry = this.#list.entries[this.#at++]!
    const { cut, plan } = entry
    const [problem, goal] = [this.#problem, this.#goal]
    const replicas = replicasOn(problem, this.#list, entry, this.#cuts, this.#mayMatter)
    if (replicas > 0) openPipeline(problem, lightestLayers(problem, cut), plan, replicas, 0, goal, queue)
    this.#look()
  }

  #look(): void {
    while (!this.isEmpty && this.#cuts.isClosed(this.#list.entries[this.#at]!.cut)) this.#at++
    this.leastLoss = this.isEmpty ? Infinity : this.#goal.leastLoss(0, this.#list.entries[this.#at]!.floorS)
  }
}

/** The pipeline once for each order, bounded roughly first, then by its runs. */
function openPipeline(
  problem: MappingProblem, layers: CutLayers, plan: PipelinePlan, replicas: number, work: number, goal: MappingGoal, queue: Queue
): void {
  const { cut } = layers
  const microBatches = fewestMicroBatches(problem, cut, replicas)
  const roughly = goal.leastLoss(work, roughStepOfPipeline(problem, cut, layers, plan, microBatches))
  if (!goal.mayMatterAnywhere(roughly)) return
  for (const order of ordersOf(problem, plan)) {
    const loss = goal.leastLoss(work, leastStepOfPipeline(problem, layers, plan, order, microBatches))
    if (goal.mayMatterAnywhere(loss)) queue.push({ cut, plan, order, replicas, loss }, loss)
  }
}

function completePipeline(
  problem: MappingProblem, { cut, plan, order, replicas }: OpenPipeline, goal: MappingGoal
): void {
  const microBatches = fewestMicroBatches(problem, cut, replicas)
  for (const recompute of problem.domain.recompute) {
    for (const run of timedRuns(problem, cut, plan, order, recomputeCode[recompute])) {
      const loss = goal.leastLoss(0, leastStep(problem, run, microBatches))
      if (goal.mayMatterAnywhere(loss)) completeRun(problem, run, replicas, goal)
    }
  }
}
