/**
 * A measured row in the performance model's terms: its workload, software and every mapping its unstated
 * fields allow.
 */
import type { Accelerator } from "../../models/hardware/accelerator.ts"
import type { Execution, RecomputeModule } from "../../models/performance/execution.ts"
import type { Machine } from "../../models/performance/machine.ts"
import type { Mapping, Recompute } from "../../models/performance/mapping.ts"
import { shardAll, shardInside } from "../../models/performance/replicas.ts"
import type { ModelShape } from "../../models/workload/model-shape.ts"
import type { TrainingWorkload } from "../../models/workload/training.ts"
import { measuredMachine } from "./measured-machines.ts"
import type { Measurement } from "./measurement.ts"

/** A row ready to be predicted. */
export interface Run {
  readonly row: Measurement
  readonly machine: Machine
  readonly workload: TrainingWorkload
  /** software that the row allows, the first that fits in memory is taken: gradients in fp32, else in bf16 */
  readonly executions: ReadonlyArray<Execution>
  /** one, or several where the row leaves fields unstated */
  readonly candidates: ReadonlyArray<RunMapping>
  /** fields the model chooses */
  readonly chosen: ReadonlyArray<string>
}

export interface RunMapping {
  readonly mapping: Mapping
  readonly shardRanks: number
}

/** A row that cannot be predicted, and why. */
export interface Unpredictable {
  readonly row: Measurement
  readonly reason: string
}

/** Vocabulary of MaxText's default tokenizer, for rows that state none. */
const defaultVocab = 32_000

function modelShape(row: Measurement): ModelShape {
  const { model } = row
  const every = model.slidingWindowEvery ?? 2
  const moe = model.moe === null || model.moe.moeEvery === 1 ? model.moe : { ...model.moe, denseLayers: 0 }
  return {
    name: model.name,
    layers: model.layers,
    hidden: model.hidden,
    heads: model.heads,
    kvHeads: model.kvHeads,
    headDim: model.headDim,
    ffn: model.ffn,
    vocab: model.vocab ?? defaultVocab,
    gatedMlp: model.gatedMlp ?? model.ffn < 4 * model.hidden,
    attention: model.attention,
    tiedEmbeddings: model.tiedEmbeddings,
    mtpLayers: model.mtpLayers,
    moe,
    mla: model.mla ?? null,
    slidingWindow: model.slidingWindow == null ? null : { window: model.slidingWindow, fullEvery: every }
  }
}

const recomputeModules: ReadonlyArray<RecomputeModule> = [
  "core_attn", "layernorm", "moe_act", "mla_up_proj", "mlp", "moe", "shared_expert"
]

/** Modules a row recomputes; a custom policy keeps the attention block and recomputes the feed-forward. */
function rowModules(row: Measurement, unfused: boolean): ReadonlyArray<RecomputeModule> {
  const stated = recomputeModules.filter((module) => row.recompute.modules.includes(module))
  if (stated.length > 0) return stated
  if (row.recompute.kind === "custom") return ["layernorm", "mlp", "moe_act"]
  return unfused ? ["core_attn"] : ["layernorm", "moe_act", "mla_up_proj"]
}

/** Publications of silicon vendors: their own recipes on their own silicon. */
const vendors = new RegExp([
  "github\\.com/(NVIDIA|NVIDIA-NeMo|AI-Hypercomputer|ROCm|AMD-AGI|AMD-AIG-AIMA|HabanaAI|Ascend|aws-neuron)/",
  "arxiv\\.org/abs/(2104\\.04473|2205\\.05198)",
  "(nvidia|amd|intel)\\.com"
].join("|"))

/**
 * Software of a row: flash attention or not as stated; PyTorch FSDP stacks use generic kernels; XLA replays
 * whole steps.
 */
function rowExecution(row: Measurement, machine: Machine): Execution {
  const words = `${row.stated.sharding ?? ""} ${row.notes}`
  const torch = row.sharding.stage === 3 && !/Megatron|MaxText|JAX/.test(words)
  const { family } = machine.accelerator
  const xla = family.startsWith("tpu")
  const unfused = row.fusedAttention === false || (row.fusedAttention === null && family === "ampere")
  const tuned = xla || vendors.test(row.url) || (unfused && row.precision === "fp16")
  const graphs = { full_iteration: "step", local: "layers", transformer_engine: "layers" } as const
  const graph = row.extra.cudaGraph ?? "none"
  return {
    fused: !unfused,
    tuned,
    graphs: xla ? "step" : graph in graphs ? graphs[graph as keyof typeof graphs] : "none",
    expertOverlap: row.extra.moeA2aOverlap ?? false,
    fusedDispatch: row.extra.moeDispatcher != null || (row.quality === "B" && row.extra.moeDispatcher === undefined),
    fp8Attention: row.extra.fp8Attention ?? false,
    recomputesTail: !torch && !xla && !/MaxText|JAX/.test(words),
    recomputeShare: 1,
    gradientBytes: 4,
    separateAccumulation: /BF16 optimizer/.test(words),
    gathersByBroadcast: /zero1=/.test(words),
    recomputeModules: rowModules(row, unfused)
  }
}

