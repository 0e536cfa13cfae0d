/** Models and machines that the tests of the performance model share. */
import type { FabricPerformance, Machine } from "../../../models/performance/machine.ts"
import type { Mapping } from "../../../models/performance/mapping.ts"
import type { ModelShape } from "../../../models/workload/model-shape.ts"
import type { TrainingWorkload } from "../../../models/workload/training.ts"

export const gpt3: ModelShape = {
  name: "GPT-3 175B", layers: 96, hidden: 12288, heads: 96, kvHeads: 96, headDim: 128, ffn: 49152, vocab: 51200,
  gatedMlp: false, attention: "MHA", tiedEmbeddings: true, mtpLayers: 0, moe: null, mla: null, slidingWindow: null
}

export const dense405b: ModelShape = {
  name: "Llama-3.1 405B", layers: 126, hidden: 16384, heads: 128, kvHeads: 8, headDim: 128, ffn: 53248, vocab: 128256,
  gatedMlp: true, attention: "GQA", tiedEmbeddings: false, mtpLayers: 0, moe: null, mla: null, slidingWindow: null
}

export const deepseekV3: ModelShape = {
  name: "DeepSeek-V3", layers: 61, hidden: 7168, heads: 128, kvHeads: 128, headDim: 128, ffn: 18432, vocab: 129280,
  gatedMlp: true, attention: "MLA", tiedEmbeddings: false, mtpLayers: 0, slidingWindow: null,
  moe: { experts: 256, topK: 8, expertFfn: 2048, sharedExperts: 1, sharedFfn: 2048, denseLayers: 3, moeEvery: 1 },
  mla: { qLoraRank: 1536, kvLoraRank: 512, qkNopeHeadDim: 128, qkRopeHeadDim: 64, vHeadDim: 128 }
}

export const switched = (GBps: number, latencyS: number): FabricPerformance => ({
  GBps, latencyS, topology: "switched", pairGBps: GBps, dims: [], inNetworkReduction: false, taper: [], railOnly: false
})

export const h100: Machine = {
  accelerator: {
    id: "h100-sxm", family: "hopper", bf16Tflops: 989, fp8Tflops: 1979, fp4Tflops: null, int8Tops: 1979, memoryGB: 85.5,
    memoryGBps: 3350, computeUnits: 132, powerCapRatio: 1
  },
  hbdSize: 8,
  scaleUp: switched(450, 1e-6),
  scaleOut: switched(50, 5e-6),
  scaleAcross: null,
  host: { memoryGB: 256, linkGBps: 50 }
}

export const workload = (model: ModelShape, globalBatch: number, sequence = 4096): TrainingWorkload => ({
  model, precision: "bf16", sequence, globalBatch, tokens: 1e12
})

export const mapping = (change: Partial<Mapping> = {}): Mapping => ({
  tp: 8, cp: 1, ep: 1, etp: 1, pp: 8, vpp: 1, dp: 16, microBatch: 1, sequenceParallel: true, recompute: "none",
  sharding: { stage: 1, group: "all" }, offload: "none", order: "tp-cp-dp-pp", ...change
})
