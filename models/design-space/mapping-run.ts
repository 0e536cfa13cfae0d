/**
 * One way to run a micro-batch on a pipeline, with the least that it costs on a machine.
 *
 * A step is at least M micro-batches on the fullest stage and one bubble: the evaluator adds only terms that
 * are never negative. With N accelerators a replica count dp is at most N/(tp·cp·pp), so M is at least
 * ⌈batch/(dp·micro-batch)⌉.
 */
import { messageTime } from "../collectives/collective.ts"
import type { SiteLink } from "../collectives/link.ts"
import type { Evaluator } from "../performance/evaluator.ts"
import type { LayerSeconds } from "../performance/block-seconds.ts"
import { exposedTime } from "../performance/layer-communication.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { StageLoad } from "../performance/stage.ts"
import { crossingDimension } from "../performance/site-crossing.ts"
import { exposedMessages, modelTime, slowestStage, unshardedTraffic, wireBytes } from "../performance/step.ts"
import type { CutFloors } from "./cut-order.ts"
import { type LayerCut, replicaRoom } from "./layer-cut.ts"
import { leastExchange } from "./replica-exchange.ts"
import { type CutLayers, denseParametersOf, expertParametersOf, type LayerTimes } from "./layer-times.ts"
import type { MappingDomain } from "./mapping-domain.ts"

/** How a pipeline of `pp` stages can be interleaved, with the layers its stages hold. */
export interface PipelinePlan {
  readonly pp: number
  readonly chunks: ReadonlyArray<{ readonly vpp: number; readonly load: StageLoad }>
  /** of all its interleavings the best in each respect */
  readonly best: {
    readonly vpp: number
    /** messages that a micro-batch waits for */
    readonly exposed: number
    /** layers of the fullest stage */
    readonly dense: number
    readonly moe: number
  }
}

/** What a search of mappings is given. */
export interface MappingProblem {
  readonly evaluator: Evaluator
  readonly times: LayerTimes
  readonly domain: MappingDomain
  readonly cuts: ReadonlyArray<LayerCut>
  /** that the machine has a host for */
  readonly offloads: MappingDomain["offload"]
  /** of all cuts, at the lightest recomputation of the domain */
  floors(): CutFloors
  /** the same on links that carry no more than so many payload bytes/s of an accelerator */
  linkedFloors(payloadBps: number): CutFloors
  /** recomputation of the domain: it only adds, so that the lightest gives a bound of all */
  readonly lightest: number
  readonly pipelines: ReadonlyArray<PipelinePlan>
  readonly globalBatch: number
  readonly hbdSize: number
  /** bytes a mapping may use of an accelerator's memory */
  readonly memoryBytes: number
  /** HBDs at the most */
  readonly hbds: number
}

/** What the search looks for. */
export interface MappingGoal {
  /**
   * more HBDs are never worth it once the step is shorter: the least micro-batches come first, and the rest is
   * cut
   */
  readonly fastestOnly: boolean
  /**
   * The best that a step of at least `floorS` seconds, on N accelerators at least `work`/N, may come to on any number of
   * HBDs: the less, the better; Infinity: nothing. Rises with both.
   */
  leastLoss(work: number, floorS: number): number
  /** Whether what comes to such a loss at the least may matter; false prunes, and for it false for every greater one. */
  mayMatterAnywhere(loss: number): boolean
  /** Whether a completion of at least `stepS` on at least `hbds` HBDs may matter; false prunes. */
  mayMatter(hbds: number, stepS: number): boolean
  /** Whether a step of `stepS` can be allowed at all; false for it, false for every longer one. */
  isFastEnough(stepS: number): boolean
  /** Takes a completion that fits the memory. */
  take(mapping: Mapping, hbds: number, stepS: number, run: Run): void
  /** Counts evaluations. */
  spend(evaluations: number): void
  /** Asked now and then; true ends the search. */
  stopped(): boolean
}

