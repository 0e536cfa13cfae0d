/**
 * Block figures: what one layer of each kind costs a rank per micro-batch, in time, parameters and kept
 * activations. They depend on few numbers (tp, cp, ep, etp, micro-batch, recomputation, where those groups
 * lie), so a search computes them once each.
 */
import { attentionBlock, expertBlock, feedForwardBlock, headBlock } from "../workload/layer-work.ts"
import type { LayerWork, Slice } from "../workload/layer-work.ts"
import type { ModelShape } from "../workload/model-shape.ts"
import { feedForwardParameters, parameterCount } from "../workload/parameters.ts"
import type { BlockChoice, BlockContext, ComputeChoice } from "./block-choice.ts"
import { addContext, addExpert, addHeadTensor, addTensor } from "./layer-communication.ts"
import type { LayerPhases } from "./layer-compute.ts"
import { addWork, emptyPhases, isRecomputed, packPhases, unpackPhases } from "./layer-compute.ts"
import type { Phase } from "./phase.ts"
import { addPhase, computeTime, emptyPhase, phaseTime } from "./phase.ts"

/** One layer, or the output head. Times per micro-batch, s; bytes per rank. */
export interface LayerFigures {
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

/** A layer's figures with the phases that they are sums of. */
export interface LayerDetail extends LayerFigures {
  readonly forward: Phase
  /** without recomputation */
  readonly backward: Phase
  readonly recompute: Phase
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
  /** elements of the largest weight of a layer on one rank */
  readonly largestWeight: number
  /** logits with their gradient, bytes */
  readonly logitsBytes: number
}

export interface BlockDetail extends BlockFigures {
  readonly dense: LayerDetail
  readonly moe: LayerDetail
  readonly head: LayerDetail
}

/** What of a layer does not depend on where its groups lie: machines of one silicon share it. */
export interface LayerCompute {
  /** computation, as `packPhases` leaves it */
  readonly phases: Float64Array
  readonly parameters: number
  readonly expertParameters: number
  readonly activationBytes: number
  readonly liveBytes: number
}

/** Layers computed so far, by tokens and, packed into one number, all else that they depend on. */
export type ComputeTable = Map<number, Map<number, LayerCompute>>

const layerKinds = { dense: 0, moe: 1, head: 2 } as const
const recomputeKinds = { none: 0, selective: 1, full: 2 } as const
/** More than heads can be cut into, and experts. */
const ranksMost = 2 ** 14

export function sliceOf(context: BlockContext, choice: ComputeChoice): Slice {
  const tokens = (choice.microBatch * context.workload.sequence) / choice.cp
  return {
    tp: choice.tp,
    ep: choice.ep,
    etp: choice.etp,
    tokens,
    regionTokens: choice.sequenceParallel ? tokens / choice.tp : tokens,
    sequence: context.workload.sequence,
    inputBytes: context.silicon.operandBytes,
    fused: context.execution.fused,
    fusedLoss: context.execution.fusedLoss
  }
}

function keptBytes(
  context: BlockContext, choice: ComputeChoice, works: ReadonlyArray<LayerWork>, input: number
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

/** The layer from the table, computed once. */
function knownCompute(
  { computed }: BlockContext, kind: keyof typeof layerKinds, choice: ComputeChoice, slice: Slice, compute: () => LayerCompute
): LayerCompute {
  let layers = computed.get(slice.tokens)
  if (layers === undefined) computed.set(slice.tokens, layers = new Map())
  const variant = (layerKinds[kind] * 3 + recomputeKinds[choice.recompute]) * 2 + (slice.regionTokens === slice.tokens ? 0 : 1)
  const experts = kind === "moe" ? slice.ep * ranksMost + slice.etp : 0
  const key = (experts * ranksMost + slice.tp) * 18 + variant
  let known = layers.get(key)
  if (known === undefined) layers.set(key, known = compute())
  return known
}

function layerCompute(
  context: BlockContext, choice: ComputeChoice, slice: Slice, works: ReadonlyArray<LayerWork>,
  parameters: number, expertParameters: number
): LayerCompute {
  const phases = emptyPhases()
  for (const work of works) addWork(context, choice, work, phases)
  return {
    phases: packPhases(phases), parameters, expertParameters,
    ...keptBytes(context, choice, works, 2 * slice.regionTokens * context.workload.model.hidden)
  }
}

function figures(
  context: BlockContext, phases: LayerPhases, compute: LayerCompute, volumes: LayerVolumes
): LayerDetail {
  const { forward, backward } = phases
  const { parameters, expertParameters, activationBytes, liveBytes } = compute
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
    activationBytes,
    liveBytes,
    ...volumes
  }
}

export function denseCompute(context: BlockContext, choice: ComputeChoice, slice: Slice): LayerCompute {
  const shape = context.workload.model
  return knownCompute(context, "dense", choice, slice, () => {
    const works = [attentionBlock(shape, slice), feedForwardBlock(shape, slice, shape.ffn)]
    const count = parameterCount(shape)
    return layerCompute(context, choice, slice, works, (count.attentionPerLayer + count.densePerLayer) / choice.tp, 0)
  })
}

/** Adds what a layer without experts sends. */
export function addDenseTraffic(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): LayerVolumes {
  const contextBytes = addContext(context, choice, slice, phases)
  const tensorBytes = addTensor(context, choice, slice, phases) + addTensor(context, choice, slice, phases)
  return { tensorBytes, contextBytes, expertBytes: 0 }
}

function denseLayer(context: BlockContext, choice: BlockChoice, slice: Slice): LayerDetail {
  const compute = denseCompute(context, choice, slice)
  const phases = unpackPhases(compute.phases)
  return figures(context, phases, compute, addDenseTraffic(context, choice, slice, phases))
}

export function moeCompute(context: BlockContext, choice: ComputeChoice, slice: Slice): LayerCompute {
  const shape = context.workload.model
  const { moe } = shape
  if (moe === null) return denseCompute(context, choice, slice)
  return knownCompute(context, "moe", choice, slice, () => {
    const works = [attentionBlock(shape, slice), expertBlock(shape, slice)]
    const count = parameterCount(shape)
    const shared = feedForwardParameters(shape, moe.sharedExperts * moe.sharedFfn)
    return layerCompute(
      context, choice, slice, works,
      (count.attentionPerLayer + shared) / choice.tp + shape.hidden * moe.experts,
      (Math.ceil(moe.experts / choice.ep) * count.expert) / choice.etp
    )
  })
}

/** Adds what a layer with experts sends. */
export function addMoeTraffic(context: BlockContext, choice: BlockChoice, slice: Slice, phases: LayerPhases): LayerVolumes {
  const { moe } = context.workload.model
  if (moe === null) return addDenseTraffic(context, choice, slice, phases)
  const contextBytes = addContext(context, choice, slice, phases)
  const expertBytes = addExpert(context, choice, slice, phases)
  const tensorBytes = addTensor(context, choice, slice, phases)
    + (moe.sharedExperts > 0 ? addTensor(context, choice, slice, phases) : 0)
  return { tensorBytes, contextBytes, expertBytes }
}

function moeLayer(context: BlockContext, choice: BlockChoice, slice: Slice): LayerDetail {
  const compute = moeCompute(context, choice, slice)
  const phases = unpackPhases(compute.phases)
  return figures(context, phases, compute, addMoeTraffic(context, choice, slice, phases))
}

/** Its own input is the last layer's output, kept there. */
export function headCompute(context: BlockContext, given: ComputeChoice, slice: Slice): LayerCompute {
  const shape = context.workload.model
  const choice: ComputeChoice = { ...given, recompute: "none" }
  return knownCompute(context, "head", choice, slice, () => {
    const work = headBlock(shape, slice)
    const phases = emptyPhases()
    addWork(context, choice, work, phases, true)
    const parameters = (shape.vocab * shape.hidden) / choice.tp
    return {
      phases: packPhases(phases), parameters, expertParameters: 0, ...keptBytes(context, choice, [work], 0)
    }
  })
}

function outputHead(context: BlockContext, given: BlockChoice, slice: Slice): LayerDetail {
  const choice: BlockChoice = { ...given, recompute: "none" }
  const compute = headCompute(context, choice, slice)
  const phases = unpackPhases(compute.phases)
  const tensorBytes = addHeadTensor(context, choice, slice, phases)
  return figures(context, phases, compute, { tensorBytes, contextBytes: 0, expertBytes: 0 })
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
export function blockFigures(context: BlockContext, choice: BlockChoice): BlockDetail {
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
    largestWeight: largestWeight(shape, choice),
    logitsBytes: (context.execution.logitBytes * slice.tokens * shape.vocab) / choice.tp
  }
}

/** The figures alone, to be kept in numbers. */
export function withoutPhases(block: BlockDetail): BlockFigures {
  return { ...block, dense: layerFigures(block.dense), moe: layerFigures(block.moe), head: layerFigures(block.head) }
}

function layerFigures({ forward: _f, backward: _b, recompute: _r, ...figures }: LayerDetail): LayerFigures {
  return figures
}
