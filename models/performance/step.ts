/**
 * One optimiser step from block figures: pipeline schedule and bubble, data parallelism and sharding,
 * optimiser. Plain arithmetic on numbers into a preallocated array: with `memory.ts`, the hot path of a
 * mapping search.
 */
import { broadcastsTime, gatherTime, messageTime, reduceTime } from "../collectives/collective.ts"
import { type Group, type Links, members } from "../collectives/link.ts"
import type { ModelShape } from "../workload/model-shape.ts"
import type { BlockFigures, LayerFigures } from "./block.ts"
import type { Constants, ModelConstants } from "./constants.ts"
import type { Execution } from "./execution.ts"
import { exposedTime } from "./layer-communication.ts"
import type { ReplicaGroups } from "./replicas.ts"
import { gatherCrossing, pipelineWire, reductionCrossing } from "./site-crossing.ts"
import type { StageLoad } from "./stage.ts"

/**
 * Where the figures of a step are written. Seconds from `stageS` to `stragglerS` sum to `stepS`, bytes to
 * `totalBytes`.
 */
export const figure = {
  stepS: 0,
  /** the mean stage's share of all micro-batches */
  stageS: 1,
  imbalanceS: 2,
  bubbleS: 3,
  pipelineS: 4,
  shardingS: 5,
  dataS: 6,
  optimizerS: 7,
  offloadS: 8,
  overheadS: 9,
  stragglerS: 10,
  parameterBytes: 11,
  gradientBytes: 12,
  optimizerBytes: 13,
  activationBytes: 14,
  bufferBytes: 15,
  totalBytes: 16,
  microBatches: 17,
  /** sent by one accelerator in a step, and the time that would take alone */
  dataTrafficBytes: 18,
  dataAloneS: 19,
  pipelineTrafficBytes: 20,
  pipelineAloneS: 21
} as const

export const figureCount = 22

/** What stays the same over a search, beside the blocks. */
export interface StepContext {
  readonly shape: ModelShape
  readonly globalBatch: number
  readonly links: Links
  readonly constants: Constants
  readonly memoryBps: number
  readonly execution: Execution
  /** accelerator to host memory, bytes/s; 0 without */
  readonly hostLinkBps: number
}

/** Decisions of a step, as numbers. One is kept and refilled. */
export interface StepChoice {
  microBatch: number
  pp: number
  vpp: number
  dp: number
  /** accelerators in use */
  world: number
  /** ZeRO stage; what it spans is in the replica groups' `within` */
  stage: number
  offloadsOptimizer: boolean
  offloadsActivations: boolean
  pipelineCrosses: boolean
  /** on several sites: stages lie apart; false: replicas do */
  pipelineSpansSites: boolean
  /** replicas of the dense parameters, and of the experts */
  readonly data: ReplicaGroups
  readonly expertData: ReplicaGroups
}

/**
 * Bytes of a parameter or gradient on the wire: bf16 (Megatron's `grad_reduce_in_bf16`, FSDP mixed
 * precision).
 */
export const wireBytes = 2

/** Bytes of a gradient on the wire where it is reduced in fp32. */
const wideBytes = 4

/**
 * Bytes moved per parameter by Adam with fp32 master weights: gradient read for its norm, read and written to
 * clip it, read again, three states read and written, weight written.
 */
export const optimizerTraffic = 42

/** The same where each of Adam's operators is a pass of its own (PyTorch's `foreach`: 8 of 8 to 16 bytes). */
const eagerOptimizerTraffic = 98

/** Bytes moved per parameter of a rank whatever the sharding: a gradient cleared, a weight and a gradient copied. */
export const unshardedTraffic = 8

/**
 * Bytes moved per parameter and micro-batch where gradients are added in a pass of their own: bf16 read and
 * cleared, fp32 updated.
 */
const accumulationTraffic = 12

/** Ranks that share one parameter's state. */
export function shardCount(groups: ReplicaGroups, choice: StepChoice): number {
  if (choice.stage === 0) return 1
  return members(groups.within)
}

/**
 * One micro-batch on the slower of a middle stage and the last, s; without a pipeline the `model`. The first three: one layer of
 * each kind and one head, both passes.
 */
export function slowestStage(
  dense: number, moe: number, head: number, load: StageLoad, pp: number, model: number
): number {
  if (pp === 1) return model
  const last = (load.last - load.lastMoe) * dense + load.lastMoe * moe + load.heads * head
  return Math.max((load.full - load.fullMoe) * dense + load.fullMoe * moe, last, model / pp)
}

/** One micro-batch through the whole model, s. */
export function modelTime(dense: number, moe: number, head: number, load: StageLoad): number {
  return (load.layers - load.moeLayers) * dense + load.moeLayers * moe + load.heads * head
}

