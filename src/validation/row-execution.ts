/**
 * Software of a measured row: what its source says of the stack, or publishes of it, as facts of an execution.
 */
import type { Execution, RecomputeModule } from "../../models/performance/execution.ts"
import type { Machine } from "../../models/performance/machine.ts"
import type { Measurement } from "./measurement.ts"

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

/** Megatron's attention in context-parallel rings was FlashAttention-2 until Transformer Engine 1.7 (mid-2024). */
const flash2Containers = /container 24\.0[1-4]/

/** Megatron's of 2022 and later. */
const overlapsBackward = /arxiv\.org\/abs\/2[2-9]\d\d\.|VIA-Research/

/**
 * Software of a row: flash attention or not as stated; PyTorch FSDP stacks use generic kernels; XLA replays
 * whole steps.
 */
function rowExecution(row: Measurement, machine: Machine): Execution {
  const words = `${row.stated.sharding ?? ""} ${row.notes}`
  const torch = row.sharding.stage === 3 && !/Megatron|MaxText|JAX/.test(words)
  const { family } = machine.accelerator
  const xla = family.startsWith("tpu") || /MaxText|JAX/.test(words)
  const unfused = row.fusedAttention === false || (row.fusedAttention === null && family === "ampere")
  const tuned = xla || vendors.test(row.url) || (unfused && row.precision === "fp16")
  const graphs = { full_iteration: "step", local: "layers", transformer_engine: "layers" } as const
  const graph = row.extra.cudaGraph ?? "none"
  return {
    fused: !unfused,
    tuned,
    tensorOverlap: !tuned ? "none" : unfused ? (overlapsBackward.test(row.url) ? "backward" : "none") : "pipelined",
    attention: /llm-foundry/.test(row.url) ? "triton" : tuned && !flash2Containers.test(words) ? "vendor" : "flash2",
    eager: !tuned && !/torch\.compile/.test(words),
    graphs: family.startsWith("tpu") ? "step" : graph in graphs ? graphs[graph as keyof typeof graphs] : "none",
    expertOverlap: row.extra.moeA2aOverlap ?? false,
    fusedDispatch: row.extra.moeDispatcher != null
      || (row.model.moe !== null && row.quality === "B" && row.extra.moeDispatcher === undefined),
    contextExchange: "ring",
    fp8Attention: row.extra.fp8Attention ?? false,
    recomputesTail: !torch && !xla,
    recomputeShare: 1,
    gradientBytes: 4,
    stateBytes: 12,
    logitBytes: xla ? 2 : 6,
    fusedLoss: xla || /fused cross entropy/.test(words),
    shardedUnit: xla || /DeepSpeed/.test(words) ? "weight" : "layer",
    wideGradients: /BF16 optimizer/.test(words),
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

/** What no row states of its gradients and optimiser state, from the fullest: the first that fits is taken. */
const states = [
  { gradientBytes: 4, stateBytes: 12 }, { gradientBytes: 2, stateBytes: 12 }, { gradientBytes: 2, stateBytes: 10 }
] as const

/** Executions that a row allows, the first that fits in memory is taken. */
export function rowExecutions(row: Measurement, machine: Machine): ReadonlyArray<Execution> {
  return recomputeShares(row).flatMap((recomputeShare) => states.map((kept) =>
    ({ ...rowExecution(row, machine), recomputeShare, ...kept })))
}
