/** The exports that say how a model is mapped, held against what their readers refuse, over the mappings the planner allows. */
import { describe, expect, it } from "vitest"
import type { ExportSource } from "../../src/export/export-source.ts"
import { exportCalculon } from "../../src/export/calculon.ts"
import { exportMegatron } from "../../src/export/megatron.ts"
import { exportTorchtitan } from "../../src/export/torchtitan.ts"
import { calculonRefusals, readCalculon } from "./calculon-rules.ts"
import { densePlan, expertPlan, plans } from "./exported-plans.ts"
import { pipelined, sharded, vary } from "./mapping-sweep.ts"
import { megatronRefusals, readMegatron } from "./megatron-rules.ts"
import { hasProgram } from "./outside-reader.ts"
import { readTorchtitan, torchtitanRefusals } from "./torchtitan-rules.ts"

const all = [...plans, ...pipelined, ...sharded]
const modelOf = ({ recommendation }: ExportSource) => recommendation.scenario.workload.model

/** Rules that some plans break, each with the first of these. */
function broken(refusals: ReadonlyArray<ReadonlyArray<string>>): Readonly<Record<string, string>> {
  const first: Record<string, string> = {}
  refusals.forEach((rules, i) => {
    for (const rule of rules) first[rule] ??= JSON.stringify({ layers: modelOf(all[i]!).layers, ...all[i]!.mapping })
  })
  return first
}

const text = (file: string | Uint8Array | undefined) => file as string
const megatron = (plan: ExportSource) => text(exportMegatron(plan).files["megatron.sh"])
const torchtitan = (plan: ExportSource) => text(exportTorchtitan(plan).files["torchtitan.toml"])
const calculon = (plan: ExportSource) => readCalculon(exportCalculon(plan).files as Record<string, string>)

it("the mappings are many and of every kind", () => {
  expect(all.length).toBeGreaterThan(800)
  const some = (holds: (plan: ExportSource) => boolean) => all.filter(holds).length
  expect(some(({ mapping: { pp, vpp } }) => pp > 1 && vpp === 1)).toBeGreaterThan(50)
  expect(some(({ mapping: { vpp } }) => vpp > 1)).toBeGreaterThan(50)
  expect(some(({ mapping: { pp, vpp, microBatches } }) => vpp > 1 && microBatches % pp > 0)).toBeGreaterThan(50)
  expect(some((plan) => modelOf(plan).layers % (plan.mapping.pp * plan.mapping.vpp) > 0)).toBeGreaterThan(50)
  for (const stage of [0, 1, 2, 3]) expect(some(({ mapping }) => mapping.sharding.stage === stage)).toBeGreaterThan(50)
  expect(some((plan) => modelOf(plan).moe !== null && plan.mapping.ep > 1)).toBeGreaterThan(50)
})

it("Megatron-LM takes them", () => {
  expect(broken(readMegatron(all.map(megatron)).map(megatronRefusals))).toEqual({})
})

it.skipIf(!hasProgram("python3"))("TorchTitan takes them", () => {
  const read = readTorchtitan(all.map(torchtitan))
  expect(broken(read.map((config, i) => torchtitanRefusals(config, modelOf(all[i]!).layers, all[i]!.mapping.world)))).toEqual({})
})

it("Calculon takes them", () => {
  expect(broken(all.map((plan) => calculonRefusals(calculon(plan))))).toEqual({})
})

/** The dense plan with a pipeline: layers, stages, chunks, micro-batches. */
const piped = (layers: number, pp: number, vpp: number, microBatches: number) =>
  vary(densePlan, { microBatches, model: { layers }, mapping: { pp, vpp, tp: 1, cp: 1, dp: 2, sequenceParallel: false } })

