/**
 * The mappings of one machine, searched exactly: tuples of the dimensions that shape a micro-batch, each with a bound of
 * its step, and the best completion of a tuple by everything else.
 *
 * A step is at least M micro-batches on the fullest stage and one bubble: the evaluator adds only terms that are never
 * negative. With N accelerators a replica count dp is at most N/(tp·cp·pp), so M is at least ⌈batch/(dp·micro-batch)⌉.
 */
import { type Evaluator, offloadCode, recomputeCode } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import { type Inside, placeRanks } from "../performance/placement.ts"
import { shardAll, shardInside } from "../performance/replicas.ts"
import { figure } from "../performance/step.ts"
import { type MappingDomain, virtualStages } from "./mapping-domain.ts"

/** How one layer is cut. */
export interface LayerShape {
  readonly tp: number
  readonly cp: number
  readonly ep: number
  readonly etp: number
}

/** The dimensions that decide what one micro-batch costs a rank, but for its size. */
export interface MappingTuple extends LayerShape {
  readonly order: Mapping["order"]
  readonly pp: number
}

/** What a search of mappings is given. */
export interface MappingProblem {
  readonly evaluator: Evaluator
  readonly domain: MappingDomain
  readonly layers: number
  readonly globalBatch: number
  readonly hbdSize: number
  /** bytes a mapping may use of an accelerator's memory */
  readonly memoryBytes: number
  /** HBDs at the most */
  readonly hbds: number
  /** times of tuples' runs met so far: they do not depend on the number of HBDs, so problems on one machine share them */
  readonly runs: RunTimes
  /** of tuples whose groups lie inside an HBD: they do not depend on the scale-out either */
  readonly insideRuns: RunTimes
}

/** What the search looks for among completions. */
export interface MappingGoal {
  /** Whether a completion of at least `stepS` on at least `hbds` HBDs may matter; false prunes. */
  mayMatter(hbds: number, stepS: number): boolean
  /** Takes a completion that fits the memory. */
  take(mapping: Mapping, hbds: number, stepS: number): void
  /** Counts evaluations. */
  spend(evaluations: number): void
  /** more HBDs are never worth it once the step is shorter: the least micro-batches come first, and the rest is cut */
  readonly fastestOnly: boolean
}

/** All shapes that fit the accelerators, in the domain's order. */
export function layerShapes(domain: MappingDomain, accelerators: number): ReadonlyArray<LayerShape> {
  const shapes: Array<LayerShape> = []
  for (const tp of domain.tp) {
    for (const cp of domain.cp) {
      for (const ep of domain.ep) {
        for (const etp of domain.etp) {
          if (etp > 1 && etp > tp) continue
          if (tp * cp * replicaMultiple(tp * cp, ep * etp) <= accelerators) shapes.push({ tp, cp, ep, etp })
        }
      }
    }
  }
  return shapes
}

/** The shape's tuples whose replicas fit the accelerators. */
export function tuplesOf(domain: MappingDomain, shape: LayerShape, accelerators: number): ReadonlyArray<MappingTuple> {
  const ranks = shape.tp * shape.cp * replicaMultiple(shape.tp * shape.cp, shape.ep * shape.etp)
  return domain.pp.filter((pp) => pp * ranks <= accelerators).flatMap((pp) =>
    (pp === 1 ? domain.order.slice(0, 1) : domain.order).map((order) => ({ ...shape, order, pp }))
  )
}

/** dp must be a multiple of this for experts over `experts` ranks to divide `ranks` · dp. */
function replicaMultiple(ranks: number, experts: number): number {
  return experts / greatestCommonDivisor(ranks, experts)
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b]
  return a
}

/** One way to run a micro-batch, with its times on the fullest stage and of the whole bubble, at their best placement. */
export type RunTimes = Map<string, ReadonlyArray<TimedRun>>

export interface TimedRun {
  readonly microBatch: number
  readonly sequenceParallel: boolean
  readonly vpp: number
  readonly stageS: number
  readonly bubbleS: number
}

/** Most HBDs' worth of replicas. */
export function mostReplicas(problem: MappingProblem, tuple: MappingTuple): number {
  const most = Math.floor(problem.hbds * problem.hbdSize / (tuple.tp * tuple.cp * tuple.pp))
  const multiple = replicaMultiple(tuple.tp * tuple.cp, tuple.ep * tuple.etp)
  return most - most % multiple
}

/**
 * Accelerator-seconds that no step of the shape undercuts, whatever the pipeline: a stage has at least its share of the model,
 * so N accelerators take at least (batch/micro-batch) · (the whole model's time for one) · tp·cp / N.
 */
