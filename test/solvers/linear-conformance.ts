/** What every backend of linear programming must do behind `solveLinear`, run on each alone. */
import { describe, expect, it } from "vitest"
import { buildLinearProgram, type LinearProgram, type Sense } from "../../solvers/contract/linear-program.ts"
import type { LinearBackend } from "../../solvers/linear/backend.ts"
import { solveLinear } from "../../solvers/linear/solver.ts"

type Entries = Readonly<Record<string, number>>
type Limits = readonly [lower: number, upper: number]

/** A program in short: rows by name with their limits, columns by name with objective, limits and entries. */
export function program(
  sense: Sense,
  rows: Readonly<Record<string, Limits>>,
  columns: Readonly<Record<string, readonly [objective: number, limits: Limits, entries: Entries, integer?: true]>>
): LinearProgram {
  return buildLinearProgram(
    sense,
    Object.entries(rows).map(([name, [lower, upper]]) => ({ name, lower, upper })),
    Object.entries(columns).map(([name, [objective, [lower, upper], entries, integer = false]]) => ({
      name, objective, lower, upper, entries, integer
    }))
  )
}

export const some: Limits = [0, Infinity]
export const free: Limits = [-Infinity, Infinity]
export const most = (upper: number): Limits => [-Infinity, upper]
export const least = (lower: number): Limits => [lower, Infinity]

/** Wyndor glass (Hillier & Lieberman, "Introduction to Operations Research", section 3.1): 36 at (2, 6). */
const wyndor = program("maximize", { plant1: most(4), plant2: most(12), plant3: most(18) }, {
  doors: [3, some, { plant1: 1, plant3: 3 }], windows: [5, some, { plant2: 2, plant3: 2 }]
})
/**
 * Beale's example, on which the simplex method cycles: optimum −1/20 (Chvátal, "Linear Programming", chapter
 * 3).
 */
const beale = program("minimize", { a: most(0), b: most(0), c: most(1) }, {
  x4: [-0.75, some, { a: 0.25, b: 0.5 }], x5: [150, some, { a: -60, b: -90 }],
  x6: [-0.02, some, { a: -0.04, b: -0.02, c: 1 }], x7: [6, some, { a: 9, b: 3 }]
})

