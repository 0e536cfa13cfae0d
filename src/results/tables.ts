/** The batches of a store as text of 80 columns. */
import { formatCount, formatNumber, formatPercent, wrap } from "../report/format.ts"
import type { Style } from "../report/style.ts"
import { type AnsweredBatch, labelText } from "./answers.ts"
import { columns, difference, widthOf } from "./columns.ts"
import { choiceOf, type Contest, contestsOf, groupBy } from "./contests.ts"
import { type Crossover, crossoversOf } from "./crossovers.ts"
import { type Share, sharesOf } from "./shares.ts"

const width = 80

/** Lines of a table; what is cut is counted. */
const linesMost = 40

export const renderBatch = (batch: AnsweredBatch, style: Style): string => {
  const contests = contestsOf(batch)
  const isContested = contests.some(({ winner, contenders }) => winner !== null && contenders > 1)
  const sections = [
    { title: "", lines: headLines(batch) },
    bestSection(batch, contests.filter(({ isComplete }) => isComplete)),
    { title: "Not comparable", lines: incompleteLines(batch, contests) },
    { title: `Where the best changes${markNote}`, lines: crossoverLines(crossoversOf(batch)) },
    ...batch.axes.filter(({ name }) => new Set(batch.rows.map((row) => labelText(row.axes[name]))).size > 1)
      .map(({ name, isDecision }) => {
        const shares = sharesOf(batch, name)
        return isContested && isDecision ? winsSection(name, shares) : valuesSection(name, shares, isContested)
      }),
    { title: "Without a plan", lines: reasonLines(batch) }
  ]
  return sections.filter(({ lines }) => lines.length > 0).flatMap(({ title, lines }) => {
    const isMarked = lines.some((line) => line.includes("~"))
    return [...wrap(isMarked ? title : title.replace(markNote, ""), width).map(style.heading), ...limited(lines)]
  }).join("\n")
}

interface Section {
  readonly title: string
  readonly lines: ReadonlyArray<string>
}

/** Told where something is marked so. */
const markNote = " (~ another may be better, within the gap)"

const limited = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length <= linesMost + 1
    ? lines
    : [...lines.slice(0, linesMost + 1), `  … ${lines.length - linesMost - 1} more lines: --json, --sql or --to csv`]

const headLines = ({ name, axes, rows }: AnsweredBatch): ReadonlyArray<string> => {
  const counts = groupBy(rows, ({ status }) => status).map((group) => `${labelText(group.length)} ${group[0]!.status}`)
  const sizes = axes.map((axis) => `${axis.name} (${new Set(rows.map((row) => labelText(row.axes[axis.name]))).size})`)
  return [
    ...wrap(`${name}: ${labelText(rows.length)} scenarios over ${sizes.join(" × ")}`, width),
    ...wrap(counts.join(", "), width, "  ")
  ]
}

const namesOf = ({ axes }: AnsweredBatch, isDecision: boolean) =>
  axes.filter((axis) => axis.isDecision === isDecision).map(({ name }) => name)

/** A unit that all share is told in the title, else each value has its own. */
const commonUnit = (units: ReadonlyArray<string | null | undefined>): string | null => {
  const [unit, ...others] = new Set(units.filter((one) => one !== null && one !== undefined))
  return others.length === 0 ? unit ?? null : null
}

/** Cells of a value: itself, and its unit where others have another. */
const amountCells = (values: ReadonlyArray<number> | null, unit: string | null, common: string | null, columns: number) => [
  ...(values?.map(formatCount) ?? Array.from({ length: columns }, () => "–")), ...(common === null ? [unit ?? ""] : [])
]

const titled = (title: string, unit: string | null): string => unit === null ? title : `${title}, in ${unit}`

const bestSection = (batch: AnsweredBatch, contests: ReadonlyArray<Contest>): Section => {
  const names = namesOf(batch, false)
  const unit = commonUnit(contests.map(({ winner }) => winner?.unit))
  const isAlone = contests.every(({ next }) => next === null)
  const head = ["best", "value", ...(unit === null ? ["unit"] : []), "gap", ...(isAlone ? [] : ["next best", ""])]
  const cells = contests.map((contest) => [
    ...names.map((name) => labelText(contest.circumstances[name])),
    ...bestCells(contest, unit), ...(isAlone ? [] : nextCells(contest))
  ])
  // circumstances that find no room beside the rest stand above it
  const table = (above: number) => [[...names, ...head], ...cells].map((row) => row.slice(above))
  const above = Math.max(0, names.findIndex((_, i) => i === names.length - 1 || widthOf(table(i)) <= width))
  const [top, ...lines] = columns(table(above), names.length - above + 1)
  const heads = cells.map((row) => row.slice(0, above).map((label, i) => `${names[i]} ${label}`).join(", "))
  const groups = groupBy(lines.map((line, i) => ({ line, head: heads[i]! })), ({ head }) => head)
  return {
    title: titled(names.length === 0 ? "The best" : `The best by ${names.join(", ")}`, unit) + markNote,
    lines: contests.every(({ winner }) => winner === null)
      ? []
      : [top!, ...groups.flatMap((group) => [...wrap(group[0]!.head, width, "  "), ...group.map(({ line }) => line)])]
  }
}

