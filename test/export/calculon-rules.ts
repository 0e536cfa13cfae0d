/** What Calculon refuses (calculon-ai/calculon, calculon/llm/llm.py), each rule with the function that checks it. */

type Values = Readonly<Record<string, unknown>>

export interface CalculonFiles {
  readonly application: Values
  readonly execution: Values
  readonly system: Values
}

export const readCalculon = (files: Readonly<Record<string, string>>): CalculonFiles => {
  const part = (name: string) => JSON.parse(files[`${name}.json`]!) as Values
  return { application: part("application"), execution: part("execution"), system: part("system") }
}

const implied = (premise: boolean, conclusion: boolean) => !premise || conclusion

export function calculonRefusals({ application: app, execution: exe, system }: CalculonFiles): ReadonlyArray<string> {
  const number = (key: string) => Number(exe[key])
  const [tp, pp, dp] = [number("tensor_par"), number("pipeline_par"), number("data_par")]
  const [chunks, micro] = [number("pipeline_interleaving"), number("microbatch_size")]
  const blocks = Math.ceil(Number(app["num_blocks"]) / pp)
  const offloads = ["weight_offload", "activations_offload", "optimizer_offload"].some((key) => exe[key] === true)
  const scattered = exe["tensor_par_comm_type"] !== "ar"
  const rules = {
    "Execution: processors": number("num_procs") === tp * pp * dp,
    "Execution: batch": number("batch_size") % dp === 0 && (number("batch_size") / dp) % micro === 0,
    "Execution: attention": ["multihead", "multiquery"].includes(String(exe["attention_type"])),
    "Execution: recompute": ["full", "attn_only", "none"].includes(String(exe["activation_recompute"])),
    "Execution: interleaving without a pipeline": implied(pp === 1, chunks === 1),
    "Execution: optimiser sharding": implied(exe["optimizer_sharding"] === true, dp > 1),
    "Execution: overlap of data parallelism": implied(exe["data_par_overlap"] === true, dp > 1),
    "Execution: communication": ["ar", "p2p_rs_ag", "rs_ag"].includes(String(exe["tensor_par_comm_type"])),
    "Execution: repeated all-gather": implied(
      exe["seq_par_ag_redo"] === true, exe["tensor_par_comm_type"] === "rs_ag" && exe["activation_recompute"] !== "full"
    ),
    "compile: chunks of a stage": Number.isInteger(chunks) && chunks > 0 && blocks % chunks === 0,
    "compile: blocks to offload": implied(offloads, blocks > 2),
    "compile: tokens over tp": implied(scattered, (micro * Number(app["seq_size"])) % tp === 0),
    "Application: whole numbers": Object.values(app).every((value) => typeof value === "string" || Number.isInteger(value)),
    "_check_network_assignments": networksHold(exe, system)
  }
  return Object.entries(rules).filter(([, holds]) => !holds).map(([rule]) => rule)
}

function networksHold(exe: Values, system: Values): boolean {
  const networks = system["networks"] as ReadonlyArray<{ readonly size: number }>
  const used = networks.map(() => 1)
  const placed = ["tensor", "pipeline", "data"].every((dimension) => {
    const [degree, net] = [Number(exe[`${dimension}_par`]), Number(exe[`${dimension}_par_net`])]
    if (net >= networks.length) return false
    used[net]! *= degree
    return true
  })
  return placed && networks.every(({ size }, net) => used[net]! <= size)
}
