/** The vocabulary of the file schemas: numbers with their ranges, names of the catalogue, keys that may be left out. */
import { Effect, Schema, SchemaTransformation } from "effect"

/** Any count, batch, token or watt above this is a slip of the pen, not a plan. */
const largest = 1e18

export const Text = Schema.NonEmptyString
export const Positive = Schema.Finite.check(
  Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(largest)
)
export const NonNegative = Schema.Finite.check(
  Schema.isGreaterThanOrEqualTo(0), Schema.isLessThanOrEqualTo(largest)
)
/** 0–1 */
export const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

/** A whole number in 1…`maximum`. */
export const count = (maximum: number) =>
  Schema.Int.check(Schema.isBetween({ minimum: 1, maximum }, { expected: `a whole number from 1 to ${maximum}` }))

/** A list that is not empty. */
export const atLeastOne = <S extends Schema.Top>(schema: S) =>
  Schema.Array(schema).check(Schema.isMinLength(1, { expected: "at least one" }))

/** A key that must be there. */
export const required = <S extends Schema.Top>(schema: S, description: string) =>
  schema.pipe(Schema.annotateEncoded({ description })) as S

/** A key that may be left out: then it is `value`, in the file's own terms. */
export const optional = <S extends Schema.Top>(schema: S, value: S["Encoded"], description: string) =>
  (schema.pipe(Schema.annotateEncoded({ description, default: value })) as S).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(value))
  )

/** A limit that may be left out: null is none. */
export const limit = <S extends Schema.Top>(schema: S, description: string) =>
  optional(Schema.NullOr(schema), null, `${description}; null: no limit`)

/** Text that must be one of `names`; null: any. A mistake carries the names, so that the nearest can be offered. */
export const oneOf = (what: string, names: ReadonlyArray<string> | null) =>
  names === null
    ? Text
    : Text.check(Schema.makeFilter((name: string) => names.includes(name), { expected: what, names }))

/** One value, a list of values, or null: the domain of a decision, decoded to a list without repeats. */
export const domain = <T extends string | number | boolean>(value: Schema.Codec<T>, description: string) =>
  optional(
    Schema.Union([value, atLeastOne(value), Schema.Null]).pipe(
      Schema.decodeTo(Schema.NullOr(Schema.Array(Schema.toType(value))), SchemaTransformation.transform({
        decode: (written) =>
          written === null ? null : [...new Set(typeof written === "object" ? written : [written])] as ReadonlyArray<T>,
        encode: (values) => values
      }))
    ),
    null,
    `${description}; one value, a list of values, or null: free`
  )
