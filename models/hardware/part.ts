/** What every catalogue entry carries: identity, availability and the evidence of each figure. */

export type Confidence = "datasheet" | "vendor-press" | "third-party-estimate"

/**
 * `read`: read in the source itself; `read-secondary`: quoted by another document; `derived`: computed from figures read;
 * `recalled`: not re-read; `estimated`: no public figure, ours by the stated `method`; `scenario`: supplied by the scenario's
 * `estimates:`. `recalled`, `estimated` and `scenario` are marked as estimates to the very output.
 */
export type Verification = "read" | "read-secondary" | "derived" | "recalled" | "estimated" | "scenario"

/** Where the figures named in `fields` come from. Each non-null figure of a part is named by exactly one evidence. */
export interface Evidence {
  readonly fields: ReadonlyArray<string>
  readonly title: string
  readonly url: string | null
  readonly confidence: Confidence
  readonly verification: Verification
  /** how an estimate or a derived figure was made; null where the figure is the source's own */
  readonly method: string | null
}

export type AvailabilityStatus = "shipping" | "announced" | "cloud-only" | "restricted" | "discontinued"

export interface Availability {
  readonly status: AvailabilityStatus
  /** for `announced`: when it is to ship, as the vendor says it ("2026-H2", "2027-Q4") */
  readonly date: string | null
}

export interface Part {
  /** kebab-case, unique within its kind */
  readonly id: string
  readonly name: string
  readonly vendor: string
  readonly availability: Availability
  readonly notes: string | null
  readonly evidence: ReadonlyArray<Evidence>
}

/** An estimate of money: street or analyst price with the range inside which it may lie. */
export interface Priced {
  readonly priceUsd: number | null
  readonly priceLowUsd: number | null
  readonly priceHighUsd: number | null
}

export type Cooling = "air" | "liquid" | "hybrid"
