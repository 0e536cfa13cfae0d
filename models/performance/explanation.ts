/**
 * The explained path: one mapping's step as a waterfall from peak to achieved, its memory, and what each
 * dimension carries.
 */
import type { Group } from "../collectives/link.ts"
import type { TrainingWorkload } from "../workload/training.ts"
import type { BlockDetail, LayerDetail } from "./block.ts"
import { blockFigures } from "./block.ts"
import type { Constants } from "./constants.ts"
import { blockContext, stepContext } from "./evaluator.ts"
import type { Execution } from "./execution.ts"
import { modernExecution } from "./execution.ts"
import type { Machine } from "./machine.ts"
import type { Mapping } from "./mapping.ts"
import { writeMemory } from "./memory.ts"
import type { Phase } from "./phase.ts"
import { addPhase, emptyPhase } from "./phase.ts"
import type { Placement } from "./placement.ts"
import { placement } from "./placement.ts"
import { emptyReplicas, setReplicas, shardAll, shardInside } from "./replicas.ts"
import { crossingDimension } from "./site-crossing.ts"
import { type SiteTraffic, siteTraffic } from "./site-traffic.ts"
import type { StageLoad } from "./stage.ts"
import { dealLayers, emptyStageLoad } from "./stage.ts"
import type { StepChoice } from "./step.ts"
import { figure, figureCount, writeStepTime } from "./step.ts"

export type Fabric = "scale-up" | "scale-out" | "both" | "none"

/** What one parallel dimension carries, per accelerator and step. */
export interface DimensionTraffic {
  readonly dimension: "tp" | "cp" | "ep" | "pp" | "dp"
  readonly degree: number
  readonly fabric: Fabric
  readonly bytes: number
  /** exposed: what it adds to the step */
  readonly exposedS: number
}

export interface StepMemory {
  readonly parametersGB: number
  readonly gradientsGB: number
  readonly optimizerGB: number
  readonly activationsGB: number
  readonly buffersGB: number
  readonly totalGB: number
}

export interface StepExplanation {
  readonly stepTimeS: number
  /** model FLOPs over the peak of the training precision; causal attention counted half, recomputation not */
  readonly mfu: number
  readonly microBatches: number
  /**
   * from the arithmetic at the datasheet's peak to the step: the losses in seconds; they sum to `stepTimeS`
   */
  readonly breakdown: ReadonlyArray<{ readonly name: string; readonly timeS: number }>
  readonly memory: StepMemory
  readonly traffic: ReadonlyArray<DimensionTraffic>
  /** null on one site */
  readonly siteTraffic: SiteTraffic | null
  readonly placement: Placement
  readonly evidence: Constants["evidence"]
}

/** Phases of one micro-batch through the whole model: [forward, backward, recompute]. */
function modelPhases(block: BlockDetail, load: StageLoad): { work: Phase; recompute: Phase } {
  const work = emptyPhase()
  const recompute = emptyPhase()
  const add = (layer: LayerDetail, count: number) => {
    addPhase(work, layer.forward, count)
    addPhase(work, layer.backward, count)
    addPhase(recompute, layer.recompute, count)
  }
  add(block.dense, load.layers - load.moeLayers)
  add(block.moe, load.moeLayers)
  add(block.head, load.heads)
  return { work, recompute }
}

function recomputeTime(phase: Phase): number {
  return phase.gemmS + phase.attentionS + phase.memoryS + phase.launchS + phase.tensorS + phase.contextS + phase.expertS
}

function waterfall(
  block: BlockDetail, load: StageLoad, choice: StepChoice, globalBatch: number, out: Float64Array, sitesS: number,
  onOneSite: Float64Array
): StepExplanation["breakdown"] {
  const { work, recompute } = modelPhases(block, load)
  const perStage = out[figure.microBatches]! / choice.pp
  const needed = globalBatch / (choice.dp * choice.microBatch * choice.pp)
  const stage = (seconds: number) => seconds * needed
  const padding = out[figure.stageS]! * (1 - needed / perStage)
  return [
    { name: "arithmetic at peak", timeS: stage(work.idealS) },
    { name: "kernel efficiency", timeS: stage(work.gemmS + work.attentionS - work.idealS) },
    { name: "memory-bound operators", timeS: stage(work.memoryS) },
    { name: "kernel launches", timeS: stage(work.launchS) },
    { name: "recomputation", timeS: stage(recomputeTime(recompute)) },
    { name: "tensor parallel, exposed", timeS: stage(work.tensorS) },
    { name: "context parallel, exposed", timeS: stage(work.contextS) },
    { name: "expert parallel, exposed", timeS: stage(work.expertS) },
    { name: "batch padding", timeS: padding },
    { name: "stage imbalance", timeS: out[figure.imbalanceS]! },
    { name: "pipeline bubble", timeS: out[figure.bubbleS]! },
    { name: "pipeline messages, exposed", timeS: onOneSite[figure.pipelineS]! },
    { name: "parameter sharding, exposed", timeS: onOneSite[figure.shardingS]! },
    { name: "data parallel, exposed", timeS: onOneSite[figure.dataS]! },
    { name: "links between sites, exposed", timeS: sitesS },
    { name: "optimiser", timeS: out[figure.optimizerS]! },
    { name: "offload, exposed", timeS: out[figure.offloadS]! },
    { name: "host", timeS: out[figure.overheadS]! },
    { name: "stragglers", timeS: out[figure.stragglerS]! }
  ]
}

function fabricOf(group: Group): Fabric {
  if (group.inside * group.outside === 1) return "none"
  if (group.outside === 1) return "scale-up"
  return group.inside === 1 ? "scale-out" : "both"
}