export function boundShape(problem: MappingProblem, shape: LayerShape, spend: (evaluations: number) => void): number {
  const tuple: MappingTuple = { ...shape, order: "tp-cp-dp-pp", pp: 1 }
  return timedRuns(problem, tuple, leastRecompute(problem.domain), spend).reduce(
    (least, run) => Math.min(least, problem.globalBatch / run.microBatch * run.stageS * shape.tp * shape.cp),
    Infinity
  )
}

/** Seconds that no step of the tuple undercuts. */
export function boundTuple(problem: MappingProblem, tuple: MappingTuple, spend: (evaluations: number) => void): number {
  const replicas = mostReplicas(problem, tuple)
  let least = Infinity
  if (replicas === 0) return least
  for (const run of timedRuns(problem, tuple, leastRecompute(problem.domain), spend)) {
    const microBatches = Math.ceil(problem.globalBatch / (replicas * run.microBatch))
    least = Math.min(least, leastStep(problem, tuple, run, microBatches))
  }
  return least
}

/**
 * Seconds that no step of the run with at least so many micro-batches undercuts: their stages, the bubble, the overhead of a
 * step, and the stragglers among the fewest accelerators that leave no more micro-batches.
 */
function leastStep(problem: MappingProblem, tuple: MappingTuple, run: TimedRun, microBatches: number): number {
  const whole = Math.ceil(problem.globalBatch / run.microBatch)
  const world = Math.ceil(whole / microBatches) * tuple.tp * tuple.cp * tuple.pp
  const { stepOverheadS } = problem.evaluator.step.constants.common
  return (microBatches * run.stageS + run.bubbleS + stepOverheadS) * stragglerFactor(problem.evaluator, world)
}

/** What waiting for the slowest multiplies a step on `accelerators` by: at least 1, growing slower than their number. */
export function stragglerFactor(evaluator: Evaluator, accelerators: number): number {
  return 1 + evaluator.step.constants.common.stragglerPerDoubling * Math.log2(Math.max(1, accelerators / 8))
}

/** Recomputation only adds: the lightest that the domain has gives a bound of all. */
function leastRecompute(domain: MappingDomain): number {
  return Math.min(...domain.recompute.map((recompute) => recomputeCode[recompute]))
}

interface Run {
  readonly microBatch: number
  readonly sequenceParallel: boolean
  readonly recompute: number
  readonly vpp: number
}

/** Every way to run a micro-batch with this recomputation; computed once per tuple, whatever the number of HBDs. */
function timedRuns(
  problem: MappingProblem, tuple: MappingTuple, recompute: number, spend: (evaluations: number) => void
): ReadonlyArray<TimedRun> {
  const key = `${recompute} ${tuple.order} ${tuple.tp} ${tuple.cp} ${tuple.ep} ${tuple.etp} ${tuple.pp}`
  const times = liesInside(problem, tuple) ? problem.insideRuns : problem.runs
  const known = times.get(key)
  if (known !== undefined) return known
  const runs: Array<TimedRun> = []
  for (const microBatch of problem.domain.microBatch) {
    for (const sequenceParallel of tuple.tp === 1 ? [false] : problem.domain.sequenceParallel) {
      const dp = bestAligned(problem, tuple, { microBatch, sequenceParallel, recompute, vpp: 1 }, spend)
      for (const vpp of virtualStages(problem.domain, problem.layers, tuple.pp)) {
        spend(1)
        runs.push({ microBatch, sequenceParallel, vpp, ...stageTime(problem, tuple, { microBatch, sequenceParallel, recompute, vpp }, dp) })
      }
    }
  }
  times.set(key, runs)
  return runs
}

/** Whether the groups that talk within a micro-batch fit into one HBD together. */
function liesInside(problem: MappingProblem, tuple: MappingTuple): boolean {
  const inner = tuple.tp * tuple.cp * (tuple.order === "tp-cp-pp-dp" && tuple.ep > 1 ? tuple.pp : 1)
  return inner * replicaMultiple(tuple.tp * tuple.cp, tuple.ep * tuple.etp) <= problem.hbdSize
}

/** The replica count whose alignment with the HBDs makes a micro-batch fastest: all that dp changes of it is where experts lie. */
function bestAligned(problem: MappingProblem, tuple: MappingTuple, run: Run, spend: (evaluations: number) => void): number {
  const multiple = replicaMultiple(tuple.tp * tuple.cp, tuple.ep * tuple.etp)
  let best = multiple
  if (tuple.ep === 1 || liesInside(problem, tuple)) return best
  let least = Infinity
  for (const aligned of alignments(problem, tuple)) {
    const dp = leastCommonMultiple(multiple, aligned)
    const { stageS } = stageTime(problem, tuple, run, dp)
    spend(1)
    if (stageS >= least) continue
    least = stageS
    best = dp
  }
  return best
}

