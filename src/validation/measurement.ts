/** The file format of published measurements: one row per configuration of a training run. */
import { Schema } from "effect"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
const Positive = Schema.Number.check(Schema.isGreaterThan(0))
const OrUnstated = <S extends Schema.Top>(schema: S) => Schema.NullOr(schema)

export const precisions = [
  "bf16", "fp16", "fp8", "fp8-delayed", "fp8-cs", "fp8-tensorwise", "fp8-rowwise", "fp8-blockwise", "fp8-sc", "mxfp8",
  "nvfp4", "int8"
] as const

const MeasuredModel = Schema.Struct({
  name: Schema.String,
  layers: Count,
  hidden: Count,
  heads: Count,
  kvHeads: Count,
  headDim: Count,
  ffn: Count,
  vocab: OrUnstated(Count),
  gatedMlp: OrUnstated(Schema.Boolean),
  attention: Schema.Literals(["MHA", "GQA", "MQA", "MLA"]),
  tiedEmbeddings: Schema.Boolean,
  mtpLayers: Schema.Int,
  moe: Schema.NullOr(Schema.Struct({
    experts: Count,
    topK: Count,
    expertFfn: Count,
    sharedExperts: Schema.Int,
    sharedFfn: Schema.Int,
    denseLayers: Schema.Int,
    moeEvery: Count
  })),
  mla: Schema.optional(Schema.NullOr(Schema.Struct({
    qLoraRank: Schema.Int,
    kvLoraRank: Count,
    qkNopeHeadDim: Count,
    qkRopeHeadDim: Schema.Int,
    vHeadDim: Count
  }))),
  slidingWindow: Schema.optional(Schema.NullOr(Count)),
  slidingWindowEvery: Schema.optional(Schema.NullOr(Count)),
  /** words for layers that are not transformer layers */
  hybrid: Schema.optional(Schema.NullOr(Schema.String))
})

/** One row. `null`: not stated by the source. */
export const Measurement = Schema.Struct({
  id: Schema.String,
  quality: Schema.Literals(["A", "B"]),
  source: Schema.String,
  url: Schema.String,
  model: MeasuredModel,
  accelerator: Schema.String,
  gpus: Count,
  precision: Schema.Literals(precisions),
  gbs: OrUnstated(Positive),
  mbs: OrUnstated(Positive),
  seq: Count,
  tp: OrUnstated(Count),
  cp: OrUnstated(Count),
  ep: OrUnstated(Count),
  etp: OrUnstated(Count),
  pp: OrUnstated(Count),
  vpp: OrUnstated(Count),
  dp: OrUnstated(Count),
  sp: OrUnstated(Schema.Boolean),
  recompute: Schema.Struct({
    kind: OrUnstated(Schema.Literals(["none", "selective", "full", "custom"])),
    modules: Schema.Array(Schema.String)
  }),
  sharding: Schema.Struct({ stage: OrUnstated(Schema.Literals([0, 1, 2, 3])), group: OrUnstated(Count) }),
  scaleUpDomain: Schema.NullOr(Schema.Union([Count, Schema.String])),
  nicGbpsPerGpu: OrUnstated(Positive),
  nicSource: OrUnstated(Schema.String),
  fusedAttention: OrUnstated(Schema.Boolean),
  extra: Schema.Struct({
    cudaGraph: Schema.optional(Schema.NullOr(Schema.String)),
    moeDispatcher: Schema.optional(Schema.NullOr(Schema.String)),
    moeA2aOverlap: Schema.optional(Schema.NullOr(Schema.Boolean)),
    ppLayout: Schema.optional(Schema.NullOr(Schema.String)),
    cpuOffloadLayers: Schema.optional(Schema.NullOr(Schema.Int)),
    fp8Attention: Schema.optional(Schema.NullOr(Schema.Boolean))
  }),
  measured: Schema.Struct({
    stepTimeS: OrUnstated(Positive),
    tflopsPerGpu: OrUnstated(Positive),
    mfu: OrUnstated(Positive),
    flopConvention: OrUnstated(Schema.String),
    repeats: OrUnstated(Schema.Number),
    spread: OrUnstated(Schema.Number),
    peakAllocatedGiB: Schema.optional(OrUnstated(Positive))
  }),
  notes: Schema.String,
  stated: Schema.Struct({ sharding: OrUnstated(Schema.String), recompute: OrUnstated(Schema.String) })
})
export type Measurement = typeof Measurement.Type

export const Measurements = Schema.Array(Measurement)