function dimensionTraffic(
  mapping: Mapping, place: Placement, block: BlockDetail, load: StageLoad, out: Float64Array
): ReadonlyArray<DimensionTraffic> {
  const microBatches = out[figure.microBatches]!
  const mean = (pick: (layer: LayerDetail) => number) =>
    (microBatches / mapping.pp) * ((load.layers - load.moeLayers) * pick(block.dense) + load.moeLayers * pick(block.moe)
      + load.heads * pick(block.head))
  const exposed = (pick: (phase: Phase) => number) =>
    mean((layer) => pick(layer.forward) + pick(layer.backward) + pick(layer.recompute))
  const crossing = mapping.pp === 1 ? "none" : place.pipelineCrosses ? "scale-out" : "scale-up"
  return [
    {
      dimension: "tp", degree: mapping.tp, fabric: fabricOf(place.tensor),
      bytes: mean((layer) => layer.tensorBytes), exposedS: exposed((phase) => phase.tensorS)
    },
    {
      dimension: "cp", degree: mapping.cp, fabric: fabricOf(place.context),
      bytes: mean((layer) => layer.contextBytes), exposedS: exposed((phase) => phase.contextS)
    },
    {
      dimension: "ep", degree: mapping.ep, fabric: fabricOf(place.expert),
      bytes: mean((layer) => layer.expertBytes), exposedS: exposed((phase) => phase.expertS)
    },
    {
      dimension: "pp", degree: mapping.pp, fabric: crossing,
      bytes: out[figure.pipelineTrafficBytes]!, exposedS: out[figure.pipelineS]!
    },
    {
      dimension: "dp", degree: mapping.dp, fabric: fabricOf(place.data),
      bytes: out[figure.dataTrafficBytes]!, exposedS: out[figure.dataS]! + out[figure.shardingS]!
    }
  ]
}

/** Of a step what stages and replicas exchange, exposed, s. */
function exchangeTime(out: Float64Array): number {
  return out[figure.pipelineS]! + out[figure.shardingS]! + out[figure.dataS]!
}

function stepMemory(out: Float64Array): StepMemory {
  return {
    parametersGB: out[figure.parameterBytes]! / 1e9,
    gradientsGB: out[figure.gradientBytes]! / 1e9,
    optimizerGB: out[figure.optimizerBytes]! / 1e9,
    activationsGB: out[figure.activationBytes]! / 1e9,
    buffersGB: out[figure.bufferBytes]! / 1e9,
    totalGB: out[figure.totalBytes]! / 1e9
  }
}

function stepChoice(mapping: Mapping, place: Placement, shardRanks: number): StepChoice {
  const data = emptyReplicas()
  const expertData = emptyReplicas()
  setReplicas(data, place.data.inside, place.data.outside, place.data.span, shardRanks)
  setReplicas(expertData, place.expertData.inside, place.expertData.outside, place.expertData.span, shardRanks)
  return {
    microBatch: mapping.microBatch,
    pp: mapping.pp,
    vpp: mapping.vpp,
    dp: mapping.dp,
    world: mapping.tp * mapping.cp * mapping.pp * mapping.dp,
    stage: mapping.sharding.stage,
    offloadsOptimizer: mapping.offload === "optimizer",
    offloadsActivations: mapping.offload === "activations",
    pipelineCrosses: place.pipelineCrosses,
    pipelineSpansSites: crossingDimension(mapping) === "pp",
    data,
    expertData
  }
}

/**
 * Explains one valid mapping. Computed afresh, without the search's tables: `createEvaluator` must agree to
 * the last bit. `shardRanks` overrides what sharded state spans (a number of ranks) for stacks that shard
 * over part of several HBDs.
 */
export function explainStep(
  workload: TrainingWorkload, machine: Machine, mapping: Mapping, constants: Constants,
  execution: Execution = modernExecution, shardRanks = mapping.sharding.group === "hbd" ? shardInside : shardAll
): StepExplanation {
  const context = blockContext(workload, machine, constants, execution)
  const place = placement(mapping, machine.hbdSize)
  const { tp, cp, ep, etp, microBatch, sequenceParallel, recompute } = mapping
  const block = blockFigures(context, {
    tp, cp, ep, etp, microBatch, sequenceParallel, recompute,
    tensor: place.tensor, context: place.context, expert: place.expert
  })
  const choice = stepChoice(mapping, place, shardRanks)
  const load = emptyStageLoad()
  const out = new Float64Array(figureCount)
  dealLayers(workload.model, block, mapping.pp, mapping.vpp, load)
  const steps = stepContext(machine, context)
  writeStepTime(block, choice, load, steps, out)
  writeMemory(block, choice, load, steps, out)
  const onOneSite = new Float64Array(figureCount)
  writeStepTime(block, choice, load, { ...steps, links: { ...steps.links, across: null } }, onOneSite)
  const sitesS = exchangeTime(out) - exchangeTime(onOneSite)
  const breakdown = waterfall(block, load, choice, workload.globalBatch, out, sitesS, onOneSite)
  return {
    stepTimeS: out[figure.stepS]!,
    mfu: breakdown[0]!.timeS / out[figure.stepS]!,
    microBatches: out[figure.microBatches]!,
    breakdown,
    memory: stepMemory(out),
    traffic: dimensionTraffic(mapping, place, block, load, out),
    siteTraffic: siteTraffic(mapping, block, choice, load, steps, out[figure.stepS]! - onOneSite[figure.stepS]!),
    placement: place,
    evidence: constants.evidence
  }
}