describe("the rules refuse what the readers do", () => {
  const without = (text: string, part: RegExp) => {
    expect(text).toMatch(part)
    return text.replaceAll(part, "")
  }
  const ofMegatron = (script: string) => megatronRefusals(readMegatron([script])[0]!).join()
  const ofTorchtitan = (toml: string, layers: number, world: number) =>
    torchtitanRefusals(readTorchtitan([toml])[0]!, layers, world).join()

  it("of Megatron-LM: a last group too small, one queue under Megatron-FSDP", () => {
    const script = megatron(piped(30, 3, 2, 5))
    expect(ofMegatron(script)).toBe("")
    expect(ofMegatron(without(script, / --microbatch-group.*/g))).toContain("the last group")
    const sharding = { stage: 2, group: "all" } as const
    const zero2 = megatron(vary(densePlan, { microBatches: 8, mapping: { pp: 1, vpp: 1, tp: 2, sharding } }))
    expect(ofMegatron(zero2)).toBe("")
    expect(ofMegatron(without(zero2, /^unset .*$/gm))).toContain("Megatron-FSDP and connections")
  })

  it.skipIf(!hasProgram("python3"))("of TorchTitan: stages that weigh the ends, tables and recipes of other releases", () => {
    const staged = torchtitan(piped(80, 2, 2, 8))
    expect(ofTorchtitan(staged, 80, 4)).toBe("")
    expect(ofTorchtitan(without(staged, /^.*_less_layers.*$/gm), 80, 4)).toContain("stages over pp")
    const mapping = { tp: 1, pp: 1, vpp: 1, dp: 2 }
    const quantized = torchtitan(vary(densePlan, { microBatches: 8, precision: "mxfp8", mapping }))
    expect(ofTorchtitan(quantized, 32, 2)).toBe("")
    expect(ofTorchtitan(without(quantized, /quantize\.linear\./g), 32, 2)).toContain("config/manager.py: mx.recipe_name")
    expect(ofTorchtitan(without(quantized, /_cublas/g), 32, 2)).toContain("MXLinearRecipeName")
  })

  it("of Calculon: chunks that do not divide a stage", () => {
    const files = calculon(piped(61, 3, 11, 12))
    expect(calculonRefusals(files)).toEqual([])
    const execution = { ...files.execution, pipeline_interleaving: 11 }
    expect(calculonRefusals({ ...files, execution })).toEqual(["compile: chunks of a stage"])
  })
})

describe("what a reader cannot say of a pipeline is told", () => {
  const [group, rounds] = ["--microbatch-group-size-per-virtual-pipeline-stage", "Interleaved1F1B"]

  it("groups of micro-batches: the fewest that Megatron-LM takes", () => {
    expect(megatron(piped(30, 3, 2, 5))).toContain(`${group} 5\n`)
    expect(megatron(piped(32, 4, 2, 26))).toContain(`${group} 7\n`)
    expect(exportMegatron(piped(30, 3, 2, 5)).remarks.join()).toContain("2 more chunks than the plan counts")
    expect(megatron(piped(32, 4, 2, 24))).not.toContain(group)
  })

  it("micro-batches that do not go in whole rounds: 1F1B", () => {
    expect(torchtitan(piped(32, 2, 2, 8))).toContain(`"${rounds}"`)
    expect(torchtitan(piped(32, 2, 2, 7))).toContain(`schedule = "1F1B"`)
    expect(exportTorchtitan(piped(32, 2, 2, 7)).remarks.join()).toContain("7 micro-batches do not divide into 3 rounds")
    expect(exportTorchtitan(piped(32, 2, 2, 8)).remarks.join()).not.toContain("rounds")
  })

  it("fewer micro-batches than stages: GPipe", () => {
    expect(torchtitan(piped(32, 4, 1, 2))).toContain(`schedule = "GPipe"`)
    expect(exportTorchtitan(piped(32, 4, 1, 2)).remarks.join()).toContain("GPipe")
  })

  it("stages that full ones first would leave empty: named evenly", () => {
    const toml = torchtitan(piped(61, 3, 11, 12))
    expect(toml).toContain(`[["tok_embeddings","layers.0","layers.1"],["layers.2","layers.3"]`)
    expect(toml).toContain(`["layers.60","norm","output"]]`)
    expect(exportTorchtitan(piped(61, 3, 11, 12)).remarks.join()).toContain("61 layers evenly to 33 stages")
  })

  it("chunks that do not divide a stage: Calculon's next fewer", () => {
    expect(calculon(piped(61, 3, 11, 12)).execution["pipeline_interleaving"]).toBe(7)
    expect(exportCalculon(piped(61, 3, 11, 12)).remarks.join()).toContain("11 chunks do not divide the 21 blocks")
    expect(exportCalculon(piped(60, 3, 10, 12)).remarks.join()).not.toContain("chunks")
  })
})

