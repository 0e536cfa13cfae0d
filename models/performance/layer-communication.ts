/**
 * Communication inside one layer: tensor, context and expert parallelism, as far as it is exposed. Each
 * returns the bytes sent.
 */
import { exchangeTime, gatherTime, messageTime, reduceTime, remoteShare } from "../collectives/collective.ts"
import { headDims } from "../workload/layer-work.ts"
import type { Slice } from "../workload/layer-work.ts"
import type { BlockChoice, BlockContext } from "./block-choice.ts"
import type { LayerPhases } from "./layer-compute.ts"
import { isRecomputed } from "./layer-compute.ts"
import { computeTime } from "./phase.ts"

/**
 * Tensor parallelism (Shoeybi, arXiv 1909.08053; Korthikanti, arXiv 2205.05198): per block an all-gather and
 * a reduce-scatter with sequence parallelism, else one all-reduce, each way; its backward pass gathers the
 * kept input once more.
 */
export function addTensor(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
  if (choice.tp === 1) return 0
  const { links, execution, constants: { common } } = context
  const bytes = 2 * slice.tokens * context.workload.model.hidden
  const exposed = execution.fused && execution.tuned ? common.tensorExposed : 1
  const gather = gatherTime(choice.tensor, bytes, links)
  const pass = choice.sequenceParallel ? 2 * gather : reduceTime(choice.tensor, bytes, links)
  phases.forward.tensorS += exposed * pass
  phases.backward.tensorS += exposed * (choice.sequenceParallel ? 3 * gather : pass)
  if (choice.recompute === "full") phases.recompute.tensorS += exposed * pass
  const volume = (bytes * (choice.tp - 1)) / choice.tp
  return volume * ((choice.sequenceParallel ? 5 : 4) + (choice.recompute === "full" ? 2 : 0))
}

/** What is left of `hidden` when it runs beside `cover`, both slowed by sharing the device. */
export function exposedTime(hidden: number, cover: number, contention: number): number {
  return Math.max(0, hidden - cover) + contention * Math.min(hidden, cover)
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
  const ringForward = exposedTime((choice.cp - 1) * step, phases.forward.attentionS, common.contention)
  const ringBackward = exposedTime(2 * (choice.cp - 1) * step, phases.backward.attentionS, common.contention)
  const swapBytes = 2 * slice.tokens * (query * (keyDim + valueDim) + keyValue * (keyDim + valueDim))
  const swap = choice.cp <= query
    ? exchangeTime(choice.context, swapBytes, remoteShare(choice.context, 1, false), common.plainExchange, links)
    : Infinity
  const forward = Math.min(ringForward, swap)
  phases.forward.contextS += forward
  phases.backward.contextS += Math.min(ringBackward, 2 * swap)
  if (isRecomputed(context, choice.recompute, "core_attn")) phases.recompute.contextS += forward
  return 3 * (ringForward <= swap ? (choice.cp - 1) * ringBytes : swapBytes)
}

/**
 * Expert parallelism: tokens to their experts and back, each way; beside another micro-batch's computation
 * where overlapped.
 */
export function addExpert(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
  const { links, execution, workload: { model }, constants: { common } } = context
  if (model.moe === null || choice.ep === 1) return 0
  const bytes = 2 * (slice.tokens / choice.tp) * model.moe.topK * model.hidden
  const share = remoteShare(choice.expert, model.moe.topK, execution.fusedDispatch)
  const efficiency = execution.fusedDispatch ? 1 : common.plainExchange
  const once = exchangeTime(choice.expert, bytes, share, efficiency, links)
  const expose = (time: number, cover: number) =>
    execution.expertOverlap ? exposedTime(time, cover, common.contention) : time
  const forward = expose(2 * once, computeTime(phases.forward))
  phases.forward.expertS += forward
  phases.backward.expertS += expose(2 * once, computeTime(phases.backward))
  const again = choice.recompute === "full"
    || (choice.recompute === "selective" && execution.recomputeModules.includes("moe"))
  if (again) phases.recompute.expertS += 2 * once
  return bytes * ((choice.ep - 1) / choice.ep) * (again ? 6 : 4)
}
