/**
 * The completions of a run: number of replicas, sharding and offloading, each judged by the evaluator. What
 * fitting into the memory costs at the least is asked first: most runs fail there.
 */
import { fastestPayload } from "../collectives/link.ts"
import { exposedTime } from "../performance/layer-communication.ts"
import { offloadCode } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import { greatestCommonDivisor, type Inside, placeRanks } from "../performance/placement.ts"
import { shardAll, shardInside } from "../performance/replicas.ts"
import { figure, wireBytes } from "../performance/step.ts"
import { type LayerCut, replicaRoom } from "./layer-cut.ts"
import { denseParametersOf, expertParametersOf } from "./layer-times.ts"
import { leastExchange } from "./replica-exchange.ts"
import { leastStep, type MappingGoal, type MappingProblem, mostReplicas, type Run } from "./mapping-run.ts"

/** Bytes of one parameter of a rank that keeps its weight and gradient whole, at the least. */
const unshardedBytes = 4

/** All numbers of replicas for one run, from the fewest micro-batches up. */
export function completeRun(problem: MappingProblem, run: Run, replicas: number, goal: MappingGoal): void {
  const { cut, pp } = run
  const ranks = cut.tp * cut.cp * pp
  const whole = Math.ceil(problem.globalBatch / cut.microBatch)
  let high = highestCount(problem, cut, pp, run.order, replicas)
  const layers = problem.times.layers(cut, run.recompute)
  let extra: MemoryCost | null = null
  while (high >= 1) {
    const microBatches = Math.ceil(whole / high)
    if (run.vpp > 1 && microBatches < pp) {
      // interleaving needs as many micro-batches as stages
      high = Math.ceil(whole / (pp - 1)) - 1
      continue
    }
    const low = Math.ceil(whole / microBatches)
    const hbds = Math.ceil(low * ranks / problem.hbdSize)
    const leastS = leastStep(problem, run, microBatches)
    if (!goal.isFastEnough(leastS)) return
    if (goal.mayMatter(hbds, leastS)) {
      const isOpen = goal.mayMatter(hbds, leastS + leastExchange(problem, layers, run, low))
      if (isOpen || !goal.fastestOnly) extra ??= memoryCost(problem, run, high, goal)
      if (extra === null && (isOpen || !goal.fastestOnly)) return
      if (isOpen) {
        const { onceS, perMicroBatchS } = extra!
        if (goal.mayMatter(hbds, leastS + onceS + microBatches * perMicroBatchS)) {
          for (const dp of replicaCounts(problem, cut, pp, run.order, low, high)) completeReplicas(problem, run, dp, goal)
        } else if (goal.fastestOnly) return
      }
      high = low - 1
    } else {
      if (goal.fastestOnly) return
      high = Math.min(low - 1, Math.floor(mostThatMatter(hbds, goal) * problem.hbdSize / ranks))
    }
  }
}

/** The most HBDs, up to `hbds`, on which a step could matter if it took no time. */
function mostThatMatter(hbds: number, goal: MappingGoal): number {
  if (goal.mayMatter(hbds, 0)) return hbds
  let low = 0
  let high = hbds
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (goal.mayMatter(middle, 0)) low = middle
    else high = middle - 1
  }
  return low
}

/** What the memory forces on a run at the least: gathers of sharded parameters, traffic to the host. */
interface MemoryCost {
  readonly onceS: number
  readonly perMicroBatchS: number
}

const free: MemoryCost = { onceS: 0, perMicroBatchS: 0 }

/**
 * The least that fitting into the memory costs a run with up to `replicas` replicas; null where nothing fits.
 * Fewer replicas hold more each and run more micro-batches, so what does not fit with the most, sharded over
 * all of them, does not fit at all.
 */
