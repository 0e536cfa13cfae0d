/**
 * Block figures: what one layer of each kind costs a rank per micro-batch, in time, parameters and kept activations. They depend
 * on few numbers (tp, cp, ep, etp, micro-batch, recomputation and where those groups lie), so a search computes them once each.
 */
import type { Group, Links } from "../collectives/link.ts"
import { exchangeTime, gatherTime, messageTime, reduceTime, remoteShare } from "../collectives/collective.ts"
import {
  attentionBlock, expertBlock, feedForwardBlock, headBlock, headDims
} from "../workload/layer-work.ts"
import type { LayerWork, Slice, WorkModule } from "../workload/layer-work.ts"
import type { ModelShape } from "../workload/model-shape.ts"
import { feedForwardParameters, parameterCount } from "../workload/parameters.ts"
import type { TrainingWorkload } from "../workload/training.ts"
import type { Constants, ModelConstants } from "./constants.ts"
import type { Execution } from "./execution.ts"
import { gemmTime, streamTime } from "./kernels.ts"
import type { Recompute } from "./mapping.ts"
import type { Phase } from "./phase.ts"
import { addPhase, computeTime, emptyPhase, phaseTime } from "./phase.ts"
import type { Silicon } from "./silicon.ts"

/** The decisions a block depends on. */
export interface BlockChoice {
  readonly tp: number
  readonly cp: number
  readonly ep: number
  readonly etp: number
  readonly microBatch: number
  readonly sequenceParallel: boolean
  readonly recompute: Recompute
  readonly tensor: Group
  readonly context: Group
  readonly expert: Group
}

/** One layer, or the output head. Times per micro-batch, s; bytes per rank. */
export interface LayerFigures {
  readonly forward: Phase
  /** without recomputation */
  readonly backward: Phase
  readonly recompute: Phase
  /** sums of the phases: what a step is made of */
  readonly forwardS: number
  readonly backwardS: number
  /** of `forwardS` and `backwardS`, what the device computes: it can hide communication */
  readonly forwardComputeS: number
  readonly backwardComputeS: number
  /** parameters of one rank that tensor parallelism shards, and those of its experts */
  readonly parameters: number
  readonly expertParameters: number
  /** kept from forward to backward, per micro-batch; and all that one layer holds while it runs backward */
  readonly activationBytes: number
  readonly liveBytes: number
  /** bytes that one rank sends per micro-batch */
  readonly tensorBytes: number
  readonly contextBytes: number
  readonly expertBytes: number
}

export interface BlockFigures {
  readonly dense: LayerFigures
  readonly moe: LayerFigures
  readonly head: LayerFigures
  /** parameters of the embedding on one rank */
  readonly embeddingParameters: number
  /** a micro-batch's activation between two stages, bytes per rank */
  readonly boundaryBytes: number
  /** input of one layer: what full recomputation keeps */
  readonly inputBytes: number
  /** workspace: the fp32 gradient of the largest weight before it is added, and logits with their gradient, bytes */
  readonly weightWorkspaceBytes: number
  readonly logitsBytes: number
}

/** Everything that stays the same over a mapping search. */
export interface BlockContext {
  readonly workload: TrainingWorkload
  readonly silicon: Silicon
  readonly links: Links
  readonly execution: Execution
  readonly constants: Constants
}

function sliceOf(context: BlockContext, choice: BlockChoice): Slice {
  const tokens = (choice.microBatch * context.workload.sequence) / choice.cp
  return {
    tp: choice.tp,
    ep: choice.ep,
    etp: choice.etp,
    tokens,
    regionTokens: choice.sequenceParallel ? tokens / choice.tp : tokens,
    sequence: context.workload.sequence,
    inputBytes: context.silicon.operandBytes,
    fused: context.execution.fused
  }
}

/** Which modules' forward work is repeated in the backward pass. */
function isRecomputed(context: BlockContext, recompute: Recompute, module: WorkModule): boolean {
  if (recompute === "none") return false
  if (recompute === "full") return true
  const modules: ReadonlyArray<string> = context.execution.recomputeModules
  return modules.includes(module) || (module === "moe_act" && modules.includes("moe"))
}

/** A grouped GEMM of one expert is a plain one; with many it falls to the constant's share. */
function groupedEfficiency(batch: number, common: ModelConstants): number {
  return 1 - (1 - common.groupedGemm) * (1 - 1 / batch)
}