const bestCells = ({ winner, isProven }: Contest, unit: string | null): ReadonlyArray<string> => {
  if (winner === null) return ["no plan", ...amountCells(null, null, unit, 1), "–"]
  const { accelerator, hbdSize, value, gap } = winner
  return [
    !isProven.accelerator ? `~${choiceOf(winner)}` : isProven.hbdSize ? choiceOf(winner) : `${accelerator} by ~${hbdSize}`,
    ...amountCells([value], winner.unit, unit, 1), gap === null ? "–" : formatPercent(gap)
  ]
}

const nextCells = ({ winner, next }: Contest): ReadonlyArray<string> =>
  winner === null || next === null ? ["–", ""] : [choiceOf(next), difference(next.value, winner.value)]

/** Where choices lack others to be held against. */
const incompleteLines = (batch: AnsweredBatch, contests: ReadonlyArray<Contest>): ReadonlyArray<string> => {
  const lacking = contests.filter(({ isComplete }) => !isComplete).length
  if (lacking === 0) return []
  const [circumstances, choices] = [namesOf(batch, false).join(", "), namesOf(batch, true).join(", ")]
  return wrap(`${labelText(lacking)} of ${labelText(contests.length)} places of ${circumstances} lack choices of ${choices} ` +
    "that others have (sampled, or not finished): none is told to be the best there", width, "  ")
}

const crossoverLines = (crossovers: ReadonlyArray<Crossover>): ReadonlyArray<string> => {
  const headOf = ({ aspect, axis, isUsual }: Crossover) =>
    `${aspect}, over ${axis}${isUsual ? ": what wins more than half of the samples" : ""}`
  return groupBy(crossovers, headOf).flatMap((group) => [
    ...wrap(headOf(group[0]!), width, "  "),
    ...group.flatMap(({ otherwise, stretches }) => {
      const where = Object.values(otherwise).map(labelText).join(", ")
      const text = stretches.map(({ from, to, choice, isProven, wins, of }, i) =>
        `${isProven ? "" : "~"}${choice} ${i === 0 ? `to ${labelText(to)}` : `from ${labelText(from)}`}` +
        (group[0]!.isUsual ? ` (${labelText(wins)} of ${labelText(of)})` : "")).join(", ")
      return wrap(where === "" ? text : `${where}: ${text}`, width, "    ")
    })
  ])
}

const winsSection = (axis: string, shares: ReadonlyArray<Share>): Section => ({
  title: `By ${axis}`,
  lines: columns([
    [axis, "plans", "of", "best in", "of the best", "mostly"],
    ...shares.map(({ label, plans, scenarios, wins, ofWinner, usual }) => [
      label, labelText(plans), labelText(scenarios), labelText(wins), ofWinner === null ? "–" : formatPercent(ofWinner),
      usual ?? "–"
    ])
  ], 1)
})

const valuesSection = (axis: string, shares: ReadonlyArray<Share>, isOfBest: boolean): Section => {
  const unit = commonUnit(shares.map(({ value }) => value?.unit))
  const isOne = shares.every(({ value }) => value === null || value.least === value.most)
  const keys = isOne ? ["median"] as const : ["median", "least", "most"] as const
  return {
    title: titled(`By ${axis}${isOfBest ? ", the best" : ""}`, unit),
    lines: columns([
      [axis, "plans", "of", ...(isOne ? ["value"] : keys), ...(unit === null ? ["unit"] : []), "mostly"],
      ...shares.map(({ label, plans, scenarios, value, usual }) => [
        label, labelText(plans), labelText(scenarios),
        ...amountCells(value === null ? null : keys.map((key) => value[key]), value?.unit ?? null, unit, keys.length),
        usual ?? "–"
      ])
    ], 1)
  }
}

const reasonLines = ({ rows }: AnsweredBatch): ReadonlyArray<string> =>
  groupBy(rows.filter(({ value }) => value === null), ({ status, reason }) => `${status}: ${reason}`)
    .toSorted((a, b) => b.length - a.length)
    .flatMap((group) => wrap(`${formatNumber(group.length)} × ${group[0]!.status}: ${group[0]!.reason}`, width, "  ").slice(0, 2))

/** Least width of a column of a query that is shown, if it needs as much. */
const cellLeast = 12

/** Rows of a query: the names of its columns, then cells, as many columns as 80 characters hold. */
export const renderRows = (names: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<unknown>>): string => {
  const all = [names, ...rows.map((row) => row.map(cellText))]
  const least = all.map((row) => row.map((cell) => cell.slice(0, cellLeast)))
  const beyond = names.findIndex((_, i) => widthOf(least.map((row) => row.slice(0, i + 1))) > width)
  const shown = beyond === -1 ? names.length : Math.max(beyond, 1)
  const rest = names.slice(shown)
  return [
    ...columns(all.map((row) => row.slice(0, shown)), 1).map((line) => line.slice(2)),
    ...(rest.length === 0 ? [] : wrap(`… ${rest.length} more columns (${rest.join(", ")}): --json`, width))
  ].join("\n")
}

const cellText = (cell: unknown): string =>
  cell === null ? "–" : typeof cell === "number" ? formatNumber(cell) : typeof cell === "string" ? cell : JSON.stringify(cell)
