import { describe, expect, it } from "vitest"
import { priors } from "../../src/calibration/priors.ts"
import { fittedFile, constantValues, fittedParameters, writeParameter } from "../../src/calibration/parameters.ts"
import { fitValues, solvePositive } from "../../src/calibration/search.ts"

describe("solvePositive", () => {
  it("solves a symmetric positive definite system", () => {
    const a = [Float64Array.of(4, 2, 0), Float64Array.of(2, 5, 1), Float64Array.of(0, 1, 3)]
    const x = solvePositive(a, [8, 15, 11])
    expect(x.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 2, 3].map((value) => value))
  })
})

describe("fitValues", () => {
  it("recovers constants from errors that depend on them, within their ranges", () => {
    const truth = [3, 0.5]
    const held = [1, 1]
    const rows = Array.from({ length: 40 }, (_, i) => [(i % 7) / 7, ((i * 3) % 11) / 11] as const)
    const fitted = fitValues({
      parameters: [{ family: null, name: "a", least: 0.1, most: 10 }, { family: null, name: "b", least: 0.6, most: 10 }],
      start: [1, 1],
      weights: rows.map(() => 1),
      set: (index, value) => {
        held[index] = value
      },
      errors: () => Float64Array.from(rows, ([x, y]) =>
        Math.log((1 + held[0]! * x + held[1]! * y) / (1 + truth[0]! * x + truth[1]! * y)))
    }, 50)
    expect(fitted[0]).toBeGreaterThan(2.7)
    expect(fitted[0]).toBeLessThan(3.1)
    expect(fitted[1]).toBe(0.6)
  })
})

describe("the constants file", () => {
  it("keeps known constants and rounds fitted ones", () => {
    const values = constantValues(priors)
    const [first] = fittedParameters(priors)
    writeParameter(values, first!, 0.123456)
    const file = fittedFile(priors, values)
    expect(file.common.waveLoss.value).toBe(0.123)
    expect(file.common.plainExchange).toEqual(priors.common.plainExchange)
  })

  it("states meaning, unit and source of every constant, and a range of every fitted one", () => {
    for (const entries of [priors.common, ...Object.values(priors.families)]) {
      for (const { meaning, unit, source, range, value } of Object.values(entries)) {
        expect([meaning, unit, source].every((text) => text.length > 0)).toBe(true)
        if (source === "fitted") {
          expect(range![0]).toBeLessThanOrEqual(value)
          expect(range![1]).toBeGreaterThanOrEqual(value)
        }
      }
    }
  })
})