function stageTime(problem: MappingProblem, tuple: MappingTuple, run: Run, dp: number) {
  evaluate(problem, tuple, run, dp, 0, shardAll, 0)
  const { out } = problem.evaluator
  const microBatches = out[figure.microBatches]!
  return { stageS: (out[figure.stageS]! + out[figure.imbalanceS]!) / microBatches, bubbleS: out[figure.bubbleS]! }
}

/** Numbers of replicas that an HBD may hold. */
function alignments(problem: MappingProblem, tuple: MappingTuple): ReadonlyArray<number> {
  const inner = tuple.tp * tuple.cp * (tuple.order === "tp-cp-pp-dp" ? tuple.pp : 1)
  const room = Math.max(1, Math.floor(problem.hbdSize / inner))
  const found = new Set<number>([1, room])
  for (let n = 2; n <= room; n *= 2) found.add(n)
  for (let n = 3; n <= room; n *= 2) found.add(n)
  for (let n = 9; n <= room; n *= 2) found.add(n)
  return [...found].sort((a, b) => a - b)
}

function leastCommonMultiple(a: number, b: number): number {
  return a / greatestCommonDivisor(a, b) * b
}

function evaluate(
  problem: MappingProblem, tuple: MappingTuple, run: Run, dp: number, stage: number, shards: number, offload: number
): number {
  return problem.evaluator.evaluate(
    tuple.tp, tuple.cp, tuple.ep, tuple.etp, tuple.pp, run.vpp, dp, run.microBatch,
    run.sequenceParallel, run.recompute, stage, shards, offload, tuple.order === "tp-cp-dp-pp"
  )
}

/** Offers the goal every completion of the tuple that its own bound does not exclude. */
export function completeTuple(problem: MappingProblem, tuple: MappingTuple, goal: MappingGoal): void {
  const replicas = mostReplicas(problem, tuple)
  if (replicas === 0) return
  for (const recompute of problem.domain.recompute) {
    const code = recomputeCode[recompute]
    for (const run of timedRuns(problem, tuple, code, goal.spend)) completeRun(problem, tuple, run, code, replicas, goal)
  }
}

/** All numbers of replicas for one way to run a micro-batch, from the fewest micro-batches up. */
function completeRun(
  problem: MappingProblem, tuple: MappingTuple, timed: TimedRun, recompute: number, replicas: number, goal: MappingGoal
): void {
  const ranks = tuple.tp * tuple.cp * tuple.pp
  const whole = Math.ceil(problem.globalBatch / timed.microBatch)
  let high = Math.min(replicas, whole + replicaMultiple(tuple.tp * tuple.cp, tuple.ep * tuple.etp) - 1)
  let run: Run | null = null
  let extra: MemoryCost | null = null
  while (high >= 1) {
    const microBatches = Math.ceil(whole / high)
    const low = Math.ceil(whole / microBatches)
    const hbds = Math.ceil(low * ranks / problem.hbdSize)
    const leastS = leastStep(problem, tuple, timed, microBatches)
    if (goal.mayMatter(hbds, leastS)) {
      run ??= { ...timed, recompute }
      extra ??= memoryCost(problem, tuple, run, high, goal.spend)
      if (extra === null) return
      if (goal.mayMatter(hbds, leastS + extra.onceS + microBatches * extra.perMicroBatchS)) {
        for (const dp of replicaCounts(problem, tuple, low, high)) completeReplicas(problem, tuple, run, dp, goal)
      } else if (goal.fastestOnly) return
    } else if (goal.fastestOnly) return
    high = low - 1
  }
}

/** What the memory forces on a run at the least: gathers of sharded parameters, traffic to the host. */
interface MemoryCost {
  readonly onceS: number
  readonly perMicroBatchS: number
}

const free: MemoryCost = { onceS: 0, perMicroBatchS: 0 }

/**
 * The least that fitting into the memory costs a run with up to `replicas` replicas; null where nothing fits. Fewer replicas
 * hold more each and run more micro-batches, so what does not fit with the most does not fit with fewer.
 */
function memoryCost(
  problem: MappingProblem, tuple: MappingTuple, run: Run, replicas: number, spend: (evaluations: number) => void
): MemoryCost | null {
  const { domain, evaluator: { out } } = problem
  let least: MemoryCost | null = null
  for (const gathers of [false, true]) {
    const stages = domain.shardingStage.filter((stage) => (stage === 3) === gathers)
    if (stages.length === 0) continue
    for (const offload of offloadsOf(problem)) {
      spend(1)
      evaluate(problem, tuple, run, replicas, Math.max(...stages), shardAll, offloadCode[offload])
      if (out[figure.totalBytes]! > problem.memoryBytes) continue
      if (!gathers && offload === "none") return free
      const cost = forcedCost(problem, tuple, run, replicas, gathers ? 3 : 0, offload)
      spend(1)
      const microBatches = Math.ceil(problem.globalBatch / (replicas * run.microBatch))
      const seconds = (one: MemoryCost) => one.onceS + microBatches * one.perMicroBatchS
      if (least === null || seconds(cost) < seconds(least)) least = cost
    }
  }
  return least
}

