/** Differences as text of 80 columns. */
import { formatNumber, formatPercent, formatQuantity, formatSeconds, wrap } from "../report/format.ts"
import type { Style } from "../report/style.ts"
import { labelText } from "./answers.ts"
import { columns, difference } from "./columns.ts"
import { type Change, isSameObjective, type RecommendationDifference, type RowChange } from "./recommendation-difference.ts"
import type { StoreDifference } from "./store-difference.ts"

const width = 80
const linesMost = 30

export const renderDifference = (found: RecommendationDifference, style: Style): string => {
  const { scenario, provenance, layout, mapping, time, resources, because, objective, status } = found
  const { a, b } = objective
  const value = (of: typeof a) => of.value === null ? "no plan" : formatQuantity(of.value, of.unit)
  const isSame = [scenario, provenance, layout, mapping, time, resources].every(({ length }) => length === 0) && a.value === b.value
  if (isSame) return "the same question, the same answer"
  return [
    ["Answer", [
      ...columns([
        ["", "A", "B", ""], ["status", status.a, status.b, ""],
        ...(isSameObjective(a, b)
          ? [[a.name, value(a), value(b), a.value === null || b.value === null ? "" : difference(b.value, a.value)]]
          : [["objective", a.name, b.name, ""], ["value", value(a), value(b), ""]]),
        ["bound", ...[a, b].map((of) => of.bound === null ? "–" : formatQuantity(of.bound, of.unit)), ""],
        ["gap", ...[a, b].map((of) => of.gap === null ? "–" : formatPercent(of.gap)), ""]
      ], 1),
      ...because.flatMap((reason) => wrap(reason, width, "  "))
    ]],
    ["Question", changeLines([...scenario, ...provenance])],
    ["Layout", changeLines(layout)],
    ["Mapping", changeLines(mapping)],
    ["Time per million tokens", columns([
      ["", "A", "B", "change"],
      ...time.map(({ name, aS, bS }) =>
        [name, formatSeconds(aS), formatSeconds(bS), `${bS < aS ? "−" : "+"}${formatSeconds(Math.abs(bS - aS))}`])
    ], 1).slice(0, time.length === 0 ? 0 : linesMost)],
    ["Resources (! full)", columns([["", "A", "B", ""], ...resources.map(resourceCells)], 1)
      .slice(0, resources.length === 0 ? 0 : linesMost)]
  ].flatMap(([title, lines]) => lines!.length === 0 ? [] : [style.heading(title as string), ...lines!]).join("\n")
}

const resourceCells = ({ name, unit, a, b, isFullInA, isFullInB }: RowChange): ReadonlyArray<string> => {
  const cell = (used: number | null, isFull: boolean) => used === null ? "–" : `${formatNumber(used)} ${unit}${isFull ? " !" : ""}`
  return [name, cell(a, isFullInA), cell(b, isFullInB), a === null || b === null || a === 0 ? "" : difference(b, a)]
}

const changeLines = (changes: ReadonlyArray<Change>): ReadonlyArray<string> => {
  const lines = columns(changes.map(({ path, a, b }) => [path, told(a), told(b)]), 3).slice(0, linesMost)
  return changes.length > linesMost ? [...lines, `  … ${changes.length - linesMost} more: --json`] : lines
}

const told = (value: unknown): string => value === undefined || value === null ? "–" : labelText(value)

/** Two stores: what both answer, and how the answers moved. */
export const renderStoreDifference = (found: StoreDifference, style: Style): string => {
  const { both, onlyA, onlyB, changed, statuses, choices } = found
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of).map(([what, number]) => `${labelText(number)} × ${what}`).join(", ")
  return [
    style.heading(`${labelText(both)} scenarios in both, ${labelText(onlyA)} in A alone, ${labelText(onlyB)} in B alone`),
    `  ${labelText(changed.length)} with another value, ${labelText(found.beyondGap)} by more than both gaps explain`,
    ...(Object.keys(statuses).length === 0 ? [] : wrap(`status: ${counts(statuses)}`, width, "  ")),
    ...(Object.keys(choices).length === 0 ? [] : [style.heading("Another choice"), ...wrap(counts(choices), width, "  ")]),
    ...(changed.length === 0 ? [] : [
      style.heading("Largest changes (! more than the gaps explain)"),
      ...columns([
        ["scenario", "A", "B", "", "choice"],
        ...changed.slice(0, linesMost).map(({ batch, axes, a, b, isBeyondGap, choice }) => [
          `${batch}: ${Object.values(axes).map(labelText).join(", ")}`, formatNumber(a), formatNumber(b),
          `${difference(b, a)}${isBeyondGap ? " !" : ""}`, choice
        ])
      ], 1)
    ])
  ].join("\n")
}
