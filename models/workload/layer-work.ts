/**
 * The work of one layer on one rank: GEMMs, attention, streamed bytes and kept activations, from the shape
 * and the slice.
 */
import type { ModelShape } from "./model-shape.ts"

/** How a layer is cut: the part of it, and of a micro-batch, that one rank holds. */
export interface Slice {
  readonly tp: number
  readonly ep: number
  readonly etp: number
  /** tokens of one micro-batch on one rank's context slice */
  readonly tokens: number
  /**
   * tokens in the regions between tensor-parallel ones: `tokens`, or `tokens / tp` with sequence parallelism
   */
  readonly regionTokens: number
  readonly sequence: number
  /** bytes of a linear layer's input as it is kept: 2, or less in narrow precision */
  readonly inputBytes: number
  /** flash attention and fused elementwise operators; else scores, dropout and bias go through memory */
  readonly fused: boolean
  /** the loss is computed beside its neighbours, without fp32 logits in memory */
  readonly fusedLoss: boolean
}

/** `batch` products of m × k by k × n; `weight`: k × n is a trained matrix (its gradient is a third GEMM). */
export interface Gemm {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly batch: number
  readonly module: WorkModule
}

export type WorkModule =
  | "projection" | "mla_up_proj" | "core_attn" | "layernorm" | "mlp" | "moe" | "moe_act" | "shared_expert"

/** A streaming operator's bytes, read and written, forward and backward, in `kernels` launches. */
export interface Stream {
  readonly forwardBytes: number
  readonly backwardBytes: number
  readonly kernels: number
  readonly module: WorkModule
}

/**
 * Attention proper. FLOPs of the two products forward (backward takes 2.5 times as many when fused, 2 when
 * not).
 */
export interface AttentionWork {
  readonly flops: number
  /** elements of the score matrix that go through memory; 0 when fused */
  readonly scoreElements: number
}

export interface LayerWork {
  readonly gemms: ReadonlyArray<Gemm>
  readonly streams: ReadonlyArray<Stream>
  readonly attention: AttentionWork | null
  /** bytes kept for the backward pass, by the module that would free them when recomputed */
  readonly kept: ReadonlyArray<{ readonly bytes: number; readonly module: WorkModule }>
}

/**
 * Mean length of what a query attends to: half the sequence when causality is used, all of it else; less in a
 * window.
 */
export function attendedTokens(shape: ModelShape, sequence: number, fused: boolean): number {
  const full = fused ? sequence / 2 : sequence
  const sliding = shape.slidingWindow
  if (sliding === null || !fused) return full
  const w = Math.min(sliding.window, sequence)
  const windowed = w - (w * w) / (2 * sequence)
  return full / sliding.fullEvery + windowed * (1 - 1 / sliding.fullEvery)
}

/** Heads of one tensor-parallel rank; an uneven split counts the fullest rank. */
function localHeads(shape: ModelShape, tp: number): { query: number; keyValue: number } {
  return { query: Math.ceil(shape.heads / tp), keyValue: Math.max(1, Math.ceil(shape.kvHeads / tp)) }
}

function projections(shape: ModelShape, slice: Slice): Gemm[] {
  const { query, keyValue } = localHeads(shape, slice.tp)
  const h = shape.hidden
  const m = slice.tokens
  const mla = shape.mla
  if (shape.attention !== "MLA" || mla === null) {
    return [
      { m, n: (query + 2 * keyValue) * shape.headDim, k: h, batch: 1, module: "projection" },
      { m, n: h, k: query * shape.headDim, batch: 1, module: "projection" }
    ]
  }
  const queryDim = query * (mla.qkNopeHeadDim + mla.qkRopeHeadDim)
  const query0: Gemm[] = mla.qLoraRank > 0
    ? [
      { m: slice.regionTokens, n: mla.qLoraRank, k: h, batch: 1, module: "projection" },
      { m, n: queryDim, k: mla.qLoraRank, batch: 1, module: "mla_up_proj" }
    ]
    : [{ m, n: queryDim, k: h, batch: 1, module: "projection" }]
  return [
    ...query0,
    { m: slice.regionTokens, n: mla.kvLoraRank + mla.qkRopeHeadDim, k: h, batch: 1, module: "projection" },
    { m, n: query * (mla.qkNopeHeadDim + mla.vHeadDim), k: mla.kvLoraRank, batch: 1, module: "mla_up_proj" },
    { m, n: h, k: query * mla.vHeadDim, batch: 1, module: "projection" }
  ]
}

