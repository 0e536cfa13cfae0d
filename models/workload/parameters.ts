/** How many parameters a transformer has, by part: weights and biases-free norms, counted from its shape. */
import type { ModelShape } from "./model-shape.ts"

export interface ParameterCount {
  /** without MTP modules, as models are named and published */
  readonly total: number
  /** used by one token: all but the experts it is not routed to */
  readonly active: number
  readonly embedding: number
  /** output head; 0 where tied to the embedding */
  readonly head: number
  readonly attentionPerLayer: number
  readonly densePerLayer: number
  /** router, shared and routed experts of one MoE layer, without attention */
  readonly moePerLayer: number
  readonly expert: number
  /** all MTP modules together: each a layer with a 2h × h projection */
  readonly mtp: number
}

/** Layers with experts among the `layers` of a shape (MTP layers not counted). */
export function moeLayers(shape: ModelShape): number {
  const moe = shape.moe
  if (moe === null) return 0
  return Math.floor((shape.layers - moe.denseLayers) / moe.moeEvery)
}

/** Weights of one attention block; MLA after DeepSeek-V2 (arXiv 2405.04434, section 2.1). */
function attentionParameters(shape: ModelShape): number {
  const h = shape.hidden
  const norms = 2 * h
  const mla = shape.mla
  if (shape.attention === "MLA" && mla !== null) {
    const query = mla.qLoraRank > 0
      ? h * mla.qLoraRank + mla.qLoraRank * shape.heads * (mla.qkNopeHeadDim + mla.qkRopeHeadDim)
      : h * shape.heads * (mla.qkNopeHeadDim + mla.qkRopeHeadDim)
    const keyValue = h * (mla.kvLoraRank + mla.qkRopeHeadDim)
      + mla.kvLoraRank * shape.heads * (mla.qkNopeHeadDim + mla.vHeadDim)
    return query + keyValue + shape.heads * mla.vHeadDim * h + norms
  }
  return 2 * h * shape.heads * shape.headDim + 2 * h * shape.kvHeads * shape.headDim + norms
}

/** Weights of one feed-forward of `width`. */
export function feedForwardParameters(shape: ModelShape, width: number): number {
  return (shape.gatedMlp ? 3 : 2) * shape.hidden * width
}

/** Parameters of a whole model; exact for bias-free transformers, below 0.1 % off where there are biases. */
export function parameterCount(shape: ModelShape): ParameterCount {
  const attention = attentionParameters(shape)
  const dense = feedForwardParameters(shape, shape.ffn)
  const moe = shape.moe
  const expert = moe === null ? 0 : feedForwardParameters(shape, moe.expertFfn)
  const shared = moe === null ? 0 : feedForwardParameters(shape, moe.sharedExperts * moe.sharedFfn)
  const router = moe === null ? 0 : shape.hidden * moe.experts
  const moePerLayer = moe === null ? 0 : router + shared + moe.experts * expert
  const withExperts = moeLayers(shape)
  const embedding = shape.vocab * shape.hidden
  const head = shape.tiedEmbeddings ? 0 : embedding
  const mtpLayer = 2 * shape.hidden * shape.hidden + attention + (moe === null ? dense : moePerLayer)
  const total = shape.layers * attention + (shape.layers - withExperts) * dense + withExperts * moePerLayer
    + embedding + head
  const idleExperts = moe === null ? 0 : (moe.experts - moe.topK) * expert
  return {
    total,
    active: total - withExperts * idleExperts,
    embedding,
    head,
    attentionPerLayer: attention,
    densePerLayer: dense,
    moePerLayer,
    expert,
    mtp: shape.mtpLayers * mtpLayer
  }
}
