/** Two recommendations side by side as text of 80 columns. */
import { formatNumber, formatPercent, formatQuantity, formatSeconds, wrap } from "../report/format.ts"
import type { Style } from "../report/style.ts"
import { labelText } from "./answers.ts"
import { columns, difference } from "./columns.ts"
import { type Change, isSameObjective, type RecommendationDifference, type RowChange } from "./recommendation-difference.ts"

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

export const told = (value: unknown): string => value === undefined || value === null ? "–" : labelText(value)