/** Dimensions of one head: of queries and keys, and of values. */
export function headDims(shape: ModelShape): { keyDim: number; valueDim: number } {
  const mla = shape.attention === "MLA" ? shape.mla : null
  return mla === null
    ? { keyDim: shape.headDim, valueDim: shape.headDim }
    : { keyDim: mla.qkNopeHeadDim + mla.qkRopeHeadDim, valueDim: mla.vHeadDim }
}

function attentionWork(shape: ModelShape, slice: Slice): AttentionWork {
  const { query } = localHeads(shape, slice.tp)
  const { keyDim, valueDim } = headDims(shape)
  const length = attendedTokens(shape, slice.sequence, slice.fused)
  return {
    flops: 2 * slice.tokens * length * query * (keyDim + valueDim),
    scoreElements: slice.fused ? 0 : slice.tokens * slice.sequence * query
  }
}

/** Attention block: norm, projections, rotary embedding, attention, output, residual. */
export function attentionBlock(shape: ModelShape, slice: Slice): LayerWork {
  const { query, keyValue } = localHeads(shape, slice.tp)
  const { keyDim, valueDim } = headDims(shape)
  const heads = slice.tokens * (query * keyDim + keyValue * (keyDim + valueDim))
  const output = slice.tokens * query * valueDim
  const region = slice.regionTokens * shape.hidden
  const rotary = shape.gatedMlp ? slice.tokens * (query + keyValue) * keyDim : 0
  const attention = attentionWork(shape, slice)
  const scores = attention.scoreElements
  const streams: Stream[] = [
    { forwardBytes: 4 * region, backwardBytes: 8 * region, kernels: 1, module: "layernorm" },
    { forwardBytes: 6 * region, backwardBytes: 4 * region, kernels: 1, module: "layernorm" },
    { forwardBytes: 4 * rotary, backwardBytes: 4 * rotary, kernels: 1, module: "core_attn" }
  ]
  if (!slice.fused) {
    streams.push({ forwardBytes: 9 * scores, backwardBytes: 11 * scores, kernels: 8, module: "core_attn" })
    streams.push({ forwardBytes: 5 * region, backwardBytes: 5 * region, kernels: 2, module: "layernorm" })
  }
  return {
    gemms: projections(shape, slice),
    streams,
    attention,
    kept: [
      { bytes: 2 * region, module: "projection" },
      { bytes: slice.inputBytes * region, module: "layernorm" },
      { bytes: 2 * heads, module: shape.attention === "MLA" ? "mla_up_proj" : "projection" },
      { bytes: (slice.inputBytes < 2 ? 2 + slice.inputBytes : 2) * output, module: "projection" },
      { bytes: 5 * scores, module: "core_attn" },
      { bytes: slice.fused ? 0 : region, module: "projection" }
    ]
  }
}

/** A dense feed-forward of `width` with its norm and residual. */
export function feedForwardBlock(shape: ModelShape, slice: Slice, width: number): LayerWork {
  const gates = shape.gatedMlp ? 2 : 1
  const local = Math.ceil(width / slice.tp)
  const region = slice.regionTokens * shape.hidden
  const inner = slice.tokens * local
  const streams: Stream[] = [
    { forwardBytes: 4 * region, backwardBytes: 8 * region, kernels: 1, module: "layernorm" },
    { forwardBytes: 6 * region, backwardBytes: 4 * region, kernels: 1, module: "layernorm" },
    { forwardBytes: 2 * (gates + 1) * inner, backwardBytes: 2 * (2 * gates + 1) * inner, kernels: 1, module: "mlp" }
  ]
  if (!slice.fused) {
    streams.push({ forwardBytes: 5 * region, backwardBytes: 5 * region, kernels: 4, module: "layernorm" })
  }
  return {
    gemms: [
      { m: slice.tokens, n: gates * local, k: shape.hidden, batch: 1, module: "mlp" },
      { m: slice.tokens, n: shape.hidden, k: local, batch: 1, module: "mlp" }
    ],
    streams,
    attention: null,
    kept: [
      { bytes: 2 * region, module: "projection" },
      { bytes: slice.inputBytes * region, module: "layernorm" },
      { bytes: (2 * gates + slice.inputBytes) * inner, module: "mlp" },
      { bytes: slice.fused ? 0 : region, module: "projection" }
    ]
  }
}

