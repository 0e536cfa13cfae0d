/**
 * How the training software runs the mapping: facts of a software stack that move the step time, none of them
 * fitted.
 */
import type { Precision } from "../workload/training.ts"

/** A module whose activations are recomputed in the backward pass instead of kept. */
export type RecomputeModule =
  | "core_attn" | "layernorm" | "moe_act" | "mla_up_proj" | "mlp" | "moe" | "shared_expert"

export interface Execution {
  /**
   * flash attention and communication beside computation (since 2022); else scores go through memory,
   * dropout, bias and norm are kernels of their own and every communication is exposed
   */
  readonly fused: boolean
  /**
   * tuned by the silicon's vendor or as well: its GEMM and attention kernels, fused elementwise operators,
   * tensor-parallel communication overlapped (Megatron with Transformer Engine, XLA); else a general stack
   */
  readonly tuned: boolean
  /** how much of a step is replayed from captured graphs instead of launched kernel by kernel */
  readonly graphs: "none" | "layers" | "step"
  /** expert all-to-all of one micro-batch runs beside the computation of another */
  readonly expertOverlap: boolean
  /** experts' exchange by a fused dispatcher that sends a token once per HBD; else a plain all-to-all */
  readonly fusedDispatch: boolean
  /** attention in fp8 too */
  readonly fp8Attention: boolean
  /**
   * full recomputation repeats a layer to its end; false: it stops once every kept tensor is back, which
   * spares the last GEMM (XLA's dead-code elimination, PyTorch's early-stopping checkpoint)
   */
  readonly recomputesTail: boolean
  /** layers that recompute, as a share; 1: all */
  readonly recomputeShare: number
  /** bytes of a gradient kept between micro-batches: fp32, or bf16 */
  readonly gradientBytes: 2 | 4
  /**
   * gradients are added to fp32 buffers by a pass of their own every micro-batch (DeepSpeed), not in the
   * GEMM's epilogue
   */
  readonly separateAccumulation: boolean
  /** updated parameters go out by one broadcast per shard instead of one all-gather */
  readonly gathersByBroadcast: boolean
  /** what selective recomputation recomputes; full and none ignore it */
  readonly recomputeModules: ReadonlyArray<RecomputeModule>
}

/** What a planner can expect of today's stacks. */
export const modernExecution: Execution = {
  fused: true,
  tuned: true,
  graphs: "layers",
  expertOverlap: true,
  fusedDispatch: true,
  fp8Attention: false,
  recomputesTail: true,
  recomputeShare: 1,
  gradientBytes: 4,
  separateAccumulation: false,
  gathersByBroadcast: false,
  recomputeModules: ["layernorm", "moe_act", "mla_up_proj"]
}

/** Width class of a precision's GEMMs. */
export type PrecisionClass = "bf16" | "fp8" | "fp4" | "int8"

export function precisionClass(precision: Precision): PrecisionClass {
  if (precision === "bf16" || precision === "fp16") return "bf16"
  if (precision === "nvfp4") return "fp4"
  return precision === "int8" ? "int8" : "fp8"
}
