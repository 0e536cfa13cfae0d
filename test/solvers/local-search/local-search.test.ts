import { describe, expect, it } from "vitest"
import { climb } from "../../../solvers/local-search/local-search.ts"
import { productSpace, randomChoices, requestFor } from "../product-space.ts"

const choices = randomChoices(31, 9, 4, "maximize", 90)
const space = productSpace(choices)

describe("local search", () => {
  it("ends where no change of one gene is better, having kept or improved what it was given", () => {
    const lightest = choices.weights.map((row) => row.indexOf(Math.min(...row)))
    const answer = climb(requestFor(space, { incumbents: [{ candidate: lightest, source: "known" }] }))
    const { candidate, value } = answer.incumbent!
    expect(value).toBeGreaterThan(space.evaluate(lightest)!)
    for (let g = 0; g < candidate.length; g++) {
      for (let allele = 0; allele < 4; allele++) {
        const neighbour = candidate.map((digit, at) => (at === g ? allele : digit))
        expect(space.evaluate(neighbour) ?? -Infinity).toBeLessThanOrEqual(value)
      }
    }
  })

  it("refuses a space without a genome", () => {
    const { genome: _, ...bare } = space
    expect(() => climb(requestFor(bare))).toThrow(RangeError)
  })
})
