/** Two stores side by side, scenario by scenario: those of the same batch at the same place of its axes. */
import type { AnsweredBatch, AnswerRow } from "./answers.ts"

/** What solved answers of a store. */
export interface Program {
  readonly version: string
  readonly catalogHash: string
}

/** What is read of a store to compare it: no recommendation, of which there may be too many. */
export interface ComparedStore {
  readonly batches: ReadonlyArray<AnsweredBatch>
  /** by key, of every plan: the same text is the same layout and mapping */
  readonly plans: ReadonlyMap<string, string>
  readonly programs: ReadonlyArray<Program>
}

export type Aspect = "status" | "objective" | "value" | "plan"

type Answer = Pick<AnswerRow,
  "key" | "status" | "reason" | "objective" | "unit" | "value" | "bound" | "gap" | "accelerators" | "tokensPerS">

export interface PlaceChange {
  readonly batch: string
  readonly axes: Readonly<Record<string, unknown>>
  /** in what the answers differ; value: of the same objective; plan: both have one, and its layout or mapping is another */
  readonly differs: ReadonlyArray<Aspect>
  readonly a: Answer
  readonly b: Answer
  /** `h100-sxm by 8 → gb300 by 72`, or the one choice of both */
  readonly choice: string
  /** the value of one of the two is beyond the other's bound */
  readonly isBeyondGap: boolean
}

export interface StoreSide {
  readonly batches: ReadonlyArray<{ readonly name: string; readonly axes: ReadonlyArray<string>; readonly scenarios: number }>
  readonly programs: ReadonlyArray<Program>
}

/** Keys of the two answers at one place. */
export interface KeyPair {
  readonly a: string
  readonly b: string
}

export interface StoreDifference {
  readonly sides: { readonly a: StoreSide; readonly b: StoreSide }
  readonly both: number
  readonly onlyA: number
  readonly onlyB: number
  /** pairs of another scenario, catalogue or version: with other keys */
  readonly askedOtherwise: number
  /** `optimal → feasible`, with how many */
  readonly statuses: Readonly<Record<string, number>>
  readonly choices: Readonly<Record<string, number>>
  /** largest first: a plan that is there or not, then by value, of other objectives by the number of accelerators */
  readonly changed: ReadonlyArray<PlaceChange>
  readonly beyondGap: number
}

interface Pair {
  readonly batch: string
  readonly a: AnswerRow
  readonly b: AnswerRow
}

export function pairsOf(a: ComparedStore, b: ComparedStore): ReadonlyArray<Pair> {
  const inB = new Map(b.batches.flatMap(({ name, rows }) => rows.map((row) => [placeOf(name, row.axes), row] as const)))
  return a.batches.flatMap(({ name, rows }) => rows.flatMap((row) => {
    const other = inB.get(placeOf(name, row.axes))
    return other === undefined ? [] : [{ batch: name, a: row, b: other }]
  }))
}

/** The same whatever the order of the axes. */
const placeOf = (batch: string, axes: AnswerRow["axes"]): string =>
  JSON.stringify([batch, Object.entries(axes).sort(([x], [y]) => (x < y ? -1 : 1))])

export function storeDifferenceOf(a: ComparedStore, b: ComparedStore, pairs = pairsOf(a, b)): StoreDifference {
  const changed = pairs.flatMap(({ batch, a: inA, b: inB }) => {
    const differs = aspectsOf(inA, inB, a.plans.get(inA.key) === b.plans.get(inB.key))
    return differs.length === 0 ? [] : [{
      batch, axes: inA.axes, differs, a: answerOf(inA), b: answerOf(inB), choice: arrow(choiceOf(inA), choiceOf(inB)),
      isBeyondGap: differs.includes("value") && isBeyond(inA, inB)
    }]
  }).sort((x, y) => sizeOf(y) - sizeOf(x))
  return {
    sides: { a: sideOf(a), b: sideOf(b) },
    both: pairs.length,
    onlyA: countRows(a) - pairs.length,
    onlyB: countRows(b) - pairs.length,
    askedOtherwise: pairs.filter((pair) => pair.a.key !== pair.b.key).length,
    statuses: countChanges(pairs.map((pair) => [pair.a.status, pair.b.status])),
    choices: countChanges(pairs.map((pair) => [choiceOf(pair.a), choiceOf(pair.b)])),
    changed,
    beyondGap: changed.filter(({ isBeyondGap }) => isBeyondGap).length
  }
}

