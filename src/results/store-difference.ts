/** Two stores side by side, scenario by scenario: those of the same batch at the same place of its axes. */
import type { AnsweredBatch, AnswerRow } from "./answers.ts"

export interface ValueChange {
  readonly batch: string
  readonly axes: Readonly<Record<string, unknown>>
  readonly a: number
  readonly b: number
  /** one of the two is beyond the other's bound */
  readonly isBeyondGap: boolean
  /** `h100-sxm by 8 → gb300 by 72`, or the one choice of both */
  readonly choice: string
}

export interface StoreDifference {
  readonly both: number
  readonly onlyA: number
  readonly onlyB: number
  /** `optimal → feasible`, with how many */
  readonly statuses: Readonly<Record<string, number>>
  readonly choices: Readonly<Record<string, number>>
  /** largest first */
  readonly changed: ReadonlyArray<ValueChange>
  readonly beyondGap: number
}

export function storeDifferenceOf(a: ReadonlyArray<AnsweredBatch>, b: ReadonlyArray<AnsweredBatch>): StoreDifference {
  const [ofA, ofB] = [placesOf(a), placesOf(b)]
  const pairs = [...ofA].flatMap(([place, { batch, row }]) => {
    const other = ofB.get(place)
    return other === undefined ? [] : [{ batch, a: row, b: other.row }]
  })
  const changed = pairs.flatMap(({ batch, a, b }) =>
    a.value === null || b.value === null || a.value === b.value || a.objective !== b.objective
      ? []
      : [{ batch, axes: a.axes, a: a.value, b: b.value, isBeyondGap: isBeyond(a, b), choice: arrow(choiceOf(a), choiceOf(b)) }]
  ).sort((x, y) => Math.abs(Math.log(y.b / y.a)) - Math.abs(Math.log(x.b / x.a)))
  return {
    both: pairs.length,
    onlyA: ofA.size - pairs.length,
    onlyB: ofB.size - pairs.length,
    statuses: countChanges(pairs.map(({ a, b }) => [a.status, b.status])),
    choices: countChanges(pairs.map(({ a, b }) => [choiceOf(a), choiceOf(b)])),
    changed,
    beyondGap: changed.filter(({ isBeyondGap }) => isBeyondGap).length
  }
}

function placesOf(batches: ReadonlyArray<AnsweredBatch>) {
  return new Map(batches.flatMap(({ name, rows }) =>
    rows.map((row) => [JSON.stringify([name, row.axes]), { batch: name, row }] as const)))
}

const choiceOf = ({ accelerator, hbdSize }: AnswerRow): string => accelerator === null ? "no plan" : `${accelerator} by ${hbdSize}`

const arrow = (a: string, b: string): string => a === b ? a : `${a} → ${b}`

function isBeyond(a: AnswerRow, b: AnswerRow): boolean {
  const beats = (value: number, bound: number | null) =>
    bound !== null && (a.sense === "maximize" ? value > bound * (1 + 1e-9) : value < bound * (1 - 1e-9))
  return beats(a.value!, b.bound) || beats(b.value!, a.bound)
}

/** The commonest first. */
function countChanges(pairs: ReadonlyArray<readonly [string, string]>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const [a, b] of pairs) if (a !== b) counts.set(arrow(a, b), (counts.get(arrow(a, b)) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([, x], [, y]) => y - x))
}
