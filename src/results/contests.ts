/** Who wins where: the best choice under each circumstance, and where along an axis it changes. */
import { isBetter } from "../../solvers/contract/gap.ts"
import { type AnsweredBatch, type AnswerRow, compareValues, labelText } from "./answers.ts"

type Planned = AnswerRow & {
  readonly value: number
  readonly sense: "maximize" | "minimize"
  readonly accelerator: string
  readonly hbdSize: number
}

/** All choices under the same circumstances. */
export interface Contest {
  readonly circumstances: Readonly<Record<string, unknown>>
  readonly contenders: number
  /** null: none has a plan */
  readonly winner: Planned | null
  /** the best that differs in accelerator or HBD */
  readonly next: Planned | null
  /** no other can beat the winner, whatever its gap */
  readonly isProven: boolean
}

const isPlanned = (row: AnswerRow): row is Planned => row.value !== null && row.accelerator !== null

/** By circumstances, in the order of the rows. */
export function contestsOf({ axes, rows }: AnsweredBatch): ReadonlyArray<Contest> {
  const circumstances = axes.filter(({ isDecision }) => !isDecision).map(({ name }) => name)
  return groupBy(rows, (row) => JSON.stringify([row.objective, circumstances.map((name) => row.axes[name])]))
    .map((group) => contestOf(group, circumstances))
}

function contestOf(rows: ReadonlyArray<AnswerRow>, names: ReadonlyArray<string>): Contest {
  const circumstances = Object.fromEntries(names.map((name) => [name, rows[0]!.axes[name]]))
  const planned = rows.filter(isPlanned).sort((a, b) => (isBetter(a.sense, a.value, b.value) ? -1 : 1))
  const [winner = null, ...others] = planned
  const next = others.find((row) => choiceOf(row) !== choiceOf(winner!)) ?? null
  const isProven = winner !== null && rows.every((row) =>
    row === winner || row.status === "infeasible" || row.status === "invalid" ||
    (row.bound !== null && !isBetter(winner.sense, row.bound, winner.value)))
  return { circumstances, contenders: rows.length, winner, next, isProven }
}

/** `72 × gb300` */
export function choiceOf({ accelerator, hbdSize }: Planned): string {
  return `${accelerator} by ${hbdSize}`
}

/** What wins over a stretch of an axis. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly choice: string
}

/** A row of winners along an axis, all else the same. */
export interface Crossover {
  readonly aspect: "accelerator" | "HBD size"
  readonly axis: string
  readonly otherwise: Readonly<Record<string, unknown>>
  /** at least two */
  readonly stretches: ReadonlyArray<Stretch>
}

/** Where the winner changes along each axis of numbers; and where, for one choice alone, its own HBD size does. */
export function crossoversOf(batch: AnsweredBatch): ReadonlyArray<Crossover> {
  const { axes, rows } = batch
  const winners = contestsOf(batch).map(({ circumstances, winner }) => ({ at: circumstances, row: winner }))
  const alone = axes.some(({ isDecision }) => isDecision) ? rows.map((row) => ({ at: row.axes, row })) : []
  const numeric = axes.filter(({ name, isDecision }) => !isDecision && rows.every((row) => typeof row.axes[name] === "number"))
  return numeric.flatMap(({ name }) => [
    ...changesAlong(name, winners, "accelerator"),
    ...changesAlong(name, winners, "HBD size"),
    ...changesAlong(name, alone, "HBD size")
  ])
}

interface Place {
  readonly at: Readonly<Record<string, unknown>>
  readonly row: AnswerRow | null
}

function changesAlong(axis: string, places: ReadonlyArray<Place>, aspect: Crossover["aspect"]): ReadonlyArray<Crossover> {
  const otherwise = ({ at }: Place) => Object.fromEntries(Object.entries(at).filter(([name]) => name !== axis))
  return groupBy(places, (place) => JSON.stringify([place.row?.objective ?? null, otherwise(place)])).flatMap((group) => {
    const along = group.flatMap(({ at, row }) =>
      row === null || !isPlanned(row) ? [] : [{ at: at[axis] as number, choice: aspectOf(row, aspect) }])
    const stretches = stretchesOf(along.sort((a, b) => a.at - b.at))
    return stretches.length < 2 ? [] : [{ aspect, axis, otherwise: otherwise(group[0]!), stretches }]
  })
}

