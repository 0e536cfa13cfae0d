/**
 * Lower bounds on the step time of every mapping, from the arithmetic of the model alone. Closer ones, of cuts, pipelines and
 * runs, are beside their search (`design-space/mapping-run.ts`).
 */
import { attentionBlock, expertBlock, feedForwardBlock, headBlock } from "../workload/layer-work.ts"
import type { LayerWork, Slice } from "../workload/layer-work.ts"
import { moeLayers, parameterCount } from "../workload/parameters.ts"
import type { BlockContext } from "./block-choice.ts"
import type { Evaluator } from "./evaluator.ts"
import { optimizerTraffic } from "./step.ts"

/**
 * Seconds of a part's GEMMs and attention at the best sustained rates, all three passes, per token of one
 * rank.
 */
function arithmeticTime(context: BlockContext, work: LayerWork, bf16: boolean): number {
  const { silicon, execution, constants: { common } } = context
  const rate = (bf16 ? silicon.bf16Flops : silicon.linearFlops) * Math.max(1, common.groupedGemm)
  let seconds = 0
  for (const { m, n, k, batch } of work.gemms) seconds += (6 * m * n * k * batch) / rate
  if (work.attention !== null) {
    const { flops } = work.attention
    seconds += execution.fused
      ? flops / silicon.attentionForwardFlops + (2.5 * flops) / silicon.attentionBackwardFlops
      : (3 * flops) / silicon.bf16Flops
  }
  return seconds
}

/** Arithmetic of one sequence through the whole model on one accelerator, s; and its kernels' launch gaps. */
function sequenceFloor(context: BlockContext): { arithmeticS: number; launchS: number } {
  const shape = context.workload.model
  const { sequence } = context.workload
  const fused = context.execution.fused
  const slice: Slice = {
    tp: 1, ep: 1, etp: 1, tokens: sequence, regionTokens: sequence, sequence, inputBytes: 2, fused,
    fusedLoss: context.execution.fusedLoss
  }
  const attention = attentionBlock(shape, slice)
  const dense = feedForwardBlock(shape, slice, shape.ffn)
  const head = headBlock(shape, slice)
  const experts = shape.moe === null ? null : expertBlock(shape, slice)
  const withExperts = shape.moe === null ? 0 : moeLayers(shape) + shape.mtpLayers
  const layers = shape.layers + shape.mtpLayers
  const heads = 1 + shape.mtpLayers
  const sum = (cost: (work: LayerWork, bf16: boolean) => number) =>
    layers * cost(attention, false) + (layers - withExperts) * cost(dense, false)
    + (experts === null ? 0 : withExperts * cost(experts, false)) + heads * cost(head, true)
  const gap = context.silicon.kernelGapS
  const launches = (work: LayerWork) =>
    gap * (3 * work.gemms.length + 2 * work.streams.reduce((n, stream) => n + stream.kernels, 0)
      + (work.attention === null ? 0 : 3))
  return { arithmeticS: sum((work, bf16) => arithmeticTime(context, work, bf16)), launchS: sum(launches) }
}

/**
 * Seconds of a step with at most `accelerators` in use. The arithmetic of the batch is
 * shared at best evenly and runs at best at the sustained rate of an endless GEMM; one micro-batch passes
 * through every layer's kernels one after the other, whatever the parallelism; the host's work once a step is
 * never hidden.
 */
export function boundByAccelerators(evaluator: Evaluator, accelerators: number): number {
  const { block, step } = evaluator
  const { arithmeticS, launchS } = sequenceFloor(block)
  const shared = (step.globalBatch * arithmeticS) / accelerators
  return Math.max(shared, launchS) + updateWork(evaluator) / accelerators + block.constants.common.stepOverheadS
}

/** Accelerator-seconds that no step undercuts: its arithmetic and its update of the parameters, shared without loss. */
export function arithmeticWork(evaluator: Evaluator): number {
  return evaluator.step.globalBatch * sequenceFloor(evaluator.block).arithmeticS + updateWork(evaluator)
}

function updateWork({ step }: Evaluator): number {
  return (optimizerTraffic * parameterCount(step.shape).total) / step.memoryBps
}
