/** What block figures are computed from: the decisions they depend on, and what a whole search shares. */
import type { Group, Links } from "../collectives/link.ts"
import type { TrainingWorkload } from "../workload/training.ts"
import type { ComputeTable } from "./block.ts"
import type { Constants } from "./constants.ts"
import type { Execution } from "./execution.ts"
import type { Recompute } from "./mapping.ts"
import type { Silicon } from "./silicon.ts"

/** The decisions that a block's computation depends on. */
export interface ComputeChoice {
  readonly tp: number
  readonly cp: number
  readonly ep: number
  readonly etp: number
  readonly microBatch: number
  readonly sequenceParallel: boolean
  readonly recompute: Recompute
}

/** The decisions a block depends on. */
export interface BlockChoice extends ComputeChoice {
  readonly tensor: Group
  readonly context: Group
  readonly expert: Group
}

/** Everything that stays the same over a mapping search. */
export interface BlockContext {
  readonly workload: TrainingWorkload
  readonly silicon: Silicon
  readonly links: Links
  readonly execution: Execution
  readonly constants: Constants
  /** layers computed so far; contexts of one workload, silicon and execution may share it */
  readonly computed: ComputeTable
}
