/**
 * Lower bounds on the step time and the memory of every completion of a partial mapping. Each leaves out what
 * a completion could avoid and takes the best case of what is open, so none exceeds any completion on this
 * machine or on a lesser one.
 */
import { messageTime } from "../collectives/collective.ts"
import type { Group } from "../collectives/link.ts"
import { attentionBlock, expertBlock, feedForwardBlock, headBlock } from "../workload/layer-work.ts"
import type { LayerWork, Slice } from "../workload/layer-work.ts"
import { moeLayers, parameterCount } from "../workload/parameters.ts"
import type { BlockChoice, BlockContext } from "./block-choice.ts"
import type { BlockFigures } from "./block.ts"
import { blockFigures } from "./block.ts"
import type { Evaluator } from "./evaluator.ts"
import type { Recompute } from "./mapping.ts"
import { optimizerTraffic, unshardedTraffic } from "./step.ts"

/** What is decided: all that a block depends on, and the pipeline. */
export interface PartialMapping {
  readonly tp: number
  readonly cp: number
  readonly ep: number
  readonly etp: number
  readonly pp: number
  readonly microBatch: number
  /** largest number of replicas that a completion may take */
  readonly dpMax: number
}

/**
 * Seconds of a part's GEMMs and attention at the best sustained rates, all three passes, per token of one
 * rank.
 */
function arithmeticTime(context: BlockContext, work: LayerWork, bf16: boolean): number {
  const { silicon, execution, constants: { common } } = context
  const rate = (bf16 ? silicon.bf16Flops : silicon.linearFlops) * Math.max(1, common.groupedGemm)
  let seconds = 0
  for (const { m, n, k, batch } of work.gemms) seconds += (6 * m * n * k * batch) / rate
  if (work.attention !== null) {
    const { flops } = work.attention
    seconds += execution.fused
      ? flops / silicon.attentionForwardFlops + (2.5 * flops) / silicon.attentionBackwardFlops
      : (3 * flops) / silicon.bf16Flops
  }
  return seconds
}

/** Arithmetic of one sequence through the whole model on one accelerator, s; and its kernels' launch gaps. */
function sequenceFloor(context: BlockContext): { arithmeticS: number; launchS: number } {
  const shape = context.workload.model
  const { sequence } = context.workload
  const fused = context.execution.fused
  const slice: Slice = {
    tp: 1, ep: 1, etp: 1, tokens: sequence, regionTokens: sequence, sequence, inputBytes: 2, fused,
    fusedLoss: context.execution.fusedLoss
  }
  const attention = attentionBlock(shape, slice)
  const dense = feedForwardBlock(shape, slice, shape.ffn)
  const head = headBlock(shape, slice)
  const experts = shape.moe === null ? null : expertBlock(shape, slice)
  const withExperts = shape.moe === null ? 0 : moeLayers(shape) + shape.mtpLayers
  const layers = shape.layers + shape.mtpLayers
  const heads = 1 + shape.mtpLayers
  const sum = (cost: (work: LayerWork, bf16: boolean) => number) =>
    layers * cost(attention, false) + (layers - withExperts) * cost(dense, false)
    + (experts === null ? 0 : withExperts * cost(experts, false)) + heads * cost(head, true)
  const gap = context.silicon.kernelGapS
  const launches = (work: LayerWork) =>
    gap * (3 * work.gemms.length + 2 * work.streams.reduce((n, stream) => n + stream.kernels, 0)
      + (work.attention === null ? 0 : 3))
  return { arithmeticS: sum((work, bf16) => arithmeticTime(context, work, bf16)), launchS: sum(launches) }
}

/**
 * (i) Only the number of accelerators is known, `accelerators` at most in use. The arithmetic of the batch is
 * shared at best evenly and runs at best at the sustained rate of an endless GEMM; one micro-batch passes
 * through every layer's kernels one after the other, whatever the parallelism; the host's work once a step is
 * never hidden.
 */
export function boundByAccelerators(evaluator: Evaluator, accelerators: number): number {
  const { block, step } = evaluator
  const { arithmeticS, launchS } = sequenceFloor(block)
  const shared = (step.globalBatch * arithmeticS) / accelerators
  return Math.max(shared, launchS) + updateWork(evaluator) / accelerators + block.constants.common.stepOverheadS
}