function aspectOf({ accelerator, hbdSize }: Planned, aspect: Crossover["aspect"]): string {
  return aspect === "accelerator" ? accelerator : labelText(hbdSize)
}

function stretchesOf(along: ReadonlyArray<{ readonly at: number; readonly choice: string }>): ReadonlyArray<Stretch> {
  const stretches: Array<{ from: number; to: number; choice: string }> = []
  for (const { at, choice } of along) {
    const last = stretches.at(-1)
    if (last?.choice === choice) last.to = at
    else stretches.push({ from: at, to: at, choice })
  }
  return stretches
}

/** Groups in the order of their first members. */
export function groupBy<A>(items: ReadonlyArray<A>, keyOf: (item: A) => string): ReadonlyArray<ReadonlyArray<A>> {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}

/** How the scenarios with one label of an axis, or with labels between two, fare. */
export interface Share {
  readonly label: string
  readonly scenarios: number
  readonly plans: number
  /** contests that one of them wins */
  readonly wins: number
  /** the best of them over the winner's value, the median of the contests that they are in; 1 is as good */
  readonly ofWinner: number | null
  /** accelerator and HBD that most often win; where none of them wins, that are most often the plan */
  readonly usual: string | null
}

/** More numbers than this are told in four parts. */
const labelsMost = 40

export function sharesOf(batch: AnsweredBatch, axis: string): ReadonlyArray<Share> {
  const contests = contestsOf(batch)
  const winners = new Map(contests.flatMap(({ winner }) => (winner === null ? [] : [[contestKey(batch, winner), winner] as const])))
  return partsOf(batch.rows, axis).map(({ label, rows }) => {
    const plans = rows.filter(isPlanned)
    const ratios = groupBy(plans, (row) => contestKey(batch, row)).flatMap((group) => {
      const winner = winners.get(contestKey(batch, group[0]!))
      const best = group.reduce((a, b) => (isBetter(a.sense, b.value, a.value) ? b : a))
      return winner === undefined ? [] : [best.sense === "maximize" ? best.value / winner.value : winner.value / best.value]
    }).sort((a, b) => a - b)
    const won = plans.filter((row) => winners.get(contestKey(batch, row)) === row)
    const choices = groupBy((won.length > 0 ? won : plans).map(choiceOf), (choice) => choice)
      .toSorted((a, b) => b.length - a.length)
    return {
      label, scenarios: rows.length, plans: plans.length,
      wins: won.length,
      ofWinner: ratios.length === 0 ? null : ratios[ratios.length >> 1]!,
      usual: choices[0]?.[0] ?? null
    }
  })
}

function contestKey({ axes }: AnsweredBatch, row: AnswerRow): string {
  return JSON.stringify([row.objective, axes.filter(({ isDecision }) => !isDecision).map(({ name }) => row.axes[name])])
}

function partsOf(rows: ReadonlyArray<AnswerRow>, axis: string) {
  const byLabel = groupBy(rows.toSorted((a, b) => compareValues(a.axes[axis], b.axes[axis])), (row) => labelText(row.axes[axis]))
  const isNumeric = rows.every((row) => typeof row.axes[axis] === "number")
  if (byLabel.length <= labelsMost || !isNumeric) {
    return byLabel.map((group) => ({ label: labelText(group[0]!.axes[axis]), rows: group }))
  }
  const flat = byLabel.flat()
  return [0, 1, 2, 3].map((part) => {
    const own = flat.slice(Math.floor(part * flat.length / 4), Math.floor((part + 1) * flat.length / 4))
    const [first, last] = [own[0]!, own.at(-1)!].map((row) => labelText(row.axes[axis]))
    return { label: `${first}–${last}`, rows: own }
  })
}
