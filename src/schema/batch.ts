/** The batch file: a scenario to start from, and the axes along which it is varied. */
import { Schema } from "effect"
import { atLeastOne, count, optional, required, Text } from "./field.ts"

/** More values than a planner means. */
const mostValues = 1_000_000

const Range = Schema.Struct({
  from: required(Schema.Finite, "first value"),
  to: required(Schema.Finite, "last value"),
  steps: required(count(mostValues), "number of values, both ends among them"),
  scale: optional(Schema.Literals(["linear", "log"]), "linear", "equal differences, or equal ratios"),
  whole: optional(Schema.Boolean, false, "rounded to whole numbers; those that coincide count once")
}).check(Schema.makeFilter(({ from, to, scale }) => scale === "linear" || (from > 0 && to > 0), {
  expected: "from and to above 0 on a logarithmic scale"
}))

/** Kinds of the catalogue whose every entry an axis may try. */
export const everyKinds = ["accelerators", "systems", "switches", "nics", "models"] as const

const Settings = Schema.Record(Text, Schema.Unknown)

const Axis = Schema.Struct({
  name: Schema.optionalKey(required(Text, "what to call the axis in tables; default: the last key of its path")),
  path: Schema.optionalKey(required(Text, "what the axis changes, as sites[0].power.limitMW")),
  values: Schema.optionalKey(required(atLeastOne(Schema.Unknown), "the values it takes, one after the other")),
  range: Schema.optionalKey(required(Range, "or so many values between two")),
  every: Schema.optionalKey(required(Schema.Literals(everyKinds), "or the id of every entry of the catalogue")),
  sets: Schema.optionalKey(required(
    Schema.Record(Text, Settings), "instead of path and values: what changes together, {name: {path: value, …}, …}"
  ))
}).check(Schema.makeFilter(({ path, values, range, every, sets }) => {
  const sources = [values, range, every].filter((source) => source !== undefined).length
  return sets === undefined
    ? path !== undefined && sources === 1
    : path === undefined && sources === 0 && Object.keys(sets).length > 0
}, { expected: "a path with one of values, range and every, or sets alone" }))

export type AxisFile = typeof Axis.Type

export const BatchFile = Schema.Struct({
  formatVersion: optional(Schema.Literal(1), 1, "version of this format"),
  name: required(Text, "what to call the batch"),
  description: optional(Schema.NullOr(Text), null, "in words"),
  base: required(
    Schema.Union([Text, Schema.Record(Text, Schema.Unknown)]),
    "the scenario that is varied: its file, seen from this one, or the scenario itself"
  ),
  axes: required(atLeastOne(Axis), "what is varied"),
  expand: optional(Schema.Literals(["grid", "list", "latinHypercube"]), "grid",
    "grid: every combination; list: the first values, the second values …; latinHypercube: random, each axis evenly"),
  samples: Schema.optionalKey(required(count(mostValues), "scenarios of a Latin hypercube")),
  seed: optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_294_967_295 })), 1,
    "of a Latin hypercube's random numbers")
}).check(Schema.makeFilter(({ expand, samples }) => (expand === "latinHypercube") === (samples !== undefined), {
  expected: "samples beside expand: latinHypercube, and there alone"
}))
export type BatchFile = typeof BatchFile.Type

/** Whether a document is meant as a batch: no scenario has these keys. */
export const looksLikeBatch = (document: unknown): boolean =>
  typeof document === "object" && document !== null && ("axes" in document || "base" in document)
