/**
 * The step time of a row: as measured, or what its TFLOP/s or MFU means by the source's own counting of
 * FLOPs.
 */
import { precisionClass } from "../../models/performance/execution.ts"
import type { ModelShape } from "../../models/workload/model-shape.ts"
import { parameterCount } from "../../models/workload/parameters.ts"
import type { Run } from "./run.ts"

export interface MeasuredStep {
  readonly seconds: number
  readonly basis: "step time" | "TFLOP/s" | "MFU"
}

/** Matrix FLOPs of one token, forward and backward: six per parameter, the embedding's lookup left out. */
function matrixFlops(shape: ModelShape): number {
  const count = parameterCount(shape)
  return 6 * (count.active + (shape.tiedEmbeddings ? 0 : -count.embedding))
}

/**
 * FLOPs of one step by a source's convention: attention over the whole square unless it says causal;
 * "hardware" FLOPs count full recomputation as a second forward pass.
 */
function conventionalFlops(run: Run): number {
  const { model, sequence, globalBatch } = run.workload
  const words = run.row.measured.flopConvention ?? ""
  const attention = 12 * model.layers * model.heads * model.headDim * sequence * (/CAUSAL|causal/.test(words) ? 0.5 : 1)
  const repeated = /HARDWARE/.test(words) && run.row.recompute.kind === "full" ? 4 / 3 : 1
  return (matrixFlops(model) + attention) * repeated * sequence * globalBatch
}

/** Peak the sources divide by, FLOP/s: bf16, or fp8 where they train in it. */
function conventionalPeak(run: Run): number {
  const { accelerator } = run.machine
  const narrow = precisionClass(run.workload.precision) !== "bf16" && accelerator.fp8Tflops !== null
  return (narrow ? accelerator.fp8Tflops ?? accelerator.bf16Tflops : accelerator.bf16Tflops) * 1e12
}

/** What to compare a prediction with; null where the row states none of the three. */
export function measuredStep(run: Run): MeasuredStep | null {
  const { stepTimeS, tflopsPerGpu, mfu } = run.row.measured
  if (stepTimeS !== null) return { seconds: stepTimeS, basis: "step time" }
  const flops = conventionalFlops(run) / run.row.gpus
  if (tflopsPerGpu !== null) return { seconds: flops / (tflopsPerGpu * 1e12), basis: "TFLOP/s" }
  if (mfu !== null) return { seconds: flops / (mfu * conventionalPeak(run)), basis: "MFU" }
  return null
}
