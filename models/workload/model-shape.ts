/** The shape of a transformer. Dimensions in elements. */
export interface ModelShape {
  readonly name: string
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  /** feed-forward width of a dense layer */
  readonly ffn: number
  readonly vocab: number
  /** SwiGLU (three matrices) or a plain MLP (two) */
  readonly gatedMlp: boolean
  readonly attention: "MHA" | "GQA" | "MQA" | "MLA"
  readonly tiedEmbeddings: boolean
  /** multi-token-prediction layers after the last */
  readonly mtpLayers: number
  readonly moe: MoeShape | null
  readonly mla: MlaShape | null
  /** sliding-window attention: `window` tokens in all layers but every `fullEvery`-th; null: all full */
  readonly slidingWindow: { readonly window: number; readonly fullEvery: number } | null
}

export interface MoeShape {
  readonly experts: number
  readonly topK: number
  readonly expertFfn: number
  readonly sharedExperts: number
  /** width of one shared expert; 0 without */
  readonly sharedFfn: number
  /** leading layers without experts */
  readonly denseLayers: number
  /** of the layers after those, every n-th has experts */
  readonly moeEvery: number
}

/** Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434). */
export interface MlaShape {
  readonly qLoraRank: number
  readonly kvLoraRank: number
  readonly qkNopeHeadDim: number
  readonly qkRopeHeadDim: number
  readonly vHeadDim: number
}
