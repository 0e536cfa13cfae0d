/** Turns what a schema finds wrong into mistakes a planner can mend: where, what was found, expected, and meant. */
import { Schema, SchemaAST, SchemaIssue } from "effect"
import { nearestName } from "../nearest-name.ts"

export const Mistake = Schema.Struct({
  /** `$.sites[0].power.limitMW` */
  path: Schema.String,
  found: Schema.String,
  expected: Schema.String,
  /** the valid name nearest to what was found */
  nearest: Schema.NullOr(Schema.String)
})
export type Mistake = typeof Mistake.Type

type Path = ReadonlyArray<PropertyKey>

export const formatPath = (path: Path): string =>
  "$" + path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`).join("")

/** A value of the file in a few words. */
export const describeFound = (value: unknown): string => {
  if (value === undefined) return "nothing"
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`
  if (typeof value === "object" && value !== null) return "an object"
  const text = typeof value === "string" ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

const valueAt = (input: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) =>
    typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined, input)

const standard = SchemaIssue.makeFormatterStandardSchemaV1()

const expectedBy = (issue: SchemaIssue.Issue): string =>
  (standard(issue).issues[0]?.message ?? "something else")
    .replace(/^Expected /, "").replace(/^(number|string|boolean)\b/, "a $1").replace(/^(object|array)\b/, "an $1")

/** Valid names where a text was found: the literals of a union, or the `names` of a check. */
const namesOf = (issue: SchemaIssue.Issue): ReadonlyArray<string> => {
  if (issue._tag === "Filter") return (issue.filter.annotations?.["names"] as ReadonlyArray<string> | undefined) ?? []
  if (issue._tag !== "AnyOf") return []
  const members = (ast: SchemaAST.AST): ReadonlyArray<string> =>
    SchemaAST.isUnion(ast) ? ast.types.flatMap(members) : SchemaAST.isLiteral(ast) ? [String(ast.literal)] : []
  return members(issue.ast)
}

const keysOf = (parent: SchemaAST.AST | null): ReadonlyArray<string> =>
  parent !== null && SchemaAST.isObjects(parent)
    ? parent.propertySignatures.map((property) => String(property.name))
    : []

/** `limitMW: provisioned power, MW` */
const describeKey = (parent: SchemaAST.AST | null, key: string): string => {
  const property = parent !== null && SchemaAST.isObjects(parent)
    ? parent.propertySignatures.find((candidate) => candidate.name === key)
    : undefined
  const description = property && SchemaAST.resolveDescription(SchemaAST.toEncoded(property.type))
  return description === undefined ? `the key ${key}` : `the key ${key}: ${description}`
}

const numberWithUnit = /^\s*[-+]?[\d.,]+(e[-+]?\d+)?\s*[a-z%/²$€]/i

const leaf = (issue: SchemaIssue.Issue, path: Path, input: unknown): Mistake => {
  const value = valueAt(input, path)
  const expected = expectedBy(issue)
  const names = namesOf(issue)
  const unit = typeof value === "string" && names.length === 0 && numberWithUnit.test(value)
  return {
    path: formatPath(path),
    found: describeFound(value),
    expected: unit ? `${expected} alone: the unit is in the key` : expected,
    nearest: typeof value === "string" ? nearestName(value, names) : null
  }
}

/** All mistakes of one failed decoding of `input`, the first of each place, in the order of the schema. */
export const mistakesOf = (root: SchemaIssue.Issue, input: unknown): ReadonlyArray<Mistake> => {
  const walk = (issue: SchemaIssue.Issue, path: Path, parent: SchemaAST.AST | null): ReadonlyArray<Mistake> => {
    switch (issue._tag) {
      case "Pointer":
        return walk(issue.issue, [...path, ...issue.path], parent)
      case "Encoding":
        return walk(issue.issue, path, parent)
      case "Composite":
        return issue.issues.flatMap((child) => walk(child, path, issue.ast))
      case "AnyOf":
        return issue.issues.length === 0
          ? [leaf(issue, path, input)]
          : issue.issues.flatMap((child) => walk(child, path, issue.ast))
      case "MissingKey":
        return [{
          path: formatPath(path), found: "nothing", expected: describeKey(parent, String(path.at(-1))), nearest: null
        }]
      case "UnexpectedKey": {
        const keys = keysOf(parent)
        return [{
          path: formatPath(path),
          found: `the key ${JSON.stringify(path.at(-1))}`,
          expected: `one of ${keys.join(", ")}`,
          nearest: nearestName(String(path.at(-1)), keys)
        }]
      }
      default:
        return [leaf(issue, path, input)]
    }
  }
  const mistakes = walk(root, [], null)
  const first = new Map(mistakes.toReversed().map((mistake) => [mistake.path, mistake]))
  return mistakes.filter((mistake) => first.get(mistake.path) === mistake)
}

/** `$.sites[0].racks: found -3, expected a whole number from 1 to 100000000` */
export const formatMistake = (mistake: Mistake): string =>
  `${mistake.path}: found ${mistake.found}, expected ${mistake.expected}` +
  (mistake.nearest === null ? "" : `. Did you mean ${mistake.nearest}?`)
