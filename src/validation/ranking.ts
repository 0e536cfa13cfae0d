/**
 * Does the model order choices as measurements do: rows of one source, model, cluster and batch that differ in
 * their mapping or precision.
 */
import { kendallTau } from "./statistics.ts"

/** What ranking needs of a predicted row. */
export interface RankedRow {
  readonly id: string
  readonly source: string
  readonly model: string
  readonly accelerator: string
  readonly gpus: number
  readonly globalBatch: number
  readonly sequence: number
  /**
   * all that the model knows of a choice, in words: rows that share it differ in their software's release only,
   * of which the fastest counts, as for a configuration that its source measured several times
   */
  readonly choice: string
  readonly predictedS: number
  readonly measuredS: number
}

export interface RankedGroup {
  readonly source: string
  readonly model: string
  readonly accelerator: string
  readonly gpus: number
  readonly globalBatch: number
  readonly n: number
  /** slowest over fastest measured, less 1 */
  readonly spread: number
  readonly tau: number
  /** the same over pairs further apart than the noise of a measurement */
  readonly tauBeyondNoise: number
  /** how much slower than the best measured the mapping is that the model would have picked */
  readonly regret: number
  /** at least five rows that spread over 10 % */
  readonly qualifies: boolean
}

/**
 * Rows that say something about ranking: enough of them, and further apart than the noise of a measurement.
 */
const leastRows = 5
const leastSpread = 0.1

/** Slowest over fastest of one configuration's repeats, less 1: the median of the published ones. */
const noise = 0.03

function groupKey(row: RankedRow): string {
  return [row.source, row.model, row.accelerator, row.gpus, row.globalBatch, row.sequence].join("|")
}

function rankGroup(rows: ReadonlyArray<RankedRow>): RankedGroup {
  const first = rows[0]!
  const best = Math.min(...rows.map((row) => row.measuredS))
  const worst = Math.max(...rows.map((row) => row.measuredS))
  const picked = rows.reduce((a, b) => b.predictedS < a.predictedS ? b : a)
  const spread = worst / best - 1
  return {
    source: first.source,
    model: first.model,
    accelerator: first.accelerator,
    gpus: first.gpus,
    globalBatch: first.globalBatch,
    n: rows.length,
    spread,
    tau: kendallTau(rows.map((row) => row.predictedS), rows.map((row) => row.measuredS)),
    tauBeyondNoise: kendallTau(rows.map((row) => row.predictedS), rows.map((row) => row.measuredS), noise),
    regret: picked.measuredS / best - 1,
    qualifies: rows.length >= leastRows && spread > leastSpread
  }
}

/** The fastest row of each choice. */
function fastestOfEach(rows: ReadonlyArray<RankedRow>): ReadonlyArray<RankedRow> {
  const fastest = new Map<string, RankedRow>()
  for (const row of rows) {
    const known = fastest.get(row.choice)
    if (known === undefined || row.measuredS < known.measuredS) fastest.set(row.choice, row)
  }
  return [...fastest.values()]
}

/**
 * Groups of two choices or more that share source, model, accelerators, batch and sequence; largest first.
 */
export function rankGroups(rows: ReadonlyArray<RankedRow>): ReadonlyArray<RankedGroup> {
  const groups = new Map<string, RankedRow[]>()
  for (const row of rows) groups.set(groupKey(row), [...groups.get(groupKey(row)) ?? [], row])
  return [...groups.values()]
    .map(fastestOfEach)
    .filter((members) => members.length > 1)
    .map(rankGroup)
    .sort((a, b) => b.n - a.n || (a.model < b.model ? -1 : 1))
}
