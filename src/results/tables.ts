/** The batches of a store as text of 80 columns. */
import { formatNumber, formatPercent, formatQuantity, wrap } from "../report/format.ts"
import type { Style } from "../report/style.ts"
import { type AnsweredBatch, labelText } from "./answers.ts"
import { columns, difference } from "./columns.ts"
import { choiceOf, type Contest, contestsOf, type Crossover, crossoversOf, groupBy, type Share, sharesOf } from "./contests.ts"

const width = 80

/** Lines of a table; what is cut is counted. */
const linesMost = 40

export const renderBatch = (batch: AnsweredBatch, style: Style): string => {
  const sections = [
    { title: null, lines: headLines(batch) },
    { title: bestTitle(batch), lines: bestLines(batch) },
    { title: "Where the best changes", lines: crossoverLines(crossoversOf(batch)) },
    ...batch.axes.filter(({ name }) => new Set(batch.rows.map((row) => labelText(row.axes[name]))).size > 1)
      .map(({ name }) => ({ title: `By ${name}`, lines: shareLines(name, sharesOf(batch, name)) })),
    { title: "Without a plan", lines: reasonLines(batch) }
  ]
  return sections.filter(({ lines }) => lines.length > 0)
    .flatMap(({ title, lines }) => [...(title === null ? [] : [style.heading(title)]), ...limited(lines)]).join("\n")
}

const limited = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length <= linesMost + 1
    ? lines
    : [...lines.slice(0, linesMost + 1), `  … ${lines.length - linesMost - 1} more: --json, --sql or --to csv`]

const headLines = ({ name, axes, rows }: AnsweredBatch): ReadonlyArray<string> => {
  const counts = groupBy(rows, ({ status }) => status).map((group) => `${labelText(group.length)} ${group[0]!.status}`)
  const sizes = axes.map((axis) => `${axis.name} (${new Set(rows.map((row) => labelText(row.axes[axis.name]))).size})`)
  return [
    ...wrap(`${name}: ${labelText(rows.length)} scenarios over ${sizes.join(" × ")}`, width),
    ...wrap(counts.join(", "), width, "  ")
  ]
}

const circumstancesOf = ({ axes }: AnsweredBatch) => axes.filter(({ isDecision }) => !isDecision).map(({ name }) => name)

const bestTitle = (batch: AnsweredBatch): string => {
  const names = circumstancesOf(batch)
  return names.length === 0 ? "The best" : `The best by ${names.join(" and ")} (~ another may be better: see its gap)`
}

const bestLines = (batch: AnsweredBatch): ReadonlyArray<string> => {
  const contests = contestsOf(batch)
  const names = circumstancesOf(batch)
  if (contests.every(({ winner }) => winner === null)) return []
  const units = new Set(contests.map(({ winner }) => winner?.unit ?? null).filter((unit) => unit !== null))
  const head = [...names, "best", [...units].join(", "), "gap", "next best"]
  const rows = contests.map((contest) => [...names.map((name) => labelText(contest.circumstances[name])), ...bestCells(contest)])
  return columns([head, ...rows], names.length + 1)
}

const bestCells = ({ winner, next, isProven }: Contest): ReadonlyArray<string> => {
  if (winner === null) return ["no plan", "–", "–", "–"]
  const behind = next === null ? "–" : `${choiceOf(next)} ${difference(next.value, winner.value)}`
  return [
    `${isProven ? "" : "~"}${choiceOf(winner)}`, formatQuantity(winner.value, "tokens/s").replace("tokens/s", "").trim(),
    winner.gap === null ? "–" : formatPercent(winner.gap), behind
  ]
}

const crossoverLines = (crossovers: ReadonlyArray<Crossover>): ReadonlyArray<string> =>
  groupBy(crossovers, ({ aspect, axis }) => `${aspect}, over ${axis}`).flatMap((group) => [
    `  ${group[0]!.aspect}, over ${group[0]!.axis}`,
    ...group.flatMap(({ otherwise, stretches }) => {
      const where = Object.values(otherwise).map(labelText).join(", ")
      const text = stretches.map(({ from, to, choice }, i) =>
        i === 0 ? `${choice} to ${labelText(to)}` : `${choice} from ${labelText(from)}`).join(", ")
      return wrap(where === "" ? text : `${where}: ${text}`, width, "    ")
    })
  ])

const shareLines = (axis: string, shares: ReadonlyArray<Share>): ReadonlyArray<string> =>
  columns([
    [axis, "plans", "of", "best in", "of the best", "mostly"],
    ...shares.map(({ label, plans, scenarios, wins, ofWinner, usual }) => [
      label, labelText(plans), labelText(scenarios), labelText(wins), ofWinner === null ? "–" : formatPercent(ofWinner),
      usual ?? "–"
    ])
  ], 1)

const reasonLines = ({ rows }: AnsweredBatch): ReadonlyArray<string> =>
  groupBy(rows.filter(({ value }) => value === null), ({ status, reason }) => `${status}: ${reason}`)
    .toSorted((a, b) => b.length - a.length)
    .flatMap((group) => wrap(`${formatNumber(group.length)} × ${group[0]!.status}: ${group[0]!.reason}`, width, "  ").slice(0, 2))

/** Rows of a query: the names of its columns, then cells, as many columns as 80 characters hold. */
export const renderRows = (names: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<unknown>>): string => {
  const format = (cell: unknown): string => cell === null ? "–" : typeof cell === "number" ? formatNumber(cell) : String(cell)
  const cells = rows.map((row) => row.map(format))
  return columns([names, ...cells], 1).map((line) => line.slice(2)).join("\n")
}