const shownMost = 6

/** Those that a section of the report names; the rest is counted. */
export function shownOf({ changed }: StoreDifference, aspect: Aspect): {
  readonly shown: ReadonlyArray<PlaceChange>
  readonly count: number
} {
  // a plan of another value or objective is told there
  const of = changed.filter(({ differs }) => aspect === "plan"
    ? differs.includes("plan") && !differs.includes("value") && !differs.includes("objective")
    : differs.includes(aspect))
  return { shown: of.slice(0, shownMost), count: of.length }
}

const sampled = 8

/** Whose recommendations tell why: what is shown, and some of those that were asked otherwise, spread over all. */
export function keysToRead(found: StoreDifference, pairs: ReadonlyArray<Pair>): ReadonlyArray<KeyPair> {
  const shown = (["status", "objective", "value", "plan"] as const).flatMap((aspect) => shownOf(found, aspect).shown)
  const otherwise = pairs.filter(({ a, b }) => a.key !== b.key)
  const step = Math.max(1, otherwise.length / sampled)
  const spread = Array.from({ length: Math.min(sampled, otherwise.length) }, (_, i) => otherwise[Math.floor(i * step)]!)
  const all = [...shown, ...spread].map(({ a, b }) => [`${a.key} ${b.key}`, { a: a.key, b: b.key }] as const)
  return [...new Map(all).values()]
}

/** Two numbers that the same search gives in another order of its sums are the same. */
const tolerance = 1e-9

function aspectsOf(a: AnswerRow, b: AnswerRow, isSamePlan: boolean): ReadonlyArray<Aspect> {
  const isSameObjective = a.objective === b.objective && a.unit === b.unit
  const havePlans = a.value !== null && b.value !== null
  const isSameValue = !havePlans || Math.abs(a.value - b.value) <= tolerance * Math.max(Math.abs(a.value), Math.abs(b.value))
  const differ: ReadonlyArray<readonly [Aspect, boolean]> = [
    ["status", a.status !== b.status],
    // of what is no scenario there is none
    ["objective", a.objective !== null && b.objective !== null && !isSameObjective],
    ["value", isSameObjective && !isSameValue],
    ["plan", havePlans && !isSamePlan]
  ]
  return differ.flatMap(([aspect, isDifferent]) => isDifferent ? [aspect] : [])
}

const answerOf = (
  { key, status, reason, objective, unit, value, bound, gap, accelerators, tokensPerS }: AnswerRow
): Answer => ({ key, status, reason, objective, unit, value, bound, gap, accelerators, tokensPerS })

function sizeOf({ a, b, differs }: PlaceChange): number {
  if (a.value === null || b.value === null) return a.value === b.value ? 0 : Infinity
  return differs.includes("objective")
    ? Math.abs(Math.log(b.accelerators! / a.accelerators!))
    : Math.abs(Math.log(b.value / a.value))
}

const sideOf = ({ batches, programs }: ComparedStore): StoreSide => ({
  batches: batches.map(({ name, axes, rows }) => ({ name, axes: axes.map((axis) => axis.name), scenarios: rows.length })),
  programs
})

const countRows = ({ batches }: ComparedStore): number => batches.reduce((sum, { rows }) => sum + rows.length, 0)

const choiceOf = ({ accelerator, hbdSize }: AnswerRow): string => accelerator === null ? "no plan" : `${accelerator} by ${hbdSize}`

const arrow = (a: string, b: string): string => a === b ? a : `${a} → ${b}`

function isBeyond(a: AnswerRow, b: AnswerRow): boolean {
  const beats = (value: number, bound: number | null) =>
    bound !== null && (a.sense === "maximize" ? value > bound * (1 + tolerance) : value < bound * (1 - tolerance))
  return beats(a.value!, b.bound) || beats(b.value!, a.bound)
}

/** The commonest first. */
function countChanges(pairs: ReadonlyArray<readonly [string, string]>): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const [a, b] of pairs) if (a !== b) counts.set(arrow(a, b), (counts.get(arrow(a, b)) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([, x], [, y]) => y - x))
}
