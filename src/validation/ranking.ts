/**
 * Does the model order mappings as measurements do: rows of one model, cluster and batch that differ in their
 * mapping.
 */
import { kendallTau } from "./statistics.ts"

/** What ranking needs of a predicted row. */
export interface RankedRow {
  readonly id: string
  readonly source: string
  readonly model: string
  readonly accelerator: string
  readonly gpus: number
  readonly precision: string
  readonly globalBatch: number
  readonly sequence: number
  /** the mapping, in words: rows of one mapping differ in software only and say nothing of ranking */
  readonly mapping: string
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

function groupKey(row: RankedRow): string {
  return [row.source, row.model, row.accelerator, row.gpus, row.precision, row.globalBatch, row.sequence].join("|")
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
    regret: picked.measuredS / best - 1,
    qualifies: rows.length >= leastRows && spread > leastSpread
  }
}

/**
 * Groups of two rows or more that share model, accelerators, precision, batch and sequence; largest first.
 */
export function rankGroups(rows: ReadonlyArray<RankedRow>): ReadonlyArray<RankedGroup> {
  const groups = new Map<string, RankedRow[]>()
  for (const row of rows) groups.set(groupKey(row), [...groups.get(groupKey(row)) ?? [], row])
  return [...groups.values()]
    .filter((members) => new Set(members.map((row) => row.mapping)).size > 1)
    .map(rankGroup)
    .sort((a, b) => b.n - a.n || (a.model < b.model ? -1 : 1))
}
