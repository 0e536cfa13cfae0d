/** The labels of an axis as parts of its scenarios: each by itself, or many numbers in four. */
import { type AnsweredBatch, type AnswerRow, compareValues, labelText } from "./answers.ts"
import { type Contest, groupBy } from "./contests.ts"

export interface Stratum {
  readonly label: string
  /** its first and its last label */
  readonly from: unknown
  readonly to: unknown
  readonly rows: ReadonlyArray<AnswerRow>
}

/** More numbers than this are told in four parts; of samples, where each may be there once, sooner. */
const labelsMost = 40
const sampledMost = 8

export function strataOf(batch: AnsweredBatch, axis: string, contests: ReadonlyArray<Contest>): ReadonlyArray<Stratum> {
  const rows = batch.rows.toSorted((a, b) => compareValues(a.axes[axis], b.axes[axis]))
  const byLabel = groupBy(rows, (row) => labelText(row.axes[axis]))
  const most = isSampled(batch, axis, contests) ? sampledMost : labelsMost
  const isWhole = byLabel.length <= most || !isNumeric(batch, axis)
  const parts = isWhole
    ? byLabel
    : [0, 1, 2, 3].map((part) => rows.slice(Math.floor(part * rows.length / 4), Math.floor((part + 1) * rows.length / 4)))
  return parts.map((own) => {
    const [from, to] = [own[0]!, own.at(-1)!].map((row) => row.axes[axis])
    return { label: isWhole ? labelText(from) : `${labelText(from)}–${labelText(to)}`, from, to, rows: own }
  })
}

export function isNumeric({ rows }: AnsweredBatch, axis: string): boolean {
  return rows.every((row) => typeof row.axes[axis] === "number")
}

/** Nowhere are all choices under the same circumstances, or nowhere do circumstances differ in this axis alone. */
export function isSampled({ axes }: AnsweredBatch, axis: string, contests: ReadonlyArray<Contest>): boolean {
  if (!contests.some(({ isComplete }) => isComplete)) return true
  const isDecision = axes.some((one) => one.name === axis && one.isDecision)
  const beside = new Set(contests.map(({ circumstances }) => keyBeside(circumstances, axis)))
  return !isDecision && contests.length > 1 && beside.size === contests.length
}

/** All labels but those of one axis, as a key. */
export function keyBeside(labels: Readonly<Record<string, unknown>>, axis: string): string {
  return JSON.stringify({ ...labels, [axis]: null })
}
