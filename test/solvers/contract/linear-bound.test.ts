/** The safe bound attacked: in exact arithmetic, over numbers of very different sizes, for any multipliers. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { provesInfeasible, safeDualBound } from "../../../solvers/contract/linear-bound.ts"
import type { LinearProgram, Sense } from "../../../solvers/contract/linear-program.ts"
import { free, least, most, program, some } from "../linear-conformance.ts"

/** A double as an integer multiple of 2^-1200, exactly. */
function exact(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n)
  const shifted = mantissa << BigInt(1200 - 1074 + Math.max(exponent, 1) - 1)
  return bits >> 63n === 1n ? -shifted : shifted
}

/** Σ a·b exactly, in multiples of 2^-2400. */
const exactSum = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): bigint =>
  a.reduce((sum, value, k) => sum + exact(value) * exact(b[k]!), 0n)

/** The least double ≥ an exact sum (in multiples of 2^-2400), by stepping from a rounded one. */
function roundUp(sum: bigint): number {
  let value = Number(sum / 2n ** 1600n) * 2 ** -800
  while (exact(value) * 2n ** 1200n < sum) value += Math.max(Math.abs(value) * 2 ** -52, 2 ** -800)
  return value
}

const number = fc.tuple(fc.maxSafeInteger(), fc.integer({ min: -90, max: -20 }))
  .map(([mantissa, exponent]) => mantissa * 2 ** exponent)

/**
 * A program around a point that satisfies it exactly: limits are the point's own activities, rounded outward.
 */
const pointed = fc.record({
  sense: fc.constantFrom<Sense>("maximize", "minimize"),
  x: fc.array(number, { minLength: 1, maxLength: 5 }),
  rows: fc.array(fc.array(number, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
  objective: fc.array(number, { minLength: 5, maxLength: 5 }),
  boxes: fc.array(fc.constantFrom("both", "lower", "upper", "none"), { minLength: 5, maxLength: 5 }),
  y: fc.array(number, { minLength: 4, maxLength: 4 })
})

type Pointed = typeof pointed extends fc.Arbitrary<infer T> ? T : never

function programAround({ sense, x, rows, objective, boxes }: Pointed): LinearProgram {
  return program(
    sense,
    Object.fromEntries(rows.map((row, i) => {
      const limit = roundUp(exactSum(x, row.slice(0, x.length)))
      const below = -roundUp(exactSum(x, row.slice(0, x.length).map((a) => -a)))
      return [`r${i}`, i % 2 === 0 ? most(limit) : [below, limit] as const]
    })),
    Object.fromEntries(x.map((value, j) => {
      const lower = boxes[j] === "both" || boxes[j] === "lower" ? value - Math.abs(value) : -Infinity
      const upper = boxes[j] === "both" || boxes[j] === "upper" ? value : Infinity
      const entries = Object.fromEntries(rows.map((row, i) => [`r${i}`, row[j]!]))
      return [`x${j}`, [objective[j]!, [lower, upper] as const, entries]]
    }))
  )
}

describe("safe dual bound", () => {
  it("is never beaten by a feasible point, in exact arithmetic, whatever the multipliers", () => {
    let finite = 0
    fc.assert(fc.property(pointed, (given) => {
      const bound = safeDualBound(programAround(given), given.y)
      const value = exactSum(given.x, given.objective.slice(0, given.x.length))
      if (!Number.isFinite(bound)) return
      finite++
      const boundExact = exact(bound) * 2n ** 1200n
      expect(given.sense === "maximize" ? boundExact >= value : boundExact <= value).toBe(true)
    }), { numRuns: 2000, seed: 3 })
    // the attack must have met bounds that say something
    expect(finite).toBeGreaterThan(300)
  })

  it("never calls a program infeasible that has a point", () => {
    fc.assert(fc.property(pointed, (given) => {
      expect(provesInfeasible(programAround(given), given.y)).toBe(false)
    }), { numRuns: 1000, seed: 4 })
  })

  it("is tight at the optimal duals, up to rounding", () => {
    const lp = program("maximize", { power: most(20), racks: most(50) }, {
      a: [7, some, { power: 2, racks: 3 }], b: [4, some, { power: 1, racks: 4 }]
    })
    // b alone fills the power: 20 · 4 > 10 · 7, but 12.5 by racks; optimum at the crossing (6, 8): 74
    expect(safeDualBound(lp, [3.2, 0.2])).toBeGreaterThanOrEqual(74)
    expect(safeDualBound(lp, [3.2, 0.2])).toBeLessThan(74 + 1e-9)
    expect(safeDualBound(lp, [0, 0])).toBeGreaterThanOrEqual(7 * 10 + 4 * 12.5)
  })

  it("gives up multipliers that lean on an absent limit, and closes open columns by the rows", () => {
    const lp = program("maximize", { need: least(3), cap: most(8) }, { x: [2, some, { need: 1, cap: 4 }] })
    expect(safeDualBound(lp, [5, 0])).toBeCloseTo(4, 9)
    expect(safeDualBound(lp, [NaN, NaN])).toBeCloseTo(4, 9)
    expect(safeDualBound(program("maximize", {}, { x: [1, some, {}] }), [])).toBe(Infinity)
    expect(safeDualBound(program("minimize", {}, { x: [1, free, {}] }), [])).toBe(-Infinity)
  })
})
