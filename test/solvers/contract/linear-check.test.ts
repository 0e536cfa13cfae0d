import { describe, expect, it } from "vitest"
import { checkLinearAnswer } from "../../../solvers/contract/linear-check.ts"
import { buildLinearProgram, type LinearAnswer, type LinearColumnEntries } from "../../../solvers/contract/linear-program.ts"
import { solveLinear } from "../../../solvers/linear/solver.ts"
import { least, most, program, some } from "../linear-conformance.ts"

const lp = program("maximize", { power: most(20), racks: most(50), floor: least(1) }, {
  a: [7, some, { power: 2, racks: 3, floor: 1 }], b: [4, [0, 9], { power: 1, racks: 4 }]
})
const good: LinearAnswer = solveLinear(lp)

describe("check of a linear answer", () => {
  it("passes the true optimum", () => {
    expect(checkLinearAnswer(lp, good)).toMatchObject({ ok: true, failures: [] })
  })

  it.each<[string, Partial<LinearAnswer>, RegExp]>([
    ["a point outside a row", { values: new Float64Array([8, 8]) }, /primalViolation/],
    ["a point outside a column's limits", { values: new Float64Array([-1, 9]) }, /primalViolation/],
    ["a point that is not a number", { values: new Float64Array([NaN, 1]) }, /primalViolation/],
    ["a point that is not the best", { values: new Float64Array([5, 8]), objective: 67 }, /slacknessViolation/],
    ["another objective than the point's", { objective: good.objective! + 1 }, /objectiveError/],
    ["a dual on an absent limit", { duals: new Float64Array([3.2, 0.2, 1]) }, /dualViolation/],
    ["a dual of the wrong sign", { duals: new Float64Array([3.2, -0.2, 0]) }, /dualViolation/],
    ["a dual of an idle row", { duals: new Float64Array([0, 0, -1]) }, /slacknessViolation/],
    ["no point", { values: null }, /without a point/],
    ["no duals", { duals: null }, /without duals/]
  ])("refuses %s", (_, change, failure) => {
    const check = checkLinearAnswer(lp, { ...good, ...change })
    expect(check.ok).toBe(false)
    expect(check.failures.join()).toMatch(failure)
  })

  it("holds a row of tiny numbers to its own size", () => {
    const tiny = program("maximize", { tons: most(3e-9) }, { x: [1, [0, 400], { tons: 4e-11 }] })
    const answer = { ...solveLinear(tiny), values: new Float64Array([400]), objective: 400 }
    expect(checkLinearAnswer(tiny, answer).primalViolation).toBeGreaterThan(0.5)
  })

  it("refuses fractions in whole columns", () => {
    const whole = { ...lp, columns: lp.columns.map((column) => ({ ...column, integer: true })) }
    const half: LinearAnswer = { ...good, values: new Float64Array([2.5, 1]), objective: 21.5, duals: null }
    expect(checkLinearAnswer(whole, half).failures.join()).toMatch(/integralityViolation/)
  })

  it("refuses outcomes without a proof that holds", () => {
    const nothing = { ...good, values: null, duals: null, objective: null }
    const infeasible = { ...nothing, status: "infeasible" as const, conflict: new Float64Array([1, 1, -1]) }
    expect(checkLinearAnswer(lp, infeasible).ok).toBe(false)
    const unbounded = { ...nothing, status: "unbounded" as const }
    expect(checkLinearAnswer(lp, unbounded).ok).toBe(false)
    const direction = new Float64Array([1, 0])
    expect(checkLinearAnswer(lp, { ...unbounded, values: good.values, direction }).ok).toBe(false)
  })
})

describe("builder of linear programs", () => {
  const row = { name: "power", lower: -Infinity, upper: 1 }
  const column = { name: "x", objective: 1, lower: 0, upper: 1, entries: { power: 1 } }
  it.each([
    ["an unknown row", [row], [{ ...column, entries: { powr: 1 } }], '"powr"'],
    ["an entry that is no number", [row], [{ ...column, entries: { power: NaN } }], "NaN"],
    ["an objective that is no number", [row], [{ ...column, objective: NaN }], "NaN"],
    ["limits that are no numbers", [{ ...row, upper: NaN }], [column], "NaN"],
    ["a column twice", [row], [column, column], '"x" is given twice'],
    ["a row twice", [row, row], [column], '"power" is given twice']
  ])("refuses %s by name", (_, rows, columns, message) => {
    const build = () => buildLinearProgram("maximize", rows, columns as ReadonlyArray<LinearColumnEntries>)
    expect(build).toThrow(RangeError)
    expect(build).toThrow(message)
  })
})