/** Messages between two stages that a micro-batch waits for, each way, when stages are dealt in `vpp` chunks. */
export function exposedMessages(vpp: number, common: ModelConstants): number {
  return vpp === 1 ? 1 : vpp * common.pipelineExposed
}

/**
 * 1F1B (Narayanan, arXiv 2104.04473): the slowest stage works through all micro-batches; one micro-batch's
 * way through the other stages is the bubble, 1/vpp of it when interleaved. Messages between stages are
 * exposed once each way, partly when interleaved.
 */
function writePipeline(
  block: BlockFigures, choice: StepChoice, load: StageLoad, context: StepContext, out: Float64Array
): void {
  const { pp, vpp } = choice
  const microBatches = Math.ceil(context.globalBatch / (choice.dp * choice.microBatch))
  const dense = block.dense.forwardS + block.dense.backwardS
  const moe = block.moe.forwardS + block.moe.backwardS
  const head = block.head.forwardS + block.head.backwardS
  const model = modelTime(dense, moe, head, load)
  const slowest = slowestStage(dense, moe, head, load, pp, model)
  out[figure.microBatches] = microBatches
  out[figure.stageS] = (microBatches * model) / pp
  out[figure.imbalanceS] = microBatches * (slowest - model / pp)
  out[figure.bubbleS] = (model - slowest) / vpp
  if (pp === 1) {
    out[figure.pipelineS] = 0
    out[figure.pipelineTrafficBytes] = 0
    out[figure.pipelineAloneS] = 0
    return
  }
  const message = messageTime(block.boundaryBytes, choice.pipelineCrosses, choice.world, context.links)
  const exposed = exposedMessages(vpp, context.constants.common)
  out[figure.pipelineS] = 2 * message * (microBatches * exposed + (pp - 1))
    + siteMessages(block, choice, microBatches, exposed, context, out)
  out[figure.pipelineTrafficBytes] = 2 * vpp * microBatches * block.boundaryBytes
  out[figure.pipelineAloneS] = 2 * vpp * microBatches * message
}

/**
 * What messages between stages on several sites add: each waits for the link behind the fabrics of both sites, and where all
 * replicas' messages of all chunks keep the link busy for longer than the stages compute, the rest shows. Interleaved, the
 * last chunk's messages return to the first stage over the same links.
 */
function siteMessages(
  block: BlockFigures, choice: StepChoice, microBatches: number, exposed: number, { links }: StepContext, out: Float64Array
): number {
  const { across } = links
  const wire = pipelineWire(block.boundaryBytes, choice, links)
  if (across === null || wire === 0) return 0
  const waits = 2 * (wire + across.latencyS) * (microBatches * exposed + across.sites - 1)
  const busy = microBatches * (2 * choice.vpp - 1) * wire
  return Math.max(waits, busy - out[figure.stageS]! - out[figure.imbalanceS]!)
}

/** All-gather of parameters of `bytes` from their shards. */
function parameterGather(groups: ReplicaGroups, bytes: number, choice: StepChoice, links: Links): number {
  return gatherTime(groups.within, bytes, links) + gatherCrossing(groups, bytes, choice, links)
}

/** All-reduce of the shards of `bytes` of gradients among the copies. */
function shardReduction(groups: ReplicaGroups, bytes: number, links: Links): number {
  return reduceTime(groups.across, bytes / members(groups.within), links)
}

/**
 * Reduction of gradients of `bytes`: an all-reduce, or with sharded state a reduce-scatter; sharded over some
 * of them only (HSDP), the shards are then all-reduced among the copies.
 */
function gradientReduction(
  groups: ReplicaGroups, bytes: number, choice: StepChoice, { links, execution }: StepContext
): number {
  if (execution.wideGradients) return reduceTime(groups.all, (wideBytes / wireBytes) * bytes, links)
  if (choice.stage === 0) return reduceTime(groups.all, bytes, links)
  return gatherTime(groups.within, bytes, links) + shardReduction(groups, bytes, links)
}

/**
 * ZeRO-3 on one layer and micro-batch (FSDP, arXiv 2304.11277): gathers in both passes, a reduction in the
 * second.
 */
function shardedLayer(layer: LayerFigures, choice: StepChoice, context: StepContext): number {
  const { links, constants: { common } } = context
  const gather = parameterGather(choice.data, layer.parameters * wireBytes, choice, links)
    + parameterGather(choice.expertData, layer.expertParameters * wireBytes, choice, links)
  if (!context.execution.fused) return 3 * gather
  return exposedTime(gather, layer.forwardComputeS, common.contention)
    + exposedTime(2 * gather, layer.backwardComputeS, common.contention)
}

