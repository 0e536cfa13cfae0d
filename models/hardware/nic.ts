import type { Part, Priced } from "./part.ts"

/** A scale-out interface of an accelerator: a card, or ports on the accelerator itself (`integrated`). */
export interface Nic extends Part, Priced {
  readonly protocols: ReadonlyArray<"ethernet" | "infiniband">
  /** Gb/s one direction, all ports of the NIC */
  readonly totalGbps: number
  /** how its ports can be split, largest first ([800] or [800, 400 × 2]) */
  readonly ports: ReadonlyArray<{ readonly portGbps: number; readonly ports: number }>
  readonly integrated: boolean
  /** vendors' accelerators it goes with; null: any with a PCIe slot */
  readonly accelerators: ReadonlyArray<string> | null
  /** card without pluggable modules */
  readonly powerMaxW: number | null
  readonly powerIdleW: number | null
}
