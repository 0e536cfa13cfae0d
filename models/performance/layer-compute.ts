/**
 * Computation of one layer on one rank: GEMMs, streaming operators and attention, forward, backward and
 * recomputed.
 */
import type { LayerWork, WorkModule } from "../workload/layer-work.ts"
import type { BlockContext, ComputeChoice } from "./block-choice.ts"
import type { ModelConstants } from "./constants.ts"
import { gemmTime, streamTime } from "./kernels.ts"
import type { Recompute } from "./mapping.ts"
import type { Phase } from "./phase.ts"
import { emptyPhase } from "./phase.ts"

/** Which modules' forward work is repeated in the backward pass. */
export function isRecomputed(context: BlockContext, recompute: Recompute, module: WorkModule): boolean {
  if (recompute === "none") return false
  if (recompute === "full") return true
  const modules: ReadonlyArray<string> = context.execution.recomputeModules
  return modules.includes(module) || (module === "moe_act" && modules.includes("moe"))
}

/** A grouped GEMM of one expert is a plain one; with many it falls to the constant's share. */
function groupedEfficiency(batch: number, common: ModelConstants): number {
  return 1 - (1 - common.groupedGemm) * (1 - 1 / batch)
}

/** Adds a GEMM of the forward pass, and its two of the backward pass, to the phases. */
function addGemms(
  context: BlockContext, choice: ComputeChoice, work: LayerWork, phases: LayerPhases, bf16: boolean
): void {
  const { silicon, constants: { common } } = context
  const peak = bf16 ? silicon.bf16Peak : silicon.linearPeak
  const flops = bf16 ? silicon.bf16Flops : silicon.linearFlops
  const operand = bf16 ? 2 : silicon.operandBytes
  const tail = context.execution.recomputesTail || work.attention !== null ? null : work.gemms.at(-1)
  for (const gemm of work.gemms) {
    const { m, n, k, batch, module } = gemm
    const rate = flops * groupedEfficiency(batch, common)
    const forward = gemmTime(m, n, k, batch, rate, operand, 2, silicon, common)
    const toInput = gemmTime(m, k, n, batch, rate, operand, 2, silicon, common)
    const toWeight = gemmTime(k, n, m, batch, rate, operand, 8, silicon, common)
    const ideal = (2 * m * n * k * batch) / peak
    const cast = bf16 ? 0 : streamTime(silicon.castBytes * m * k * batch, silicon)
    const castBack = bf16 ? 0 : streamTime(silicon.castBytes * m * n * batch, silicon)
    phases.forward.gemmS += forward
    phases.forward.memoryS += cast
    phases.forward.launchS += silicon.kernelGapS
    phases.forward.idealS += ideal
    phases.backward.gemmS += toInput + toWeight
    phases.backward.memoryS += castBack
    phases.backward.launchS += 2 * silicon.kernelGapS
    phases.backward.idealS += 2 * ideal
    if (isRecomputed(context, choice.recompute, module) && gemm !== tail) {
      phases.recompute.gemmS += forward
      phases.recompute.memoryS += cast
      phases.recompute.launchS += silicon.kernelGapS
    }
  }
}

function addStreams(context: BlockContext, choice: ComputeChoice, work: LayerWork, phases: LayerPhases): void {
  const { silicon, execution, constants: { common } } = context
  const passes = execution.fused ? common.streamPasses : 1
  for (const { forwardBytes, backwardBytes, kernels, module } of work.streams) {
    const launches = kernels * silicon.kernelGapS
    const forward = streamTime(passes * forwardBytes, silicon)
    phases.forward.memoryS += forward
    phases.backward.memoryS += streamTime(passes * backwardBytes, silicon)
    phases.forward.launchS += launches
    phases.backward.launchS += launches
    if (isRecomputed(context, choice.recompute, module)) {
      phases.recompute.memoryS += forward
      phases.recompute.launchS += launches
    }
  }
}

/**
 * Flash attention: backward recomputes the scores, 2.5 times the forward's FLOPs (Dao, arXiv 2307.08691);
 * unfused: 2 times.
 */
function addAttention(context: BlockContext, choice: ComputeChoice, work: LayerWork, phases: LayerPhases): void {
  if (work.attention === null) return
  const { silicon } = context
  const { fused } = context.execution
  const { flops } = work.attention
  const forward = flops / (fused ? silicon.attentionForwardFlops : silicon.bf16Flops)
  const backward = fused ? (2.5 * flops) / silicon.attentionBackwardFlops : (2 * flops) / silicon.bf16Flops
  phases.forward.attentionS += forward
  phases.backward.attentionS += backward
  phases.forward.launchS += silicon.kernelGapS
  phases.backward.launchS += 2 * silicon.kernelGapS
  phases.forward.idealS += flops / silicon.bf16Peak
  phases.backward.idealS += (2 * flops) / silicon.bf16Peak
  if (isRecomputed(context, choice.recompute, "core_attn")) {
    phases.recompute.attentionS += forward
    phases.recompute.launchS += silicon.kernelGapS
  }
}

export interface LayerPhases {
  readonly forward: Phase
  readonly backward: Phase
  readonly recompute: Phase
}

export function emptyPhases(): LayerPhases {
  return { forward: emptyPhase(), backward: emptyPhase(), recompute: emptyPhase() }
}

/** Phases as numbers, to be kept in large tables. */
export function packPhases({ forward, backward, recompute }: LayerPhases): Float64Array {
  const packed = new Float64Array(24)
  packPhase(forward, packed, 0)
  packPhase(backward, packed, 8)
  packPhase(recompute, packed, 16)
  return packed
}

function packPhase(phase: Phase, packed: Float64Array, at: number): void {
  packed[at] = phase.idealS
  packed[at + 1] = phase.gemmS
  packed[at + 2] = phase.attentionS
  packed[at + 3] = phase.memoryS
  packed[at + 4] = phase.launchS
  packed[at + 5] = phase.tensorS
  packed[at + 6] = phase.contextS
  packed[at + 7] = phase.expertS
}

export function unpackPhases(packed: Float64Array): LayerPhases {
  const phases = emptyPhases()
  refillPhases(packed, phases)
  return phases
}

export function refillPhases(packed: Float64Array, { forward, backward, recompute }: LayerPhases): void {
  refillPhase(packed, 0, forward)
  refillPhase(packed, 8, backward)
  refillPhase(packed, 16, recompute)
}

function refillPhase(packed: Float64Array, at: number, phase: Phase): void {
  phase.idealS = packed[at]!
  phase.gemmS = packed[at + 1]!
  phase.attentionS = packed[at + 2]!
  phase.memoryS = packed[at + 3]!
  phase.launchS = packed[at + 4]!
  phase.tensorS = packed[at + 5]!
  phase.contextS = packed[at + 6]!
  phase.expertS = packed[at + 7]!
}

/** Adds a block's computation. */
export function addWork(
  context: BlockContext, choice: ComputeChoice, work: LayerWork, phases: LayerPhases, bf16 = false
): void {
  addGemms(context, choice, work, phases, bf16)
  addStreams(context, choice, work, phases)
  addAttention(context, choice, work, phases)
}
