import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { exportPlan } from "../../src/export/targets.ts"
import { readCalculon } from "./calculon-rules.ts"
import { densePlan, expertPlan, filesOf, plans } from "./exported-plans.ts"
import { readMegatron } from "./megatron-rules.ts"
import { calculonKeys } from "./published-arguments.ts"

const readScript = (script: string) => readMegatron([script])[0]!

describe.each(plans)("training files of a plan", (plan) => {
  const { mapping, recommendation: { scenario: { workload } } } = plan
  const { tp, cp, pp } = mapping

  it("for Megatron-LM describe the mapping", async () => {
    const { args: read } = readScript((await filesOf("megatron", plan))["megatron.sh"]!)
    const number = (flag: string) => Number(read.get(flag))
    const degrees = ["tensor-model-parallel-size", "context-parallel-size", "pipeline-model-parallel-size"].map(number)
    expect(degrees).toEqual([tp, cp, pp])
    expect(number("global-batch-size")).toBeGreaterThanOrEqual(workload.globalBatch)
    expect(number("num-layers")).toBe(workload.model.layers)
    expect(read.has("num-experts")).toBe(workload.model.moe !== null)
  })

  it("for Megatron-LM set a world of whole nodes", async () => {
    const { world, nodes, perNode } = readScript((await filesOf("megatron", plan))["megatron.sh"]!)
    expect(world).toBe(mapping.world)
    expect(nodes * perNode).toBe(world)
  })

  it("for Calculon have its keys and rates", async () => {
    const { application, execution, system } = readCalculon(await filesOf("calculon", plan))
    const found = [application, execution, system].map((part) => Object.keys(part).sort())
    expect(found).toEqual(calculonKeys.map((keys) => [...keys].sort()))
    for (const network of system["networks"] as ReadonlyArray<{ readonly bandwidth: number, readonly ops: object }>) {
      expect(Object.keys(network).sort()).toEqual(
        ["bandwidth", "efficiency", "latency", "must_be_filled", "ops", "processor_usage", "size"]
      )
      expect(network.bandwidth).toBeGreaterThan(0)
      expect(Object.keys(network.ops).sort()).toEqual(["all_gather", "all_reduce", "p2p", "reduce_scatter"])
    }
    const matrix = system["matrix"] as Readonly<Record<string, { readonly tflops: number }>>
    expect(matrix[String(execution["datatype"])]!.tflops).toBeGreaterThan(0)
  })

  it("for ASTRA-sim span all accelerators, one algorithm a dimension", async () => {
    const files = await filesOf("astra-sim", plan)
    const network = parse(files["network.yml"]!) as Record<string, Array<never>>
    const dims = network["npus_count"] as Array<number>
    expect(dims.reduce((product, npus) => product * npus, 1)).toBe(plan.layout.accelerators)
    for (const key of ["topology", "bandwidth", "latency"]) expect(network[key]).toHaveLength(dims.length)
    for (const topology of network["topology"]!) expect(["Ring", "FullyConnected", "Switch"]).toContain(topology)
    const system = JSON.parse(files["system.json"]!) as Record<string, Array<string>>
    for (const kind of ["all-reduce", "all-gather", "reduce-scatter", "all-to-all"]) {
      expect(system[`${kind}-implementation`]).toHaveLength(dims.length)
    }
  })
})

it("ranks that do not fill their nodes take whole nodes, with a remark", async () => {
  const { hbd } = expertPlan.built.block
  const ranksPerHbd = 2 * hbd.host.accelerators + 1
  const uneven = { ...expertPlan, mapping: { ...expertPlan.mapping, ranksPerHbd, world: 3 * ranksPerHbd } }
  const { files, remarks } = await exportPlan("megatron", uneven)
  expect(readScript(files["megatron.sh"] as string).nodes).toBe(9)
  expect(remarks.join("\n")).toContain(`${ranksPerHbd} ranks of an HBD do not fill nodes of ${hbd.host.accelerators}`)
})

