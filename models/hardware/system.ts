import type { Cooling, Part } from "./part.ts"

/**
 * A product that holds accelerators. `node` and `tray` are the building blocks: HBDs of any size are made of them.
 * `rack` and `pod` describe a vendor's assembly of such blocks: its reference design and its published totals.
 */
export interface System extends Part {
  readonly kind: "node" | "tray" | "rack" | "pod"
  readonly accelerator: string
  readonly accelerators: number
  /** of a rack or pod: the building block it is made of */
  readonly block: string | null
  /** CPUs, DRAM, local storage, management, fans or pumps in the box; without accelerators, NICs, scale-up switches */
  readonly hostPowerMaxW: number | null
  readonly hostPowerIdleW: number | null
  readonly hostMemoryGB: number | null
  /** per accelerator to host memory, one direction */
  readonly hostLinkGBps: number | null
  readonly rackUnits: number | null
  readonly weightKg: number | null
  readonly cooling: Cooling
  /** scale-up switches inside (of a node: its baseboard's; of a rack: its trays') */
  readonly scaleUpSwitch: string | null
  readonly scaleUpSwitches: number
  /** price without accelerators, NICs and scale-up switches */
  readonly hostPriceUsd: number | null
  readonly hostPriceLowUsd: number | null
  readonly hostPriceHighUsd: number | null
  /** of a rack or pod: racks it occupies, and HBD size */
  readonly racks: number | null
  readonly scaleUpDomain: number
  /** what the vendor puts behind it: the baseline's scale-out */
  readonly referenceNic: string | null
  readonly referenceNicsPerAccelerator: number | null
  readonly referenceSwitch: string | null
  /** published totals: to check against, never summed */
  readonly publishedPowerMaxW: number | null
  readonly publishedPowerTypicalW: number | null
  readonly publishedPriceUsd: number | null
}
