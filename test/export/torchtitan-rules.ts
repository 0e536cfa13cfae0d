/** What TorchTitan 0.2 and the schedules of PyTorch refuse of a configuration, each rule with where the reader checks it. */
import { run } from "./outside-reader.ts"
import { torchtitanKeys } from "./published-arguments.ts"

export type TorchtitanConfig = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Configurations as tomllib of Python reads them, all in one process; dotted tables as they are nested. */
export const readTorchtitan = (texts: ReadonlyArray<string>): ReadonlyArray<TorchtitanConfig> => {
  const program = "import json, sys, tomllib; print(json.dumps([tomllib.loads(text) for text in json.load(sys.stdin)]))"
  return JSON.parse(run("python3", ["-c", program], JSON.stringify(texts))) as ReadonlyArray<TorchtitanConfig>
}

type Rules = Readonly<Record<string, boolean>>

/** Rules that a configuration breaks when it trains a model of so many layers on so many ranks. */
export const torchtitanRefusals = (config: TorchtitanConfig, layers: number, world: number): ReadonlyArray<string> =>
  Object.entries({ ...keyRules(config), ...degreeRules(config, world), ...stageRules(config, layers), ...quantizeRules(config) })
    .filter(([, holds]) => !holds).map(([rule]) => rule)

/** Keys by table, tables by their dotted names. */
function tablesOf(config: object, name = ""): Readonly<Record<string, ReadonlyArray<string>>> {
  const nested = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value)
  const entries = Object.entries(config)
  const keys = entries.filter(([, value]) => !nested(value)).map(([key]) => key)
  return Object.assign(
    keys.length > 0 ? { [name]: keys } : {},
    ...entries.map(([key, value]) => (nested(value) ? tablesOf(value, name === "" ? key : `${name}.${key}`) : {}))
  )
}

/** config/manager.py, ConfigManager: keys that JobConfig does not have. */
const keyRules = (config: TorchtitanConfig): Rules => Object.fromEntries(
  Object.entries(tablesOf(config)).flatMap(([table, keys]) => keys.map((key) => [table, key] as const))
    .map(([table, key]) => [`config/manager.py: ${table}.${key}`, torchtitanKeys[table]?.includes(key) === true])
)

const implied = (premise: boolean, conclusion: boolean) => !premise || conclusion

const numberOf = (values: Readonly<Record<string, unknown>> | undefined, key: string, otherwise: number) =>
  Number(values?.[key] ?? otherwise)

const degreesOf = ({ parallelism }: TorchtitanConfig) => {
  const degree = (name: string) => numberOf(parallelism, `${name}_degree`, 1)
  return {
    replicate: degree("data_parallel_replicate"), shard: degree("data_parallel_shard"), tp: degree("tensor_parallel"),
    cp: degree("context_parallel"), pp: degree("pipeline_parallel"), ep: degree("expert_parallel"),
    etp: degree("expert_tensor_parallel")
  }
}

function degreeRules(config: TorchtitanConfig, world: number): Rules {
  const { replicate, shard, tp, cp, pp, ep, etp } = degreesOf(config)
  const training = config["training"]
  const borrowed = cp * (etp === tp ? 1 : tp)
  const file = "torchtitan/distributed/parallel_dims.py, ParallelDims"
  return {
    [`${file}._validate: degrees`]: [replicate, shard, tp, cp, pp, ep, etp].every((one) => Number.isInteger(one) && one >= 1),
    [`${file}._validate: world`]: replicate * shard * tp * cp * pp === world,
    [`${file}._validate: etp`]: implied(ep > 1, etp === tp || etp === 1),
    [`${file}._validate: ep`]: implied(ep > 1, ep % borrowed === 0 && (shard * borrowed) % ep === 0),
    [`${file}.seq_len_divisor`]: numberOf(training, "seq_len", 0) % (2 * cp * tp) === 0,
    "torchtitan/train.py, Trainer: global batch":
      numberOf(training, "global_batch_size", 0) % (numberOf(training, "local_batch_size", 0) * replicate * shard) === 0
  }
}

