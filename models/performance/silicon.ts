/**
 * What an accelerator sustains: the datasheet's peaks times the constants of its family, ready for the kernel
 * formulas.
 */
import type { Precision } from "../workload/training.ts"
import type { Accelerator } from "../hardware/accelerator.ts"
import type { ConstantsFile, FamilyConstants, ModelConstants } from "./constants.ts"
import { constantsFile } from "./constants.ts"
import type { Execution } from "./execution.ts"
import { precisionClass } from "./execution.ts"
import type { AcceleratorPerformance } from "./machine.ts"

export interface Silicon {
  /** FLOP/s of the datasheet at the linear layers' precision, and in bf16 */
  readonly linearPeak: number
  readonly bf16Peak: number
  /** FLOP/s a large GEMM sustains at the linear layers' precision, and in bf16 */
  readonly linearFlops: number
  readonly bf16Flops: number
  readonly attentionForwardFlops: number
  readonly attentionBackwardFlops: number
  /** bytes/s of a streaming kernel */
  readonly memoryBps: number
  /** tiles run at once; null where the array is one (TPU): no waves */
  readonly computeUnits: number | null
  /** idle of the device between two dependent kernels, s */
  readonly kernelGapS: number
  /** fixed cost of a GEMM tile, as extra length of its inner dimension in bf16 */
  readonly fixedK: number
  /** bytes of one element of a linear layer's operand */
  readonly operandBytes: number
  /**
   * bytes moved to bring one bf16 element of an operand into the linear layers' precision, both orientations
   */
  readonly castBytes: number
}

/** Peak of a precision; an unsupported one runs in the next wider that the silicon has. */
export function peakTflops(accelerator: AcceleratorPerformance, precision: Precision): number {
  const bf16 = accelerator.bf16Tflops
  const kind = precisionClass(precision)
  if (kind === "int8") return accelerator.int8Tops ?? accelerator.fp8Tflops ?? bf16
  const fp8 = accelerator.fp8Tflops ?? bf16
  if (kind === "fp4") return accelerator.fp4Tflops ?? fp8
  return kind === "fp8" ? fp8 : bf16
}

/**
 * The precision that linear layers really run in: the asked one where the silicon has it, else the next
 * wider.
 */
function supportedClass(accelerator: AcceleratorPerformance, precision: Precision): "bf16" | "fp8" | "fp4" {
  const kind = precisionClass(precision)
  if (kind === "int8") return accelerator.int8Tops !== null || accelerator.fp8Tflops !== null ? "fp8" : "bf16"
  if (kind === "fp4" && accelerator.fp4Tflops !== null) return "fp4"
  return kind !== "bf16" && accelerator.fp8Tflops !== null ? "fp8" : "bf16"
}

/**
 * Bytes read and written per element to quantise an operand, by recipe: delayed scaling reads 2 and writes
 * the value and its transpose (2); current scaling reads once more for the maximum; block recipes write
 * scales too, and fp4 rotates first (Transformer Engine user guide, "Low precision training").
 */
function castBytesPerElement(precision: Precision): number {
  switch (precision) {
    case "bf16":
    case "fp16":
      return 0
    case "fp8":
    case "fp8-delayed":
      return 4
    case "fp8-cs":
    case "fp8-tensorwise":
    case "fp8-rowwise":
    case "int8":
      return 6
    case "mxfp8":
    case "fp8-blockwise":
    case "fp8-sc":
      return 6.25
    case "nvfp4":
      return 8.25
  }
}

/**
 * Members of a catalogue family whose matrix units are another design: TPU v6e and v7 have 256 × 256 arrays,
 * those before 128 × 128.
 */
const generations: Readonly<Record<string, string>> = { "tpu-v6e": "tpu-v6", "tpu-v7": "tpu-v6" }

/** The key of an accelerator's constants. */
export function siliconFamily(accelerator: Pick<Accelerator, "id" | "family">): string {
  return generations[accelerator.id] ?? accelerator.family
}

/**
 * Power of an accelerator per FLOP/s of its peak, over that of its family's uncapped member; at most 1.
 * Products of one silicon differ in it (a 500 W H100, a 1,000 W B200 against a 1,400 W GB300), and with it in
 * the clock they hold under load.
 */
export function powerCapRatio(
  accelerator: Pick<Accelerator, "family" | "powerMaxW" | "bf16Tflops">, file: ConstantsFile = constantsFile
): number {
  const { family, powerMaxW, bf16Tflops } = accelerator
  const entries = file.families[family]
  if (entries === undefined || powerMaxW === null || bf16Tflops === null) return 1
  const reference = entries.wattsPerTflop.value
  return reference === 0 ? 1 : Math.min(1, powerMaxW / bf16Tflops / reference)
}

/**
 * Clock under a power cap: dynamic power falls with the square to the cube of the clock, hence an exponent
 * below 1.
 */
function cappedClock(accelerator: AcceleratorPerformance, constants: ModelConstants): number {
  return accelerator.powerCapRatio >= 1 ? 1 : accelerator.powerCapRatio ** constants.powerCapExponent
}

export function sustainedSilicon(
  accelerator: AcceleratorPerformance,
  precision: Precision,
  execution: Execution,
  constants: ModelConstants,
  family: FamilyConstants
): Silicon {
  const clock = cappedClock(accelerator, constants)
  const kind = supportedClass(accelerator, precision)
  const linearPeak = peakTflops(accelerator, precision) * 1e12
  const bf16Peak = accelerator.bf16Tflops * 1e12
  const efficiency = kind === "bf16" ? family.gemmBf16 : kind === "fp8" ? family.gemmFp8 : family.gemmFp4
  const general = execution.tuned ? 1 : constants.genericGemm
  const attention = (execution.attention === "vendor" ? 1 : family.flash2)
    * (execution.attention === "triton" ? constants.tritonAttention : 1)
    * (execution.fp8Attention && accelerator.fp8Tflops !== null ? constants.fp8AttentionGain : 1)
  const graphGap = execution.graphs === "none" ? 1 : execution.graphs === "layers" ? 0.5 : 0.25
  return {
    linearPeak,
    bf16Peak,
    linearFlops: linearPeak * efficiency * clock * general,
    bf16Flops: bf16Peak * family.gemmBf16 * clock * general,
    attentionForwardFlops: bf16Peak * family.attentionForward * attention * clock,
    attentionBackwardFlops: bf16Peak * family.attentionBackward * attention * clock,
    memoryBps: accelerator.memoryGBps * 1e9 * family.memory,
    computeUnits: accelerator.computeUnits,
    kernelGapS: constants.kernelGapS * graphGap,
    fixedK: family.arrayDepth > 0 ? family.arrayDepth : constants.gemmFixedK,
    operandBytes: kind === "bf16" ? 2 : kind === "fp8" ? 1 : 0.5625,
    castBytes: kind === "bf16" ? 0 : castBytesPerElement(precision)
  }
}
