/** Both backends against each other, against brute force, and against what they are known to get wrong. */
import fc from "fast-check"
import solver from "javascript-lp-solver"
import { describe, expect, it } from "vitest"
import { safeDualBound } from "../../../solvers/contract/linear-bound.ts"
import type { LinearProgram, Sense } from "../../../solvers/contract/linear-program.ts"
import { bareAnswer, type LinearBackend } from "../../../solvers/linear/backend.ts"
import { loadLinearBackends } from "../../../solvers/linear/backends.ts"
import { solveLinear } from "../../../solvers/linear/solver.ts"
import { least, most, program, some } from "../linear-conformance.ts"

const backends = await loadLinearBackends()
const [javascript, highs] = backends as [LinearBackend, LinearBackend]
const limits = { timeS: 10, now: () => performance.now() / 1000 }

const small = fc.integer({ min: -4, max: 4 })
const side = fc.option(fc.integer({ min: -6, max: 8 }), { nil: null, freq: 4 })
const interval = fc.tuple(side, fc.option(fc.nat(6), { nil: null, freq: 3 })).map(([lower, width]) =>
  [lower ?? -Infinity, width === null ? Infinity : (lower ?? 0) + width] as const)

/** Small whole numbers: many programs are degenerate, infeasible or unbounded. */
const anyProgram: fc.Arbitrary<LinearProgram> = fc.record({
  sense: fc.constantFrom<Sense>("maximize", "minimize"),
  rows: fc.array(interval, { maxLength: 4 }),
  columns: fc.array(fc.tuple(small, interval, fc.array(small, { minLength: 4, maxLength: 4 })), { maxLength: 5 })
}).map(({ sense, rows, columns }) => program(
  sense,
  Object.fromEntries(rows.map((limit, i) => [`r${i}`, limit])),
  Object.fromEntries(columns.map(([objective, limit, entries], j) =>
    [`x${j}`, [objective, limit, Object.fromEntries(rows.map((_, i) => [`r${i}`, entries[i]!]))]]))
))

const triple = (entry: fc.Arbitrary<number>) => fc.array(entry, { minLength: 3, maxLength: 3 })

const closeTo = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-7 * (1 + Math.abs(a) + Math.abs(b))

describe("linear solver", () => {
  it("gives the same outcome by both backends, each proven, none rejected", () => {
    const outcomes = { optimal: 0, infeasible: 0, unbounded: 0, limit: 0 }
    fc.assert(fc.property(anyProgram, (lp) => {
      const a = solveLinear(lp, [javascript])
      const b = solveLinear(lp, [highs])
      expect([a.rejected, b.rejected]).toEqual([[], []])
      expect(a.status).toBe(b.status)
      outcomes[a.status]++
      if (a.status !== "optimal") return
      expect(closeTo(a.objective!, b.objective!)).toBe(true)
      const bound = safeDualBound(lp, a.duals!)
      expect(lp.sense === "maximize" ? bound >= a.objective! : bound <= a.objective!).toBe(true)
    }), { numRuns: 400, seed: 7 })
    expect(Math.min(outcomes.optimal, outcomes.infeasible, outcomes.unbounded)).toBeGreaterThan(20)
    expect(outcomes.limit).toBe(0)
  })

  it("finds whole optima like brute force", () => {
    const instance = fc.record({
      objective: triple(fc.integer({ min: -5, max: 9 })),
      weights: fc.array(triple(fc.integer({ min: -3, max: 7 })), { minLength: 2, maxLength: 2 }),
      capacity: fc.tuple(fc.integer({ min: -4, max: 20 }), fc.integer({ min: -4, max: 20 }))
    })
    fc.assert(fc.property(instance, ({ objective, weights, capacity }) => {
      const columns = objective.map((gain, j) =>
        [`x${j}`, [gain, [-1, 3], { a: weights[0]![j]!, b: weights[1]![j]! }, true] as const] as const)
      const rows = { a: most(capacity[0]), b: most(capacity[1]) }
      const lp = program("maximize", rows, Object.fromEntries(columns))
      let best = -Infinity
      const digits = [-1, 0, 1, 2, 3]
      for (const x of digits) for (const y of digits) for (const z of digits) {
        const dot = (row: ReadonlyArray<number>): number => row[0]! * x + row[1]! * y + row[2]! * z
        if (weights.every((row, k) => dot(row) <= capacity[k]!)) best = Math.max(best, dot(objective))
      }
      for (const backend of backends) {
        const result = solveLinear(lp, [backend], { limits })
        expect(result.status).toBe(best === -Infinity ? "infeasible" : "optimal")
        if (best > -Infinity) expect(result.objective).toBe(best)
      }
    }), { numRuns: 60, seed: 8 })
  })

  it("does not depend on the order or the scale of rows and columns, nor on idle ones", () => {
    fc.assert(fc.property(anyProgram, fc.integer({ min: 1, max: 1e6 }), (lp, factor) => {
      const plain = solveLinear(lp, backends)
      const entriesOf = (j: number): Record<string, number> => Object.fromEntries(
        Array.from(lp.matrix.rows.slice(lp.matrix.starts[j], lp.matrix.starts[j + 1]), (i, k) =>
          [lp.rows[i]!.name, lp.matrix.values[lp.matrix.starts[j]! + k]! * factor]))
      const changed = program(
        lp.sense,
        Object.fromEntries(lp.rows.toReversed().map(({ name, lower, upper }) =>
          [name, [lower * factor, upper * factor]])),
        Object.fromEntries([
          ["idle", [0, some, {}] as const],
          ...lp.columns.map(({ name, objective, lower, upper }, j) =>
            [name, [objective, [lower, upper], entriesOf(j)]] as const).reverse()
        ])
      )
      const result = solveLinear(changed, backends)
      expect(result.status).toBe(plain.status)
      if (plain.status === "optimal") expect(closeTo(result.objective!, plain.objective!)).toBe(true)
    }), { numRuns: 150, seed: 9 })
  })

  it("solves programs whose numbers are of very different sizes", () => {
    const lp = program("maximize", {
      powerW: most(2e7), racks: most(400), moneyUsd: most(9e8), flops: most(1e20), tons: most(3e-9)
    }, {
      large: [4.1e18, some, { powerW: 1.32e5, racks: 1, moneyUsd: 3.9e6, flops: 3e16, tons: 4e-11 }],
      small: [2.6e17, some, { powerW: 1.02e4, racks: 0.25, moneyUsd: 2.6e5, flops: 2e15, tons: 5e-11 }]
    })
    // the entries of `tons` are below what HiGHS keeps, those of `flops` above what it takes
    expect(solveLinear(lp, backends).duals![4]).toBeGreaterThan(0)
    const [a, b] = backends.map((backend) => solveLinear(lp, [backend]))
    expect([a!.status, b!.status]).toEqual(["optimal", "optimal"])
    expect(closeTo(a!.objective!, b!.objective!)).toBe(true)
    expect(a!.check.safeBound! / a!.objective! - 1).toBeLessThan(1e-12)
  })
})

