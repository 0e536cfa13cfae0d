/** How the training software runs the mapping: facts of a software stack that move the step time, none of them fitted. */
import type { Precision } from "../workload/training.ts"

/** A module whose activations are recomputed in the backward pass instead of kept. */
export type RecomputeModule =
  | "core_attn" | "layernorm" | "moe_act" | "mla_up_proj" | "mlp" | "moe" | "shared_expert"

export interface Execution {
  /**
   * `unfused`: scores in memory, separate dropout, bias and norm kernels, every communication exposed (before 2022);
   * `fused`: flash attention and fused elementwise kernels; `tuned`: also vendor kernels and overlapped tensor-parallel
   * communication (Transformer Engine, XLA and what came after).
   */
  readonly kernels: "unfused" | "fused" | "tuned"
  /** how much of a step is replayed from captured graphs instead of launched kernel by kernel */
  readonly graphs: "none" | "layers" | "step"
  /** expert all-to-all of one micro-batch runs beside the computation of another */
  readonly expertOverlap: boolean
  /** experts' exchange by a fused dispatcher that sends a token once per HBD; else a plain all-to-all */
  readonly fusedDispatch: boolean
  /** attention in fp8 too */
  readonly fp8Attention: boolean
  /** what selective recomputation recomputes; full and none ignore it */
  readonly recomputeModules: ReadonlyArray<RecomputeModule>
}

/** What a planner can expect of today's stacks. */
export const modernExecution: Execution = {
  kernels: "tuned",
  graphs: "layers",
  expertOverlap: true,
  fusedDispatch: true,
  fp8Attention: false,
  recomputeModules: ["layernorm", "moe_act", "mla_up_proj"]
}

/** Width class of a precision's GEMMs. */
export type PrecisionClass = "bf16" | "fp8" | "fp4" | "int8"

export function precisionClass(precision: Precision): PrecisionClass {
  if (precision === "bf16" || precision === "fp16") return "bf16"
  if (precision === "nvfp4") return "fp4"
  return precision === "int8" ? "int8" : "fp8"
}
