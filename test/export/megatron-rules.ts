/** What Megatron-LM itself refuses of its arguments and environment, each rule with where the reader checks it. */
import { run } from "./outside-reader.ts"
import { megatronArguments, megatronFlags } from "./published-arguments.ts"

export interface MegatronRun {
  /** flag and, where it has one, value */
  readonly args: ReadonlyMap<string, string | null>
  readonly world: number
  readonly nodes: number
  readonly perNode: number
  /** what CUDA_DEVICE_MAX_CONNECTIONS holds after a shell that had it at 1 has read the script */
  readonly connections: string
}

/** Runs of scripts, as bash reads them: one shell for all of them. */
export function readMegatron(scripts: ReadonlyArray<string>): ReadonlyArray<MegatronRun> {
  const show = `printf '%s\\0' "$WORLD_SIZE" "$NNODES" "$NPROC_PER_NODE" "$CUDA_DEVICE_MAX_CONNECTIONS" "\${MEGATRON_ARGS[@]}"`
  const input = scripts.map((script) => `(\n${script}\n${show}\nprintf '\\1'\n)\n`).join("")
  return run("bash", ["-s"], `export CUDA_DEVICE_MAX_CONNECTIONS=1\n${input}`).split("\u0001").slice(0, -1).map((text) => {
    const [world, nodes, perNode, connections, ...words] = text.split("\0").slice(0, -1)
    const args = new Map<string, string | null>()
    words.forEach((word, i) => {
      if (!word.startsWith("--")) return
      const next = words[i + 1]
      args.set(word.slice(2), next === undefined || next.startsWith("--") ? null : next)
    })
    return { args, world: Number(world), nodes: Number(nodes), perNode: Number(perNode), connections: connections! }
  })
}

type Rules = Readonly<Record<string, boolean>>

/** Rules of NVIDIA/Megatron-LM that a run breaks, by file and function. */
export const megatronRefusals = (read: MegatronRun): ReadonlyArray<string> =>
  [parserRules, argumentRules, expertRules, stageRules, scheduleRules].flatMap((rules) => Object.entries(rules(read)))
    .filter(([, holds]) => !holds).map(([rule]) => rule)

const implied = (premise: boolean, conclusion: boolean) => !premise || conclusion

const readerOf = ({ args }: MegatronRun) => ({
  has: (flag: string) => args.has(flag),
  number: (flag: string, otherwise = 1) => (args.has(flag) ? Number(args.get(flag)) : otherwise)
})

const degrees = (read: MegatronRun) => {
  const { number } = readerOf(read)
  const [tp, pp] = [number("tensor-model-parallel-size"), number("pipeline-model-parallel-size")]
  const cp = number("context-parallel-size")
  return { tp, pp, cp, dp: read.world / (tp * pp * cp) }
}

/** arguments.py, parse_args: flags it has, with values where it takes them. */
const parserRules = ({ args }: MegatronRun): Rules => Object.fromEntries([...args].map(([flag, value]) =>
  [`arguments.py: --${flag}`, (value === null ? megatronFlags : megatronArguments).includes(flag)]))

function argumentRules(read: MegatronRun): Rules {
  const { has, number } = readerOf(read)
  const { tp, pp, cp, dp } = degrees(read)
  const [fsdp, sequence] = [has("use-megatron-fsdp"), number("seq-length")]
  const one = (...flags: ReadonlyArray<string>) => flags.filter(has).length <= 1
  return {
    "arguments.py, validate_args: world size": read.world % (tp * pp * cp) === 0,
    "core/num_microbatches_calculator.py: global batch": number("global-batch-size") % (number("micro-batch-size") * dp) === 0,
    "arguments.py, validate_args: Megatron-FSDP and connections": implied(fsdp, read.connections !== "1"),
    "arguments.py, validate_args: tp or cp and connections, before Blackwell":
      implied((tp > 1 || cp > 1) && !fsdp, read.connections === "1"),
    "arguments.py, validate_args: Megatron-FSDP and checkpoints":
      fsdp === (read.args.get("ckpt-format") === "fsdp_dtensor"),
    "Megatron-Bridge, training/config.py, validate: Megatron-FSDP and order": implied(fsdp, !has("use-tp-pp-dp-mapping")),
    "arguments.py, validate_args: overlapped gather":
      implied(has("overlap-param-gather"), has("use-distributed-optimizer") && has("overlap-grad-reduce")),
    "arguments.py, validate_args: offloaded optimiser":
      implied(has("optimizer-cpu-offload"), has("use-precision-aware-optimizer")),
    "core/optimizer/optimizer_config.py: precision-aware optimiser":
      implied(has("use-precision-aware-optimizer"), has("use-distributed-optimizer")),
    "arguments.py, validate_args: one precision": one("fp16", "bf16") && one("fp8-format", "fp4-format"),
    "arguments.py, _add_transformer_engine_args: recipe":
      implied(has("fp8-format"), ["tensorwise", "delayed", "mxfp8", "blockwise"].includes(read.args.get("fp8-recipe") ?? "")),
    "arguments.py, validate_args: sequence over cp": implied(cp > 1, sequence % (2 * cp) === 0),
    "arguments.py, validate_args: positions": number("max-position-embeddings") >= sequence,
    "arguments.py, validate_args: selective recompute":
      implied(read.args.get("recompute-granularity") === "selective", !has("recompute-method")),
    "core/transformer/transformer_config.py: heads over tp": number("num-attention-heads") % tp === 0
  }
}

