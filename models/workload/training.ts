import type { ModelShape } from "./model-shape.ts"

export type Precision =
  | "bf16" | "fp16" | "fp8" | "fp8-delayed" | "fp8-cs" | "fp8-tensorwise" | "fp8-rowwise" | "fp8-blockwise" | "fp8-sc"
  | "mxfp8" | "nvfp4" | "int8"

/** A training job: what is asked of the cluster. */
export interface TrainingWorkload {
  readonly model: ModelShape
  /** of the linear layers' GEMMs; attention and the rest run in bf16 */
  readonly precision: Precision
  /** tokens of one sequence */
  readonly sequence: number
  /** sequences of one optimiser step, fixed */
  readonly globalBatch: number
  /** tokens of the whole run */
  readonly tokens: number
}