/** pipeline_llm and generate_llm_fqn_per_model_part of torchtitan/distributed/pipeline_parallel.py, and the schedules. */
function stageRules(config: TorchtitanConfig, layers: number): Rules {
  const { pp } = degreesOf(config)
  if (pp === 1) return {}
  const parallelism = config["parallelism"]!
  const weight = (end: string) => numberOf(parallelism, `pipeline_parallel_${end}_stage_less_layers`, 1)
  const effective = layers + weight("first") + weight("last")
  const parts = parallelism["module_fqns_per_model_part"] as ReadonlyArray<ReadonlyArray<string>> | undefined
  const each = parallelism["pipeline_parallel_layers_per_stage"] as number | undefined
  const single = parallelism["pipeline_parallel_schedule"] !== "Interleaved1F1B"
  const stages = parts?.length ?? (each === undefined ? pp * (single ? 1 : 2) : Math.ceil(effective / each))
  const size = numberOf(parallelism, "pipeline_parallel_microbatch_size", 1)
  const local = numberOf(config["training"], "local_batch_size", 8)
  const microBatches = local / size
  const names = parts?.flat()
  return {
    "pipeline_llm: stages over pp": stages % pp === 0,
    "pipeline_llm: stages of a rank": single ? stages === pp : stages >= 2 * pp,
    "generate_llm_fqn_per_model_part: stages": implied(parts === undefined, stages <= effective),
    "generate_llm_fqn_per_model_part: weights":
      implied(parts === undefined, Math.max(weight("first"), weight("last")) <= Math.floor(effective / stages)),
    "pipeline_module_split: every module once": names === undefined || names.join() === [
      "tok_embeddings", ...Array.from({ length: layers }, (_, i) => `layers.${i}`), "norm", "output"
    ].join(),
    // torch.optim.Optimizer refuses a stage without parameters
    "components/optimizer.py, OptimizersContainer: empty stages": parts === undefined || parts.every((part) => part.length > 0),
    "build_pipeline_schedule: micro-batches": Number.isInteger(microBatches),
    ...scheduleRules(String(parallelism["pipeline_parallel_schedule"]), pp, microBatches)
  }
}

/** torch/distributed/pipelining/schedules.py. */
const scheduleRules = (schedule: string, pp: number, microBatches: number): Rules => ({
  "get_schedule_class": ["1F1B", "Interleaved1F1B", "GPipe"].includes(schedule),
  "Schedule1F1B: micro-batches": implied(schedule === "1F1B", microBatches >= pp),
  "ScheduleInterleaved1F1B: rounds":
    implied(schedule === "Interleaved1F1B", microBatches % Math.max(1, Math.floor(microBatches / pp)) === 0)
})

type Quantize = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> | undefined>>

/** register_model_converter, and the converters of torchtitan/components/quantization. */
function quantizeRules(config: TorchtitanConfig): Rules {
  const { pp, cp } = degreesOf(config)
  const converters = (config["model"]?.["converters"] ?? []) as ReadonlyArray<string>
  const tables = (config["quantize"] ?? {}) as Quantize
  const recipe = (kind: string) => tables["linear"]?.[kind]?.["recipe_name"]
  const known = ["linear", "grouped_mm"].flatMap((part) => ["float8", "mx"].map((kind) => `quantize.${part}.${kind}`))
  return {
    "protocols/model_converter.py: names": converters.every((name) => known.includes(name)),
    "config/job_config.py, Float8Linear: recipe":
      [undefined, "tensorwise", "rowwise", "rowwise_with_gw_hp"].includes(recipe("float8") as string | undefined),
    "torchao/prototype/mx_formats/config.py, MXLinearRecipeName": [
      undefined, "mxfp8_emulated", "mxfp8_cublas", "mxfp4_emulated", "mxfp4_cutlass"
    ].includes(recipe("mx") as string | undefined),
    "components/quantization/float8.py, Float8GroupedMMConverter":
      implied(converters.includes("quantize.grouped_mm.float8"), pp === 1 && cp === 1),
    "every converter has its table": converters.every((name) => {
      const [, part, kind] = name.split(".")
      return tables[part!]?.[kind!] !== undefined
    })
  }
}