describe("what the libraries get wrong", () => {
  it("javascript-lp-solver lets a variable named 'result' hide the objective; here names are free", () => {
    const misled = solver as unknown as { Solve(model: object): { result: number } }
    const variables = { result: { p: 3, c: 1 } }
    const model = { optimize: "p", opType: "max", constraints: { c: { max: 10 } }, variables }
    expect(misled.Solve(model).result).not.toBe(30)
    for (const backend of backends) {
      const lp = program("maximize", { feasible: most(10) }, { result: [3, some, { feasible: 1 }] })
      expect(solveLinear(lp, [backend])).toMatchObject({ status: "optimal", objective: 30 })
    }
  })

  it("javascript-lp-solver keeps variables at zero or more; here a negative limit holds", () => {
    const lp = program("minimize", { row: least(-10) }, { x: [1, [-Infinity, Infinity], { row: 1 }] })
    for (const backend of backends) expect(solveLinear(lp, [backend]).objective).toBeCloseTo(-10, 9)
  })

  it("javascript-lp-solver calls unbounded programs feasible, with a point", () => {
    const lp = program("maximize", { need: least(1) }, { x: [1, some, { need: 1 }] })
    expect(solveLinear(lp).status).toBe("unbounded")
  })

  it("javascript-lp-solver is not run on whole numbers without a time limit", () => {
    const lp = program("maximize", { cap: most(2.5) }, { x: [1, some, { cap: 1 }, true] })
    expect(() => solveLinear(lp, [javascript])).toThrow(/time limit/)
    expect(solveLinear(lp, backends)).toMatchObject({ backend: "highs", objective: 2 })
  })

  it("refuses a backend that is not loaded", () => {
    expect(() => solveLinear(program("maximize", {}, {}), [javascript], { backend: "highs" })).toThrow(/not loaded/)
  })

  it("gives up a wrong answer for the other backend's, and says why", () => {
    const lp = program("maximize", { cap: most(4) }, { x: [1, some, { cap: 2 }] })
    const wrong: LinearBackend = {
      name: "javascript-lp-solver",
      integers: "timed",
      solve: () => ({
        ...bareAnswer("wrong", "optimal"), objective: 9, values: new Float64Array([9]), duals: new Float64Array(1)
      })
    }
    const result = solveLinear(lp, [wrong, highs])
    expect(result).toMatchObject({ status: "optimal", backend: "highs", objective: 2 })
    expect(result.rejected[0]?.failures.join()).toMatch(/primalViolation/)
    const nobody = solveLinear(lp, [wrong])
    expect(nobody).toMatchObject({ status: "limit", values: null, bound: null })
  })

  it.each(["infeasible", "unbounded", "optimal"] as const)("does not believe without proof that a solvable program is %s", (status) => {
    const lp = program("maximize", { cap: most(4) }, { x: [1, some, { cap: 2 }] })
    const liar: LinearBackend = {
      name: "javascript-lp-solver",
      integers: "timed",
      solve: (asked) =>
        (asked.columns.some(({ objective }) => objective > 0) ? bareAnswer("liar", status) : javascript.solve(asked, null))
    }
    expect(solveLinear(lp, [liar, highs])).toMatchObject({ status: "optimal", backend: "highs" })
  })
})
