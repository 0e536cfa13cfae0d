/** Seconds of the layers of a choice alone, for searches that time many: as `block.ts` has them, without their details. */
import type { BlockChoice, BlockContext, ComputeChoice } from "./block-choice.ts"
import { addDenseTraffic, addMoeTraffic, denseCompute, headCompute, type LayerCompute, moeCompute, sliceOf } from "./block.ts"
import { addHeadTensor } from "./layer-communication.ts"
import { emptyPhases, type LayerPhases, refillPhases } from "./layer-compute.ts"
import { addPhase, computeTime, emptyPhase, phaseTime, sharedPhaseTime } from "./phase.ts"

/** One layer of each kind and one head, both passes, s. */
export interface LayerSeconds {
  readonly dense: number
  /** with experts */
  readonly moe: number
  readonly head: number
}

/** With parameters of one rank in one layer: those that tensor parallelism shards, and those of its experts. */
export interface BlockSeconds extends LayerSeconds {
  readonly denseParameters: number
  readonly moeParameters: number
  readonly expertParameters: number
}

/** Refilled for every layer that is only timed. */
const scratch = emptyPhases()

/** As `blockFigures` has them. */
export function blockSeconds(context: BlockContext, choice: BlockChoice): BlockSeconds {
  const slice = sliceOf(context, choice)
  const dense = denseCompute(context, choice, slice)
  refillPhases(dense.phases, scratch)
  addDenseTraffic(context, choice, slice, scratch)
  const denseS = passesTime(context, scratch)
  const isMixed = context.workload.model.moe !== null
  const moe = isMixed ? moeCompute(context, choice, slice) : dense
  const head: BlockChoice = { ...choice, recompute: "none" }
  refillPhases(headCompute(context, head, slice).phases, scratch)
  addHeadTensor(context, head, slice, scratch)
  const headS = passesTime(context, scratch)
  return {
    dense: denseS, moe: isMixed ? expertLayerSeconds(context, choice) : denseS, head: headS,
    denseParameters: dense.parameters, moeParameters: moe.parameters, expertParameters: moe.expertParameters
  }
}

/** Of those the layer with experts: all that changes when these lie elsewhere. */
export function expertLayerSeconds(context: BlockContext, choice: BlockChoice): number {
  const slice = sliceOf(context, choice)
  refillPhases(moeCompute(context, choice, slice).phases, scratch)
  addMoeTraffic(context, choice, slice, scratch)
  return passesTime(context, scratch)
}

/** Adds up as `figures` of `block.ts` does. */
function passesTime({ execution }: BlockContext, { forward, backward, recompute }: LayerPhases): number {
  return phaseTime(forward) + (phaseTime(backward) + sharedPhaseTime(recompute, execution.recomputeShare))
}

/** Seconds that one layer of each kind computes, both passes: what communication, wherever the groups lie, only adds to. */
export function computeFloors(context: BlockContext, choice: ComputeChoice): LayerSeconds {
  const slice = sliceOf(context, choice)
  const dense = computeSeconds(context, denseCompute(context, choice, slice))
  return {
    dense,
    moe: context.workload.model.moe === null ? dense : computeSeconds(context, moeCompute(context, choice, slice)),
    head: computeSeconds(context, headCompute(context, choice, slice))
  }
}

/** Adds up as `figures` of `block.ts` does, so that the sum is no greater than a layer's to the last bit. */
function computeSeconds({ execution }: BlockContext, { phases: packed }: LayerCompute): number {
  refillPhases(packed, scratch)
  const again = addPhase(emptyPhase(), scratch.recompute, execution.recomputeShare)
  return computeTime(scratch.forward) + (computeTime(scratch.backward) + computeTime(again))
}
