/** The file format of published measurements: one row per configuration of a training run. */
import { Schema } from "effect"
import type { Precision } from "../../models/workload/training.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
const Positive = Schema.Number.check(Schema.isGreaterThan(0))
const OrUnstated = <S extends Schema.Top>(schema: S) => Schema.NullOr(schema)

const precisions: ReadonlyArray<Precision> = [
  "bf16", "fp16", "fp8", "fp8-delayed", "fp8-cs", "fp8-tensorwise", "fp8-rowwise", "fp8-blockwise", "fp8-sc", "mxfp8",
  "nvfp4", "int8"
]

/** The precision that a row names; of a recipe that the model does not know, that of its width; null: unknown. */
export function measuredPrecision(name: string): Precision | null {
  const known = precisions.find((precision) => precision === name.toLowerCase())
  if (known !== undefined) return known
  const width = /fp4|fp8|int8|bf16|fp16/.exec(name.toLowerCase())?.[0]
  return width === undefined ? null : width === "fp4" ? "nvfp4" : width as Precision
}

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
  precision: Schema.String,
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

/** What a row that leaves a field out means by it: not stated. */
const unstated = {
  gbs: null, mbs: null, tp: null, cp: null, ep: null, etp: null, pp: null, vpp: null, dp: null, sp: null,
  scaleUpDomain: null, nicGbpsPerGpu: null, nicSource: null, fusedAttention: null, notes: "", quality: "B", url: ""
}
const parts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  recompute: { kind: null, modules: [] },
  sharding: { stage: null, group: null },
  extra: {},
  stated: { sharding: null, recompute: null },
  measured: { stepTimeS: null, tflopsPerGpu: null, mfu: null, flopConvention: null, repeats: null, spread: null },
  model: { vocab: null, gatedMlp: null, tiedEmbeddings: false, mtpLayers: 0, moe: null }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** A file of measurements with the fields that its rows leave out. */
export function completeMeasurements(document: unknown): unknown {
  if (!Array.isArray(document)) return document
  return document.map((row: unknown) => {
    if (!isRecord(row)) return row
    const filled = Object.entries(parts).map(([name, fields]) => {
      const part = row[name] ?? {}
      return [name, isRecord(part) ? { ...fields, ...part } : part]
    })
    return { ...unstated, ...row, ...Object.fromEntries(filled) as object }
  })
}