/** Gathers at half their time, for at least two ranks share; traffic to the host as it is with the most replicas. */
function forcedCost(
  problem: MappingProblem, tuple: MappingTuple, run: Run, replicas: number, stage: number, offload: Mapping["offload"]
): MemoryCost {
  const room = Math.max(1, Math.floor(problem.hbdSize / (tuple.tp * tuple.cp)))
  const multiple = leastCommonMultiple(replicaMultiple(tuple.tp * tuple.cp, tuple.ep * tuple.etp), room)
  const aligned = Math.floor(replicas / multiple) * multiple || replicas
  evaluate(problem, tuple, run, aligned, stage, shardAll, offloadCode[offload])
  const { out } = problem.evaluator
  const microBatches = out[figure.microBatches]!
  const gatherS = out[figure.shardingS]! / microBatches / 2
  const hostS = out[figure.offloadS]!
  return offload === "activations"
    ? { onceS: 0, perMicroBatchS: gatherS + hostS / microBatches }
    : { onceS: hostS, perMicroBatchS: gatherS }
}

/**
 * Replica counts worth trying among those that give one number of micro-batches: the fewest, and the fewest that fill the HBDs.
 * More would do the same work with more accelerators.
 */
function replicaCounts(problem: MappingProblem, tuple: MappingTuple, low: number, high: number): ReadonlyArray<number> {
  const { dp: stated } = problem.domain
  const multiple = replicaMultiple(tuple.tp * tuple.cp, tuple.ep * tuple.etp)
  if (stated !== null) return stated.filter((dp) => dp >= low && dp <= high && dp % multiple === 0)
  const inner = tuple.tp * tuple.cp * (tuple.order === "tp-cp-pp-dp" ? tuple.pp : 1)
  const room = Math.max(1, Math.floor(problem.hbdSize / inner))
  const counts = new Set<number>()
  for (let aligned = 1; aligned <= room; aligned *= 2) addCount(counts, leastCommonMultiple(multiple, aligned), low, high)
  addCount(counts, leastCommonMultiple(multiple, room), low, high)
  return [...counts]
}

function addCount(counts: Set<number>, step: number, low: number, high: number): void {
  const least = Math.ceil(low / step) * step
  if (least <= high) counts.add(least)
}

const inside: Inside = { tp: 1, cp: 1, dp: 1, pp: 1, ep: 1, expertData: 1 }

/** HBDs that a mapping's ranks stand in. */
export function hbdsOf(tuple: MappingTuple, dp: number, hbdSize: number): number {
  const { tp, cp, ep, etp, pp } = tuple
  placeRanks(tp, cp, ep, etp, pp, dp, tuple.order === "tp-cp-dp-pp", hbdSize, inside)
  return (tp / inside.tp) * (cp / inside.cp) * (dp / inside.dp) * (pp / inside.pp)
}

/** Every sharding of one fully placed mapping that fits the memory, with an offload only where it would not fit without. */
function completeReplicas(problem: MappingProblem, tuple: MappingTuple, run: Run, dp: number, goal: MappingGoal): void {
  const hbds = hbdsOf(tuple, dp, problem.hbdSize)
  if (hbds > problem.hbds) return
  const { domain, evaluator: { out } } = problem
  for (const stage of domain.shardingStage) {
    for (const group of stage === 0 || hbds === 1 ? domain.shardingGroup.slice(0, 1) : domain.shardingGroup) {
      for (const offload of offloadsOf(problem)) {
        const shards = group === "hbd" ? shardInside : shardAll
        const stepS = evaluate(problem, tuple, run, dp, stage, shards, offloadCode[offload])
        goal.spend(1)
        if (!goal.mayMatter(hbds, stepS)) break
        if (out[figure.totalBytes]! > problem.memoryBytes) continue
        goal.take(mappingOf(tuple, run, dp, stage, group, offload), hbds, stepS)
        if (offload === "none") break
      }
    }
  }
}

function offloadsOf({ domain, evaluator }: MappingProblem): ReadonlyArray<Mapping["offload"]> {
  return evaluator.machine.host === null ? domain.offload.filter((offload) => offload === "none") : domain.offload
}

const recomputeNames = ["none", "selective", "full"] as const

function mappingOf(
  tuple: MappingTuple, run: Run, dp: number, stage: 0 | 1 | 2 | 3, group: "all" | "hbd", offload: Mapping["offload"]
): Mapping {
  return {
    ...tuple, vpp: run.vpp, dp, microBatch: run.microBatch, sequenceParallel: run.sequenceParallel,
    recompute: recomputeNames[run.recompute]!, sharding: { stage, group }, offload
  }
}
