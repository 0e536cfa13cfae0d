/** The shape of a transformer as it is written in a file; the model type is `ModelShape` of models/workload. */
import { Schema } from "effect"
import { count, optional, required, Text } from "./field.ts"

const width = count(10_000_000)

export const MoeShape = Schema.Struct({
  experts: required(count(100_000), "routed experts of one layer"),
  topK: required(count(100_000), "routed experts each token visits"),
  expertFfn: required(width, "feed-forward width of one routed expert"),
  sharedExperts: optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 })), 0,
    "experts every token visits"),
  sharedFfn: optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10_000_000 })), 0,
    "feed-forward width of one shared expert"),
  denseLayers: optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000 })), 0,
    "leading layers without experts"),
  moeEvery: optional(count(100_000), 1, "of the layers after those, every n-th has experts")
}).check(Schema.makeFilter((moe) => moe.topK <= moe.experts, { expected: "topK at most the number of experts" }))

export const MlaShape = Schema.Struct({
  qLoraRank: required(width, "rank of the query's compression"),
  kvLoraRank: required(width, "rank of the key-value compression"),
  qkNopeHeadDim: required(width, "query-key dimension of a head without position"),
  qkRopeHeadDim: required(width, "query-key dimension of a head with rotary position"),
  vHeadDim: required(width, "value dimension of a head")
})

export const SlidingWindow = Schema.Struct({
  window: required(count(1_000_000_000), "tokens a windowed layer sees"),
  fullEvery: required(count(100_000), "every n-th layer sees all tokens")
})

export const ModelShape = Schema.Struct({
  name: optional(Text, "inline", "what to call the model"),
  layers: required(count(100_000), "transformer layers"),
  hidden: required(width, "model width"),
  heads: required(count(1_000_000), "attention heads"),
  kvHeads: required(count(1_000_000), "key-value heads"),
  headDim: required(width, "dimension of a head"),
  ffn: required(width, "feed-forward width of a dense layer"),
  vocab: required(count(1_000_000_000), "vocabulary"),
  gatedMlp: optional(Schema.Boolean, true, "SwiGLU (three matrices); false: a plain MLP (two)"),
  attention: optional(Schema.Literals(["MHA", "GQA", "MQA", "MLA"]), "GQA", "kind of attention"),
  tiedEmbeddings: optional(Schema.Boolean, false, "input and output embeddings are one matrix"),
  mtpLayers: optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 })), 0,
    "multi-token-prediction layers after the last"),
  moe: optional(Schema.NullOr(MoeShape), null, "mixture of experts; null: dense"),
  mla: optional(Schema.NullOr(MlaShape), null, "multi-head latent attention; null: none"),
  slidingWindow: optional(Schema.NullOr(SlidingWindow), null, "sliding-window attention; null: all layers full")
}).check(Schema.makeFilter((shape) => (shape.attention === "MLA") === (shape.mla !== null), {
  expected: "mla exactly where attention is MLA"
}))
