/** What a scale-up fabric is asked to be, and what it comes to. Plain data; sizes of one HBD. */
import type { Accelerator, ScaleUpTopology } from "../hardware/accelerator.ts"
import type { FabricInfeasible, Hops } from "./fabric.ts"

export interface ScaleUpSpec {
  readonly topology: ScaleUpTopology
  /** HBD size */
  readonly accelerators: number
  /** physical scale-up links of one accelerator */
  readonly links: number
  /** all of them together, GB/s one direction */
  readonly GBps: number
  /**
   * ports of one switch at one link's speed, first and second tier; of one optical circuit switch; empty for
   * direct links
   */
  readonly radix: ReadonlyArray<number>
  /** independent sets of switches over which the links are dealt evenly; null: as needs the fewest switches */
  readonly planes: number | null
  /** two tiers: accelerators under one first-tier switch of each plane; null: as many as its ports allow */
  readonly acceleratorsPerLeaf: number | null
  /** two tiers: bandwidth towards the accelerators over bandwidth upwards */
  readonly oversubscription: number
  /**
   * torus and n-D full mesh: extents; with circuit switches, extents of one cube; empty: as equal as they
   * divide
   */
  readonly dims: ReadonlyArray<number>
  /** 0 where switches are on no board */
  readonly acceleratorsPerNode: number
  /** in every rack, with their first-tier switches; 0 where racks hold more and less */
  readonly acceleratorsPerRack: number
}

/** How far a link goes: on a node's board, inside a rack (backplane, passive copper), or between racks. */
export type Reach = "board" | "rack" | "cross-rack"

/**
 * What a link joins: accelerator and switch, first and second tier, two accelerators, or an accelerator and a
 * circuit switch.
 */
export type ScaleUpLinkKind = "accelerator-switch" | "switch-switch" | "direct" | "accelerator-circuit"

/** Links of one kind and reach: what needs one kind of medium. */
export interface ScaleUpBundle {
  readonly kind: ScaleUpLinkKind
  readonly reach: Reach
  readonly links: number
  /** between racks: along which lines of them; absent: between any two */
  readonly lines?: ReadonlyArray<RackLines>
}

/** Lines of `extent` racks, `stride` apart in the order of their accelerators: rings, or every two of a line are joined. */
export interface RackLines {
  readonly stride: number
  readonly extent: number
  readonly ring: boolean
  readonly links: number
}

export interface ScaleUpSize {
  readonly kind: "scale-up"
  readonly topology: ScaleUpTopology
  readonly accelerators: number
  readonly planes: number
  /** packet switches by tier, and optical circuit switches */
  readonly switches: {
    readonly first: number
    readonly second: number
    readonly circuit: number
    readonly total: number
  }
  readonly bundles: ReadonlyArray<ScaleUpBundle>
  /** that an accelerator can use, GB/s one direction: links left over by an even deal are dark */
  readonly GBps: number
  /** that one pair of accelerators can use */
  readonly pairGBps: number
  /** between both halves of the HBD, GB/s one direction */
  readonly bisectionGBps: number
  /** left per accelerator when all talk across first-tier groups, GB/s; = GBps without taper */
  readonly crossGBps: number
  /** switches on a route, or links between accelerators of a direct topology */
  readonly hops: Hops
  readonly dims: ReadonlyArray<number>
  readonly acceleratorsPerLeaf: number
  /** largest HBD of this shape; null: the topology sets no limit (a torus grows for ever) */
  readonly maxAccelerators: number | null
}

export type ScaleUpResult = ScaleUpSize | FabricInfeasible

/**
 * Divides lanes that serve either fabric. Null where the silicon allows no such split (`scaleUpLanes` or what
 * it leaves is below the least of its side). GB/s and Gb/s one direction.
 */
export function splitLanes(
  shared: NonNullable<Accelerator["sharedLanes"]>,
  scaleUpLanes: number
): { readonly scaleUpGBps: number; readonly scaleOutGbps: number } | null {
  const scaleOutLanes = shared.lanes - scaleUpLanes
  if (scaleUpLanes < shared.scaleUpLanesMin || scaleOutLanes < shared.scaleOutLanesMin) return null
  return { scaleUpGBps: scaleUpLanes * shared.laneGbps / 8, scaleOutGbps: scaleOutLanes * shared.laneGbps }
}
