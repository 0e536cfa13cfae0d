/** One axis of a batch: positions 0 … size − 1, each with a label and what it sets in the scenario. */
import { type CatalogKind } from "../schema/catalog.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { AxisFile } from "../schema/batch.ts"
import { parsePath, type ValuePath } from "../scenario/value-path.ts"

/** What a position sets, place by place. */
export type Settings = ReadonlyArray<{ readonly path: ValuePath; readonly value: unknown }>

export interface Position {
  /** what tables show: the value itself, or the name of a set, a number where all names are */
  readonly label: unknown
  readonly settings: Settings
}

export interface Axis {
  readonly name: string
  /** position in the batch file */
  readonly index: number
  readonly paths: ReadonlyArray<ValuePath>
  readonly size: number
  /** from the catalogue: what it holds need not all be computable */
  readonly isEvery: boolean
  at(position: number): Position
  /** At a share of 0 ≤ u < 1 of the axis: between the ends of a range, one of the values of a list. */
  between(u: number): Position
}

/** An axis whose paths can be read; `pathMistakes` has found none. */
export function openAxis(file: AxisFile, index: number, catalog: Catalog): Axis {
  return file.sets === undefined ? pathAxis(file, index, catalog) : setsAxis(file, file.sets, index)
}

/** Its own, or the last key of its path. */
export function axisName({ name, path }: AxisFile, index: number): string {
  const keys = path === undefined ? null : parsePath(path)
  return name ?? String(keys?.findLast((key) => typeof key === "string") ?? `axis${index + 1}`)
}

function setsAxis(file: AxisFile, sets: NonNullable<AxisFile["sets"]>, index: number): Axis {
  // names that are all numbers are told, ordered and compared as such
  const isNumeric = Object.keys(sets).every((name) => Number.isFinite(Number(name)) && String(Number(name)) === name)
  const positions = Object.entries(sets).map(([name, settings]): Position => ({
    label: isNumeric ? Number(name) : name,
    settings: Object.entries(settings).map(([path, value]) => ({ path: parsePath(path)!, value }))
  }))
  const paths = positions.flatMap(({ settings }) => settings.map(({ path }) => path))
  return listAxis(axisName(file, index), index, paths, positions, false)
}

function pathAxis(file: AxisFile, index: number, catalog: Catalog): Axis {
  const path = parsePath(file.path!)!
  const position = (value: unknown): Position => ({ label: value, settings: [{ path, value }] })
  const values = file.values ?? (file.range === undefined ? idsOf(catalog, file.every!) : valuesOf(file.range))
  const axis = listAxis(axisName(file, index), index, [path], values.map(position), file.every !== undefined)
  const { range } = file
  return range === undefined || range.whole
    ? axis
    : { ...axis, between: (u) => position(rounded(interpolate(range, u))) }
}

function listAxis(
  name: string, index: number, paths: ReadonlyArray<ValuePath>, positions: ReadonlyArray<Position>, isEvery: boolean
): Axis {
  const { length: size } = positions
  return {
    name, index, paths, size, isEvery,
    at: (position) => positions[position]!,
    between: (u) => positions[Math.min(size - 1, Math.floor(u * size))]!
  }
}

function idsOf(catalog: Catalog, kind: CatalogKind): ReadonlyArray<string> {
  return catalog[kind].map(({ id }) => id)
}

type Range = NonNullable<AxisFile["range"]>

function valuesOf(range: Range): ReadonlyArray<number> {
  const { steps, whole } = range
  const share = (step: number) => (steps === 1 ? 0 : step / (steps - 1))
  const values = Array.from({ length: steps }, (_, step) => interpolate(range, share(step)))
  return [...new Set(values.map((value) => (whole ? Math.round(value) : rounded(value))))]
}

function interpolate({ from, to, scale }: Range, share: number): number {
  return scale === "log" ? from * (to / from) ** share : from + (to - from) * share
}

/** Without the last digits, which are the arithmetic's and not the planner's. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}
