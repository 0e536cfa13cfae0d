/**
 * `calculon`: application, execution and system files of `calculon llm` (https://github.com/calculon-ai/calculon,
 * calculon/llm/llm.py and calculon/network.py; Isaev et al., SC 2023): dense transformers on two networks.
 */
import type { FabricPerformance } from "../../models/performance/machine.ts"
import type { ModelShape } from "../../models/workload/model-shape.ts"
import { batchRemarks, type Exported, type ExportSource, paddedBatch } from "./export-source.ts"
import { leftOutLinks } from "./site-remarks.ts"

const bytesPerGiB = 2 ** 30

export function exportCalculon(source: ExportSource): Exported {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  return {
    files: {
      "application.json": json(application(source)), "execution.json": json(execution(source)),
      "system.json": json(system(source))
    },
    remarks: remarks(source)
  }
}

/** Calculon's feed-forward has two matrices; a third, and the experts of a token, widen it. */
function feedForward({ ffn, gatedMlp, moe }: ModelShape): number {
  const width = moe === null ? ffn : moe.topK * moe.expertFfn + moe.sharedExperts * moe.sharedFfn
  return Math.round(width * (gatedMlp ? 1.5 : 1))
}

function application({ mapping, recommendation: { scenario: { workload: { model, sequence } } } }: ExportSource) {
  return {
    name: model.name, hidden: model.hidden, feedforward: feedForward(model), seq_size: Math.ceil(sequence / mapping.cp),
    attn_heads: model.heads, attn_size: model.headDim, num_blocks: model.layers
  }
}

const recomputes = { none: "none", selective: "attn_only", full: "full" } as const

function execution(source: ExportSource) {
  const { mapping, recommendation: { scenario: { workload } } } = source
  const { tp, pp, dp, recompute, sharding, microBatch } = mapping
  const [scattered, offload] = [scatters(source), offloaded(source)]
  return {
    num_procs: tp * pp * dp, tensor_par: tp, pipeline_par: pp, data_par: dp,
    tensor_par_net: netOf(source, "tp"), pipeline_par_net: netOf(source, "pp"), data_par_net: netOf(source, "dp"),
    batch_size: paddedBatch(mapping), microbatch_size: microBatch, datatype: datatypeOf(workload.precision),
    fused_activation: true, attention_type: workload.model.attention === "MQA" ? "multiquery" : "multihead",
    activation_recompute: recomputes[recompute], pipeline_interleaving: interleaving(source),
    optimizer_sharding: sharding.stage > 0 && dp > 1,
    tensor_par_comm_type: scattered ? "rs_ag" : "ar", tensor_par_overlap: "none",
    seq_par_ag_redo: scattered && recompute !== "full",
    data_par_overlap: dp > 1, weight_offload: false, activations_offload: offload === "activations",
    optimizer_offload: offload === "optimizer", training: true
  }
}

const blocksPerStage = ({ mapping, recommendation: { scenario } }: ExportSource): number =>
  Math.ceil(scenario.workload.model.layers / mapping.pp)

/** Chunks of a stage as compile() of llm.py takes them: the most that are not more than the plan's and divide its blocks. */
function interleaving(source: ExportSource): number {
  const blocks = blocksPerStage(source)
  let chunks = Math.min(source.mapping.vpp, blocks)
  while (blocks % chunks > 0) chunks--
  return chunks
}

/** Calculon offloads from stages of three blocks and more. */
const offloaded = (source: ExportSource) => (blocksPerStage(source) < 3 ? "none" : source.mapping.offload)

/** Sequence parallelism deals the tokens of a micro-batch evenly. */
const scatters = ({ mapping: { tp, cp, microBatch, sequenceParallel }, recommendation: { scenario } }: ExportSource): boolean =>
  tp > 1 && sequenceParallel && (microBatch * Math.ceil(scenario.workload.sequence / cp)) % tp === 0

/** Calculon runs a dimension on one network: the outermost that it touches. */
function netOf({ built, recommendation }: ExportSource, dimension: "tp" | "pp" | "dp"): number {
  if (built.member.scaleOut === null) return 0
  const fabric = recommendation.split?.dimensions.find((one) => one.dimension === dimension)?.fabric
  return fabric === "scale-out" || fabric === "both" ? 1 : 0
}