function expertRules(read: MegatronRun): Rules {
  const { has, number } = readerOf(read)
  const { tp, pp, cp, dp } = degrees(read)
  const instances = number("num-distributed-optimizer-instances")
  const [moe, ep, etp] = [
    has("num-experts"), number("expert-model-parallel-size"), number("expert-tensor-parallel-size", tp)
  ]
  return {
    "arguments.py, validate_args: experts over ep": implied(ep > 1, moe && number("num-experts") % ep === 0 && !has("fp16")),
    "arguments.py, validate_args: grouped GEMM": implied(has("moe-grouped-gemm"), has("bf16")),
    "core/parallel_state.py, initialize_model_parallel: expert ranks": implied(moe, read.world % (etp * ep * pp) === 0),
    "core/parallel_state.py, initialize_model_parallel: instances of the optimiser":
      (cp * dp) % instances === 0 && (!moe || (read.world / (etp * ep * pp)) % instances === 0),
    "core/transformer/moe/moe_layer.py, forward: tp without sp": implied(moe && tp > 1, has("sequence-parallel"))
  }
}

const countOf = (text: string, letter: string) => text.split(letter).length - 1

function stageRules(read: MegatronRun): Rules {
  const { has, number } = readerOf(read)
  const { pp } = degrees(read)
  const [layout, layers, mtp] = [
    read.args.get("pipeline-model-parallel-layout"), number("num-layers"), number("mtp-num-layers", 0)
  ]
  if (layout === undefined || layout === null) {
    const slots = layers + Number(has("account-for-embedding-in-pipeline-split")) +
      Number(has("account-for-loss-in-pipeline-split"))
    return {
      "arguments.py, validate_args: layers over pp": slots % pp === 0,
      "core/transformer/transformer_config.py: layers over chunks":
        (slots / pp) % number("num-virtual-stages-per-pipeline-rank") === 0
    }
  }
  const stages = layout.split("|")
  const file = "core/transformer/pipeline_parallel_layer_layout.py, validate_layer_layout"
  return {
    "arguments.py, validate_args: one way to say chunks": !has("num-virtual-stages-per-pipeline-rank"),
    "arguments.py, validate_args: stages of a layout over pp": stages.length % pp === 0,
    [`${file}: ends`]: /^E[^E]*$/.test(layout) && /^[^L]*L$/.test(layout),
    [`${file}: layers`]: countOf(layout, "t") === layers && countOf(layout, "m") === mtp,
    [`${file}: prediction modules last, on one stage`]: /^[^m]*m*L$/.test(layout),
    "every stage holds something": stages.every((stage) => stage.length > 0)
  }
}

/** core/pipeline_parallel/schedules.py, forward_backward_pipelining_with_interleaving. */
function scheduleRules(read: MegatronRun): Rules {
  const { number } = readerOf(read)
  const { pp, dp } = degrees(read)
  const layout = read.args.get("pipeline-model-parallel-layout")
  const chunks = typeof layout === "string"
    ? layout.split("|").length / pp
    : number("num-virtual-stages-per-pipeline-rank")
  const microBatches = number("global-batch-size") / (number("micro-batch-size") * dp)
  const group = number("microbatch-group-size-per-virtual-pipeline-stage", pp)
  const left = microBatches % group
  return {
    "arguments.py, validate_args: interleaving without a pipeline": implied(chunks > 1, pp > 1),
    "schedules.py: size of a group": implied(chunks > 1, group >= pp && group <= microBatches),
    "schedules.py: the last group": implied(chunks > 1, left === 0 || left >= pp)
  }
}
