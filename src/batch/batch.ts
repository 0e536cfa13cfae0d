/** A batch, ready to be expanded: from its file, with all that is wrong with it told at once. */
import { Effect, Path, Result, Schema } from "effect"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { BadInput } from "../scenario/bad-input.ts"
import { readDocument } from "../scenario/document.ts"
import { parsePath } from "../scenario/value-path.ts"
import { type AxisFile, BatchFile } from "../schema/batch.ts"
import { formatPath, type Mistake, mistakesOf } from "../schema/mistakes.ts"
import { type Axis, axisName, openAxis } from "./axis.ts"
import { isWithin, mistakesAlongAxes } from "./axis-mistakes.ts"
import { countPoints, expandPoints, type Point } from "./expansion.ts"

/** An axis as the store remembers it. */
export interface BatchAxis {
  readonly name: string
  /** what it changes; empty: whole files */
  readonly paths: ReadonlyArray<string>
}

export interface Batch {
  readonly name: string
  readonly source: string
  readonly axes: ReadonlyArray<BatchAxis>
  /** all that its points are made of, as plain data */
  readonly content: unknown
  readonly total: number
  /** made anew on every call */
  readonly points: () => Iterable<Point> | AsyncIterable<Point>
}

const decode = Schema.decodeUnknownResult(BatchFile, { errors: "all", onExcessProperty: "error" })

/** Fails with every mistake of the file, of its base, and of the values along its axes. */
export const openBatch = Effect.fn("openBatch")(function*(source: string, input: unknown, catalog: Catalog) {
  const decoded = decode(input)
  if (Result.isFailure(decoded)) {
    return yield* new BadInput({ source, mistakes: mistakesOf(decoded.failure.issue, input) })
  }
  const file = decoded.success
  const unreadable = [...pathMistakes(file), ...nameMistakes(file), ...overlapMistakes(file)]
  if (unreadable.length > 0) return yield* new BadInput({ source, mistakes: unreadable })
  const base = typeof file.base === "string" ? yield* readBase(source, file.base) : file.base
  const axes = file.axes.map((axis, i) => openAxis(axis, i, catalog))
  const mistakes = mistakesAlongAxes(base, axes, file.axes, catalog)
  if (mistakes.length > 0) return yield* new BadInput({ source, mistakes })
  return batchOf(source, file, base, axes)
})

const batchOf = (source: string, file: BatchFile, base: unknown, axes: ReadonlyArray<Axis>): Batch => ({
  name: file.name,
  source,
  axes: axes.map(({ name, paths }) => ({ name, paths: [...new Set(paths.map((path) => formatPath(path).slice(2)))] })),
  content: { ...file, base },
  total: countPoints(axes, file),
  points: () => expandPoints(base, axes, file)
})

const readBase = Effect.fnUntraced(function*(source: string, base: string) {
  const path = yield* Path.Path
  return yield* readDocument(path.resolve(path.dirname(source), base))
})

/** The paths that a file's axis sets, and where it says so. */
const writtenPaths = ({ path, sets }: AxisFile, i: number) =>
  sets === undefined
    ? [{ at: `$.axes[${i}].path`, path: path! }]
    : Object.entries(sets).flatMap(([name, settings]) =>
      Object.keys(settings).map((path) => ({ at: `$.axes[${i}].sets.${name}`, path })))

const pathMistakes = ({ axes }: BatchFile): ReadonlyArray<Mistake> =>
  axes.flatMap(writtenPaths).filter(({ path }) => parsePath(path) === null).map(({ at, path }): Mistake =>
    ({ path: at, found: JSON.stringify(path), expected: "a path such as sites[0].power.limitMW", nearest: null }))

/** An axis may set within what one before it sets, but not over it: that one's labels would say what is not so. */
const overlapMistakes = ({ axes }: BatchFile): ReadonlyArray<Mistake> =>
  axes.flatMap((axis, i) => {
    const before = axes.slice(0, i).flatMap(writtenPaths)
    return writtenPaths(axis, i).flatMap(({ at, path }): ReadonlyArray<Mistake> => {
      const over = before.find((other) => isWithin(other.path, path))
      if (over === undefined) return []
      const expected = `a path that sets nothing of ${over.at} (${over.path}) again`
      return [{ path: at, found: JSON.stringify(path), expected, nearest: null }]
    })
  })

const nameMistakes = (file: BatchFile): ReadonlyArray<Mistake> => {
  const names = file.axes.map(axisName)
  return names.flatMap((name, i) =>
    names.indexOf(name) < i
      ? [{ path: `$.axes[${i}].name`, found: JSON.stringify(name), expected: "a name of its own", nearest: null }]
      : [])
}
