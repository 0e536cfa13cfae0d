/**
 * `megatron`: arguments of Megatron-LM's `pretrain_gpt.py` for the model, the batch and the mapping, with the
 * environment that torchrun and NCCL want (https://github.com/NVIDIA/Megatron-LM, megatron/training/arguments.py).
 */
import type { ModelShape, MoeShape } from "../../models/workload/model-shape.ts"
import type { Precision } from "../../models/workload/training.ts"
import { batchRemarks, type Exported, type ExportSource, paddedBatch, platformRemarks } from "./export-source.ts"

/** A flag with its value; null for a switch. */
type Arguments = ReadonlyArray<readonly [flag: string, value: string | number | null]>

export function exportMegatron(source: ExportSource): Exported {
  const { mapping, recommendation: { scenario: { name, workload } } } = source
  const stages = stageArguments(source)
  const { sequence, tokens } = workload
  const groups: ReadonlyArray<readonly [string, Arguments]> = [
    ["model", modelArguments(workload.model, sequence)],
    ["batch", [
      ["micro-batch-size", mapping.microBatch], ["global-batch-size", paddedBatch(mapping)],
      ["train-samples", Math.ceil(tokens / sequence)]
    ]],
    ["parallelism", [...parallelArguments(source), ...stages.arguments]],
    ["sharding", shardingArguments(source)],
    ["memory", memoryArguments(source)],
    ["precision", precisionArguments[workload.precision]]
  ]
  const lines = [
    `# ${name}: source this file, then torchrun ... pretrain_gpt.py "\${MEGATRON_ARGS[@]}" and what is not in the plan`,
    ...environment(source),
    "MEGATRON_ARGS=(",
    ...groups.filter(([, list]) => list.length > 0).flatMap(([title, list]) => [
      `  # ${title}`,
      ...list.map(([flag, value]) => (value === null ? `  --${flag}` : `  --${flag} ${shellWord(value)}`))
    ]),
    ")"
  ]
  return { files: { "megatron.sh": lines.join("\n") + "\n" }, remarks: [...stages.remarks, ...remarks(source)] }
}

const shellWord = (value: string | number): string =>
  /^[\w.,:/-]+$/.test(String(value)) ? String(value) : `'${value}'`

/** Nodes that the mapping uses: of every HBD in use as many as its ranks need. */
function environment({ built, mapping }: ExportSource): ReadonlyArray<string> {
  const { hbd } = built.block
  const perNode = Math.min(hbd.host.accelerators, mapping.ranksPerHbd)
  const acrossNodes = hbd.hosts > 1 && hbd.accelerator.scaleUpProtocol.startsWith("nvlink")
  const nodes = Math.ceil(mapping.world / mapping.ranksPerHbd) * Math.ceil(mapping.ranksPerHbd / perNode)
  return [
    `export NNODES=${nodes} NPROC_PER_NODE=${perNode} WORLD_SIZE=${mapping.world}`,
    ...(hbd.accelerator.vendor === "NVIDIA" ? ["export CUDA_DEVICE_MAX_CONNECTIONS=1"] : []),
    ...(acrossNodes ? ["export NCCL_MNNVL_ENABLE=1"] : [])
  ]
}

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

function parallelArguments({ mapping, recommendation: { scenario: { workload } } }: ExportSource): Arguments {
  const { tp, cp, ep, etp, pp, sequenceParallel, order } = mapping
  return [
    ["tensor-model-parallel-size", tp], ["context-parallel-size", cp], ["pipeline-model-parallel-size", pp],
    ...(workload.model.moe === null
      ? []
      : [["expert-model-parallel-size", ep], ["expert-tensor-parallel-size", etp]] as const),
    ...(sequenceParallel && tp > 1 ? [["sequence-parallel", null] as const] : []),
    ...(order === "tp-cp-pp-dp" ? [["use-tp-pp-dp-mapping", null] as const] : [])
  ]
}

/**
 * Megatron wants equal stages; embedding and logits can count as a layer each, else every stage is spelt out: E embedding,
 * t layer, m prediction module, L logits (docs of --pipeline-model-parallel-layout).
 */
function stageArguments({ mapping: { pp, vpp }, recommendation: { scenario } }: ExportSource) {
  const { layers, mtpLayers } = scenario.workload.model
  const stages = pp * vpp
  const interleaved: Arguments = vpp > 1 ? [["num-virtual-stages-per-pipeline-rank", vpp]] : []
  if (layers % stages === 0) return { arguments: interleaved, remarks: [] }
  const both: Arguments = [
    ["account-for-embedding-in-pipeline-split", null], ["account-for-loss-in-pipeline-split", null]
  ]
  if ((layers + 2) % stages === 0) return { arguments: [...interleaved, ...both], remarks: [] }
  const each = Math.ceil((layers + mtpLayers) / stages)
  if (each * (stages - 1) >= layers) {
    const remark = `${layers} layers leave some of ${stages} stages empty: give a --pipeline-model-parallel-layout`
    return { arguments: interleaved, remarks: [remark] }
  }
  // as the plan deals them: full stages, the last with what is left
  const held = Array.from({ length: stages }, (_, stage) => "t".repeat(Math.min(each, layers - stage * each)))
  const layout = `E${held.join("|")}${"m".repeat(mtpLayers)}L`
  return { arguments: [["pipeline-model-parallel-layout", layout]] satisfies Arguments, remarks: [] }
}

const strategies = ["no_shard", "optim", "optim_grads", "optim_grads_params"] as const

function shardingArguments({ mapping: { sharding: { stage, group } }, built: { step } }: ExportSource): Arguments {
  if (stage === 0) return []
  const { outside } = step.placement.data
  return [
    ["use-distributed-optimizer", null], ["overlap-grad-reduce", null], ["overlap-param-gather", null],
    ...(stage === 1 ? [] : [
      ["use-megatron-fsdp", null], ["data-parallel-sharding-strategy", strategies[stage]],
      ["ckpt-format", "fsdp_dtensor"]
    ] as const),
    ...(group === "hbd" && outside > 1 ? [["num-distributed-optimizer-instances", outside] as const] : [])
  ]
}

function memoryArguments({ mapping: { recompute, offload } }: ExportSource): Arguments {
  return [
    ...(recompute === "none" ? [] : [["recompute-granularity", recompute] as const]),
    ...(recompute === "full" ? [["recompute-method", "uniform"], ["recompute-num-layers", 1]] as const : []),
    ...(offload === "optimizer" ? [["optimizer-cpu-offload", null] as const] : [])
  ]
}

const fp8 = (recipe: string): Arguments => [["bf16", null], ["fp8-format", "hybrid"], ["fp8-recipe", recipe]]

const precisionArguments: Readonly<Record<Precision, Arguments>> = {
  bf16: [["bf16", null]], fp16: [["fp16", null]], fp8: fp8("tensorwise"), "fp8-delayed": fp8("delayed"),
  "fp8-cs": fp8("tensorwise"), "fp8-tensorwise": fp8("tensorwise"), "fp8-rowwise": fp8("tensorwise"),
  "fp8-blockwise": fp8("blockwise"), "fp8-sc": fp8("blockwise"), mxfp8: fp8("mxfp8"),
  nvfp4: [["bf16", null], ["fp4-format", "e2m1"], ["fp4-recipe", "nvfp4"]], int8: [["bf16", null]]
}

function remarks(source: ExportSource): ReadonlyArray<string> {
  const { mapping, built, recommendation: { scenario: { workload: { precision, model } } } } = source
  const { host } = built.block.hbd
  return [
    ...platformRemarks(source, "Megatron-LM"), ...batchRemarks(source, "Megatron-LM"),
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
