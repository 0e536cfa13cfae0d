/**
 * `megatron`: arguments of Megatron-LM's `pretrain_gpt.py` for the model, the batch and the mapping, with the
 * environment that torchrun and NCCL want (https://github.com/NVIDIA/Megatron-LM, megatron/training/arguments.py).
 */
import type { ModelShape, MoeShape } from "../../models/workload/model-shape.ts"
import type { Precision } from "../../models/workload/training.ts"
import { oneLine, shellWord } from "./escaping.ts"
import {
  batchRemarks, divisionRemarks, type Exported, type ExportSource, paddedBatch, platformRemarks, runsItself
} from "./export-source.ts"
import { jobNodes } from "./job-nodes.ts"
import { pipelineArguments } from "./megatron-pipeline.ts"

/** A flag with its value; null for a switch. */
export type Arguments = ReadonlyArray<readonly [flag: string, value: string | number | null]>

export function exportMegatron(source: ExportSource): Exported {
  const { mapping, recommendation: { scenario: { name, workload } } } = source
  const pipeline = pipelineArguments(source)
  const { sequence, tokens } = workload
  const groups: ReadonlyArray<readonly [string, Arguments]> = [
    ["model", modelArguments(workload.model, sequence)],
    ["batch", [
      ["micro-batch-size", mapping.microBatch], ["global-batch-size", paddedBatch(mapping)],
      ["train-samples", Math.ceil(tokens / sequence)]
    ]],
    ["parallelism", [...parallelArguments(source), ...pipeline.arguments]],
    ["sharding", shardingArguments(source)],
    ["memory", memoryArguments(source)],
    ["precision", precisionArguments[trainable(workload)]]
  ]
  const lines = [
    `# ${oneLine(name)}: source this file, then torchrun ... pretrain_gpt.py "\${MEGATRON_ARGS[@]}" and what is not in the plan`,
    ...environment(source),
    "MEGATRON_ARGS=(",
    ...groups.filter(([, list]) => list.length > 0).flatMap(([title, list]) => [
      `  # ${title}`,
      ...list.map(([flag, value]) => (value === null ? `  --${flag}` : `  --${flag} ${shellWord(value)}`))
    ]),
    ")"
  ]
  return { files: { "megatron.sh": lines.join("\n") + "\n" }, remarks: [...pipeline.remarks, ...remarks(source)] }
}

function environment(source: ExportSource): ReadonlyArray<string> {
  const { built, mapping } = source
  const { hbd } = built.block
  const { hbds, nodesPerHbd, ranksPerNode } = jobNodes(source)
  const nodes = hbds.reduce((sum, count) => sum + count, 0) * nodesPerHbd
  const acrossNodes = hbd.hosts > 1 && hbd.accelerator.scaleUpProtocol.startsWith("nvlink")
  return [
    `export NNODES=${nodes} NPROC_PER_NODE=${ranksPerNode} WORLD_SIZE=${mapping.world}`,
    ...(runsItself(source) ? [connections(mapping)] : []),
    ...(acrossNodes ? ["export NCCL_MNNVL_ENABLE=1"] : [])
  ]
}

/** Tensor and context parallelism before Blackwell want one hardware queue, Megatron-FSDP refuses to run with one. */
const connections = ({ sharding }: ExportSource["mapping"]): string =>
  sharding.stage > 1 ? "unset CUDA_DEVICE_MAX_CONNECTIONS" : "export CUDA_DEVICE_MAX_CONNECTIONS=1"

function modelArguments(model: ModelShape, sequence: number): Arguments {
  const { layers, hidden, ffn, heads, kvHeads, headDim, vocab, attention, moe, mla, slidingWindow, mtpLayers } = model
  return [
    ["num-layers", layers], ["hidden-size", hidden], ["ffn-hidden-size", ffn], ["num-attention-heads", heads],
    ...(mla === null ? [["kv-channels", headDim] as const] : []),
    ...(attention === "GQA" || attention === "MQA"
      ? [["group-query-attention", null], ["num-query-groups", kvHeads]] as const
      : []),
    ...(mla === null ? [] : [
      ["multi-latent-attention", null], ...(mla.qLoraRank > 0 ? [["q-lora-rank", mla.qLoraRank] as const] : []),
      ["kv-lora-rank", mla.kvLoraRank], ["qk-head-dim", mla.qkNopeHeadDim],
      ["qk-pos-emb-head-dim", mla.qkRopeHeadDim], ["v-head-dim", mla.vHeadDim]
    ] as const),
    ["seq-length", sequence], ["max-position-embeddings", sequence], ["position-embedding-type", "rope"],
    ["normalization", "RMSNorm"], ["tokenizer-type", "NullTokenizer"], ["vocab-size", vocab],
    ["disable-bias-linear", null],
    ...(model.gatedMlp ? [["swiglu", null] as const] : []),
    ...(model.tiedEmbeddings ? [] : [["untie-embeddings-and-output-weights", null] as const]),
    ...(mtpLayers > 0 ? [["mtp-num-layers", mtpLayers] as const] : []),
    ...(slidingWindow === null ? [] : [
      ["window-size", `${slidingWindow.window},0`], ["window-attn-skip-freq", slidingWindow.fullEvery]
    ] as const),
    ...(moe === null ? [] : expertArguments(moe, layers))
  ]
}