/** Routed and shared experts with router, permutation and residual; tokens are balanced over the experts. */
export function expertBlock(shape: ModelShape, slice: Slice): LayerWork {
  const moe = shape.moe
  if (moe === null) throw new Error(`${shape.name} has no experts`)
  const gates = shape.gatedMlp ? 2 : 1
  const region = slice.regionTokens * shape.hidden
  const routed = routedTokens(shape, slice)
  const localExperts = Math.max(1, Math.ceil(moe.experts / slice.ep))
  const perExpert = routed / localExperts
  const width = Math.ceil(moe.expertFfn / slice.etp)
  const routedElements = routed * shape.hidden
  const inner = routed * width
  const gemms: Gemm[] = [
    { m: slice.regionTokens, n: moe.experts, k: shape.hidden, batch: 1, module: "moe" },
    { m: perExpert, n: gates * width, k: shape.hidden, batch: localExperts, module: "moe" },
    { m: perExpert, n: shape.hidden, k: width, batch: localExperts, module: "moe" }
  ]
  const streams: Stream[] = [
    { forwardBytes: 4 * region, backwardBytes: 8 * region, kernels: 1, module: "layernorm" },
    { forwardBytes: 6 * region, backwardBytes: 4 * region, kernels: 1, module: "layernorm" },
    { forwardBytes: 8 * routedElements, backwardBytes: 8 * routedElements, kernels: 4, module: "moe" },
    {
      forwardBytes: 2 * (gates + 1) * inner,
      backwardBytes: 2 * (2 * gates + 1) * inner,
      kernels: 1,
      module: "moe_act"
    },
    {
      forwardBytes: 16 * slice.regionTokens * moe.experts,
      backwardBytes: 16 * slice.regionTokens * moe.experts,
      kernels: 24,
      module: "moe"
    }
  ]
  const kept: LayerWork["kept"][number][] = [
    { bytes: 2 * region, module: "projection" },
    { bytes: slice.inputBytes * region, module: "layernorm" },
    { bytes: slice.inputBytes * routedElements + 2 * gates * inner, module: "moe" },
    { bytes: slice.inputBytes * inner, module: "moe_act" }
  ]
  if (moe.sharedExperts > 0) {
    const shared = Math.ceil((moe.sharedExperts * moe.sharedFfn) / slice.tp)
    gemms.push({ m: slice.tokens, n: gates * shared, k: shape.hidden, batch: 1, module: "shared_expert" })
    gemms.push({ m: slice.tokens, n: shape.hidden, k: shared, batch: 1, module: "shared_expert" })
    const sharedInner = slice.tokens * shared
    streams.push({
      forwardBytes: 2 * (gates + 1) * sharedInner,
      backwardBytes: 2 * (2 * gates + 1) * sharedInner,
      kernels: 1,
      module: "shared_expert"
    })
    kept.push({ bytes: (2 * gates + slice.inputBytes) * sharedInner, module: "shared_expert" })
  }
  return { gemms, streams, attention: null, kept }
}

/** Token copies that one rank's experts receive from its expert-parallel group, balanced. */
function routedTokens(shape: ModelShape, slice: Slice): number {
  const moe = shape.moe
  if (moe === null) return 0
  return (slice.tokens / slice.tp) * slice.etp * moe.topK
}

/**
 * Bytes that the loss moves per logit, forward and backward. By operators: to fp32 (6), maximum (4), less it (8),
 * exponential and sum (8 fused, 12 not), quotient (8, not fused); back: times the gradient (8), to bf16 (6).
 */
function lossBytes(slice: Slice): readonly [forward: number, backward: number] {
  return slice.fusedLoss ? [4, 4] : [slice.fused ? 26 : 38, 14]
}

/** Final norm, output head and loss over one rank's part of the vocabulary. */
export function headBlock(shape: ModelShape, slice: Slice): LayerWork {
  const vocab = Math.ceil(shape.vocab / slice.tp)
  const logits = slice.tokens * vocab
  const [forward, backward] = lossBytes(slice)
  return {
    gemms: [{ m: slice.tokens, n: vocab, k: shape.hidden, batch: 1, module: "projection" }],
    streams: [{
      forwardBytes: forward * logits,
      backwardBytes: backward * logits,
      kernels: 6,
      module: "projection"
    }],
    attention: null,
    kept: [{ bytes: 2 * slice.regionTokens * shape.hidden, module: "projection" }]
  }
}
