/** Two stores side by side as text of 80 columns: what both answer, how the answers moved, and why. */
import { formatPercent, formatQuantity, wrap } from "../report/format.ts"
import type { Style } from "../report/style.ts"
import { labelText } from "./answers.ts"
import { columns, difference } from "./columns.ts"
import { told } from "./difference-report.ts"
import { shareText, timeReasons } from "./recommendation-difference.ts"
import { type Aspect, type PlaceChange, shownOf, type StoreDifference, type StoreSide } from "./store-difference.ts"
import type { PairDifference, StoreReasons } from "./store-reasons.ts"

const width = 80
const changesMost = 16
const pathsMost = 3
/** of one change */
const linesMost = 5

type Section = readonly [title: string, lines: ReadonlyArray<string>]

type Found = StoreDifference & StoreReasons

export const renderStoreDifference = (found: Found, style: Style): string => {
  /** `tell`: what of the change stands beside its place, and below it */
  const section = (title: string, aspect: Aspect, tell: (change: PlaceChange) => readonly [string, string]): Section => {
    const { shown, count } = shownOf(found, aspect)
    const lines = shown.flatMap((change) => {
      const [beside, below] = tell(change)
      return [...wrap(`${placeText(change)}: ${beside}`, width, "  "), ...cutLines(wrap(below, width - 2, "    "))]
    })
    return [title, count > shown.length ? [...lines, `  … ${labelText(count - shown.length)} more: --json`] : lines]
  }
  const plan = (change: PlaceChange) =>
    planText(change, found.pairs.find(({ keys }) => keys.a === change.a.key && keys.b === change.b.key) ?? null)
  const sections: ReadonlyArray<Section> = [
    [`${labelText(found.both)} scenarios in both, ${labelText(found.onlyA)} in A alone, ${labelText(found.onlyB)} in B alone`,
      headLines(found)],
    [questionTitle(found), questionLines(found)],
    ["Another choice", countLines(found.choices)],
    section("Another status", "status", statusTexts),
    section("Another objective", "objective", (change) => [valueText(change), plan(change)]),
    section("Largest changes (! more than the gaps explain)", "value", (change) => [
      `${valueText(change)}, ${difference(change.b.value!, change.a.value!)}${change.isBeyondGap ? " !" : ""}`, plan(change)
    ]),
    section("Another plan of the same value", "plan", (change) => [formatQuantity(change.a.value!, change.a.unit!), plan(change)])
  ]
  return sections.flatMap(([title, lines], i) => i > 0 && lines.length === 0 ? [] : [style.heading(title), ...lines]).join("\n")
}

const cutLines = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length <= linesMost ? lines : [...lines.slice(0, linesMost - 1), `${lines[linesMost - 1]} …`]

const headLines = (found: StoreDifference): ReadonlyArray<string> => {
  if (found.both === 0) return nothingInCommon(found.sides)
  const beyond = found.beyondGap === 0 ? "" : ` (${labelText(found.beyondGap)} by more than both gaps explain)`
  const texts = ([
    ["status", "another status"], ["objective", "another objective"], ["value", `another value${beyond}`],
    ["plan", "another plan of the same value"]
  ] as const).map(([aspect, what]) => [shownOf(found, aspect).count, what] as const).filter(([count]) => count > 0)
    .map(([count, what]) => `${labelText(count)} with ${what}`)
  return wrap(texts.length === 0 ? "the same answers" : texts.join(", "), width, "  ")
}

const nothingInCommon = (sides: StoreDifference["sides"]): ReadonlyArray<string> => [
  ...Object.entries(sides).flatMap(([name, { batches }]) => batches.length === 0
    ? [`  ${name.toUpperCase()}: no batch`]
    : batches.flatMap((batch) => {
      const holds = `${labelText(batch.scenarios)} scenarios over ${batch.axes.join(", ")}`
      return wrap(`${name.toUpperCase()}: batch ${batch.name}, ${holds}`, width, "  ")
    })),
  ...wrap("Scenarios are compared where batch, axes and labels have the same names: give one batch file the name, axes and " +
    "values of the other and run it again with its store. What is solved there is not solved again.", width, "  ")
]

const countLines = (counts: Readonly<Record<string, number>>): ReadonlyArray<string> => {
  const texts = Object.entries(counts).map(([what, number]) => `${labelText(number)} × ${what}`)
  const rest = texts.length > changesMost ? [`… ${texts.length - changesMost} more: --json`] : []
  return wrap([...texts.slice(0, changesMost), ...rest].join(", "), width, "  ")
}

