/** Who wins where: the best choice under each circumstance, and whether another could still be better. */
import { isBetter, isWorseBeyondMargin } from "../../solvers/contract/gap.ts"
import type { AnsweredBatch, AnswerRow, Aspect } from "./answers.ts"

export type Planned = AnswerRow & {
  readonly value: number
  readonly sense: "maximize" | "minimize"
  readonly accelerator: string
  readonly hbdSize: number
}

/** All choices under the same circumstances. */
export interface Contest {
  readonly circumstances: Readonly<Record<string, unknown>>
  readonly contenders: number
  /** every choice of the batch is there; where one is missing, as among samples, nobody wins */
  readonly isComplete: boolean
  /** null: none has a plan, or not every choice is there */
  readonly winner: Planned | null
  /** the best that differs in accelerator or HBD */
  readonly next: Planned | null
  /** by what of the winner: none with another can be better, within whatever gap */
  readonly isProven: Readonly<Record<Aspect, boolean>>
}

export const isPlanned = (row: AnswerRow): row is Planned => row.value !== null && row.accelerator !== null

/** By circumstances, in the order of the rows. */
export function contestsOf(batch: AnsweredBatch): ReadonlyArray<Contest> {
  return contestGroups(batch).map(({ contest }) => contest)
}

/** Contests, each with its rows. What is no scenario has no objective, and is in the contests of its circumstances. */
export function contestGroups({ axes, rows }: AnsweredBatch) {
  const [circumstances, choices] = [false, true].map((is) =>
    axes.filter(({ isDecision }) => isDecision === is).map(({ name }) => name)) as [Array<string>, Array<string>]
  const labels = (row: AnswerRow, names: ReadonlyArray<string>) => JSON.stringify(names.map((name) => row.axes[name]))
  const countChoices = (of: ReadonlyArray<AnswerRow>) => new Set(of.map((row) => labels(row, choices))).size
  const all = countChoices(rows)
  return groupBy(rows, (row) => labels(row, circumstances)).flatMap((group) => {
    const objectives = new Set(group.map(({ objective }) => objective).filter((objective) => objective !== null))
    return (objectives.size === 0 ? [null] : [...objectives]).map((objective) => {
      const own = group.filter((row) => row.objective === objective || row.objective === null)
      const at = Object.fromEntries(circumstances.map((name) => [name, own[0]!.axes[name]]))
      return { rows: own, contest: contestOf(own, at, countChoices(own) === all) }
    })
  })
}

function contestOf(rows: ReadonlyArray<AnswerRow>, circumstances: Contest["circumstances"], isComplete: boolean): Contest {
  const planned = isComplete ? rows.filter(isPlanned).sort((a, b) => (isBetter(a.sense, a.value, b.value) ? -1 : 1)) : []
  const [winner = null, ...others] = planned
  const next = others.find((row) => choiceOf(row) !== choiceOf(winner!)) ?? null
  const isProven = (aspect: Aspect) => winner !== null && isProvenAmong(rows, winner, aspect)
  return {
    circumstances, contenders: rows.length, isComplete, winner, next,
    isProven: { accelerator: isProven("accelerator"), hbdSize: isProven("hbdSize") }
  }
}

/** Whether no row, the winner itself included, leaves room for a better plan that differs from the winner in this. */
export function isProvenAmong(rows: ReadonlyArray<AnswerRow>, winner: Planned, aspect: Aspect): boolean {
  return rows.every(({ status, bound, fixed }) =>
    status === "infeasible" || status === "invalid" || fixed[aspect] === winner[aspect] ||
    (bound !== null && !isWorseBeyondMargin(winner.sense, winner.value, bound)))
}

/** `gb300 by 72` */
export function choiceOf({ accelerator, hbdSize }: Planned): string {
  return `${accelerator} by ${hbdSize}`
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
