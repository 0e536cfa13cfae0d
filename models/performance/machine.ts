import type { Accelerator } from "../hardware/accelerator.ts"

/** All that the performance model asks of a layout: few numbers, so layouts that share them share their mapping search. */
export interface Machine {
  readonly accelerator: AcceleratorPerformance
  /** accelerators that share one scale-up fabric */
  readonly hbdSize: number
  readonly scaleUp: FabricPerformance
  readonly scaleOut: FabricPerformance
  /** null on one site */
  readonly scaleAcross: ScaleAcross | null
  /** per accelerator; null: nothing can be offloaded */
  readonly host: { readonly memoryGB: number; readonly linkGBps: number } | null
}

/** What of an accelerator the performance model uses; every figure known. FLOP/s dense, bandwidth one direction. */
export type AcceleratorPerformance = Pick<Accelerator, "id" | "family"> & {
  readonly bf16Tflops: number
  /** null: the precision is not supported, its GEMMs run in the next wider one */
  readonly fp8Tflops: number | null
  readonly fp4Tflops: number | null
  readonly int8Tops: number | null
  readonly memoryGB: number
  readonly memoryGBps: number
  readonly computeUnits: number | null
  /** sustained power cap over the family's uncapped power; 1 where not capped */
  readonly powerCapRatio: number
}

/** The links between the sites of a layout: every two sites have one. */
export interface ScaleAcross {
  /** ≥ 2 */
  readonly sites: number
  /** of the narrowest link, all its fibres together, GB/s, one direction */
  readonly GBps: number
  /** of one message over the longest link, s */
  readonly latencyS: number
}

export interface FabricPerformance {
  /** bandwidth of one accelerator into the fabric, GB/s, one direction */
  readonly GBps: number
  /** of one message between two accelerators, whole path, s */
  readonly latencyS: number
  /** `direct` topologies give one pair only `pairGBps` */
  readonly topology: "switched" | "full-mesh" | "ring" | "torus"
  /** what one pair of accelerators can use, GB/s, one direction; = GBps when switched */
  readonly pairGBps: number
  /** torus: extent per dimension */
  readonly dims: ReadonlyArray<number>
  readonly inNetworkReduction: boolean
  /**
   * bandwidth per accelerator left when all talk across groups of `span` accelerators, ascending (1:r oversubscription);
   * empty: full bisection
   */
  readonly taper: ReadonlyArray<{ readonly span: number; readonly GBps: number }>
  /** ranks of equal local index only are connected (rail-only): other pairs hop through the HBD */
  readonly railOnly: boolean
}
