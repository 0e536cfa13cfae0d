import type { Part } from "./part.ts"

export type MediumKind =
  | "backplane" | "dac" | "acc" | "aec" | "aoc" | "multimode" | "single-mode" | "lpo" | "lro" | "cpo" | "coherent"

/** A medium: a cable with both its ends, or a transceiver for each end with the fibre between. */
export interface Interconnect extends Part {
  readonly kind: MediumKind
  /** Gb/s one direction of one cable or module */
  readonly gbps: number
  readonly reachM: number
  /** W of each end (module or cable head), maximum and typical */
  readonly powerPerEndMaxW: number | null
  readonly powerPerEndW: number | null
  /** module at each end, USD; null for a cable sold whole */
  readonly pricePerEndUsd: number | null
  /** the cable or fibre itself, USD */
  readonly pricePerCableUsd: number | null
  readonly priceLowFactor: number | null
  readonly priceHighFactor: number | null
  readonly latencyNsPerM: number
  /** added by DSP, FEC or retimer at each end */
  readonly latencyPerEndNs: number | null
  /** a transceiver stands at each end (pluggable); false for copper, backplane and co-packaged */
  readonly transceivers: boolean
  /** what it is plugged into: scale-up, scale-out, or the link between sites */
  readonly uses: ReadonlyArray<"scale-up" | "scale-out" | "scale-across">
}