describe("experts", () => {
  const withExperts = (mapping: Partial<ExportSource["mapping"]>) => vary(expertPlan, {
    microBatches: 8, precision: "fp8", mapping: { tp: 4, cp: 1, pp: 1, vpp: 1, dp: 8, ep: 8, etp: 1, ...mapping }
  })

  it("that shards do not hold are sharded further by TorchTitan, with a remark", () => {
    const plan = withExperts({ sharding: { stage: 0, group: "all" } })
    expect(torchtitan(plan)).toContain("data_parallel_shard_degree = 2\n")
    expect(exportTorchtitan(plan).remarks.join()).toContain("with 1 shards became ep 8, etp 1 with 2")
  })

  it("keep their degrees where TorchTitan takes them", () => {
    const plan = withExperts({ sharding: { stage: 3, group: "all" } })
    expect(torchtitan(plan)).toContain("expert_parallel_degree = 8\nexpert_tensor_parallel_degree = 1\n")
    expect(exportTorchtitan(plan).remarks.join()).not.toContain("became ep")
  })

  it("are quantised where their prototype takes the mapping, else told", () => {
    expect(torchtitan(withExperts({}))).toContain("[quantize.grouped_mm.float8]\nfqns = [\"experts\"]\n")
    const staged = withExperts({ pp: 2 })
    expect(torchtitan(staged)).not.toContain("grouped_mm")
    expect(exportTorchtitan(staged).remarks.join()).toContain("here they stay in bf16")
  })
})

it("state that HBDs hold once each: as often as experts allow in Megatron-LM, over whole context groups in TorchTitan", () => {
  const sharding = { stage: 1, group: "hbd" } as const
  const experts = vary(expertPlan, {
    microBatches: 8, outside: 4, mapping: { tp: 1, cp: 1, pp: 1, vpp: 1, dp: 16, ep: 8, etp: 1, sharding }
  })
  expect(megatron(experts)).toContain("--num-distributed-optimizer-instances 2\n")
  expect(exportMegatron(experts).remarks.join()).toContain("do not divide over 4 HBDs: the sharded state is held 2 times")
  const apart = vary(densePlan, { microBatches: 8, outside: 8, mapping: { tp: 1, cp: 4, pp: 1, vpp: 1, dp: 4, sharding } })
  expect(torchtitan(apart)).toContain("data_parallel_shard_degree = 1\n")
  expect(exportTorchtitan(apart).remarks.join()).toContain("shards over all context ranks")
  expect(megatron(apart)).toContain("--num-distributed-optimizer-instances 8\n")
})

it("heads that do not divide are told by both frameworks", () => {
  const uneven = vary(densePlan, { microBatches: 8, mapping: { tp: 5, cp: 1, pp: 1, vpp: 1, dp: 2, sequenceParallel: true } })
  for (const { remarks } of [exportMegatron(uneven), exportTorchtitan(uneven)]) {
    expect(remarks.join("\n")).toMatch(/refuses 32 attention heads over tp 5/)
    expect(remarks.join("\n")).toMatch(/refuses 8 key-value heads over tp 5/)
  }
  expect(exportMegatron(densePlan).remarks.join()).not.toContain("heads")
})