/** Adds a GEMM of the forward pass, and its two of the backward pass, to the phases. */
function addGemms(context: BlockContext, choice: BlockChoice, work: LayerWork, phases: LayerPhases, bf16: boolean): void {
  const { silicon, constants: { common } } = context
  const peak = bf16 ? silicon.bf16Peak : silicon.linearPeak
  const flops = bf16 ? silicon.bf16Flops : silicon.linearFlops
  const operand = bf16 ? 2 : silicon.operandBytes
  const tail = context.execution.recomputesTail || work.attention !== null ? null : work.gemms.at(-1)
  for (const gemm of work.gemms) {
    const { m, n, k, batch, module } = gemm
    const rate = flops * groupedEfficiency(batch, common)
    const forward = gemmTime(m, n, k, batch, rate, operand, 2, silicon, common)
    const toInput = gemmTime(m, k, n, batch, rate, operand, 2, silicon, common)
    const toWeight = gemmTime(k, n, m, batch, rate, operand, 8, silicon, common)
    const ideal = (2 * m * n * k * batch) / peak
    const cast = bf16 ? 0 : streamTime(silicon.castBytes * m * k * batch, silicon)
    const castBack = bf16 ? 0 : streamTime(silicon.castBytes * m * n * batch, silicon)
    phases.forward.gemmS += forward
    phases.forward.memoryS += cast
    phases.forward.launchS += silicon.kernelGapS
    phases.forward.idealS += ideal
    phases.backward.gemmS += toInput + toWeight
    phases.backward.memoryS += castBack
    phases.backward.launchS += 2 * silicon.kernelGapS
    phases.backward.idealS += 2 * ideal
    if (isRecomputed(context, choice.recompute, module) && gemm !== tail) {
      phases.recompute.gemmS += forward
      phases.recompute.memoryS += cast
      phases.recompute.launchS += silicon.kernelGapS
    }
  }
}

function addStreams(context: BlockContext, choice: BlockChoice, work: LayerWork, phases: LayerPhases): void {
  const { silicon, execution, constants: { common } } = context
  const passes = execution.fused ? common.streamPasses : 1
  for (const { forwardBytes, backwardBytes, kernels, module } of work.streams) {
    const forward = streamTime(passes * forwardBytes, silicon)
    phases.forward.memoryS += forward
    phases.backward.memoryS += streamTime(passes * backwardBytes, silicon)
    phases.forward.launchS += kernels * silicon.kernelGapS
    phases.backward.launchS += kernels * silicon.kernelGapS
    if (isRecomputed(context, choice.recompute, module)) {
      phases.recompute.memoryS += forward
      phases.recompute.launchS += kernels * silicon.kernelGapS
    }
  }
}

/** Flash attention: backward recomputes the scores, 2.5 times the forward's FLOPs (Dao, arXiv 2307.08691); unfused: 2 times. */
function addAttention(context: BlockContext, choice: BlockChoice, work: LayerWork, phases: LayerPhases): void {
  if (work.attention === null) return
  const { silicon } = context
  const { fused } = context.execution
  const { flops } = work.attention
  const forward = flops / (fused ? silicon.attentionForwardFlops : silicon.bf16Flops)
  const backward = fused ? (2.5 * flops) / silicon.attentionBackwardFlops : (2 * flops) / silicon.bf16Flops
  phases.forward.attentionS += forward
  phases.backward.attentionS += backward
  phases.forward.launchS += silicon.kernelGapS
  phases.backward.launchS += 2 * silicon.kernelGapS
  phases.forward.idealS += flops / silicon.bf16Peak
  phases.backward.idealS += (2 * flops) / silicon.bf16Peak
  if (isRecomputed(context, choice.recompute, "core_attn")) {
    phases.recompute.attentionS += forward
    phases.recompute.launchS += silicon.kernelGapS
  }
}

interface LayerPhases {
  readonly forward: Phase
  readonly backward: Phase
  readonly recompute: Phase
}

function emptyPhases(): LayerPhases {
  return { forward: emptyPhase(), backward: emptyPhase(), recompute: emptyPhase() }
}

/** Adds a block's computation. */
function addWork(context: BlockContext, choice: BlockChoice, work: LayerWork, phases: LayerPhases, bf16 = false): void {
  addGemms(context, choice, work, phases, bf16)
  addStreams(context, choice, work, phases)
  addAttention(context, choice, work, phases)
}

/**
 * Tensor parallelism (Shoeybi, arXiv 1909.08053; Korthikanti, arXiv 2205.05198): per block an all-gather and a reduce-scatter
 * with sequence parallelism, else one all-reduce, each way; its backward pass gathers the kept input once more.
 */
