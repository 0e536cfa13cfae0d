/**
 * The two cases on which evaluations per second are counted: a dense and a sparse model on the machines they
 * were made for.
 */
import type { FabricPerformance, Machine } from "../models/performance/machine.ts"
import type { Mapping } from "../models/performance/mapping.ts"
import type { ModelShape } from "../models/workload/model-shape.ts"
import type { TrainingWorkload } from "../models/workload/training.ts"

export interface PerformanceCase {
  readonly name: string
  readonly workload: TrainingWorkload
  readonly machine: Machine
  readonly accelerators: number
}

const gpt3: ModelShape = {
  name: "GPT-3 175B", layers: 96, hidden: 12288, heads: 96, kvHeads: 96, headDim: 128, ffn: 49152, vocab: 51200,
  gatedMlp: false, attention: "MHA", tiedEmbeddings: true, mtpLayers: 0, moe: null, mla: null, slidingWindow: null
}

const deepseek: ModelShape = {
  name: "DeepSeek-V3", layers: 61, hidden: 7168, heads: 128, kvHeads: 128, headDim: 128, ffn: 18432, vocab: 129280,
  gatedMlp: true, attention: "MLA", tiedEmbeddings: false, mtpLayers: 1, slidingWindow: null,
  moe: { experts: 256, topK: 8, expertFfn: 2048, sharedExperts: 1, sharedFfn: 2048, denseLayers: 3, moeEvery: 1 },
  mla: { qLoraRank: 1536, kvLoraRank: 512, qkNopeHeadDim: 128, qkRopeHeadDim: 64, vHeadDim: 128 }
}

function fabric(GBps: number, latencyS: number, inNetworkReduction: boolean): FabricPerformance {
  return {
    GBps, latencyS, topology: "switched", pairGBps: GBps, dims: [], inNetworkReduction, taper: [], railOnly: false
  }
}

const h100: Machine = {
  accelerator: {
    id: "h100-sxm", family: "hopper", bf16Tflops: 989, fp8Tflops: 1979, fp4Tflops: null, int8Tops: 1979, memoryGB: 80,
    memoryGBps: 3350, computeUnits: 132, powerCapRatio: 1
  },
  hbdSize: 8,
  scaleUp: fabric(450, 1e-6, true),
  scaleOut: fabric(50, 5e-6, false),
  scaleAcross: null,
  host: { memoryGB: 256, linkGBps: 50 }
}

const gb200: Machine = {
  accelerator: {
    id: "gb200", family: "blackwell", bf16Tflops: 2500, fp8Tflops: 5000, fp4Tflops: 10000, int8Tops: 5000,
    memoryGB: 186, memoryGBps: 8000, computeUnits: 152, powerCapRatio: 1
  },
  hbdSize: 72,
  scaleUp: fabric(900, 1e-6, true),
  scaleOut: fabric(50, 5e-6, false),
  scaleAcross: null,
  host: { memoryGB: 240, linkGBps: 225 }
}

export const cases: ReadonlyArray<PerformanceCase> = [
  {
    name: "GPT-3 175B on 4,096 H100", accelerators: 4096, machine: h100,
    workload: { model: gpt3, precision: "bf16", sequence: 2048, globalBatch: 1536, tokens: 300e9 }
  },
  {
    name: "DeepSeek-V3 on 2,304 GB200", accelerators: 2304, machine: gb200,
    workload: { model: deepseek, precision: "mxfp8", sequence: 4096, globalBatch: 15360, tokens: 14.8e12 }
  }
]

function divisors(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0)
}

/**
 * Every mapping that uses all accelerators of a case, with tp and cp up to 16 and micro-batches up to 8, in a
 * fixed order.
 */
export function mappings({ accelerators, workload }: PerformanceCase): Mapping[] {
  const all: Mapping[] = []
  const experts = workload.model.moe?.experts ?? 1
  for (const tp of divisors(accelerators).filter((d) => d <= 16)) {
    for (const cp of divisors(accelerators / tp).filter((d) => d <= 4)) {
      for (const pp of divisors(accelerators / tp / cp).filter((d) => d <= workload.model.layers)) {
        const dp = accelerators / tp / cp / pp
        for (const ep of divisors(experts).filter((d) => (tp * cp * dp) % d === 0)) {
          for (const vpp of [1, 2, 4].filter((v) => v === 1 || (pp > 1 && pp * v <= workload.model.layers))) {
            for (const microBatch of [1, 2, 4, 8].filter((m) => m * dp <= workload.globalBatch)) {
              for (const recompute of ["none", "selective", "full"] as const) {
                for (const stage of [0, 1, 3] as const) {
                  for (const order of ["tp-cp-dp-pp", "tp-cp-pp-dp"] as const) {
                    all.push({
                      tp, cp, ep, etp: 1, pp, vpp, dp, microBatch, sequenceParallel: tp > 1, recompute,
                      sharding: { stage, group: "all" }, offload: "none", order
                    })
                  }
                }
              }
            }
          }
        }
      }
    }
  }
  return all
}