/** Accelerator-seconds that no step undercuts: its arithmetic and its update of the parameters, shared without loss. */
export function arithmeticWork(evaluator: Evaluator): number {
  return evaluator.step.globalBatch * sequenceFloor(evaluator.block).arithmeticS + updateWork(evaluator)
}

function updateWork({ step }: Evaluator): number {
  return (optimizerTraffic * parameterCount(step.shape).total) / step.memoryBps
}

/**
 * Block figures no completion can undercut: recomputation left out, each group laid where it communicates
 * fastest.
 */
function bestBlock(evaluator: Evaluator, partial: PartialMapping, sequenceParallel: boolean): BlockFigures {
  const { block, machine } = evaluator
  const { tp, cp, ep, etp, microBatch } = partial
  let best: BlockFigures | null = null
  for (const tensor of groupings(tp, machine.hbdSize)) {
    for (const context of groupings(cp, machine.hbdSize)) {
      for (const expert of groupings(ep, machine.hbdSize)) {
        const choice: BlockChoice = {
          tp, cp, ep, etp, microBatch, sequenceParallel, recompute: "none", tensor, context, expert
        }
        const figures = blockFigures(block, choice)
        best = best === null ? figures : fasterOf(best, figures)
      }
    }
  }
  return best!
}

function groupings(n: number, limit: number): ReadonlyArray<Group> {
  const groups: Group[] = []
  for (let inside = 1; inside <= Math.min(n, limit); inside += 1) {
    if (n % inside === 0) groups.push({ inside, outside: n / inside, span: 1 })
  }
  return groups
}

/** The faster layer of each kind: at most as slow as either. */
function fasterOf(a: BlockFigures, b: BlockFigures): BlockFigures {
  const pick = (x: BlockFigures["dense"], y: BlockFigures["dense"]) =>
    x.forwardS + x.backwardS <= y.forwardS + y.backwardS ? x : y
  return { ...a, dense: pick(a.dense, b.dense), moe: pick(a.moe, b.moe), head: pick(a.head, b.head) }
}

interface StageFloor {
  /** one micro-batch: through the model, through the slowest stage at least */
  readonly modelS: number
  readonly slowestS: number
  readonly block: BlockFigures
}

/**
 * Least time of one micro-batch: layer times are exact but for recomputation and placement, taken at their
 * best; the fullest stage has at least ⌈layers / pp⌉ layers and no stage mean exceeds the slowest.
 */
function stageFloor(evaluator: Evaluator, partial: PartialMapping): StageFloor {
  const shape = evaluator.step.shape
  const parallel = bestBlock(evaluator, partial, false)
  const block = partial.tp === 1 ? parallel : fasterOf(parallel, bestBlock(evaluator, partial, true))
  const layers = shape.layers + shape.mtpLayers
  const withExperts = shape.moe === null ? 0 : moeLayers(shape) + shape.mtpLayers
  const dense = block.dense.forwardS + block.dense.backwardS
  const moe = block.moe.forwardS + block.moe.backwardS
  const head = (1 + shape.mtpLayers) * (block.head.forwardS + block.head.backwardS)
  const modelS = (layers - withExperts) * dense + withExperts * moe + head
  const full = Math.ceil(layers / partial.pp)
  const least = withExperts === 0 ? dense : layers === withExperts ? moe : Math.min(dense, moe)
  return { modelS, slowestS: Math.max(modelS / partial.pp, full * least), block }
}

/**
 * (ii) Tensor, context, expert and pipeline degrees and the micro-batch are known, dp is free up to `dpMax`.
 * Every replica runs at least ⌈globalBatch / (dpMax · microBatch)⌉ micro-batches through its slowest stage,
 * with the communication that no schedule hides; data-parallel exchange, bubble and recomputation are left
 * out.
 */
export function boundByParallelism(evaluator: Evaluator, partial: PartialMapping): number {
  const { slowestS } = stageFloor(evaluator, partial)
  return leastMicroBatches(evaluator, partial) * slowestS + evaluator.block.constants.common.stepOverheadS
}

function leastMicroBatches(evaluator: Evaluator, partial: PartialMapping): number {
  return Math.ceil(evaluator.step.globalBatch / (partial.dpMax * partial.microBatch))
}