const questionTitle = ({ question: { lookedAt }, askedOtherwise, both }: Found): string => {
  const from = lookedAt < askedOtherwise ? ` (told from ${lookedAt})` : ""
  return `Question: another in ${labelText(askedOtherwise)} of ${labelText(both)}${from}`
}

/** Where it differs in some of the pairs alone, in how many. */
const questionLines = ({ sides: { a, b }, question: { lookedAt, changes }, askedOtherwise }: Found): ReadonlyArray<string> => {
  const ofRuns = (name: string, of: (side: StoreSide) => ReadonlyArray<string>) => {
    const [inA, inB] = [a, b].map((side) => [...new Set(of(side))].join(", "))
    return inA === inB ? [] : [[name, inA!, inB!, ""]]
  }
  const rows = [
    ...ofRuns("version", ({ programs }) => programs.map(({ version }) => version)),
    ...ofRuns("catalogue", ({ programs }) => programs.map(({ catalogHash }) => catalogHash.slice(0, 12))),
    ...changes.slice(0, changesMost).map((change) =>
      [change.path, told(change.a), told(change.b), change.pairs === lookedAt ? "" : `in ${change.pairs}`])
  ]
  const rest = changes.length > changesMost ? [`  … ${changes.length - changesMost} more: --json`] : []
  if (rows.length === 0) return askedOtherwise === 0 ? [] : ["  no difference in what was looked at"]
  return [...columns([["", "A", "B", ""], ...rows], 4), ...rest]
}

const placeText = ({ batch, axes }: PlaceChange): string => `${batch}: ${Object.values(axes).map(labelText).join(", ")}`

const statusTexts = ({ a, b }: PlaceChange): readonly [string, string] => {
  const gaps = [a, b].map(({ gap }) => gap === null ? "–" : formatPercent(gap)).join(" → ")
  const reasons = Object.entries({ A: a, B: b }).flatMap(([side, { reason }]) => reason === null ? [] : [`${side}: ${reason}`])
  return [`${a.status} → ${b.status}${reasons.length === 0 ? `, gap ${gaps}` : ""}`, reasons.join("; ")]
}

const valueText = ({ a, b }: PlaceChange): string =>
  [a, b].map(({ value, unit }) => value === null ? "no plan" : formatQuantity(value, unit!)).join(" → ")

/** The plan, where its throughput comes from, and of the recommendations what else changed. */
const planText = ({ a, b, choice, differs }: PlaceChange, why: PairDifference | null): string => {
  const hasOutput = a.tokensPerS !== null && b.tokensPerS !== null && a.accelerators !== null && b.accelerators !== null
  const output = (of: typeof a) => ({ tokensPerS: of.tokensPerS!, accelerators: of.accelerators! })
  const isOtherCount = hasOutput && a.accelerators !== b.accelerators
  const counts = isOtherCount ? `, ${labelText(a.accelerators)} → ${labelText(b.accelerators)}` : ""
  return [
    `${choice}${counts}`, ...(hasOutput ? [shareText(output(a), output(b))] : []),
    ...(why === null ? [] : [
      ...timeReasons(why.time), ...fullTexts(why), ...(differs.includes("plan") ? pathTexts(why) : [])
    ])
  ].join("; ")
}

/** What follows from the rest. */
const following = /^(accelerators|hbds|racks|world|microBatches|ranksPerHbd)$|total|media|ladders/

const pathTexts = ({ layout, mapping }: PairDifference): ReadonlyArray<string> => {
  const texts = [...layout, ...mapping].filter(({ path }) => !following.test(path))
    .map(({ path, a, b }) => `${path} ${told(a)} → ${told(b)}`)
  const rest = texts.length > pathsMost ? `, … ${texts.length - pathsMost} more` : ""
  return texts.length === 0 ? [] : [`${texts.slice(0, pathsMost).join(", ")}${rest}`]
}

/** Limits that hold one of the two back. */
const fullTexts = ({ resources }: PairDifference): ReadonlyArray<string> => {
  const inOne = resources.filter(({ isFullInA, isFullInB }) => isFullInA !== isFullInB)
  const alone = { A: inOne.filter(({ isFullInA }) => isFullInA), B: inOne.filter(({ isFullInB }) => isFullInB) }
  return Object.entries(alone).flatMap(([side, rows]) =>
    rows.length === 0 ? [] : [`full in ${side} alone: ${rows.map(({ name }) => name).join(", ")}`])
}
