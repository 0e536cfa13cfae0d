/** Mapping searches that a peer has done by enumeration, on the same applications and machines. */
import published from "../instances/published/calculon.json" with { type: "json" }
import { MachineTable, type MappingQuestion } from "../models/design-space/machine-table.ts"
import { fastestMapping } from "../models/design-space/mapping-optimum.ts"
import type { FabricPerformance, Machine } from "../models/performance/machine.ts"
import type { MappingDomains } from "../models/design-space/scenario.ts"
import { measure } from "./timing.ts"

type PublishedCase = (typeof published.cases)[number]

/** Every dimension of the mapping is free but offloading and context parallelism, which the peer's search has not. */
const domains: MappingDomains = {
  tp: null, cp: [1], ep: null, etp: null, pp: null, vpp: null, dp: null, microBatch: null, sequenceParallel: null,
  recompute: null, shardingStage: null, shardingGroup: null, offload: ["none"], order: null
}

function questionOf({ application, globalBatch }: PublishedCase): MappingQuestion {
  const { name, layers, hidden, heads, headDim, feedForward, sequence } = application
  return {
    memoryHeadroom: 0,
    search: { mapping: domains },
    workload: {
      precision: "bf16", sequence, globalBatch, tokens: 1e12,
      model: {
        name, layers, hidden, heads, kvHeads: heads, headDim, ffn: feedForward, vocab: 51_200, gatedMlp: false,
        attention: "MHA", tiedEmbeddings: true, mtpLayers: 0, moe: null, mla: null, slidingWindow: null
      }
    }
  }
}

function machineOf(name: keyof typeof published.systems): Machine {
  const { bf16Tflops, memoryGiB, memoryGBps, scaleUp, scaleOut } = published.systems[name]
  const isHopper = name.startsWith("h100")
  return {
    accelerator: {
      id: name, family: isHopper ? "hopper" : "ampere", bf16Tflops, fp8Tflops: null, fp4Tflops: null, int8Tops: null,
      memoryGB: memoryGiB * 1.073741824, memoryGBps, computeUnits: isHopper ? 132 : 108, powerCapRatio: 1
    },
    hbdSize: scaleUp.size, scaleUp: fabricOf(scaleUp), scaleOut: fabricOf(scaleOut), scaleAcross: null, host: null
  }
}

const fabricOf = ({ GBps, latencyS }: { readonly GBps: number; readonly latencyS: number }): FabricPerformance => ({
  GBps, latencyS, topology: "switched", pairGBps: GBps, dims: [], inNetworkReduction: false, taper: [], railOnly: false
})

/**
 * Seconds to the proven optimum beside the peer's to the end of its enumeration; `runs` samples each, nothing
 * kept between them.
 */
export function benchCalculon(runs: number): void {
  const columns = ["proven, ms", "evaluations", "a second", "step, s", "peer, s", "pruned, s", "candidates", "a second", "step, s"]
  console.log(`${"case".padEnd(32)}${columns.map((column) => column.padStart(13)).join("")}`)
  for (const one of published.cases) {
    const question = questionOf(one)
    const machine = machineOf(one.system as keyof typeof published.systems)
    let evaluations = 0
    const solve = () => {
      evaluations = 0
      const problem = new MachineTable(question).problem(machine, one.accelerators / machine.hbdSize)
      return fastestMapping(problem, (count) => void (evaluations += count))
    }
    const best = solve()
    const { median } = measure(runs, solve)
    const { wallS, prunedWallS, candidates } = one.search
    const cells = [
      median.toFixed(1), evaluations, Math.round(evaluations / median * 1000), best?.stepS.toFixed(3) ?? "none",
      wallS, prunedWallS ?? "–", candidates, Math.round(candidates / wallS), one.best.stepS.toFixed(3)
    ]
    console.log(`${one.id.padEnd(32)}${cells.map((cell) => String(cell).padStart(13)).join("")}`)
  }
}