/**
 * (iii) As (ii), with the bubble at the deepest interleaving the layers allow, the messages that fill the
 * pipeline, and the optimiser on the smallest shard. M·s + (model − s)/v grows with s and falls with v, so
 * the least s and the largest v bound it.
 */
export function boundBySchedule(evaluator: Evaluator, partial: PartialMapping): number {
  const { step } = evaluator
  const { common } = evaluator.block.constants
  const { modelS, slowestS, block } = stageFloor(evaluator, partial)
  const { pp } = partial
  const microBatches = leastMicroBatches(evaluator, partial)
  const vppMax = Math.max(1, Math.floor(step.shape.layers / pp))
  const bubble = Math.max(0, modelS - slowestS) / vppMax
  const layers = step.shape.layers + step.shape.mtpLayers
  const perLayer = Math.min(
    block.dense.parameters, step.shape.moe === null ? Infinity : block.moe.parameters + block.moe.expertParameters
  )
  const parameters = Math.ceil(layers / pp) * perLayer
  const traffic = optimizerTraffic / (partial.dpMax * partial.cp) + unshardedTraffic
  const optimizer = (traffic * parameters) / step.memoryBps
  return microBatches * slowestS + bubble + fillingMessages(evaluator, partial, block, microBatches) + optimizer
    + common.stepOverheadS
}

/** Messages of a pipeline's start and end, and of each micro-batch as far as no interleaving hides them. */
function fillingMessages(
  evaluator: Evaluator, partial: PartialMapping, block: BlockFigures, microBatches: number
): number {
  const { pp } = partial
  if (pp === 1) return 0
  const { links, constants: { common } } = evaluator.block
  const message = Math.min(
    messageTime(block.boundaryBytes, false, 1, links), messageTime(block.boundaryBytes, true, 1, links)
  )
  return 2 * message * (microBatches * Math.min(1, 2 * common.pipelineExposed) + (pp - 1))
}

/** What may free memory in a completion. */
export interface MemoryFreedom {
  readonly recompute: ReadonlyArray<Recompute>
  readonly stages: ReadonlyArray<0 | 1 | 2 | 3>
  readonly offloadsOptimizer: boolean
  readonly offloadsActivations: boolean
}

/**
 * Bytes that every completion needs on its first stage: its share of the parameters of ⌈layers / pp⌉ layers,
 * with gradients and optimiser state sharded as far as allowed over dpMax · cp ranks, and what the kindest
 * recomputation keeps of one micro-batch.
 */
export function boundMemory(evaluator: Evaluator, partial: PartialMapping, freedom: MemoryFreedom): number {
  const { step, block: context } = evaluator
  const { tp, cp, ep, etp, pp, microBatch, dpMax } = partial
  const group = (n: number): Group => ({ inside: n, outside: 1, span: 1 })
  const layers = Math.ceil((step.shape.layers + step.shape.mtpLayers) / pp)
  const inFlight = Math.min(pp, leastMicroBatches(evaluator, partial))
  const stage = Math.max(...freedom.stages)
  const { gradientBytes, stateBytes } = context.execution
  let least = Infinity
  for (const recompute of freedom.recompute) {
    const figures = blockFigures(context, {
      tp, cp, ep, etp, microBatch, sequenceParallel: tp > 1, recompute,
      tensor: group(tp), context: group(cp), expert: group(ep)
    })
    const kinds = step.shape.moe === null ? [figures.dense]
      : moeLayers(step.shape) === step.shape.layers ? [figures.moe] : [figures.dense, figures.moe]
    const dense = layers * Math.min(...kinds.map((kind) => kind.parameters))
    const experts = layers * Math.min(...kinds.map((kind) => kind.expertParameters))
    const sharded = dense / (dpMax * cp) + experts / Math.max(1, (tp * cp * dpMax) / (ep * etp))
    const all = dense + experts
    const states = (stage === 3 ? 2 * sharded : 2 * all) + gradientBytes * (stage >= 2 ? sharded : all)
      + (freedom.offloadsOptimizer ? 0 : stateBytes * (stage >= 1 ? sharded : all))
    const perLayer = Math.min(...kinds.map((kind) => kind.activationBytes))
    const kept = freedom.offloadsActivations ? 0 : inFlight * layers * perLayer
    least = Math.min(least, states + kept)
  }
  return least
}
