/** A recommendation with every part filled in, for tests of what is written and shown. Invented figures. */
import { Result } from "effect"
import type { Alternative, LayoutSummary, Recommendation } from "../../models/design-space/recommendation.ts"
import type { BomLine } from "../../models/facility/bill-of-materials.ts"
import type { Mapping } from "../../models/performance/mapping.ts"
import { decodeScenario } from "../../src/scenario/decode.ts"
import { smallCatalog } from "../scenario/small-catalog.ts"

const scenario = Result.getOrThrow(decodeScenario({
  name: "invented-hall", workload: { model: "m1" },
  sites: [{ name: "hall", power: { limitMW: 20 }, racks: 160, capitalUsd: 1e9 }],
}, smallCatalog))

const layout: LayoutSummary = {
  accelerator: "a1",
  host: "a1-node",
  hbd: {
    size: 72, tiers: 1, topology: "switched-1", dims: [], switch: "up1", switches: 18, planes: 18, GBpsPerAccelerator: 900,
    media: ["nvlink-backplane"]
  },
  scaleOut: {
    topology: "clos", tiers: 2, nic: "n1", nicsPerAccelerator: 1, GbpsPerAccelerator: 800, switch: "s1",
    switches: { leaf: 144, spine: 72, core: 0, total: 216 }, rails: 8, planes: 1, oversubscription: [1],
    media: ["dr8-800", "dac-800"], ladders: { endpoint: ["dac-800", "dr8-800"], trunk: ["dac-800", "dr8-800"] }
  },
  hbds: 144, accelerators: 10_368, idleAccelerators: 128, racks: 158,
  sites: [{ site: "hall", hbds: 144, accelerators: 10_368, racks: 158, pue: 1.15 }],
  links: []
}

const mapping: Mapping = {
  tp: 8, cp: 1, ep: 1, etp: 1, pp: 4, vpp: 2, dp: 320, microBatch: 1, sequenceParallel: true, recompute: "selective",
  sharding: { stage: 1, group: "all" }, offload: "none", order: "tp-cp-dp-pp"
}

const alternative = (kind: string, why: string): Alternative => ({
  kind, why, sentence: "96 HBDs of 64 a1 on a rail-optimised fabric of two tiers with a name that goes on and on",
  layout: { ...layout, hbds: 96 }, mapping, objectiveValue: 4.1e6, tokensPerS: 4.1e6, stepTimeS: 4.09, itPowerMW: 17.2,
  capexUsd: 5.1e8, crossFabricBytes: 3e10, memoryGB: 71
})

const line: BomLine = {
  site: "hall", side: "accelerator", role: "accelerator", part: "a1", name: `A1, "the big one"`, count: 10_368,
  powerMaxW: 1000, powerIdleW: 200, rackUnits: 0, weightKg: 0, priceUsd: 30_000, priceLowUsd: 25_000,
  priceHighUsd: 35_000, pue: 1.15, estimates: ["priceUsd"]
}