export function testLinearBackend(backend: LinearBackend): void {
  const limits = { timeS: 10, now: () => performance.now() / 1000 }
  const solve = (lp: LinearProgram) => {
    const result = solveLinear(lp, [backend], { limits })
    expect(result.rejected).toEqual([])
    return result
  }

  describe(`${backend.name}: conformance`, () => {
    it("finds the optimum with values, duals, reduced costs and basis", () => {
      const result = solve(wyndor)
      expect(result).toMatchObject({ status: "optimal", backend: backend.name, bound: 36 })
      expect(result.objective).toBeCloseTo(36, 9)
      expect([...result.values!]).toEqual([expect.closeTo(2, 9), expect.closeTo(6, 9)])
      expect([...result.duals!]).toEqual([expect.closeTo(0, 9), expect.closeTo(1.5, 9), expect.closeTo(1, 9)])
      expect([...result.reducedCosts!]).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 9)])
      expect(result.columnStatus).toEqual(["basic", "basic"])
      expect(result.rowStatus).toEqual(["basic", "upper", "upper"])
      expect(result.check.safeBound).toBeGreaterThanOrEqual(36)
      expect(result.check.safeBound).toBeLessThan(36 * (1 + 1e-9))
    })

    it("honours limits of columns on both sides, negative and fixed ones", () => {
      const lp = program("minimize", { sum: [-4, 9], difference: most(3) }, {
        x: [1, [-10, -2], { sum: 1, difference: 1 }], y: [2, [-Infinity, 5], { sum: 1, difference: -1 }],
        z: [-1, free, { sum: 1 }], fixed: [3, [1.5, 1.5], { sum: 2 }]
      })
      const result = solve(lp)
      // y and z grow the objective apart: z = 9 − 3 − x − y, so the objective is 2x + 3y − 1.5, and y ≥ x − 3, x ≥ −10
      expect(result.objective).toBeCloseTo(-20 - 39 - 1.5, 9)
      expect([...result.values!]).toEqual([-10, -13, 29, 1.5].map((value) => expect.closeTo(value, 9)))
    })

    it("solves equations", () => {
      const columns = { x: [1, [0, 4], { balance: 1 }], y: [3, some, { balance: 2 }] } as const
      const lp = program("maximize", { balance: [6, 6] }, columns)
      const result = solve(lp)
      expect(result.objective).toBeCloseTo(9, 9)
      expect(result.duals![0]).toBeCloseTo(1.5, 9)
    })

    it("solves a degenerate program on which the simplex method can cycle", () => {
      expect(solve(beale).objective).toBeCloseTo(-0.05, 9)
    })

    it("picks a vertex among ties", () => {
      const twin = [1, some, { sum: 1 }] as const
      const result = solve(program("maximize", { sum: most(1) }, { x: twin, y: twin }))
      expect(result.objective).toBeCloseTo(1, 9)
      expect([...result.values!].map((value) => Math.round(value * 1e9)).sort()).toEqual([0, 1e9])
    })

    it("proves that a program is infeasible", () => {
      const lp = program("maximize", { cap: most(1), need: least(5) }, { x: [1, some, { cap: 1, need: 1 }] })
      const result = solve(lp)
      expect(result).toMatchObject({ status: "infeasible", values: null, objective: null })
      expect([...result.conflict!]).toEqual([expect.closeTo(1, 9), expect.closeTo(-1, 9)])
      expect(solve(program("minimize", { row: [3, 2] }, {})).status).toBe("infeasible")
      expect(solve(program("minimize", {}, { x: [1, [3, 2], {}] })).status).toBe("infeasible")
      expect(solve(program("minimize", { row: least(1) }, { x: [1, [0, 2], {}] })).status).toBe("infeasible")
    })

    it("proves that a program is unbounded by a point and a direction", () => {
      const lp = program("maximize", { need: least(1) }, { x: [1, some, { need: 1 }], y: [-1, some, { need: 1 }] })
      const result = solve(lp)
      expect(result).toMatchObject({ status: "unbounded", objective: null })
      expect(result.direction![0]).toBeGreaterThan(0)
    })

    it("solves programs without rows or columns", () => {
      expect(solve(program("maximize", {}, {}))).toMatchObject({ status: "optimal", objective: 0 })
      expect(solve(program("minimize", { row: [-1, 1] }, {}))).toMatchObject({ status: "optimal", objective: 0 })
      expect(solve(program("minimize", {}, { x: [-2, [1, 3], {}] }))).toMatchObject({ status: "optimal", objective: -6 })
    })

    it("finds whole numbers where they are asked for", () => {
      const lp = program("maximize", { size: most(10), other: most(7.5) }, {
        x: [5, [0.5, 9], { size: 4, other: 1 }, true], y: [4, [-1, 9], { size: 3, other: 2 }, true]
      })
      const values = new Float64Array([1, 2])
      expect(solve(lp)).toMatchObject({ status: "optimal", objective: 13, values, duals: null })
      const gaps = program("maximize", { size: [2.2, 2.8] }, { x: [1, [0, 9], { size: 1 }, true] })
      expect(solve(gaps).status).toBe("infeasible")
    })

    it("stops at a time limit without claiming an optimum", () => {
      const lp = hardKnapsack()
      const result = solveLinear(lp, [backend], { limits: { ...limits, timeS: 0.15 } })
      expect(result.status).toBe("limit")
      // a point may be held by then: the check has seen to it that it is whole and feasible
      if (result.values !== null) expect(result.check.ok).toBe(true)
    })

    it("gives the same answer again", () => {
      expect(solve(wyndor)).toEqual(solve(wyndor))
    })
  })
}

/** 60 items in 12 knapsacks of equal-looking numbers: no solver closes it in a fraction of a second. */
function hardKnapsack(): LinearProgram {
  let state = 5
  const random = (): number => (state = (state * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff
  const names = Array.from({ length: 12 }, (_, k) => `sack ${k}`)
  const items = Array.from({ length: 60 }, () => names.map(() => Math.floor(1 + random() * 999)))
  const capacity = names.map((_, k) => Math.floor(items.reduce((sum, item) => sum + item[k]! / 2, 0)))
  return program(
    "maximize",
    Object.fromEntries(names.map((name, k) => [name, most(capacity[k]!)])),
    Object.fromEntries(items.map((item, i) => {
      const worth = Math.floor(item.reduce((sum, weight) => sum + weight, 0) / 12 + 500 * random())
      return [`item ${i}`, [worth, [0, 1], Object.fromEntries(names.map((name, k) => [name, item[k]!])), true]]
    }))
  )
}
