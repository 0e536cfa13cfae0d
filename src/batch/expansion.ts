/**
 * From axes to points, one at a time. Of a grid the axes that change the hardware, then those that change the model, turn slowest,
 * so that scenarios that share much follow each other.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64"
import { uniformInt } from "pure-rand/distribution/uniformInt"
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"
import type { BatchFile } from "../schema/batch.ts"
import type { ValuePath } from "../scenario/value-path.ts"
import { withValueAt } from "../scenario/value-path.ts"
import type { Axis, Position } from "./axis.ts"

/** A scenario of a batch before it is decoded. */
export interface Point {
  /** label by axis, in the order of the file */
  readonly axes: Readonly<Record<string, unknown>>
  readonly document: unknown
  /** why there is no document to decode */
  readonly unreadable?: string
}

type Expand = Pick<BatchFile, "expand" | "samples" | "seed">

/** How many points there are. */
export function countPoints(axes: ReadonlyArray<Axis>, { expand, samples }: Expand): number {
  switch (expand) {
    case "grid":
      return axes.reduce((product, { size }) => product * size, 1)
    case "list":
      return Math.min(...axes.map(({ size }) => size))
    case "latinHypercube":
      return samples!
  }
}

export function* expandPoints(base: unknown, axes: ReadonlyArray<Axis>, how: Expand): Generator<Point> {
  for (const positions of positionsOf(axes, how)) yield pointAt(base, axes, positions)
}

/** The base with one position of every axis set in it. */
export function pointAt(base: unknown, axes: ReadonlyArray<Axis>, positions: ReadonlyArray<Position>): Point {
  const settings = positions.flatMap(({ settings }) => settings)
  return {
    axes: Object.fromEntries(axes.map(({ name }, i) => [name, positions[i]!.label])),
    document: settings.reduce<unknown>((tree, { path, value }) => withValueAt(tree, path, value), base)
  }
}

function positionsOf(axes: ReadonlyArray<Axis>, how: Expand): Iterable<ReadonlyArray<Position>> {
  switch (how.expand) {
    case "grid":
      return gridPositions(axes)
    case "list":
      return listPositions(axes)
    case "latinHypercube":
      return hypercubePositions(axes, how.samples!, how.seed)
  }
}

function* gridPositions(axes: ReadonlyArray<Axis>): Generator<ReadonlyArray<Position>> {
  const order = axes.map((_, i) => i).sort((a, b) => turning(axes[a]!) - turning(axes[b]!) || a - b)
  const at = axes.map(() => 0)
  while (true) {
    yield axes.map((axis, i) => axis.at(at[i]!))
    const turned = order.findLast((i) => at[i]! + 1 < axes[i]!.size)
    if (turned === undefined) return
    at[turned]!++
    for (const i of order.slice(order.indexOf(turned) + 1)) at[i] = 0
  }
}

/** Low: turns slowly. */
function turning({ paths }: Axis): number {
  return Math.min(...paths.map(([first, second]: ValuePath) =>
    first === "catalog" || first === "estimates" || (first === "search" && second === "accelerator")
      ? 0
      : first === "workload" || first === "workloads" || first === "memoryHeadroom" || (first === "search" && second === "mapping")
      ? 1
      : first === "search"
      ? 2
      : 3))
}

function* listPositions(axes: ReadonlyArray<Axis>): Generator<ReadonlyArray<Position>> {
  const length = Math.min(...axes.map(({ size }) => size))
  for (let i = 0; i < length; i++) yield axes.map((axis) => axis.at(i))
}

/** Each axis is cut into as many strata as there are samples, and every stratum is met once (McKay et al., 1979). */
function* hypercubePositions(axes: ReadonlyArray<Axis>, samples: number, seed: number): Generator<ReadonlyArray<Position>> {
  const random = xoroshiro128plus(seed)
  const strata = axes.map(() => shuffled(samples, (most) => uniformInt(random, 0, most)))
  for (let i = 0; i < samples; i++) {
    yield axes.map((axis, a) => axis.between((strata[a]![i]! + uniformFloat64(random)) / samples))
  }
}

/** 0 … length − 1 in random order (Fisher–Yates); `pick(m)` draws from 0 … m. */
function shuffled(length: number, pick: (most: number) => number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = pick(i)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
