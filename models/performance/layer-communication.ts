/**
 * Communication inside one layer: tensor, context and expert parallelism, as far as it is exposed. Each
 * returns the bytes sent.
 */
import { exchangeTime, gatherTime, messageTime, reduceTime, remoteShare } from "../collectives/collective.ts"
import type { Group } from "../collectives/link.ts"
import { headDims } from "../workload/layer-work.ts"
import type { Slice } from "../workload/layer-work.ts"
import type { BlockChoice, BlockContext } from "./block-choice.ts"
import { streamTime } from "./kernels.ts"
import type { LayerPhases } from "./layer-compute.ts"
import { isRecomputed } from "./layer-compute.ts"
import { computeTime } from "./phase.ts"
import { greatestCommonDivisor } from "./placement.ts"

/** Shares of tensor-parallel communication left exposed: in general, and beside the gradients of weights. */
function exposedShares({ execution, constants: { common } }: BlockContext): { all: number; backward: number } {
  switch (execution.tensorOverlap) {
    case "none": return { all: 1, backward: 1 }
    case "backward": return { all: 1, backward: common.contention }
    case "pipelined": return { all: common.tensorExposed, backward: common.tensorExposed }
  }
}

/** Bytes of a block's input or output, whole, in bf16. */
function regionBytes(context: BlockContext, slice: Slice): number {
  return 2 * slice.tokens * context.workload.model.hidden
}

/**
 * Tensor parallelism (Shoeybi, arXiv 1909.08053; Korthikanti, arXiv 2205.05198): per block an all-gather and
 * a reduce-scatter with sequence parallelism, else one all-reduce, each way; its backward pass gathers the
 * kept input once more. Stacks that cut the communication into chunks gather operands in the GEMM's precision.
 */
export function addTensor(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
  if (choice.tp === 1) return 0
  const { links, execution, silicon } = context
  const bytes = regionBytes(context, slice)
  const share = exposedShares(context)
  const again = choice.recompute === "full" ? share.all : 0
  const volume = (bytes * (choice.tp - 1)) / choice.tp
  if (!choice.sequenceParallel) {
    const reduce = reduceTime(choice.tensor, bytes, links)
    phases.forward.tensorS += share.all * reduce
    phases.backward.tensorS += share.backward * reduce
    phases.recompute.tensorS += again * reduce
    return volume * (again > 0 ? 6 : 4)
  }
  const width = execution.tensorOverlap === "pipelined" ? silicon.operandBytes / 2 : 1
  const gather = gatherTime(choice.tensor, width * bytes, links)
  const scatter = gatherTime(choice.tensor, bytes, links)
  phases.forward.tensorS += share.all * (gather + scatter)
  phases.backward.tensorS += share.all * gather + share.backward * (gather + scatter)
  phases.recompute.tensorS += again * (gather + scatter)
  return volume * (again > 0 ? 4 * width + 3 : 3 * width + 2)
}

/** The output head: its logits stay cut over the vocabulary, so nothing is reduced after it but in the backward pass. */
export function addHeadTensor(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
  if (choice.tp === 1) return 0
  const { links } = context
  const bytes = regionBytes(context, slice)
  const share = exposedShares(context)
  const volume = (bytes * (choice.tp - 1)) / choice.tp
  if (!choice.sequenceParallel) {
    phases.backward.tensorS += share.backward * reduceTime(choice.tensor, bytes, links)
    return 2 * volume
  }
  const gather = gatherTime(choice.tensor, bytes, links)
  phases.forward.tensorS += share.all * gather
  phases.backward.tensorS += 2 * share.backward * gather
  return 3 * volume
}

/** What is left of `hidden` when it runs beside `cover`, both slowed by sharing the device. */
export function exposedTime(hidden: number, cover: number, contention: number): number {
  return Math.max(0, hidden - cover) + contention * Math.min(hidden, cover)
}

/**
 * What every step of the ring adds to attention: slices of queries, outputs and their gradients are copied,
 * partial outputs merged in fp32 and gradients accumulated (operators of Transformer Engine's ring). Bytes
 * per element of the queries.
 */