/** A micro-batch of a cut on a pipeline, with the least that it costs. */
export interface Run {
  readonly cut: LayerCut
  readonly pp: number
  readonly order: Mapping["order"]
  readonly vpp: number
  readonly recompute: number
  readonly load: StageLoad
  /** one micro-batch on the fullest stage, experts at their best place, s */
  readonly stageS: number
  /** of every micro-batch: its stage, and the messages that it waits for */
  readonly eachS: number
  /** of a step: bubble, messages that fill the pipeline, one pass over the parameters */
  readonly onceS: number
}

/** The orders of ranks that make a difference on a pipeline. */
export function ordersOf({ domain }: Pick<MappingProblem, "domain">, { pp }: PipelinePlan): MappingDomain["order"] {
  return pp === 1 ? domain.order.slice(0, 1) : domain.order
}

/** How many layers of each kind the model has stands in every load. */
export function wholeModel({ pipelines }: Pick<MappingProblem, "pipelines">): StageLoad {
  return pipelines[0]!.chunks[0]!.load
}

/** What the runs of a cut on a pipeline share: a layer with experts and a message, s. */
interface PipelineTimes {
  readonly layers: CutLayers
  readonly pp: number
  readonly order: Mapping["order"]
  readonly moe: number
  readonly message: number
}

function pipelineTimes(problem: MappingProblem, layers: CutLayers, pp: number, order: Mapping["order"]): PipelineTimes {
  const { times } = problem
  const { cut, recompute } = layers
  const moe = times.experts(cut, recompute, replicaRoom(times.places(cut), pp, order === "tp-cp-dp-pp"))
  return { layers, pp, order, moe, message: leastMessage(problem, cut, pp) }
}

function stageTime({ layers: { dense, head }, moe, pp }: PipelineTimes, load: StageLoad): number {
  return slowestStage(dense, moe, head, load, pp, modelTime(dense, moe, head, load))
}

function timeOfEach(problem: MappingProblem, { message }: PipelineTimes, vpp: number, stageS: number): number {
  return stageS + 2 * message * exposedMessages(vpp, problem.evaluator.step.constants.common)
}

function timeOnce(problem: MappingProblem, of: PipelineTimes, vpp: number, load: StageLoad, stageS: number): number {
  const { layers, moe, message, pp, order } = of
  const bubbleS = (modelTime(layers.dense, moe, layers.head, load) - stageS) / vpp
  return bubbleS + 2 * message * (pp - 1) + leastUpdate(problem, layers, load)
    + leastCrossing(problem, layers, { pp, order, vpp, load, stageS })
}

/** Every interleaving of a cut on a pipeline. */
export function timedRuns(
  problem: MappingProblem, cut: LayerCut, plan: Pick<PipelinePlan, "pp" | "chunks">, order: Mapping["order"], recompute: number
): ReadonlyArray<Run> {
  const of = pipelineTimes(problem, problem.times.layers(cut, recompute), plan.pp, order)
  return plan.chunks.map(({ vpp, load }) => {
    const stageS = stageTime(of, load)
    const eachS = timeOfEach(problem, of, vpp, stageS)
    const onceS = timeOnce(problem, of, vpp, load, stageS)
    return { cut, pp: plan.pp, order, vpp, recompute, load, stageS, eachS, onceS }
  })
}

/** Seconds that all messages between stages on several sites are waited for, `exposed` of them by each micro-batch. */
function stagesOverSites(
  { globalBatch, evaluator: { step, block } }: MappingProblem, exposed: number, { Bps }: SiteLink
): number {
  return 2 * exposed * 2 * globalBatch * block.workload.sequence * step.shape.hidden / Bps
}

/** Seconds that gradients and parameters of such a stage take between replicas on several sites. */
function replicasOverSites(layers: CutLayers, load: StageLoad, { sites, Bps }: SiteLink): number {
  const { tp, ep, etp } = layers.cut
  const dense = denseParametersOf(layers, load) * tp
  const experts = expertParametersOf(layers, load) * ep * etp
  return 2 * wireBytes * (dense + experts) / sites / Bps
}

/** Of a cut under the lightest recomputation. */
export function lightestLayers({ times, lightest }: MappingProblem, cut: LayerCut): CutLayers {
  return times.layers(cut, lightest)
}