function memoryCost(problem: MappingProblem, run: Run, replicas: number, goal: MappingGoal): MemoryCost | null {
  const { domain, evaluator: { out } } = problem
  let least: MemoryCost | null = null
  // each by itself: with few replicas ZeRO-3's buffers hold more than its sharding saves
  for (const gathers of [false, true]) {
    const stages = domain.shardingStage.filter((stage) => (stage === 3) === gathers)
    if (stages.length === 0) continue
    for (const offload of problem.offloads) {
      goal.spend(1)
      evaluate(problem, run, replicas, Math.max(...stages), shardAll, offloadCode[offload])
      if (out[figure.totalBytes]! > problem.memoryBytes) continue
      if (!gathers && offload === "none") return free
      const cost = forcedCost(problem, run, replicas, gathers, offload)
      const microBatches = out[figure.microBatches]!
      const seconds = (one: MemoryCost) => one.onceS + microBatches * one.perMicroBatchS
      if (least === null || seconds(cost) < seconds(least)) least = cost
    }
  }
  return least
}

/**
 * Of the mapping just evaluated, with the most replicas: traffic to the host, which fewer replicas only
 * increase, and the gathers of ZeRO-3. With as many micro-batches as replicas leave, either cost grows no
 * slower than their number.
 */
function forcedCost(
  problem: MappingProblem, run: Run, replicas: number, gathers: boolean, offload: Mapping["offload"]
): MemoryCost {
  const { out } = problem.evaluator
  const gatherS = gathers ? leastGathers(problem, run, replicas) : 0
  const hostS = out[figure.offloadS]!
  return offload === "activations"
    ? { onceS: 0, perMicroBatchS: gatherS + hostS / out[figure.microBatches]! }
    : { onceS: hostS, perMicroBatchS: gatherS }
}

/**
 * Seconds of ZeRO-3's exchanges that every micro-batch shows at the least. At least two ranks share, so half of
 * the parameters passes a link in each of three passes; what is left exposed beside the stage. Experts are left out where they
 * might fit unshared, as they may where one HBD holds each of them once.
 */
function leastGathers({ times, evaluator, memoryBytes }: MappingProblem, run: Run, replicas: number): number {
  const { cut, load, recompute, stageS } = run
  const { links, constants: { common: { contention } } } = evaluator.step
  const layers = times.layers(cut, recompute)
  const experts = expertParametersOf(layers, load)
  const copies = (cut.tp * cut.cp * replicas) / (cut.ep * cut.etp)
  const unshared = unshardedBytes * experts * (1 - 1 / copies)
  const shared = denseParametersOf(layers, load)
    + (evaluator.out[figure.totalBytes]! + unshared > memoryBytes ? experts : 0)
  const passS = load.full * links.startS + wireBytes * shared / 2 / fastestPayload(links)
  return exposedTime(3 * passS, stageS, contention)
}

/**
 * Replica counts worth trying among those that give one number of micro-batches: the fewest, and the fewest
 * that fill the HBDs. More would do the same work with more accelerators.
 */
function replicaCounts(
  problem: MappingProblem, cut: LayerCut, pp: number, order: Mapping["order"], low: number, high: number
): ReadonlyArray<number> {
  const { dp: stated } = problem.domain
  if (stated !== null) return stated.filter((dp) => dp >= low && dp <= high && dp % cut.multiple === 0)
  const counts = new Set(replicaSteps(problem, cut, pp, order).map((step) => leastMultiple(step, low)))
  return [...counts].filter((dp) => dp <= high)
}

/** Replicas come in multiples of these: 1, 2, 4 … to an HBD, or as many as it holds. */
function replicaSteps(
  problem: MappingProblem, cut: LayerCut, pp: number, order: Mapping["order"]
): ReadonlyArray<number> {
  const room = replicaRoom(problem.times.places(cut), pp, order === "tp-cp-dp-pp")
  const steps = [leastCommonMultiple(cut.multiple, room)]
  for (let aligned = 1; aligned < room; aligned *= 2) steps.push(leastCommonMultiple(cut.multiple, aligned))
  return steps
}

function leastMultiple(step: number, low: number): number {
  return Math.ceil(low / step) * step
}

/** The most replicas that HBDs and batch allow: beyond, all would have as little to do. */
function highestCount(
  problem: MappingProblem, cut: LayerCut, pp: number, order: Mapping["order"], replicas: number
): number {
  const { dp: stated } = problem.domain
  const whole = Math.ceil(problem.globalBatch / cut.microBatch)
  const most = stated ?? replicaSteps(problem, cut, pp, order).map((step) => leastMultiple(step, whole))
  return Math.min(replicas, Math.max(...most))
}