const ringStep = { forward: { bytes: 14, kernels: 3 }, backward: { bytes: 22, kernels: 5 } } as const

function ringStepTime(
  { silicon }: BlockContext, elements: number, { bytes, kernels }: { readonly bytes: number; readonly kernels: number }
): number {
  return streamTime(bytes * elements, silicon) + kernels * silicon.kernelGapS
}

/**
 * Context parallelism: keys and values go round the ring while attention computes (Liu, arXiv 2310.01889), or
 * queries, keys and values change from sequence to head slices by all-to-all (Ulysses, arXiv 2309.14509);
 * whichever exposes less.
 */
export function addContext(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
  if (choice.cp === 1) return 0
  const { links, workload: { model }, constants: { common } } = context
  const { keyDim, valueDim } = headDims(model)
  const query = Math.ceil(model.heads / choice.tp)
  const keyValue = Math.max(1, Math.ceil(model.kvHeads / choice.tp))
  const ringBytes = 2 * slice.tokens * keyValue * (keyDim + valueDim)
  const step = messageTime(ringBytes, choice.context.outside > 1, choice.context.span, links)
  const elements = slice.tokens * query * keyDim
  const ringForward = exposedTime((choice.cp - 1) * step, phases.forward.attentionS, common.contention)
    + choice.cp * ringStepTime(context, elements, ringStep.forward)
  const ringBackward = exposedTime(2 * (choice.cp - 1) * step, phases.backward.attentionS, common.contention)
    + choice.cp * ringStepTime(context, elements, ringStep.backward)
  const swapBytes = 2 * slice.tokens * (query * (keyDim + valueDim) + keyValue * (keyDim + valueDim))
  const swap = choice.cp <= query && context.execution.contextExchange === "either"
    ? exchangeTime(choice.context, swapBytes, remoteShare(choice.context, 1, false), common.plainExchange, links)
    : Infinity
  const forward = Math.min(ringForward, swap)
  phases.forward.contextS += forward
  phases.backward.contextS += Math.min(ringBackward, 2 * swap)
  if (isRecomputed(context, choice.recompute, "core_attn")) phases.recompute.contextS += forward
  return 3 * (ringForward <= swap ? (choice.cp - 1) * ringBytes : swapBytes)
}

/** Ranks that share an expert: the first of a tensor-parallel group, then of the context-parallel one. */
function expertTensorGroup(choice: BlockChoice): Group {
  const inside = greatestCommonDivisor(choice.tensor.inside * choice.context.inside, choice.etp)
  return { inside, outside: choice.etp / inside, span: choice.etp }
}

/**
 * Expert parallelism: tokens to their experts and back, each way; beside another micro-batch's computation
 * where overlapped. Ranks that share an expert gather each other's tokens before it and add up its results
 * after it.
 */
export function addExpert(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
  const { links, execution, workload: { model }, constants: { common } } = context
  if (model.moe === null || choice.ep * choice.etp === 1) return 0
  const bytes = 2 * (slice.tokens / choice.tp) * model.moe.topK * model.hidden
  const share = remoteShare(choice.expert, model.moe.topK, execution.fusedDispatch)
  const efficiency = execution.fusedDispatch ? 1 : common.plainExchange
  const once = exchangeTime(choice.expert, bytes, share, efficiency, links)
    + gatherTime(expertTensorGroup(choice), choice.etp * bytes, links)
  const expose = (time: number, cover: number) =>
    execution.expertOverlap ? exposedTime(time, cover, common.contention) : time
  const forward = expose(2 * once, computeTime(phases.forward))
  phases.forward.expertS += forward
  phases.backward.expertS += expose(2 * once, computeTime(phases.backward))
  const again = choice.recompute === "full"
    || (choice.recompute === "selective" && execution.recomputeModules.includes("moe"))
  if (again) phases.recompute.expertS += 2 * once
  const sent = (choice.ep - 1) / choice.ep + choice.etp - 1
  return bytes * sent * (again ? 6 : 4)
}
