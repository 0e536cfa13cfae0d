/**
 * A measured row in the performance model's terms: its workload, software and every mapping its unstated
 * fields allow.
 */
import type { Accelerator } from "../../models/hardware/accelerator.ts"
import type { Execution } from "../../models/performance/execution.ts"
import type { Machine } from "../../models/performance/machine.ts"
import type { Mapping, Recompute } from "../../models/performance/mapping.ts"
import { shardAll, shardInside } from "../../models/performance/replicas.ts"
import type { ModelShape } from "../../models/workload/model-shape.ts"
import type { TrainingWorkload } from "../../models/workload/training.ts"
import { measuredMachine } from "./measured-machines.ts"
import { measuredPrecision } from "./measurement.ts"
import type { Measurement } from "./measurement.ts"
import { rowExecutions } from "./row-execution.ts"

/** A row ready to be predicted. */
export interface Run {
  readonly row: Measurement
  readonly machine: Machine
  readonly workload: TrainingWorkload
  /** software that the row allows, the first that fits in memory is taken */
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
function rowShardRanks(row: Measurement, stage: number, machine: Machine, tp: number, dp: number): number {
  const group = row.sharding.group
  const overSlices = /FSDP ICI \d+ x DCN \d+/.test(row.stated.sharding ?? "")
  if (stage === 0 || group === null || group >= dp || overSlices) return shardAll
  return group * tp === machine.hbdSize ? shardInside : group
}

/** Activations go to host memory: some layers', or what the recomputation policy names. */
function offloads(row: Measurement): boolean {
  return row.extra.cpuOffloadLayers != null || /offload/.test(row.stated.recompute ?? "")
}

type Degrees = Pick<Mapping, "tp" | "cp" | "pp" | "dp">

/** Powers of two up to a limit. */
function powers(limit: number): number[] {
  const found: number[] = []
  for (let n = 1; n <= limit; n *= 2) found.push(n)
  return found
}

/** Tensor, context, pipeline and data degrees that a row allows: those stated, and what fills the accelerators. */
function rowDegrees(row: Measurement, machine: Machine): Degrees[] {
  const { gpus, model } = row
  const tensors = row.tp === null ? powers(Math.min(machine.hbdSize, model.heads, gpus)) : [row.tp]
  const contexts = row.cp === null ? powers(Math.min(8, row.seq / 4096)) : [row.cp]
  const stages = row.pp === null ? divisors(gpus, model.layers) : [row.pp]
  const degrees: Degrees[] = []
  for (const tp of tensors) {
    for (const cp of row.cp === null && contexts.length === 0 ? [1] : contexts) {
      for (const pp of stages) {
        const dp = row.dp ?? gpus / (tp * cp * pp)
        if (Number.isInteger(dp) && dp <= Math.max(row.dp ?? 0, row.gbs ?? dp)) degrees.push({ tp, cp, pp, dp })
      }
    }
  }
  return degrees
}

/** Tensor parallelism inside an expert; Megatron before its own degree for it used that of the layer. */
function expertTensor(row: Measurement, tp: number): number {
  return /ETP presumably = TP/.test(row.notes) ? tp : row.etp ?? 1
}

function rowMappings(row: Measurement, machine: Machine): RunMapping[] {
  const experts = row.model.moe === null ? 1 : row.model.moe.experts
  const mappings: RunMapping[] = []
  for (const { tp, cp, pp, dp } of rowDegrees(row, machine)) {
    const etp = expertTensor(row, tp)
    const offload = offloads(row) ? "activations" : "none"
    for (const ep of row.ep === null ? divisors(experts, tp * cp * dp) : [row.ep]) {
      if ((tp * cp * dp) % (ep * etp) !== 0) continue
      for (const microBatch of row.mbs === null ? [1, 2, 4, 8] : [row.mbs]) {
        for (const vpp of virtualStages(row, pp)) {
          for (const recompute of recomputeChoices(row)) {
            for (const stage of row.sharding.stage === null ? [0, 1] as const : [row.sharding.stage]) {
              const shardRanks = rowShardRanks(row, stage, machine, tp, dp)
              mappings.push({
                mapping: {
                  tp, cp, ep, etp, pp, vpp, dp, microBatch, sequenceParallel: row.sp ?? tp > 1, recompute,
                  sharding: { stage, group: shardRanks === shardInside ? "hbd" : "all" }, offload, order: "tp-cp-dp-pp"
                },
                shardRanks
              })
            }
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
  for (const field of ["tp", "cp", "pp", "dp", "mbs", "vpp", "ep", "etp"] as const) {
    if (row[field] === null) fields.push(field)
  }
  if (row.recompute.kind === null) fields.push("recompute")
  if (row.sharding.stage === null) fields.push("sharding")
  return fields
}

const noMapping = "no mapping fills its accelerators, or ep · etp does not divide tp · cp · dp"

/** Reads a row, or says why it cannot be predicted. */
export function readRun(row: Measurement, accelerators: ReadonlyArray<Accelerator>): Run | Unpredictable {
  if (row.model.hybrid != null) return { row, reason: `hybrid model: ${row.model.hybrid}` }
  const machine = measuredMachine(row, accelerators)
  if (typeof machine === "string") return { row, reason: machine }
  const precision = measuredPrecision(row.precision)
  if (precision === null) return { row, reason: `unknown precision ${row.precision}` }
  if (row.gbs === null) return { row, reason: "global batch not stated" }
  const candidates = rowMappings(row, machine)
  if (candidates.length === 0) return { row, reason: noMapping }
  return {
    row,
    machine,
    workload: {
      model: modelShape(row), precision, sequence: row.seq, globalBatch: row.gbs,
      tokens: row.gbs * row.seq
    },
    executions: rowExecutions(row, machine),
    candidates,
    chosen: chosenFields(row)
  }
}