/**
 * Exchange among replicas. Stages 0 to 2: gradients once a step beside the last backward pass, parameters
 * beside the next forward pass; an interleaved schedule runs a chunk for pp micro-batches before the next, so
 * its chunks' exchanges hide behind as many. Stage 3: every layer of every micro-batch; gradients among the
 * copies once a step.
 */
function writeData(
  block: BlockFigures, choice: StepChoice, load: StageLoad, context: StepContext, out: Float64Array
): void {
  const { links, constants: { common } } = context
  const { dense, moe } = block
  const microBatches = out[figure.microBatches]!
  const denseBytes = load.denseParameters * wireBytes
  const expertBytes = load.expertParameters * wireBytes
  const fullDense = load.full - load.fullMoe
  const cover = choice.vpp > 1 ? Math.min(choice.pp, microBatches) : 1
  const forward = cover * (fullDense * dense.forwardComputeS + load.fullMoe * moe.forwardComputeS)
  const backward = cover * (fullDense * dense.backwardComputeS + load.fullMoe * moe.backwardComputeS)
  let reduction: number
  let gather = 0
  out[figure.shardingS] = 0
  if (choice.stage === 3) {
    const passes = (fullDense === 0 ? 0 : fullDense * shardedLayer(dense, choice, context))
      + (load.fullMoe === 0 ? 0 : load.fullMoe * shardedLayer(moe, choice, context))
    out[figure.shardingS] = microBatches * passes
    reduction = shardReduction(choice.data, denseBytes, links) + shardReduction(choice.expertData, expertBytes, links)
  } else {
    reduction = gradientReduction(choice.data, denseBytes, choice, context)
      + gradientReduction(choice.expertData, expertBytes, choice, context)
    if (choice.stage > 0) {
      gather = context.execution.gathersByBroadcast
        ? broadcastsTime(choice.data.within, denseBytes, links)
          + broadcastsTime(choice.expertData.within, expertBytes, links)
        : parameterGather(choice.data, denseBytes, choice, links)
          + parameterGather(choice.expertData, expertBytes, choice, links)
    }
  }
  reduction += reductionCrossing(choice.data, denseBytes, choice, links)
    + reductionCrossing(choice.expertData, expertBytes, choice, links)
  out[figure.dataS] = context.execution.fused
    ? exposedTime(reduction, backward, common.contention) + exposedTime(gather, forward, common.contention)
    : reduction + gather
  out[figure.dataAloneS] = reduction + gather
  const passes = choice.stage === 3 ? 3 * microBatches : 2
  out[figure.dataTrafficBytes] = passes * (sent(choice.data.all, denseBytes) + sent(choice.expertData.all, expertBytes))
}

/** Bytes one rank sends in a ring pass of `bytes`. */
function sent(group: Group, bytes: number): number {
  const n = members(group)
  return (bytes * (n - 1)) / n
}

function writeOptimizer(
  block: BlockFigures, choice: StepChoice, load: StageLoad, context: StepContext, out: Float64Array
): void {
  const { denseParameters, expertParameters } = load
  const own = denseParameters / shardCount(choice.data, choice)
    + expertParameters / shardCount(choice.expertData, choice)
  const all = denseParameters + expertParameters
  const passes = context.execution.wideGradients ? out[figure.microBatches]! : 0
  const accumulation = accumulationTraffic * passes * all
  const update = context.execution.eager ? eagerOptimizerTraffic : optimizerTraffic
  out[figure.optimizerS] = (update * own + unshardedTraffic * all + accumulation) / context.memoryBps
  let offload = 0
  if (choice.offloadsOptimizer) offload += (6 * own) / context.hostLinkBps
  if (choice.offloadsActivations) {
    const kept = (load.full - load.fullMoe) * block.dense.activationBytes + load.fullMoe * block.moe.activationBytes
    const transfer = (2 * out[figure.microBatches]! * kept) / context.hostLinkBps
    offload += exposedTime(transfer, out[figure.stageS]! + out[figure.imbalanceS]!, context.constants.common.contention)
  }
  out[figure.offloadS] = offload
}

/**
 * Writes the times of one step into `out` (see `figure`). `choice` must be valid, `load` dealt; nothing is
 * allocated.
 */
export function writeStepTime(
  block: BlockFigures, choice: StepChoice, load: StageLoad, context: StepContext, out: Float64Array
): void {
  const { common } = context.constants
  writePipeline(block, choice, load, context, out)
  writeData(block, choice, load, context, out)
  writeOptimizer(block, choice, load, context, out)
  out[figure.overheadS] = common.stepOverheadS
  let sum = 0
  for (let i: number = figure.stageS; i < figure.stragglerS; i += 1) sum += out[i]!
  out[figure.stragglerS] = sum * common.stragglerPerDoubling * Math.log2(Math.max(1, choice.world / 8))
  out[figure.stepS] = sum + out[figure.stragglerS]!
}