function datatypeOf(precision: string): "float16" | "float8" {
  return precision === "bf16" || precision === "fp16" ? "float16" : "float8"
}

function system({ built, layout, recommendation: { scenario } }: ExportSource) {
  const { machine } = built.of
  const { accelerator, host } = machine
  const datatype = datatypeOf(scenario.workload.precision)
  const tflops = datatype === "float8" ? accelerator.fp8Tflops ?? accelerator.bf16Tflops : accelerator.bf16Tflops
  const engine = (rate: number) => ({ [datatype]: { tflops: rate, gflops_efficiency: [[0, 1]] } })
  const memory = (GB: number, GBps: number) => ({ GiB: GB * 1e9 / bytesPerGiB, GBps, MB_efficiency: [[0, 1]] })
  return {
    matrix: engine(tflops),
    vector: engine(accelerator.bf16Tflops),
    mem1: memory(accelerator.memoryGB, accelerator.memoryGBps),
    mem2: host === null ? memory(0, 1) : memory(host.memoryGB, host.linkGBps),
    processing_mode: "roofline",
    networks: [
      network(machine.scaleUp, machine.hbdSize),
      ...(built.member.scaleOut === null ? [] : [network(machine.scaleOut, layout.accelerators)])
    ]
  }
}

/** Scalar and offset of each operation are those of Calculon's own systems: rings. */
function network({ GBps, latencyS }: FabricPerformance, size: number) {
  return {
    bandwidth: GBps, efficiency: 1, size, latency: latencyS,
    ops: { p2p: [1, null], reduce_scatter: [1, -1], all_gather: [1, -1], all_reduce: [2, -1] },
    must_be_filled: false, processor_usage: 0
  }
}

function remarks(source: ExportSource): ReadonlyArray<string> {
  const { mapping, built, recommendation: { scenario: { workload: { model, precision } } } } = source
  const { placement } = built.step
  const blocks = blocksPerStage(source)
  return [
    ...batchRemarks(source, "Calculon"),
    ...leftOutLinks(source, "Calculon has the HBDs of all sites on one scale-out network"),
    ...(model.gatedMlp ? ["gated feed-forward: Calculon has two matrices, each was widened by half"] : []),
    ...(model.moe === null
      ? []
      : ["experts: Calculon is dense, its feed-forward has the width that one token uses; memory is too small"]),
    ...(model.attention === "GQA" || model.attention === "MLA"
      ? [`${model.attention}: Calculon attends with all heads`]
      : []),
    ...(mapping.cp > 1
      ? ["context parallelism: the files describe one context rank with its part of the sequence"]
      : []),
    ...(placement.data.inside > 1 && placement.data.outside > 1
      ? ["data parallelism lies on both fabrics: Calculon has it on the scale-out network alone"] : []),
    ...(interleaving(source) === mapping.vpp ? [] : [
      `${mapping.vpp} chunks do not divide the ${blocks} blocks of a stage: Calculon interleaves ${interleaving(source)}`
    ]),
    ...(offloaded(source) === mapping.offload
      ? []
      : [`Calculon offloads from stages of three blocks and more: with ${blocks} it keeps ${mapping.offload}`]),
    ...(mapping.tp > 1 && mapping.sequenceParallel && !scatters(source)
      ? [`the tokens of a micro-batch do not divide over tp ${mapping.tp}: Calculon runs without sequence parallelism`]
      : []),
    ...(mapping.sharding.stage > 1 ? ["Calculon shards the optimiser, not gradients or parameters"] : []),
    ...(datatypeOf(precision) === "float8" && !precision.startsWith("fp8") ? [`${precision} became float8`] : []),
    ...(built.of.machine.host === null ? ["host memory is unknown: mem2 is empty"] : []),
    "efficiencies are 1: Calculon's curves are measured per machine",
    "vector rates are not in the catalogue: matrix rates stand in, so that memory decides"
  ]
}
