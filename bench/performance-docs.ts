/** Redraws the pictures of docs/performance-model.md from the model and the published runs. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { Schema } from "effect"
import type { Accelerator } from "../models/hardware/accelerator.ts"
import { constantsFor } from "../models/performance/constants.ts"
import { explainStep } from "../models/performance/explanation.ts"
import type { StepExplanation } from "../models/performance/explanation.ts"
import type { Mapping } from "../models/performance/mapping.ts"
import type { ModelShape } from "../models/workload/model-shape.ts"
import { Measurements } from "../src/validation/measurement.ts"
import { plotErrors, plotPredictions, plotWaterfall } from "../src/validation/plots.ts"
import { validateMeasurements } from "../src/validation/report.ts"
import { cases } from "./performance-cases.ts"

const root = new URL("../", import.meta.url)

const llama: ModelShape = {
  name: "Llama-3.1 405B", layers: 126, hidden: 16384, heads: 128, kvHeads: 8, headDim: 128, ffn: 53248, vocab: 128256,
  gatedMlp: true, attention: "GQA", tiedEmbeddings: false, mtpLayers: 0, moe: null, mla: null, slidingWindow: null
}

/**
 * "The Llama 3 Herd of Models" (arXiv 2407.21783), table 4: 16,384 H100, 2,048 sequences of 8,192 tokens, 41 % MFU. The
 * number of virtual stages is not stated: the deepest is taken.
 */
export function llamaStep(): StepExplanation {
  const mapping: Mapping = {
    tp: 8, cp: 1, ep: 1, etp: 1, pp: 16, vpp: 8, dp: 128, microBatch: 1, sequenceParallel: true, recompute: "none",
    sharding: { stage: 2, group: "all" }, offload: "none", order: "tp-cp-dp-pp"
  }
  const workload = { model: llama, precision: "bf16", sequence: 8192, globalBatch: 2048, tokens: 15.6e12 } as const
  return explainStep(workload, cases[0]!.machine, mapping, constantsFor("hopper"))
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, root), "utf8"))
}

/** Writes the three pictures into docs/images. */
export function drawPerformance(): void {
  const catalog = readJson("instances/catalog/accelerators.json") as { readonly entries: ReadonlyArray<Accelerator> }
  const rows = Schema.decodeUnknownSync(Measurements)(readJson("instances/published/training.json"))
  const report = validateMeasurements(rows, catalog.entries, constantsFor)
  const pictures = {
    "performance-waterfall.svg": plotWaterfall("Llama 3.1 405B on 16,384 H100: a step from peak to achieved", llamaStep()),
    "performance-predictions.svg": plotPredictions(report.rows),
    "performance-errors.svg": plotErrors(report.rows)
  }
  mkdirSync(new URL("docs/images/", root), { recursive: true })
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(new URL(`docs/images/${name}`, root), `${svg}\n`)
}
