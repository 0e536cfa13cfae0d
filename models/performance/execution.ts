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
   * tuned by the silicon's vendor or as well (Megatron with Transformer Engine, XLA): GEMM kernels chosen for
   * it; else a general stack
   */
  readonly tuned: boolean
  /**
   * tensor-parallel communication exposed; in the backward pass beside the gradients of weights (Megatron since
   * 2021); or in chunks beside the GEMM it feeds (Transformer Engine, XLA)
   */
  readonly tensorOverlap: "none" | "backward" | "pipelined"
  /**
   * flash attention by the silicon vendor's kernels or as good ones (cuDNN, FlashAttention-3, XLA), by
   * FlashAttention-2, or by the first one's algorithm in Triton
   */
  readonly attention: "vendor" | "flash2" | "triton"
  /** operators run one by one, as PyTorch does without a compiler: each of Adam's is a pass of its own */
  readonly eager: boolean
  /** how much of a step is replayed from captured graphs instead of launched kernel by kernel */
  readonly graphs: "none" | "layers" | "step"
  /** expert all-to-all of one micro-batch runs beside the computation of another */
  readonly expertOverlap: boolean
  /** experts' exchange by a fused dispatcher that sends a token once per HBD; else a plain all-to-all */
  readonly fusedDispatch: boolean
  /** context parallelism by a ring only (Megatron's default), or by all-to-all where that is quicker */
  readonly contextExchange: "ring" | "either"
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
   * bytes of optimiser state per parameter: fp32 master weight and two moments, or of the master only the 16
   * bits that its bf16 copy lacks (Apex DistributedFusedAdam's `store_param_remainders`, as NeMo sets it)
   */
  readonly stateBytes: 12 | 10
  /** bytes of a logit: bf16 and fp32, or bf16 alone where the loss is fused into its neighbours (XLA) */
  readonly logitBytes: 6 | 2
  /** the loss is computed in one pass each way, not by operators on fp32 logits */
  readonly fusedLoss: boolean
  /** what ZeRO-3 gathers at once: a whole layer (FSDP), or one weight after the other (XLA, DeepSpeed) */
  readonly shardedUnit: "layer" | "weight"
  /**
   * DeepSpeed's bf16 optimiser: gradients are added to fp32 buffers by a pass of their own every micro-batch, not
   * in the GEMM's epilogue, and these buffers are all-reduced whole, though state is sharded
   */
  readonly wideGradients: boolean
  /** updated parameters go out by one broadcast per shard instead of one all-gather */
  readonly gathersByBroadcast: boolean
  /** what selective recomputation recomputes; full and none ignore it */
  readonly recomputeModules: ReadonlyArray<RecomputeModule>
}

/** What a planner can expect of today's stacks. */
export const modernExecution: Execution = {
  fused: true,
  tuned: true,
  tensorOverlap: "pipelined",
  attention: "vendor",
  eager: false,
  graphs: "layers",
  expertOverlap: true,
  fusedDispatch: true,
  contextExchange: "either",
  fp8Attention: false,
  recomputesTail: true,
  recomputeShare: 1,
  gradientBytes: 4,
  stateBytes: 12,
  logitBytes: 6,
  fusedLoss: false,
  shardedUnit: "layer",
  wideGradients: false,
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
