import type { Part, Priced } from "./part.ts"

/** What a scale-up port speaks. A switch serves only what speaks its protocol. */
export type ScaleUpProtocol =
  | "nvlink3" | "nvlink4" | "nvlink5" | "nvlink6" | "nvlink7"
  | "infinity-fabric" | "ualink" | "ici" | "neuronlink" | "ub" | "hccs" | "ethernet"

/** Scale-up topologies. `switched-1`, `switched-2`: one or two tiers of switches; the others are direct links. */
export type ScaleUpTopology =
  | "full-mesh" | "ring" | "torus-2d" | "torus-3d" | "torus-3d-ocs" | "nd-full-mesh" | "switched-1" | "switched-2"

/** An accelerator: what a vendor calls a GPU, NPU or TPU chip. FLOP/s dense; bandwidth one direction. */
export interface Accelerator extends Part, Priced {
  /** silicon family: the key of the performance model's constants ("ampere", "hopper", "blackwell", "cdna3", "tpu", …) */
  readonly family: string
  readonly bf16Tflops: number | null
  readonly fp8Tflops: number | null
  readonly fp4Tflops: number | null
  readonly int8Tops: number | null
  /** usable by a program, decimal GB */
  readonly memoryGB: number | null
  readonly memoryPhysicalGB: number | null
  readonly memoryGBps: number | null
  /** SMs, CUs, cores: what a GEMM's tiles are dealt to in waves */
  readonly computeUnits: number | null
  /** device with its memory: TDP or maximum configured power; provisioned */
  readonly powerMaxW: number | null
  readonly powerTypicalW: number | null
  readonly powerIdleW: number | null
  readonly scaleUpProtocol: ScaleUpProtocol
  /** all scale-up links together, one direction */
  readonly scaleUpGBps: number | null
  /** physical scale-up ports: links that can go to different switches or neighbours */
  readonly scaleUpLinks: number | null
  /** topologies this silicon can form */
  readonly scaleUpTopologies: ReadonlyArray<ScaleUpTopology>
  /** HBD of the vendor's product */
  readonly nativeHbd: number
  /** the largest HBD the protocol supports; for a closed protocol it binds */
  readonly maxHbd: number
  /** silicon whose lanes serve scale-up or scale-out as the designer decides; null where the split is fixed */
  readonly sharedLanes: {
    readonly lanes: number
    readonly laneGbps: number
    readonly scaleUpLanesMin: number
    readonly scaleOutLanesMin: number
  } | null
  /** scale-out Gb/s the product gives, one direction */
  readonly scaleOutGbps: number | null
  /** the most scale-out Gb/s that host links (PCIe, on-package) allow */
  readonly scaleOutMaxGbps: number | null
}