it("a torus reaches ASTRA-sim as a ring per dimension, its bandwidth shared by its links: two in a ring, one between two", async () => {
  const { built } = densePlan
  const scaleUp = { ...built.of.machine.scaleUp, topology: "torus" as const, dims: [2, 4], GBps: 450, pairGBps: 150 }
  const machine = { ...built.of.machine, scaleUp }
  const torus = { ...densePlan, built: { ...built, of: { ...built.of, machine } } }
  const network = parse((await filesOf("astra-sim", torus))["network.yml"]!) as Record<string, Array<unknown>>
  expect(network["topology"]!.slice(0, 2)).toEqual(["Ring", "Ring"])
  expect(network["npus_count"]!.slice(0, 2)).toEqual([2, 4])
  expect(network["bandwidth"]!.slice(0, 2)).toEqual([150, 150])
})

it("experts reach Megatron-LM and TorchTitan with their degrees", async () => {
  const { ep, etp } = expertPlan.mapping
  const { args: read } = readScript((await filesOf("megatron", expertPlan))["megatron.sh"]!)
  expect(read.get("expert-model-parallel-size")).toBe(String(ep))
  expect(read.get("expert-tensor-parallel-size")).toBe(String(etp))
  expect((await filesOf("torchtitan", expertPlan))["torchtitan.toml"]).toContain(`expert_parallel_degree = ${ep}\n`)
})

describe("Megatron-LM's stages", () => {
  const withStages = (pp: number, vpp: number, mtpLayers = 0) => {
    const { recommendation } = densePlan
    const { scenario } = recommendation
    const workload = { ...scenario.workload, model: { ...scenario.workload.model, mtpLayers } }
    return {
      ...densePlan, mapping: { ...densePlan.mapping, pp, vpp },
      recommendation: { ...recommendation, scenario: { ...scenario, workload } }
    }
  }
  const layoutOf = async (pp: number, vpp: number, mtpLayers = 0) => {
    const script = (await filesOf("megatron", withStages(pp, vpp, mtpLayers)))["megatron.sh"]!
    return readScript(script).args.get("pipeline-model-parallel-layout")
  }

  it("are spelt out where layers do not divide, full ones first, every layer once", async () => {
    expect(await layoutOf(5, 1)).toBe("Ettttttt|ttttttt|ttttttt|ttttttt|ttttL")
    expect(await layoutOf(3, 1, 1)).toBe("Ettttttttttt|ttttttttttt|ttttttttttmL")
    expect((await layoutOf(3, 2))!.split("|").length).toBe(6)
  })

  it("are left to Megatron-LM where they divide", async () => {
    expect(await layoutOf(4, 1)).toBeUndefined()
    expect(await layoutOf(17, 1)).toBeUndefined()
  })

  it("that would be empty are dealt evenly instead, and told", async () => {
    expect(await layoutOf(20, 1)).toBe(`E${[...Array(12).fill("tt"), ...Array(8).fill("t")].join("|")}L`)
    const { remarks } = await exportPlan("megatron", withStages(20, 1))
    expect(remarks.join()).toContain("32 layers are dealt evenly to 20 stages")
  })
})

const ofVendor = (vendor: string, name: string) => {
  const { built } = densePlan
  const { hbd } = built.block
  const accelerator = { ...hbd.accelerator, vendor, name }
  return { ...densePlan, built: { ...built, block: { ...built.block, hbd: { ...hbd, accelerator } } } }
}

describe("accelerators that a framework does not run on itself", () => {
  it.each(["megatron", "torchtitan"] as const)("are told by %s", async (target) => {
    const { files, remarks } = await exportPlan(target, ofVendor("Huawei", "Ascend"))
    expect(remarks.join()).toContain("on Ascend it takes a port by Huawei")
    expect(Object.values(files).join()).not.toContain("CUDA")
    expect((await exportPlan(target, densePlan)).remarks.join()).not.toContain("port by")
  })

  it("are not AMD's, whose Megatron-LM asks for one queue as well", async () => {
    const { files, remarks } = await exportPlan("megatron", ofVendor("AMD", "MI300X"))
    expect(files["megatron.sh"]).toContain("export CUDA_DEVICE_MAX_CONNECTIONS=1\n")
    expect(remarks.join()).not.toContain("port by")
  })
})