/**
 * The same as `leastStepOfPipeline` for every order, roughly but without a look at each interleaving: M micro-batches on a stage
 * of s seconds and a bubble of (m − s)/v come to (M − 1/v)·s + m/v, which falls with v and rises with s and M.
 */
export function roughStepOfPipeline(
  problem: MappingProblem, cut: LayerCut, layers: LayerSeconds, plan: PipelinePlan, microBatches: number
): number {
  return roughStep(problem, cut, layers, plan, microBatches, leastMessage(problem, cut, plan.pp))
}

/**
 * The same whatever HBDs and fabrics the silicon stands in: `layers` from below, links that carry no more than `payloadBps` of an
 * accelerator, bytes/s. Not exact beyond `longestS`.
 */
export function roughStepOfSilicon(
  problem: MappingProblem, cut: LayerCut, layers: LayerSeconds, plan: PipelinePlan, microBatches: number, payloadBps: number,
  longestS = Infinity
): number {
  const message = plan.pp === 1 ? 0 : problem.evaluator.step.links.startS + boundaryBytes(problem, cut) / payloadBps
  return roughStep(problem, cut, layers, plan, microBatches, message, longestS)
}

/** What is longer than `longestS` without its overheads is told without them. */
function roughStep(
  problem: MappingProblem, cut: LayerCut, { dense, moe, head }: LayerSeconds, { pp, best }: PipelinePlan, microBatches: number,
  message: number, longestS = Infinity
): number {
  const modelS = modelTime(dense, moe, head, wholeModel(problem))
  const stageS = Math.max(modelS / pp, best.dense * dense + best.moe * moe)
  const interleaved = countFor(best.vpp, pp, microBatches)
  const seconds = roughSeconds(interleaved, best.vpp, pp, stageS, modelS, message, best.exposed)
  const step = seconds > longestS ? seconds : withOverheads(problem, cut, pp, interleaved, seconds)
  if (interleaved === microBatches) return step
  const plain = roughSeconds(microBatches, 1, pp, stageS, modelS, message, best.exposed)
  return Math.min(step, plain > longestS ? plain : withOverheads(problem, cut, pp, microBatches, plain))
}

function roughSeconds(
  microBatches: number, vpp: number, pp: number, stageS: number, modelS: number, message: number, exposed: number
): number {
  return (microBatches - 1 / vpp) * stageS + modelS / vpp + 2 * message * (microBatches * exposed + pp - 1)
}

/** Micro-batches at the least where replicas leave at least so many: interleaving asks for as many as stages. */
function countFor(vpp: number, pp: number, microBatches: number): number {
  return vpp > 1 ? Math.max(microBatches, pp) : microBatches
}

/** A step that none of the cut's runs on the pipeline undercuts with at least so many micro-batches. */
export function leastStepOfPipeline(
  problem: MappingProblem, layers: CutLayers, plan: PipelinePlan, order: Mapping["order"], microBatches: number
): number {
  const { cut } = layers
  const { pp } = plan
  const of = pipelineTimes(problem, layers, pp, order)
  const replicas = leastReplicas(problem, cut, 2 * microBatches - 1)
  let least = Infinity
  for (const { vpp, load } of plan.chunks) {
    const stageS = stageTime(of, load)
    const eachS = timeOfEach(problem, of, vpp, stageS)
    const onceS = timeOnce(problem, of, vpp, load, stageS)
    const count = countFor(vpp, pp, microBatches)
    const alone = withOverheads(problem, cut, pp, count, count * eachS + onceS)
    if (alone >= least) continue
    // replicas that leave twice as many micro-batches may have less to exchange
    const exchangeS = leastExchange(problem, layers, { pp, order, vpp, load, stageS }, replicas)
    least = Math.min(least, alone + Math.min(exchangeS, microBatches * eachS))
  }
  return least
}

/** Replicas, at the least, that leave up to so many micro-batches. */
export function leastReplicas(
  { globalBatch }: Pick<MappingProblem, "globalBatch">, { microBatch }: LayerCut, microBatches: number
): number {
  return Math.ceil(Math.ceil(globalBatch / microBatch) / microBatches)
}

