/**
 * `torchtitan`: a training configuration in TOML with the tables and keys of torchtitan/config/job_config.py
 * (https://github.com/pytorch/torchtitan, releases 0.2.x; later ones configure in Python).
 */
import type { ModelShape } from "../../models/workload/model-shape.ts"
import type { Precision } from "../../models/workload/training.ts"
import { batchRemarks, type Exported, type ExportSource, paddedBatch, platformRemarks } from "./export-source.ts"
import { renderToml, type TomlValue } from "./toml.ts"

type Values = Readonly<Record<string, TomlValue>>

export function exportTorchtitan(source: ExportSource): Exported {
  const { mapping, recommendation: { scenario } } = source
  const { model, sequence, tokens, precision } = scenario.workload
  const flavor = flavors.find(({ layers, hidden, vocab }) =>
    layers === model.layers && hidden === model.hidden && vocab === model.vocab)
  const converter = converters[precision]
  const batch = paddedBatch(mapping)
  const tables: Readonly<Record<string, Values>> = {
    job: { description: scenario.name },
    model: {
      ...(flavor === undefined ? {} : { name: flavor.name, flavor: flavor.flavor }),
      ...(converter === undefined ? {} : { converters: [converter.name] })
    },
    training: {
      local_batch_size: mapping.pp > 1 ? batch / mapping.dp : mapping.microBatch,
      global_batch_size: batch, seq_len: sequence,
      steps: Math.ceil(tokens / (batch * sequence)),
      ...(mapping.offload === "optimizer" ? { enable_cpu_offload: true } : {})
    },
    parallelism: parallelism(source),
    activation_checkpoint: mapping.recompute === "selective"
      ? { mode: "selective", selective_ac_option: "op" }
      : { mode: mapping.recompute },
    ...(converter === undefined ? {} : { [converter.name]: { recipe_name: converter.recipe } })
  }
  return { files: { "torchtitan.toml": renderToml(tables) }, remarks: remarks(source, flavor !== undefined) }
}

interface Flavor extends Pick<ModelShape, "name" | "layers" | "hidden" | "vocab"> {
  readonly flavor: string
}

/** Models that TorchTitan ships, by the dimensions that tell them apart. */
const flavors: ReadonlyArray<Flavor> = [
  { name: "llama3", flavor: "8B", layers: 32, hidden: 4096, vocab: 128_256 },
  { name: "llama3", flavor: "70B", layers: 80, hidden: 8192, vocab: 128_256 },
  { name: "llama3", flavor: "405B", layers: 126, hidden: 16_384, vocab: 128_256 },
  { name: "deepseek_v3", flavor: "671B", layers: 61, hidden: 7168, vocab: 129_280 }
]

const float8 = (recipe: string) => ({ name: "float8", recipe })

const converters: Readonly<Partial<Record<Precision, { readonly name: string; readonly recipe: string }>>> = {
  fp8: float8("tensorwise"), "fp8-delayed": float8("tensorwise"), "fp8-cs": float8("tensorwise"),
  "fp8-tensorwise": float8("tensorwise"), "fp8-rowwise": float8("rowwise"), "fp8-blockwise": float8("rowwise"),
  "fp8-sc": float8("rowwise"), mxfp8: { name: "mx", recipe: "mxfp8" }
}

function parallelism({ mapping, built, recommendation: { scenario } }: ExportSource): Values {
  const { model } = scenario.workload
  const { tp, cp, ep, etp, pp, vpp, dp, microBatch, sharding: { stage, group } } = mapping
  const { outside } = built.step.placement.data
  const replicas = stage === 0 ? dp : group === "hbd" ? outside : 1
  return {
    data_parallel_replicate_degree: replicas,
    data_parallel_shard_degree: dp / replicas,
    ...(stage === 0 ? {} : { fsdp_reshard_after_forward: stage === 3 ? "always" : "never" }),
    tensor_parallel_degree: tp,
    context_parallel_degree: cp,
    pipeline_parallel_degree: pp,
    ...(pp === 1 ? {} : {
      pipeline_parallel_schedule: vpp > 1 ? "Interleaved1F1B" : "1F1B",
      pipeline_parallel_layers_per_stage: Math.ceil(model.layers / (pp * vpp)),
      pipeline_parallel_microbatch_size: microBatch
    }),
    ...(model.moe === null ? {} : { expert_parallel_degree: ep, expert_tensor_parallel_degree: etp })
  }
}

function remarks(source: ExportSource, shipped: boolean): ReadonlyArray<string> {
  const { mapping, recommendation: { scenario: { workload: { model, precision } } } } = source
  const { tp, etp, sharding: { stage }, sequenceParallel, order, offload } = mapping
  const known = precision === "bf16" || converters[precision] !== undefined
  return [
    ...platformRemarks(source, "TorchTitan"), ...batchRemarks(source, "TorchTitan"),
    ...(shipped ? [] : [`TorchTitan ships no ${model.name}: name and flavor are left out`]),
    ...(known ? [] : [`TorchTitan does not train in ${precision}: the configuration says bf16`]),
    ...(["fp8-delayed", "fp8-blockwise", "fp8-sc"].includes(precision)
      ? [`${precision} became the nearest recipe of torchao`]
      : []),
    ...(stage === 1 ? ["TorchTitan shards gradients with the optimiser state: ZeRO 1 became ZeRO 2"] : []),
    ...(tp > 1 && !sequenceParallel
      ? ["TorchTitan's tensor parallelism is sequence parallel, the plan's is not"]
      : []),
    ...(order === "tp-cp-pp-dp" ? ["TorchTitan lays pipeline ranks outermost, the plan data-parallel ones"] : []),
    ...(model.moe !== null && etp !== 1 && etp !== tp
      ? [`TorchTitan takes 1 or ${tp} as expert tensor parallelism`]
      : []),
    ...(offload === "none" ? [] : [offload === "optimizer"
      ? "TorchTitan offloads parameters and gradients with the optimiser state"
      : "TorchTitan does not offload activations"]),
    "the machine and its fabrics have no place in the configuration; data, tokenizer and learning rate are not in the plan"
  ]
}