export const inventedRecommendation: Recommendation = {
  formatVersion: 1,
  status: "feasible",
  limit: "time",
  conflict: null,
  objective: {
    name: "maximizeThroughput", unit: "tokens/s", sense: "maximize", value: 4.62e6, bound: 4.77e6, gap: 0.0314
  },
  layout,
  mapping: { ...mapping, world: 10_240, microBatches: 4, ranksPerHbd: 72 },
  performance: {
    stepTimeS: 3.63, tokensPerS: 4.62e6, tokensPerSPerAccelerator: 446, daysToTrain: 37.6, mfu: 0.412,
    memory: {
      parametersGB: 25.3, gradientsGB: 12.6, optimizerGB: 0.24, activationsGB: 31.5, buffersGB: 2.1, totalGB: 71.7,
      limitGB: 94
    },
    breakdown: [
      { name: "matrix products at peak", timeS: 1.5 }, { name: "matrix products below peak", timeS: 0.7 },
      { name: "attention", timeS: 0.3 }, { name: "memory-bound operators", timeS: 0.35 },
      { name: "tensor parallel, exposed", timeS: 0.2 }, { name: "pipeline bubble", timeS: 0.28 },
      { name: "gradient reduction, exposed", timeS: 0.12 }, { name: "optimiser", timeS: 0.03 },
      { name: "padding of the last micro-batch", timeS: 0.1 }, { name: "pipeline transfers, exposed", timeS: 0.05 }
    ],
    evidence: "derived"
  },
  programme: null,
  split: {
    scaleUp: {
      GBpsPerAccelerator: 900, bytesPerStep: 4.1e11, timeS: 0.5, powerW: 1.1e6, capexUsd: 6.2e7, utilization: 0.13
    },
    scaleOut: {
      GBpsPerAccelerator: 100, bytesPerStep: 2.4e10, timeS: 0.3, powerW: 1.6e6, capexUsd: 5.5e7, utilization: 0.07
    },
    scaleAcross: null,
    dimensions: [{
      dimension: "tp", degree: 8, fabric: "scale-up", scaleUpBytes: 4e11, scaleOutBytes: 0, timeS: 0.4, exposedS: 0.2
    }, {
      dimension: "dp", degree: 320, fabric: "both", scaleUpBytes: 1e10, scaleOutBytes: 2.3e10, timeS: 0.3,
      exposedS: 0.12
    }, {
      dimension: "pp", degree: 4, fabric: "scale-out", scaleUpBytes: 0, scaleOutBytes: 1e9, timeS: 0.1, exposedS: 0.05
    }]
  },
  resources: [
    { name: "facility power", path: "$.sites[0].power.limitMW", unit: "MW", used: 19.8, limit: 20, boundPrice: 2.4e5,
      worthUp: 2.3e5, worthDown: 2.5e5, increment: 1, range: null, estimated: true },
    { name: "racks", path: "$.sites[0].racks", unit: "racks", used: 158, limit: 160, boundPrice: 0, worthUp: 0,
      worthDown: 3e4, increment: 1, range: null, estimated: false },
    { name: "capital", path: "$.sites[0].capitalUsd", unit: "USD", used: 6.1e8, limit: 1e9, boundPrice: 1e-3,
      worthUp: null, worthDown: null, increment: null, range: null, estimated: true },
    { name: "IT power", path: "$.sites[0].power", unit: "MW", used: 17.3, limit: null, boundPrice: null, worthUp: null,
      worthDown: null, increment: null, range: null, estimated: true }
  ],
  floor: [{
    site: "hall", rows: 8, racksPerRow: 21,
    cables: [{ medium: "m1", cables: 20_736, totalM: 512_000, longestM: 61.6, reachM: 500 }]
  }],
  bom: [line, { ...line, side: "allowance", role: "storage", part: null, name: "storage", estimates: [] }],
  money: {
    capexUsd: 6.1e8, capexLowUsd: 5e8, capexHighUsd: 7.4e8, energyUsdPerYear: 1.2e7, maintenanceUsdPerYear: 1.8e7,
    tcoUsd: 7.6e8, tcoLowUsd: 6e8, tcoHighUsd: 1.1e9, usdPerMillionTokens: 1.04, usdPerAcceleratorHour: 1.67, carbonKgPerYear: 7e7, averagePowerMW: 17.9
  },
  prices: {
    matter: false, holds: true, ends: [],
    sentence: "None matters: neither the objective nor a limit looks at money."
  },
  baseline: alternative("vendor's reference design", "smaller domains move tensor parallelism to the scale-out fabric"),
  alternatives: [
    alternative("least power", "11 % slower: half the scale-out bandwidth exposes the gradient reduction"),
    alternative("other vendor", "17 % slower, and the explanation of why that is so needs far more than a line of text")
  ],
  dropped: [{ reason: "announced, not in catalog.availability", count: 9, examples: ["a9"] }],
  check: { maxViolation: 0, rows: 14, messages: [] },
  provenance: {
    program: "scale-across", version: "0.0.0", catalogHash: "c", scenarioHash: "s", constantsHash: "k", seed: 1,
    estimates: [{
      part: "a1", field: "priceUsd", value: 30_000, confidence: "third-party-estimate", verification: "estimated",
      method: "street"
    }, {
      part: "s1", field: "powerMaxW", value: 1500, confidence: "third-party-estimate", verification: "recalled",
      method: null
    }]
  },
  scenario
}
