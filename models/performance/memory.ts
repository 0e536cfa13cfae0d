/** Memory of the fullest rank: parameters, gradients, optimiser state, activations by schedule, buffers. */
import type { BlockFigures } from "./block.ts"
import type { StageLoad } from "./stage.ts"
import { figure, shardCount } from "./step.ts"
import type { StepChoice, StepContext } from "./step.ts"

/** Mixed-precision Adam (ZeRO, arXiv 1910.02054) keeps a bf16 weight beside the optimiser's state. */
const weightBytes = 2

/** Communication buffers and what kernels keep, bytes. */
const fixedBufferBytes = 0.3e9

/**
 * Layers' activations held at once on the first stage, in layers: 1F1B holds one micro-batch per stage;
 * interleaving adds (pp − 1)/(pp·vpp) (Korthikanti, arXiv 2205.05198, section 4.3).
 */
function heldLayers(full: number, pp: number, vpp: number, microBatches: number): number {
  if (vpp === 1) return full * Math.min(microBatches, pp)
  const chunks = Math.min(microBatches * vpp, pp * vpp + pp - 1)
  return (full / vpp) * chunks
}

/** Layers' activations held at once on the last stage. */
function heldLastLayers(last: number, pp: number, vpp: number, microBatches: number): number {
  const chunks = Math.min(microBatches * vpp, (vpp - 1) * pp + 1)
  return (last / vpp) * chunks
}

function layerBytes(block: BlockFigures, layers: number, withExperts: number, held: number): number {
  if (layers === 0) return 0
  const mean = ((layers - withExperts) * block.dense.activationBytes + withExperts * block.moe.activationBytes) / layers
  return held * mean
}

/** Writes the memory of the fullest rank into `out`, after `writeStepTime`; nothing is allocated. */
export function writeMemory(
  block: BlockFigures, choice: StepChoice, load: StageLoad, context: StepContext, out: Float64Array
): void {
  const { pp, vpp, stage } = choice
  const microBatches = out[figure.microBatches]!
  const { denseParameters, expertParameters } = load
  const own = denseParameters / shardCount(choice.data, choice)
    + expertParameters / shardCount(choice.expertData, choice)
  const all = denseParameters + expertParameters
  const working = Math.max(
    load.full > load.fullMoe ? block.dense.liveBytes - block.dense.activationBytes : 0,
    load.fullMoe > 0 ? block.moe.liveBytes - block.moe.activationBytes : 0
  )
  const first = layerBytes(block, load.full, load.fullMoe, heldLayers(load.full, pp, vpp, microBatches))
  const last = layerBytes(block, load.last, load.lastMoe, heldLastLayers(load.last, pp, vpp, microBatches))
  const onDevice = choice.offloadsActivations ? Math.min(1, 2 / Math.max(1, load.full)) : 1
  const lastPeak = onDevice * last + Math.max(working, block.logitsBytes)
  const activations = pp === 1 ? lastPeak : Math.max(onDevice * first + working, lastPeak)
  out[figure.parameterBytes] = weightBytes * (stage === 3 ? own : all)
  out[figure.gradientBytes] = context.execution.gradientBytes * (stage >= 2 ? own : all)
  out[figure.optimizerBytes] = choice.offloadsOptimizer ? 0 : context.execution.stateBytes * own
  out[figure.activationBytes] = activations
  out[figure.bufferBytes] = fixedBufferBytes + (stage === 3
    ? gatheredBytes(block, load, context)
    : gradientWorkspaceBytes * block.largestWeight)
  let sum = 0
  for (let i: number = figure.parameterBytes; i < figure.totalBytes; i += 1) sum += out[i]!
  out[figure.totalBytes] = sum
}

/** The fp32 gradient of a weight before it is added. */
const gradientWorkspaceBytes = 4

/**
 * ZeRO-3's buffers: the unit in use and the one gathered ahead, and the gradient of a unit before it is
 * scattered; the embedding is a unit of its own that nothing is gathered beside.
 */
function gatheredBytes(block: BlockFigures, load: StageLoad, { execution }: StepContext): number {
  const unit = execution.shardedUnit === "layer" ? largestLayer(block, load) : block.largestWeight
  return weightBytes * Math.max(3 * unit, 2 * block.embeddingParameters)
}

function largestLayer(block: BlockFigures, load: StageLoad): number {
  return Math.max(
    load.full > load.fullMoe ? block.dense.parameters : 0,
    load.fullMoe > 0 ? block.moe.parameters + block.moe.expertParameters : 0
  )
}
