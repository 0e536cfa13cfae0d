/** A catalogue of one part of each kind, enough to decode scenarios against. Invented figures. */
import type { Accelerator } from "../../models/hardware/accelerator.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { Part } from "../../models/hardware/part.ts"

const part = (id: string): Part => ({
  id, name: id.toUpperCase(), vendor: "ACME", availability: { status: "shipping", date: null }, notes: null,
  evidence: [{
    fields: ["powerMaxW"], title: "ACME", url: null, confidence: "datasheet", verification: "read", method: null
  }]
})

const accelerator: Accelerator = {
  ...part("a1"), family: "acme", bf16Tflops: 1000, fp8Tflops: 2000, fp4Tflops: null, int8Tops: null, memoryGB: 100,
  memoryPhysicalGB: 100, memoryGBps: 4000, computeUnits: 100, powerMaxW: 1000, powerTypicalW: null, powerIdleW: null,
  scaleUpProtocol: "nvlink5", scaleUpGBps: 900, scaleUpLinks: 18, scaleUpTopologies: ["switched-1"], nativeHbd: 8,
  maxHbd: 72, sharedLanes: null, scaleOutGbps: 400, scaleOutMaxGbps: 400, priceUsd: 30_000, priceLowUsd: 25_000,
  priceHighUsd: 35_000
}

export const smallCatalog: Catalog = {
  accelerators: [accelerator, { ...accelerator, ...part("a2"), memoryGB: null }],
  systems: [{
    ...part("a1-node"), kind: "node", accelerator: "a1", accelerators: 8, block: null, hostPowerMaxW: 2000,
    hostPowerIdleW: 500, hostMemoryGB: 2000, hostLinkGBps: 64, rackUnits: 8, weightKg: 130, cooling: "air",
    scaleUpSwitch: "up1", scaleUpSwitches: 4, hostPriceUsd: 50_000, hostPriceLowUsd: 40_000, hostPriceHighUsd: 60_000,
    racks: null, scaleUpDomain: 8, referenceNic: "n1", referenceNicsPerAccelerator: 1, referenceSwitch: "s1",
    publishedPowerMaxW: null, publishedPowerTypicalW: null, publishedPriceUsd: null
  }],
  switches: [],
  nics: [{
    ...part("n1"), protocols: ["ethernet"], totalGbps: 400, ports: [{ portGbps: 400, ports: 1 }], integrated: false,
    accelerators: null, powerMaxW: 25, powerIdleW: 15, priceUsd: 1700, priceLowUsd: 1500, priceHighUsd: 2000
  }],
  interconnects: [],
  coolingClasses: [{
    ...part("hall-air"), cooling: "air", rackPowerMaxKW: 40, airRackPowerMaxKW: 40, rackUnits: 42, rackWeightMaxKg: 1500, pue: 1.4,
    pueLow: 1.3, pueHigh: 1.5, pueByClimate: { cold: 1.35, temperate: 1.4, warm: 1.45, hot: 1.55 }, floorM2PerRack: 2.5
  }, {
    ...part("hall-liquid"), cooling: "liquid", rackPowerMaxKW: 140, airRackPowerMaxKW: 30, rackUnits: 48, rackWeightMaxKg: 2000, pue: 1.15,
    pueLow: 1.1, pueHigh: 1.2, pueByClimate: { cold: 1.1, temperate: 1.15, warm: 1.2, hot: 1.25 }, floorM2PerRack: 3
  }],
  facilities: [],
  models: [{
    ...part("m1"), parametersB: 8, activeParametersB: 8,
    training: { sequence: 8192, globalBatch: 1024, tokens: 15e12 },
    shape: {
      name: "M1", layers: 32, hidden: 4096, heads: 32, kvHeads: 8, headDim: 128, ffn: 14_336, vocab: 128_256,
      gatedMlp: true, attention: "GQA", tiedEmbeddings: false, mtpLayers: 0, moe: null, mla: null, slidingWindow: null
    }
  }]
}
