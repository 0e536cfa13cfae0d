/** How the model is parallelised. Accelerators in use = tp · cp · pp · dp; ep · etp divides tp · cp · dp. */
export interface Mapping {
  readonly tp: number
  readonly cp: number
  readonly ep: number
  /** tensor parallel inside an expert */
  readonly etp: number
  readonly pp: number
  /** virtual stages per pipeline rank (1: not interleaved) */
  readonly vpp: number
  readonly dp: number
  /** sequences */
  readonly microBatch: number
  readonly sequenceParallel: boolean
  readonly recompute: Recompute
  readonly sharding: Sharding
  /** what is kept in host memory instead of the accelerator's */
  readonly offload: "none" | "optimizer" | "activations"
  readonly order: DimensionOrder
}

export type Recompute = "none" | "selective" | "full"

/**
 * ZeRO stage: 0 nothing, 1 optimiser state, 2 also gradients, 3 also parameters (FSDP). `group` is what it spans: all
 * data-parallel ranks (cp included), or only those of one HBD (HSDP: replicated across HBDs).
 */
export interface Sharding {
  readonly stage: 0 | 1 | 2 | 3
  readonly group: "all" | "hbd"
}

/**
 * Ranks are numbered with the first dimension fastest and laid on HBDs in that order, so the first dimensions lie on the
 * scale-up fabric and the last on the scale-out. Experts are spread over neighbouring ranks of (tp, cp, dp).
 */
export type DimensionOrder = "tp-cp-dp-pp" | "tp-cp-pp-dp"