function expertArguments(moe: MoeShape, layers: number): Arguments {
  const { experts, topK, expertFfn, sharedExperts, sharedFfn, denseLayers, moeEvery } = moe
  const repeat = (kind: 0 | 1, count: number) => `([${kind}]*${count})`
  const rest = layers - denseLayers
  const left = rest % moeEvery > 0 ? `+${repeat(0, rest % moeEvery)}` : ""
  const pattern = moeEvery === 1
    ? repeat(1, rest)
    : `([0]*${moeEvery - 1}+[1]*1)*${Math.floor(rest / moeEvery)}${left}`
  return [
    ["num-experts", experts], ["moe-router-topk", topK], ["moe-ffn-hidden-size", expertFfn],
    ...(sharedExperts > 0 ? [["moe-shared-expert-intermediate-size", sharedExperts * sharedFfn] as const] : []),
    ["moe-layer-freq", denseLayers > 0 ? `${repeat(0, denseLayers)}+${pattern}` : pattern],
    ["moe-token-dispatcher-type", "alltoall"], ["moe-grouped-gemm", null]
  ]
}

function parallelArguments(source: ExportSource): Arguments {
  const { mapping, recommendation: { scenario: { workload: { model: { moe } } } } } = source
  const { tp, cp, ep, etp, pp } = mapping
  return [
    ["tensor-model-parallel-size", tp], ["context-parallel-size", cp], ["pipeline-model-parallel-size", pp],
    ...(moe === null
      ? []
      : [["expert-model-parallel-size", ep], ["expert-tensor-parallel-size", etp]] as const),
    ...(scattersTokens(source) ? [["sequence-parallel", null] as const] : []),
    ...(pipelineInside(mapping) && mapping.sharding.stage < 2 ? [["use-tp-pp-dp-mapping", null] as const] : [])
  ]
}

/** Sequence parallelism, which MoE layers want under tensor parallelism (core/transformer/moe/moe_layer.py, forward). */
const scattersTokens = ({ mapping, recommendation: { scenario: { workload } } }: ExportSource): boolean =>
  mapping.tp > 1 && (mapping.sequenceParallel || workload.model.moe !== null)

/** Whether ranks are numbered through the pipeline before the replicas: the other way round is the default. */
const pipelineInside = ({ order, pp, dp }: ExportSource["mapping"]): boolean => order === "tp-cp-pp-dp" && pp > 1 && dp > 1


const strategies = ["no_shard", "optim", "optim_grads", "optim_grads_params"] as const

function shardingArguments(source: ExportSource): Arguments {
  const { sharding: { stage }, offload } = source.mapping
  if (stage === 0 && offload !== "optimizer") return []
  const instances = optimizerInstances(source)
  return [
    ["use-distributed-optimizer", null], ["overlap-grad-reduce", null], ["overlap-param-gather", null],
    ...(stage < 2 ? [] : [
      ["use-megatron-fsdp", null], ["data-parallel-sharding-strategy", strategies[stage]],
      ["ckpt-format", "fsdp_dtensor"]
    ] as const),
    ...(instances > 1 ? [["num-distributed-optimizer-instances", instances] as const] : [])
  ]
}

