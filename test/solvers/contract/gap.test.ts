import { describe, expect, it } from "vitest"
import fc from "fast-check"
import { boundWithin, gapOf } from "../../../solvers/contract/gap.ts"

describe("the bound within a gap of a value", () => {
  it("is that far from it by `gapOf`, and not a margin further", () => {
    fc.assert(fc.property(
      fc.constantFrom("maximize" as const, "minimize" as const), fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-6, max: 0.9, noNaN: true }),
      (sense, value, gap) => {
        const found = gapOf(sense, value, boundWithin(sense, value, gap))!
        expect(found).toBeLessThanOrEqual(gap)
        expect(found).toBeGreaterThanOrEqual(gap * (1 - 1e-6))
      }
    ))
  })

  it("is the value itself where the optimum is asked for or nothing is known", () => {
    expect(boundWithin("maximize", 5, 0)).toBe(5)
    expect(boundWithin("maximize", -Infinity, 0.1)).toBe(-Infinity)
    expect(boundWithin("minimize", Infinity, 0.1)).toBe(Infinity)
  })
})
