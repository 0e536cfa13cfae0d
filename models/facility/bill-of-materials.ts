/** What has to be bought, line by line: the one ground on which power, room and money are summed. */

/** The part of the plant a line belongs to. */
export type BomSide = "accelerator" | "host" | "scale-up" | "scale-out" | "scale-across" | "allowance"

export interface BomLine {
  readonly site: string
  readonly side: BomSide
  /** "accelerator", "host", "nic", "leaf switch", "transceiver", "cable", "storage" … */
  readonly role: string
  /** catalogue id; null for an allowance */
  readonly part: string | null
  readonly name: string
  readonly count: number
  /** of one: provisioned maximum, at idle, W */
  readonly powerMaxW: number
  readonly powerIdleW: number
  readonly rackUnits: number
  readonly weightKg: number
  /** of one, USD: value and range */
  readonly priceUsd: number
  readonly priceLowUsd: number
  readonly priceHighUsd: number
  /** figures of this line that are estimates (`recalled`, `estimated` or `scenario` evidence), by field name */
  readonly estimates: ReadonlyArray<string>
}