/**
 * Share of a stage's layers that recompute: stated as a number of layers; every other, or all, where only
 * "selective" is said.
 */
function recomputeShares(row: Measurement): ReadonlyArray<number> {
  const words = row.stated.recompute ?? ""
  const layers = /(\d+) layers/.exec(words)?.[1]
  if (layers !== undefined) return [Math.min(1, (Number(layers) * (row.pp ?? 1)) / row.model.layers)]
  return /selective AC/.test(words) ? [0.5, 1] : [1]
}

function divisors(n: number, limit: number): number[] {
  const found: number[] = []
  for (let d = 1; d <= Math.min(n, limit); d += 1) if (n % d === 0) found.push(d)
  return found
}

function recomputeChoices(row: Measurement): ReadonlyArray<Recompute> {
  const { kind } = row.recompute
  if (kind === null) return ["none", "selective", "full"]
  const words = row.stated.recompute ?? ""
  if (kind !== "custom") return [/selective AC/.test(words) ? "full" : kind]
  return [/^full|decoder_layer_input/.test(words) ? "full" : "selective"]
}

function virtualStages(row: Measurement, pp: number): number[] {
  if (row.vpp !== null) return [row.vpp]
  if (pp === 1 || row.model.layers % pp !== 0) return [1]
  return divisors(row.model.layers / pp, 12)
}

/** What sharded state spans, in the terms of `evaluate`. */
function shardRanks(row: Measurement, stage: number, machine: Machine, dp: number): number {
  const group = row.sharding.group
  if (stage === 0 || group === null || group >= dp) return shardAll
  return group * (row.tp ?? 1) === machine.hbdSize ? shardInside : group
}

/** Activations go to host memory: some layers', or what the recomputation policy names. */
function offloads(row: Measurement): boolean {
  return row.extra.cpuOffloadLayers != null || /offload/.test(row.stated.recompute ?? "")
}

function rowMappings(row: Measurement, machine: Machine): RunMapping[] {
  const { tp, cp, pp, dp } = row
  if (tp === null || cp === null || pp === null || dp === null) return []
  const experts = row.model.moe === null ? 1 : row.model.moe.experts
  if ((tp * cp * dp) % ((row.ep ?? 1) * (row.etp ?? 1)) !== 0) return []
  const mappings: RunMapping[] = []
  for (const ep of row.ep === null ? divisors(experts, tp * cp * dp) : [row.ep]) {
    for (const microBatch of row.mbs === null ? [1, 2, 4, 8] : [row.mbs]) {
      for (const vpp of virtualStages(row, pp)) {
        for (const recompute of recomputeChoices(row)) {
          for (const stage of row.sharding.stage === null ? [0, 1] as const : [row.sharding.stage]) {
            const ranks = shardRanks(row, stage, machine, dp)
            mappings.push({
              mapping: {
                tp, cp, ep, etp: row.etp ?? 1, pp, vpp, dp, microBatch,
                sequenceParallel: row.sp ?? tp > 1,
                recompute,
                sharding: { stage, group: ranks === shardInside ? "hbd" : "all" },
                offload: offloads(row) ? "activations" : "none",
                order: "tp-cp-dp-pp"
              },
              shardRanks: ranks
            })
          }
        }
      }
    }
  }
  return mappings
}

/** Fields that the row leaves to the model. */
function chosenFields(row: Measurement): string[] {
  const fields: string[] = []
  if (row.mbs === null) fields.push("mbs")
  if (row.vpp === null) fields.push("vpp")
  if (row.ep === null) fields.push("ep")
  if (row.etp === null) fields.push("etp")
  if (row.recompute.kind === null) fields.push("recompute")
  if (row.sharding.stage === null) fields.push("sharding")
  return fields
}

/** Reads a row, or says why it cannot be predicted. */
export function readRun(row: Measurement, accelerators: ReadonlyArray<Accelerator>): Run | Unpredictable {
  if (row.model.hybrid != null) return { row, reason: `hybrid model: ${row.model.hybrid}` }
  const machine = measuredMachine(row, accelerators)
  if (typeof machine === "string") return { row, reason: machine }
  if (row.gbs === null) return { row, reason: "global batch not stated" }
  const candidates = rowMappings(row, machine)
  if (candidates.length === 0) return { row, reason: "mapping not stated, or ep · etp does not divide tp · cp · dp" }
  return {
    row,
    machine,
    workload: {
      model: modelShape(row), precision: row.precision, sequence: row.seq, globalBatch: row.gbs,
      tokens: row.gbs * row.seq
    },
    executions: recomputeShares(row).flatMap((recomputeShare) => ([4, 2] as const).map((gradientBytes) =>
      ({ ...rowExecution(row, machine), recomputeShare, gradientBytes }))),
    candidates,
    chosen: chosenFields(row)
  }
}