/** HBDs that hold the optimiser's state each once: as many as the data-parallel ranks of an expert divide by too. */
function optimizerInstances({ mapping, built: { step: { placement } }, recommendation }: ExportSource): number {
  const { tp, cp, dp, ep, etp, sharding: { stage, group } } = mapping
  if (stage === 0 || group === "all") return 1
  const { outside } = placement.data
  return recommendation.scenario.workload.model.moe === null ? outside : commonDivisor(outside, tp * cp * dp / (ep * etp))
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

function memoryArguments({ mapping: { recompute, offload } }: ExportSource): Arguments {
  return [
    ...(recompute === "none" ? [] : [["recompute-granularity", recompute] as const]),
    ...(recompute === "full" ? [["recompute-method", "uniform"], ["recompute-num-layers", 1]] as const : []),
    ...(offload === "optimizer" ? [["optimizer-cpu-offload", null], ["use-precision-aware-optimizer", null]] as const : [])
  ]
}

const fp8 = (recipe: string): Arguments => [["bf16", null], ["fp8-format", "hybrid"], ["fp8-recipe", recipe]]

const precisionArguments: Readonly<Record<Precision, Arguments>> = {
  bf16: [["bf16", null]], fp16: [["fp16", null]], fp8: fp8("tensorwise"), "fp8-delayed": fp8("delayed"),
  "fp8-cs": fp8("tensorwise"), "fp8-tensorwise": fp8("tensorwise"), "fp8-rowwise": fp8("tensorwise"),
  "fp8-blockwise": fp8("blockwise"), "fp8-sc": fp8("blockwise"), mxfp8: fp8("mxfp8"),
  nvfp4: [["bf16", null], ["fp4-format", "e2m1"], ["fp4-recipe", "nvfp4"]], int8: [["bf16", null]]
}

/** Experts are refused in fp16: grouped GEMMs and expert parallelism want bf16. */
const trainable = ({ precision, model }: ExportSource["recommendation"]["scenario"]["workload"]): Precision =>
  precision === "fp16" && model.moe !== null ? "bf16" : precision

function remarks(source: ExportSource): ReadonlyArray<string> {
  const { mapping, built, recommendation: { scenario: { workload: { precision, model } } } } = source
  const { host } = built.block.hbd
  return [
    ...platformRemarks(source, "Megatron-LM"), ...batchRemarks(source, "Megatron-LM"), ...unevenRemarks(source),
    ...changedRemarks(source),
    ...(mapping.offload === "activations" ? ["offloaded activations have no argument that all versions share"] : []),
    ...(precision === "fp8-rowwise" ? ["Megatron-LM has no row-wise fp8: the arguments scale by tensor"] : []),
    ...(precision === "int8" ? ["Megatron-LM does not train in int8: the arguments say bf16"] : []),
    ...(model.moe === null && mapping.ep > 1 ? ["expert parallelism of a dense model is left out"] : []),
    ...(mapping.ranksPerHbd > host.accelerators && mapping.ranksPerHbd % host.accelerators !== 0
      ? [`${mapping.ranksPerHbd} ranks of an HBD do not fill nodes of ${host.accelerators}: give torchrun a rank file`]
      : []),
    "data, tokenizer, learning rate, checkpoints and initialisation are not in the plan"
  ]
}

function unevenRemarks(source: ExportSource): ReadonlyArray<string> {
  const { mapping: { tp, cp }, recommendation: { scenario: { workload: { model, sequence } } } } = source
  const groups = model.mla === null ? model.kvHeads : tp
  const tokens = (cp === 1 ? 1 : 2 * cp) * (scattersTokens(source) ? tp : 1)
  return divisionRemarks("Megatron-LM", [
    [`${model.heads} attention heads over tp ${tp}`, model.heads, tp],
    // fewer groups than ranks are copied
    [`${groups} key-value heads over tp ${tp}`, Math.max(groups, tp), Math.min(groups, tp)],
    [`a sequence of ${sequence} over tp ${tp} and cp ${cp}`, sequence, tokens]
  ])
}

/** Where Megatron-LM would refuse the plan, what it is given instead. */
function changedRemarks(source: ExportSource): ReadonlyArray<string> {
  const { mapping, built: { step: { placement: { data } } }, recommendation: { scenario: { workload } } } = source
  const { sharding: { stage, group }, offload, sequenceParallel } = mapping
  const instances = optimizerInstances(source)
  return [
    ...(stage > 0 && group === "hbd" && instances !== data.outside
      ? [`an expert's data-parallel ranks do not divide over ${data.outside} HBDs: the sharded state is held ${instances} times`]
      : []),
    ...(trainable(workload) === workload.precision
      ? []
      : [`Megatron-LM trains experts in bf16, not ${workload.precision}: the arguments say bf16`]),
    ...(scattersTokens(source) && !sequenceParallel
      ? ["Megatron-LM wants sequence parallelism with experts under tensor parallelism: it is set, the plan has none"]
      : []),
    ...(pipelineInside(mapping) && stage > 1
      ? ["Megatron-FSDP numbers ranks through the replicas before the pipeline: the plan has it the other way round"]
      : []),
    ...(offload === "optimizer" && stage === 0
      ? ["Megatron-LM offloads the optimiser state only where it is sharded: ZeRO 0 became ZeRO 1"]
      : [])
  ]
}