/** Up to `most` replica counts worth trying, from the fewest micro-batches up. */
export function replicaChoices(
  problem: MappingProblem, cut: LayerCut, pp: number, order: Mapping["order"], most: number
): ReadonlyArray<number> {
  const whole = Math.ceil(problem.globalBatch / cut.microBatch)
  const counts: Array<number> = []
  let high = highestCount(problem, cut, pp, order, mostReplicas(problem, cut, pp))
  while (high >= 1 && counts.length < most) {
    const low = Math.ceil(whole / Math.ceil(whole / high))
    counts.push(...replicaCounts(problem, cut, pp, order, low, high))
    high = low - 1
  }
  return counts.slice(0, most)
}

function leastCommonMultiple(a: number, b: number): number {
  return a / greatestCommonDivisor(a, b) * b
}

/**
 * Every sharding of one fully placed mapping that fits the memory, with an offload only where it would not fit
 * without.
 */
function completeReplicas(problem: MappingProblem, run: Run, dp: number, goal: MappingGoal): void {
  const { tp, cp, ep, etp } = run.cut
  const hbds = hbdsOfRanks(tp, cp, ep, etp, run.pp, dp, run.order, problem.hbdSize)
  if (hbds > problem.hbds) return
  const { domain, evaluator: { out } } = problem
  for (const stage of domain.shardingStage) {
    for (const group of stage === 0 || hbds === 1 ? domain.shardingGroup.slice(0, 1) : domain.shardingGroup) {
      for (const offload of problem.offloads) {
        const shards = group === "hbd" ? shardInside : shardAll
        const stepS = evaluate(problem, run, dp, stage, shards, offloadCode[offload])
        goal.spend(1)
        const matters = goal.mayMatter(hbds, stepS)
        const fits = out[figure.totalBytes]! <= problem.memoryBytes
        if (matters && fits) goal.take(mappingOf(run, dp, stage, group, offload), hbds, stepS, run)
        // offloading only adds time
        if (offload === "none" && (fits || !matters)) break
      }
    }
  }
}

function evaluate(
  problem: MappingProblem, run: Run, dp: number, stage: number, shards: number, offload: number
): number {
  const { cut } = run
  return problem.evaluator.evaluate(
    cut.tp, cut.cp, cut.ep, cut.etp, run.pp, run.vpp, dp, cut.microBatch,
    cut.sequenceParallel, run.recompute, stage, shards, offload, run.order === "tp-cp-dp-pp"
  )
}

const inside: Inside = { tp: 1, cp: 1, dp: 1, pp: 1, ep: 1, expertData: 1 }

/** HBDs that a mapping's ranks stand in. */
export function hbdsOf(
  { tp, cp, ep, etp, pp, dp, order }: Pick<Mapping, "tp" | "cp" | "ep" | "etp" | "pp" | "dp" | "order">, hbdSize: number
): number {
  return hbdsOfRanks(tp, cp, ep, etp, pp, dp, order, hbdSize)
}

function hbdsOfRanks(
  tp: number, cp: number, ep: number, etp: number, pp: number, dp: number, order: Mapping["order"], hbdSize: number
): number {
  placeRanks(tp, cp, ep, etp, pp, dp, order === "tp-cp-dp-pp", hbdSize, inside)
  return (tp / inside.tp) * (cp / inside.cp) * (dp / inside.dp) * (pp / inside.pp)
}

const recomputeNames = ["none", "selective", "full"] as const

function mappingOf(
  run: Run, dp: number, stage: 0 | 1 | 2 | 3, group: "all" | "hbd", offload: Mapping["offload"]
): Mapping {
  const { tp, cp, ep, etp, microBatch, sequenceParallel } = run.cut
  return {
    tp, cp, ep, etp, pp: run.pp, vpp: run.vpp, dp, microBatch, sequenceParallel,
    recompute: recomputeNames[run.recompute]!, sharding: { stage, group }, offload, order: run.order
  }
}
