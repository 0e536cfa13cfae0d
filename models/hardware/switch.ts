import type { Cooling, Part, Priced } from "./part.ts"

/** A box (or ASIC on a baseboard) that switches: scale-up, scale-out, optical circuit, or scale-across between sites. */
export interface Switch extends Part, Priced {
  readonly kind: "scale-up" | "scale-out" | "optical-circuit" | "scale-across"
  /** scale-up protocols, or "ethernet" / "infiniband" of the scale-out */
  readonly protocols: ReadonlyArray<string>
  /** ports by speed: what one box offers when all its ports run at that speed */
  readonly radix: ReadonlyArray<{ readonly portGbps: number; readonly ports: number }>
  /**
   * crossbars the box's ports are dealt over without a path between them (an NVLink tray: one per ASIC). One tier joins at
   * most ports / crossbars endpoints; counts of boxes are unaffected. 1: any port reaches any port.
   */
  readonly crossbars: number
  /** box without pluggable modules; with the optics where they are co-packaged */
  readonly powerMaxW: number | null
  readonly powerTypicalW: number | null
  readonly powerIdleW: number | null
  readonly coPackagedOptics: boolean
  /** sits on a node's baseboard: takes no rack units of its own */
  readonly onBoard: boolean
  readonly rackUnits: number | null
  readonly weightKg: number | null
  readonly latencyNs: number | null
  readonly inNetworkReduction: boolean
  readonly cooling: Cooling
}
