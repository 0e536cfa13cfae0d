/**
 * `torchtitan`: a training configuration in TOML with the tables and keys of torchtitan/config/job_config.py
 * (https://github.com/pytorch/torchtitan, releases 0.2.x; later ones configure in Python).
 */
import type { ModelShape } from "../../models/workload/model-shape.ts"
import type { Precision } from "../../models/workload/training.ts"
import { batchRemarks, divisionRemarks, type Exported, type ExportSource, paddedBatch, platformRemarks } from "./export-source.ts"
import { renderToml, type TomlValue } from "./toml.ts"
import { parallelism } from "./torchtitan-parallelism.ts"

type Values = Readonly<Record<string, TomlValue>>

export function exportTorchtitan(source: ExportSource): Exported {
  const { mapping, recommendation: { scenario } } = source
  const { model, sequence, tokens } = scenario.workload
  const flavor = flavors.find(({ layers, hidden, vocab }) =>
    layers === model.layers && hidden === model.hidden && vocab === model.vocab)
  const converters = convertersOf(source)
  const parallel = parallelism(source)
  const batch = paddedBatch(mapping)
  const tables: Readonly<Record<string, Values>> = {
    job: { description: scenario.name },
    model: {
      ...(flavor === undefined ? {} : { name: flavor.name, flavor: flavor.flavor }),
      ...(converters.length === 0 ? {} : { converters: converters.map(({ name }) => name) })
    },
    training: {
      local_batch_size: mapping.pp > 1 ? batch / mapping.dp : mapping.microBatch,
      global_batch_size: batch, seq_len: sequence,
      steps: Math.ceil(tokens / (batch * sequence)),
      ...(mapping.offload === "optimizer" ? { enable_cpu_offload: true } : {})
    },
    parallelism: parallel.values,
    activation_checkpoint: mapping.recompute === "selective"
      ? { mode: "selective", selective_ac_option: "op" }
      : { mode: mapping.recompute },
    ...Object.fromEntries(converters.map(({ name, values }) => [name, values]))
  }
  const remarks = [...parallel.remarks, ...otherRemarks(source, flavor !== undefined)]
  return { files: { "torchtitan.toml": renderToml(tables) }, remarks }
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

const float8 = (recipe: string) => ({ kind: "float8", recipe })

/** Recipes of torchao (Float8LinearRecipeName, MXLinearRecipeName). */
const recipes: Readonly<Partial<Record<Precision, { readonly kind: string; readonly recipe: string }>>> = {
  fp8: float8("tensorwise"), "fp8-delayed": float8("tensorwise"), "fp8-cs": float8("tensorwise"),
  "fp8-tensorwise": float8("tensorwise"), "fp8-rowwise": float8("rowwise"), "fp8-blockwise": float8("rowwise"),
  "fp8-sc": float8("rowwise"), mxfp8: { kind: "mx", recipe: "mxfp8_cublas" }
}

/** Of linear layers and, where there are experts and their prototype takes the mapping, of these (components/quantization). */
function convertersOf(source: ExportSource): ReadonlyArray<{ readonly name: string; readonly values: Values }> {
  const { precision } = source.recommendation.scenario.workload
  const recipe = recipes[precision]
  if (recipe === undefined) return []
  return [
    { name: `quantize.linear.${recipe.kind}`, values: { recipe_name: recipe.recipe } },
    ...(quantizesExperts(source) ? [{ name: `quantize.grouped_mm.${recipe.kind}`, values: { fqns: ["experts"] } }] : [])
  ]
}

/** Float8GroupedMMConverter refuses pipelines and context parallelism, MXGroupedMMConverter takes them. */
const quantizesExperts = ({ mapping: { pp, cp }, recommendation: { scenario: { workload } } }: ExportSource): boolean =>
  workload.model.moe !== null && (recipes[workload.precision]?.kind === "mx" || (pp === 1 && cp === 1))

function otherRemarks(source: ExportSource, shipped: boolean): ReadonlyArray<string> {
  const { mapping, built: { step }, recommendation: { scenario: { workload: { model, precision, sequence } } } } = source
  const { tp, cp, dp, sharding: { stage, group }, sequenceParallel, order, offload } = mapping
  const known = precision === "bf16" || recipes[precision] !== undefined
  return [
    ...platformRemarks(source, "TorchTitan"), ...batchRemarks(source, "TorchTitan"),
    ...(shipped ? [] : [`TorchTitan ships no ${model.name}: name and flavor are left out`]),
    ...(known ? [] : [`TorchTitan does not train in ${precision}: the configuration says bf16`]),
    ...(["fp8-delayed", "fp8-blockwise", "fp8-sc"].includes(precision)
      ? [`${precision} became the nearest recipe of torchao`]
      : []),
    ...(stage === 1 ? ["TorchTitan shards gradients with the optimiser state: ZeRO 1 became ZeRO 2"] : []),
    ...(stage > 0 && group === "hbd" && step.placement.data.outside > dp
      ? ["TorchTitan shards over all context ranks, the plan over those of one HBD"]
      : []),
    ...(tp > 1 && !sequenceParallel
      ? ["TorchTitan's tensor parallelism is sequence parallel, the plan's is not"]
      : []),
    ...(order === "tp-cp-pp-dp" ? ["TorchTitan lays pipeline ranks outermost, the plan data-parallel ones"] : []),
    ...(recipes[precision] !== undefined && model.moe !== null && !quantizesExperts(source)
      ? [`TorchTitan trains experts in ${precision} only without pipeline and context parallelism: here they stay in bf16`]
      : []),
    ...(model.mtpLayers > 0 ? ["TorchTitan's models have no multi-token prediction"] : []),
    ...divisionRemarks("TorchTitan", [
      [`${model.heads} attention heads over tp ${tp}`, model.heads, tp],
      [`${model.kvHeads} key-value heads over tp ${tp}`, model.mla === null ? model.kvHeads : tp, tp],
      [`a sequence of ${sequence} over tp ${tp} and twice cp ${cp}`, sequence, 2 * cp * tp]
    ]),
    ...(offload === "none" ? [] : [offload === "optimizer"
      ? "TorchTitan offloads parameters and gradients with the optimiser state"
      : "TorchTitan does not offload activations"]),
    "the machine and its fabrics have no place in the configuration; data, tokenizer and learning rate are not in the plan"
  ]
}