function addTensor(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
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
 * Context parallelism: keys and values go round the ring while attention computes (Liu, arXiv 2310.01889), or queries, keys and
 * values change from sequence to head slices by all-to-all (Ulysses, arXiv 2309.14509); whichever exposes less.
 */
function addContext(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
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

/** Expert parallelism: tokens to their experts and back, each way; beside another micro-batch's computation where overlapped. */
function addExpert(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): number {
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

function keptBytes(
  context: BlockContext, choice: BlockChoice, works: ReadonlyArray<LayerWork>, input: number
): KeptBytes {
  let activationBytes = 0
  let liveBytes = 0
  for (const work of works) {
    for (const kept of work.kept) {
      liveBytes += kept.bytes
      if (!isRecomputed(context, choice.recompute, kept.module)) activationBytes += kept.bytes
    }
  }
  const share = context.execution.recomputeShare
  const recomputed = choice.recompute === "full" ? input : activationBytes
  return { activationBytes: share * recomputed + (1 - share) * liveBytes, liveBytes }
}

interface LayerVolumes {
  readonly tensorBytes: number
  readonly contextBytes: number
  readonly expertBytes: number
}

interface KeptBytes {
  readonly activationBytes: number
  readonly liveBytes: number
}

function figures(
  context: BlockContext, phases: LayerPhases, parameters: number, expertParameters: number, kept: KeptBytes, volumes: LayerVolumes
): LayerFigures {
  const { forward, backward } = phases
  const recompute = addPhase(emptyPhase(), phases.recompute, context.execution.recomputeShare)
  return {
    forward,
    backward,
    recompute,
    forwardS: phaseTime(forward),
    backwardS: phaseTime(backward) + phaseTime(recompute),
    forwardComputeS: computeTime(forward),
    backwardComputeS: computeTime(backward) + computeTime(recompute),
    parameters,
    expertParameters,
    ...kept,
    ...volumes
  }
}

function denseLayer(context: BlockContext, choice: BlockChoice, slice: Slice): LayerFigures {
  const shape = context.workload.model
  const phases = emptyPhases()
  const works = [attentionBlock(shape, slice), feedForwardBlock(shape, slice, shape.ffn)]
  for (const work of works) addWork(context, choice, work, phases)
  const contextBytes = addContext(context, choice, slice, phases)
  const tensorBytes = addTensor(context, choice, slice, phases) + addTensor(context, choice, slice, phases)
  const count = parameterCount(shape)
  return figures(
    context, phases, (count.attentionPerLayer + count.densePerLayer) / choice.tp, 0,
    keptBytes(context, choice, works, 2 * slice.regionTokens * shape.hidden),
    { tensorBytes, contextBytes, expertBytes: 0 }
  )
}

function moeLayer(context: BlockContext, choice: BlockChoice, slice: Slice): LayerFigures {
  const shape = context.workload.model
  const moe = shape.moe
  if (moe === null) return denseLayer(context, choice, slice)
  const phases = emptyPhases()
  const works = [attentionBlock(shape, slice), expertBlock(shape, slice)]
  for (const work of works) addWork(context, choice, work, phases)
  const contextBytes = addContext(context, choice, slice, phases)
  const expertBytes = addExpert(context, choice, slice, phases)
  const tensorBytes = addTensor(context, choice, slice, phases)
    + (moe.sharedExperts > 0 ? addTensor(context, choice, slice, phases) : 0)
  const count = parameterCount(shape)
  const shared = feedForwardParameters(shape, moe.sharedExperts * moe.sharedFfn)
  return figures(
    context, phases,
    (count.attentionPerLayer + shared) / choice.tp + shape.hidden * moe.experts,
    (Math.ceil(moe.experts / choice.ep) * count.expert) / choice.etp,
    keptBytes(context, choice, works, 2 * slice.regionTokens * shape.hidden),
    { tensorBytes, contextBytes, expertBytes }
  )
}

function outputHead(context: BlockContext, choice: BlockChoice, slice: Slice): LayerFigures {
  const shape = context.workload.model
  const phases = emptyPhases()
  const work = headBlock(shape, slice)
  addWork(context, { ...choice, recompute: "none" }, work, phases, true)
  const tensorBytes = addTensor(context, { ...choice, recompute: "none" }, slice, phases)
  return figures(
    context, phases, (shape.vocab * shape.hidden) / choice.tp, 0,
    keptBytes(context, { ...choice, recompute: "none" }, [work], 0),
    { tensorBytes, contextBytes: 0, expertBytes: 0 }
  )
}

/** Largest weight matrix of one rank, elements. */
function largestWeight(shape: ModelShape, choice: BlockChoice): number {
  const dense = ((shape.gatedMlp ? 2 : 1) * shape.hidden * shape.ffn) / choice.tp
  if (shape.moe === null) return dense
  return Math.max(moeDense(shape) ? dense : 0, (2 * shape.hidden * shape.moe.expertFfn) / choice.etp)
}

function moeDense(shape: ModelShape): boolean {
  return shape.moe !== null && (shape.moe.denseLayers > 0 || shape.moe.moeEvery > 1)
}

/** Figures of every kind of layer for one choice. */
export function blockFigures(context: BlockContext, choice: BlockChoice): BlockFigures {
  const shape = context.workload.model
  const slice = sliceOf(context, choice)
  const boundaryBytes = (2 * slice.tokens * shape.hidden) / choice.tp
  return {
    dense: denseLayer(context, choice, slice),
    moe: moeLayer(context, choice, slice),
    head: outputHead(context, choice, slice),
    embeddingParameters: (shape.vocab * shape.hidden) / choice.tp,
    boundaryBytes,
    inputBytes: 2 * slice.regionTokens * shape.hidden,
    weightWorkspaceBytes: 4 * largestWeight(shape, choice),
    logitsBytes: (6 * slice.tokens * shape.vocab) / choice.tp
  }
}
