/** How the scenarios with one label of an axis, or with labels between two, fare. */
import { isBetter } from "../../solvers/contract/gap.ts"
import type { AnsweredBatch, AnswerRow } from "./answers.ts"
import { choiceOf, contestGroups, groupBy, isPlanned, type Planned } from "./contests.ts"
import { strataOf } from "./strata.ts"

export interface Share {
  readonly label: string
  readonly scenarios: number
  readonly plans: number
  /** contests that one of them wins */
  readonly wins: number
  /** the best of them over the winner's value, the median of the contests that they are in; 1 is as good */
  readonly ofWinner: number | null
  /** of the winners; along an axis of choices, and where nobody wins, of all plans; null: no plan, or several objectives */
  readonly value: { readonly median: number; readonly least: number; readonly most: number; readonly unit: string } | null
  /** accelerator and HBD that most often win; along an axis of choices, where none of them wins, that are most often the plan */
  readonly usual: string | null
}

export function sharesOf(batch: AnsweredBatch, axis: string): ReadonlyArray<Share> {
  const groups = contestGroups(batch)
  const isDecision = batch.axes.some((one) => one.name === axis && one.isDecision)
  const contestOf = new Map<AnswerRow, number>(groups.flatMap(({ rows }, i) => rows.map((row) => [row, i] as const)))
  const winnerOf = (row: AnswerRow) => groups[contestOf.get(row)!]!.contest.winner
  return strataOf(batch, axis, groups.map(({ contest }) => contest)).map(({ label, rows }) => {
    const plans = rows.filter(isPlanned)
    const won = plans.filter((row) => winnerOf(row) === row)
    const ratios = groupBy(plans.filter((row) => winnerOf(row) !== null), (row) => String(contestOf.get(row))).map((group) => {
      const best = group.reduce((a, b) => (isBetter(a.sense, b.value, a.value) ? b : a))
      const winner = winnerOf(best)!
      return best.sense === "maximize" ? best.value / winner.value : winner.value / best.value
    })
    const told = won.length > 0 || !isDecision ? won : plans
    const choices = groupBy(told.map(choiceOf), (choice) => choice).toSorted((a, b) => b.length - a.length)
    return {
      label, scenarios: rows.length, plans: plans.length, wins: won.length,
      ofWinner: ratios.length === 0 ? null : medianOf(ratios),
      value: valueOf(isDecision || won.length === 0 ? plans : won),
      usual: choices[0]?.[0] ?? null
    }
  })
}

function valueOf(plans: ReadonlyArray<Planned>): Share["value"] {
  if (new Set(plans.map(({ objective }) => objective)).size !== 1) return null
  const values = plans.map(({ value }) => value).sort((a, b) => a - b)
  return { median: medianOf(values), least: values[0]!, most: values.at(-1)!, unit: plans[0]!.unit ?? "" }
}

function medianOf(values: ReadonlyArray<number>): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}
