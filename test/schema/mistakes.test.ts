import { Result, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { atLeastOne, count, domain, oneOf, optional, Positive, required } from "../../src/schema/field.ts"
import { formatMistake, mistakesOf } from "../../src/schema/mistakes.ts"

const Hall = Schema.Struct({
  limitMW: required(Positive, "provisioned power, MW"),
  racks: optional(count(100), 1, "racks"),
  kind: optional(Schema.Literals(["air", "liquid"]), "air", "how it is cooled"),
  part: optional(oneOf("a part", ["gb200", "gb300"]), "gb200", "the part"),
  sizes: domain(count(8), "sizes"),
  doors: optional(atLeastOne(Schema.Struct({ widthM: required(Positive, "m") })), [{ widthM: 1 }], "doors")
})

const mistakesIn = (input: unknown): ReadonlyArray<string> => {
  const decoded = Schema.decodeUnknownResult(Hall, { errors: "all", onExcessProperty: "error" })(input)
  return Result.isSuccess(decoded) ? [] : mistakesOf(decoded.failure.issue, input).map(formatMistake)
}

describe("mistakes", () => {
  it("come all at once, each with its path", () => {
    const wrong = { limitMW: -1, racks: 101, kind: "liqid", part: "gb20", sizes: [1, 9], doors: [{ widthM: "x" }] }
    expect(mistakesIn(wrong)).toEqual([
      "$.limitMW: found -1, expected a value greater than 0",
      "$.racks: found 101, expected a whole number from 1 to 100",
      `$.kind: found "liqid", expected "air" | "liquid". Did you mean liquid?`,
      `$.part: found "gb20", expected a part. Did you mean gb200?`,
      "$.sizes[1]: found 9, expected a whole number from 1 to 8",
      `$.doors[0].widthM: found "x", expected a number`
    ])
  })

  it("offer the nearest key for a misspelt one, and say what a missing one is", () => {
    expect(mistakesIn({ limitKW: 20_000 })).toEqual([
      `$.limitKW: found the key "limitKW", expected one of limitMW, racks, kind, part, sizes, doors. ` +
        "Did you mean limitMW?",
      "$.limitMW: found nothing, expected the key limitMW: provisioned power, MW"
    ])
  })

  it.each([
    ["20 MW", `$.limitMW: found "20 MW", expected a number alone: the unit is in the key`],
    ["twenty", `$.limitMW: found "twenty", expected a number`],
    [Number.NaN, "$.limitMW: found NaN, expected a finite number"],
    [Number.POSITIVE_INFINITY, "$.limitMW: found Infinity, expected a finite number"],
    [null, "$.limitMW: found null, expected a number"],
    [[], "$.limitMW: found an empty list, expected a number"],
    [{}, "$.limitMW: found an object, expected a number"],
    ["9".repeat(99), `$.limitMW: found "${"9".repeat(56)}…, expected a number`]
  ])("tell what was found: %j", (limitMW, message) => {
    expect(mistakesIn({ limitMW })).toEqual([message])
  })

  it.each([[null], [[]], ["text"], [3]])("name a document that is no object: %j", (input) => {
    expect(mistakesIn(input)).toHaveLength(1)
    expect(mistakesIn(input)[0]).toMatch(/^\$: found .*, expected an object$/)
  })

  it("ask for one of an empty list", () => {
    expect(mistakesIn({ limitMW: 1, doors: [] })).toEqual(["$.doors: found an empty list, expected at least one"])
  })
})

describe("a domain", () => {
  const decode = Schema.decodeUnknownSync(Hall)

  it("takes one value, a list without repeats, or nothing", () => {
    expect(decode({ limitMW: 1, sizes: 4 }).sizes).toEqual([4])
    expect(decode({ limitMW: 1, sizes: [2, 4, 2] }).sizes).toEqual([2, 4])
    expect(decode({ limitMW: 1, sizes: null }).sizes).toBeNull()
    expect(decode({ limitMW: 1 }).sizes).toBeNull()
  })
})