/** That a micro-batch sends from stage to stage. */
function boundaryBytes({ evaluator: { step, block } }: MappingProblem, { tp, cp, microBatch }: LayerCut): number {
  return (2 * microBatch * block.workload.sequence * step.shape.hidden) / cp / tp
}

/**
 * A message between stages, s; where a pipeline does not fit into an HBD, whatever lies between its stages, it
 * crosses.
 */
function leastMessage(problem: MappingProblem, cut: LayerCut, pp: number): number {
  if (pp === 1) return 0
  const { evaluator: { step }, hbdSize } = problem
  const bytes = boundaryBytes(problem, cut)
  const across = messageTime(bytes, true, 1, step.links)
  return cut.tp * cut.cp * pp > hbdSize ? across : Math.min(across, messageTime(bytes, false, 1, step.links))
}

/** Seconds of the optimiser that no sharding takes away: every parameter of the fullest stage is read and written. */
function leastUpdate({ evaluator: { step } }: MappingProblem, layers: CutLayers, load: StageLoad): number {
  return unshardedTraffic * (denseParametersOf(layers, load) + expertParametersOf(layers, load)) / step.memoryBps
}

/**
 * Seconds of a step that the links between sites show at the least; 0 on one site. Stages on several sites: each micro-batch
 * of every replica waits for a link, and all of them together carry the whole batch, whatever the replicas. Replicas on
 * several sites: gradients and parameters cross once each, exposed beside no more computation than the micro-batches of a chunk on
 * the fullest stage.
 */
function leastCrossing(
  problem: MappingProblem, layers: CutLayers,
  { pp, order, vpp, load, stageS }: Pick<Run, "pp" | "order" | "vpp" | "load" | "stageS">
): number {
  const { links: { across }, constants: { common } } = problem.evaluator.step
  if (across === null) return 0
  if (crossingDimension({ pp, order }) === "pp") return stagesOverSites(problem, exposedMessages(vpp, common), across)
  return exposedTime(replicasOverSites(layers, load, across) * pp, (vpp > 1 ? pp : 1) * stageS, common.contention)
}

/** A run with its times on another machine. */
export function retimed(problem: MappingProblem, { cut, pp, vpp, order, recompute, load }: Run): Run {
  return timedRuns(problem, cut, { pp, chunks: [{ vpp, load }] }, order, recompute)[0]!
}

/** Most replicas that the HBDs hold: a multiple of what experts ask for. */
export function mostReplicas({ hbds, hbdSize }: Pick<MappingProblem, "hbds" | "hbdSize">, cut: LayerCut, pp: number): number {
  const most = Math.floor(hbds * hbdSize / (cut.tp * cut.cp * pp))
  return most - most % cut.multiple
}

/** The least number of micro-batches that so many replicas leave. */
export function fewestMicroBatches({ globalBatch }: MappingProblem, { microBatch }: LayerCut, replicas: number): number {
  return Math.ceil(globalBatch / (replicas * microBatch))
}

/**
 * Seconds that no step of the run with at least so many micro-batches undercuts: what each costs, what a step
 * costs once, and the stragglers among the fewest accelerators that leave no more micro-batches.
 */
export function leastStep(problem: MappingProblem, run: Run, microBatches: number): number {
  const count = countFor(run.vpp, run.pp, microBatches)
  return withOverheads(problem, run.cut, run.pp, count, count * run.eachS + run.onceS)
}

function withOverheads(
  problem: MappingProblem, { tp, cp, microBatch }: LayerCut, pp: number, microBatches: number, seconds: number
): number {
  const whole = Math.ceil(problem.globalBatch / microBatch)
  const world = Math.ceil(whole / microBatches) * tp * cp * pp
  const { stepOverheadS } = problem.evaluator.step.constants.common
  return (seconds + stepOverheadS) * stragglerFactor(problem.evaluator, world)
}

/**
 * What waiting for the slowest multiplies a step on `accelerators` by: at least 1, growing slower than their
 * number.
 */
function stragglerFactor(evaluator: Evaluator, accelerators: number): number {
  return 1 + evaluator.step.constants.common.stragglerPerDoubling * Math.log2(Math.max(1, accelerators / 8))
}
