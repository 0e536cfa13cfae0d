/** What is wrong with a batch's base and with the values along its axes: each value is tried beside the first of the others. */
import { Result } from "effect"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { decodeScenario } from "../scenario/decode.ts"
import type { AxisFile } from "../schema/batch.ts"
import { positionBeyond, withValueAt } from "../scenario/value-path.ts"
import { formatPath, type Mistake } from "../schema/mistakes.ts"
import type { Axis } from "./axis.ts"
import { pointAt } from "./expansion.ts"

/** Of a longer axis so many values are tried, evenly. */
const triedMost = 500

/** Every mistake, where the batch file makes it. */
export function mistakesAlongAxes(
  base: unknown, axes: ReadonlyArray<Axis>, files: ReadonlyArray<AxisFile>, catalog: Catalog
): ReadonlyArray<Mistake> {
  const beyond = axes.flatMap((axis) => positionsBeyond(base, axes, axis, files[axis.index]!))
  if (beyond.length > 0) return beyond
  const firsts = axes.map(() => 0)
  const trials = axes.flatMap((axis) =>
    triedPositions(axis).map((position) => firsts.map((first, i) => (i === axis.index ? position : first))))
  const found = new Map<string, Mistake>()
  const right = new Set<string>()
  for (const positions of trials) {
    const { document } = pointAt(base, axes, positions.map((position, i) => axes[i]!.at(position)))
    const decoded = decodeScenario(document, catalog)
    const placed = Result.isSuccess(decoded) ? []
      : decoded.failure.map((mistake) => placeMistake(mistake, axes, files, positions))
    for (const mistake of placed) found.set(mistake.path, found.get(mistake.path) ?? mistake)
    for (const axis of axes.filter(({ isEvery }) => isEvery)) {
      if (placed.every(({ path }) => path !== everyPath(axis))) right.add(everyPath(axis))
    }
  }
  // an entry of the catalogue that cannot be computed makes a row, not a mistake; where none can be, the path is wrong
  return [...found.values()].filter(({ path }) => !right.has(path)).sort((a, b) => axisOf(a) - axisOf(b))
}

/** Positions that no list has, neither of the base nor of what the other axes make of it: they would land elsewhere. */
function positionsBeyond(
  base: unknown, axes: ReadonlyArray<Axis>, axis: Axis, file: AxisFile
): ReadonlyArray<Mistake> {
  const others = axes.filter((other) => other !== axis)
  const { document } = pointAt(base, others, others.map((other) => other.at(0)))
  const tried = file.sets === undefined ? [0] : triedPositions(axis)
  return tried.flatMap((position) => {
    const { settings, label } = axis.at(position)
    let made = document
    return settings.flatMap(({ path, value }) => {
      const beyond = positionBeyond(made, path)
      made = withValueAt(made, path, value)
      return beyond === null ? [] : [{
        path: `$.axes[${axis.index}].${file.sets === undefined ? "path" : `sets.${label}`}`,
        found: formatPath(beyond.at).slice(2),
        expected: `a position up to ${beyond.length}: the list has ${beyond.length}`,
        nearest: null
      }]
    })
  })
}

/** Of the base: −1. */
const axisOf = ({ path }: Mistake): number => Number(/^\$\.axes\[(\d+)\]/.exec(path)?.[1] ?? -1)

const everyPath = ({ index }: Axis): string => `$.axes[${index}].every`

function triedPositions({ size }: Axis): ReadonlyArray<number> {
  if (size <= triedMost) return Array.from({ length: size }, (_, i) => i)
  return Array.from({ length: triedMost }, (_, i) => Math.round(i * (size - 1) / (triedMost - 1)))
}

/** A mistake of the scenario as one of the batch file. */
function placeMistake(
  mistake: Mistake, axes: ReadonlyArray<Axis>, files: ReadonlyArray<AxisFile>, positions: ReadonlyArray<number>
): Mistake {
  for (const axis of axes) {
    const { settings, label } = axis.at(positions[axis.index]!)
    for (const { path } of settings) {
      const own = formatPath(path)
      const file = files[axis.index]!
      const at = `$.axes[${axis.index}]`
      if (mistake.found.startsWith("the key ") && isWithin(own, mistake.path)) {
        return { ...mistake, path: file.sets === undefined ? `${at}.path` : `${at}.sets.${label}` }
      }
      if (!isWithin(mistake.path, own)) continue
      if (axis.isEvery) return { ...mistake, path: everyPath(axis) }
      const where = file.values !== undefined
        ? `${at}.values[${positions[axis.index]}]`
        : file.sets === undefined ? `${at}.range` : `${at}.sets.${label}`
      return { ...mistake, path: where + mistake.path.slice(own.length) }
    }
  }
  return { ...mistake, path: `$.base${mistake.path.slice(1)}` }
}

/** Whether a place is `outer` or lies within it. */
export function isWithin(place: string, outer: string): boolean {
  return place === outer || place.startsWith(`${outer}.`) || place.startsWith(`${outer}[`)
}
