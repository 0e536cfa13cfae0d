/**
 * javascript-lp-solver behind the face of a backend. Its JSON door misleads (names, misspelt rows, NaN,
 * negative lower limits), so the program is built through its Model class, by index, scaled and shifted; of its
 * answer only the final basis is used.
 */
import solver from "javascript-lp-solver"
import {
  type BasisStatus, type LinearAnswer, type LinearColumn, type LinearProgram, objectiveOf, type Sense
} from "../contract/linear-program.ts"
import { bareAnswer, type LinearBackend, type LinearLimits } from "./backend.ts"
import { solveBasis } from "./basis.ts"

/**
 * What is used of the library's classes. Its types describe the JSON door and, under Node's rules, another
 * module kind.
 */
interface Variable {
  readonly index: number
  readonly value: number
}
interface Constraint {
  readonly slack: Variable
  addTerm(coefficient: number, variable: Variable): unknown
}
interface Model {
  usePresolve: boolean
  timeout?: number
  readonly tableau: {
    readonly rowByVarIndex: ReadonlyArray<number>
    readonly __isIntegral?: boolean
    pivot(row: number, column: number): void
  }
  maximize(): unknown
  addVariable(cost: number, id: null, isInteger: boolean): Variable
  smallerThan(limit: number): Constraint
  greaterThan(limit: number): Constraint
  solve(): { readonly feasible: boolean; readonly bounded: boolean }
}
const library = solver as unknown as { readonly Model: new (precision: number) => Model }

const precision = 1e-9

export const javascriptBackend: LinearBackend = { name: "javascript-lp-solver", integers: "timed", solve }

/** x_j = offset + factor · variable − factor · mirror. `variable` null: the column is fixed. */
interface Placed {
  readonly offset: number
  readonly factor: 1 | -1
  readonly variable: Variable | null
  /** of a free column, its negative part */
  readonly mirror: Variable | null
  /** slack of the limit opposite to `offset`, if there is one */
  readonly slack: Variable | null
}

interface PlacedRow {
  readonly upper: Variable | null
  readonly lower: Variable | null
}

/** The library counts whole milliseconds: with these it never stops before our clock says that it is late. */
const clockSlackMs = 2

function solve(lp: LinearProgram, limits: LinearLimits | null): LinearAnswer {
  const integers = lp.columns.some((column) => column.integer === true)
  const model = new library.Model(precision)
  model.maximize()
  // its presolve removes rows, and with them the basis
  model.usePresolve = false
  if (limits !== null) model.timeout = limits.timeS * 1000 + clockSlackMs
  const columns = lp.columns.map((column) => placeColumn(model, lp.sense, column))
  const rows = placeRows(model, lp, columns)
  const startS = limits?.now() ?? 0
  const claim = integers ? model.solve() : solveWithin(model, 1000 + 50 * (lp.rows.length + lp.columns.length))
  const isLate = limits !== null && limits.now() - startS >= limits.timeS
  if (integers && claim !== null) return integerAnswer(lp, model, columns, claim, isLate)
  // cycling; a claim without a point, which no check lets pass
  if (claim === null) return bareAnswer("javascript-lp-solver", "optimal")
  if (!claim.feasible) return bareAnswer("javascript-lp-solver", "infeasible")
  if (!claim.bounded) return bareAnswer("javascript-lp-solver", "unbounded")
  return basicAnswer(lp, model, columns, rows)
}

/** The library's simplex can cycle for ever on ill-scaled programs: null once it has made more than `most` pivots. */
function solveWithin(model: Model, most: number): ReturnType<Model["solve"]> | null {
  const { tableau } = model
  const pivot = tableau.pivot.bind(tableau)
  const cycling = new Error("the simplex cycles")
  let pivots = 0
  tableau.pivot = (row, column) => {
    if (++pivots > most) throw cycling
    pivot(row, column)
  }
  try {
    return model.solve()
  } catch (failure) {
    if (failure === cycling) return null
    throw failure
  }
}

function placeColumn(model: Model, sense: Sense, column: LinearColumn): Placed {
  const { objective, integer = false } = column
  const lower = integer ? Math.ceil(column.lower) : column.lower
  const upper = integer ? Math.floor(column.upper) : column.upper
  if (lower === upper) return { offset: lower, factor: 1, variable: null, mirror: null, slack: null }
  const down = lower === -Infinity && upper < Infinity
  const factor = down ? -1 : 1
  const cost = objective * factor * (sense === "maximize" ? 1 : -1)
  const variable = model.addVariable(cost, null, integer)
  const isFree = lower === -Infinity && upper === Infinity
  const mirror = isFree ? model.addVariable(-cost, null, integer) : null
  const boxed = lower > -Infinity && upper < Infinity
  const limit = boxed ? model.smallerThan(upper - lower) : null
  limit?.addTerm(1, variable)
  return { offset: isFree ? 0 : down ? upper : lower, factor, variable, mirror, slack: limit?.slack ?? null }
}

function placeRows(model: Model, lp: LinearProgram, columns: ReadonlyArray<Placed>): ReadonlyArray<PlacedRow> {
  const { starts, rows, values } = lp.matrix
  const moved = new Float64Array(lp.rows.length)
  columns.forEach(({ offset }, j) => {
    for (let k = starts[j]!; k < starts[j + 1]!; k++) moved[rows[k]!]! += values[k]! * offset
  })
  const constraints = lp.rows.map(({ lower, upper }, i) => ({
    upper: upper < Infinity ? model.smallerThan(upper - moved[i]!) : null,
    lower: lower > -Infinity ? model.greaterThan(lower - moved[i]!) : null
  }))
  columns.forEach(({ variable, mirror, factor }, j) => {
    if (variable === null) return
    for (let k = starts[j]!; k < starts[j + 1]!; k++) {
      const coefficient = values[k]! * factor
      for (const constraint of Object.values(constraints[rows[k]!]!)) {
        constraint?.addTerm(coefficient, variable)
        if (mirror !== null) constraint?.addTerm(-coefficient, mirror)
      }
    }
  })
  return constraints.map(({ upper, lower }) => ({ upper: upper?.slack ?? null, lower: lower?.slack ?? null }))
}

/** A slack outside the basis says that its limit is active; so each column and row finds its place. */
function basicAnswer(
  lp: LinearProgram,
  model: Model,
  columns: ReadonlyArray<Placed>,
  rows: ReadonlyArray<PlacedRow>
): LinearAnswer {
  const isBasic = (variable: Variable | null): boolean =>
    variable !== null && model.tableau.rowByVarIndex[variable.index] !== -1
  const isActive = (slack: Variable | null): boolean => slack !== null && !isBasic(slack)
  const columnStatus = columns.map(({ variable, mirror, slack, factor }): BasisStatus => {
    if (mirror !== null) return isBasic(variable) || isBasic(mirror) ? "basic" : "free"
    if (isBasic(variable)) return isActive(slack) ? "upper" : "basic"
    return factor > 0 ? "lower" : "upper"
  })
  const rowStatus = rows.map(({ upper, lower }): BasisStatus =>
    isActive(upper) ? "upper" : isActive(lower) ? "lower" : "basic")
  const solution = solveBasis(lp, columnStatus, rowStatus)
  // a claim without a point, which no check lets pass
  if (solution === null) return bareAnswer("javascript-lp-solver", "optimal")
  const objective = objectiveOf(lp, solution.values)
  return {
    ...bareAnswer("javascript-lp-solver", "optimal"), ...solution, columnStatus, rowStatus, objective, bound: objective
  }
}

/**
 * The library calls a point with fractions feasible when time is up, so its word counts only with
 * `__isIntegral`.
 */
function integerAnswer(
  lp: LinearProgram,
  model: Model,
  columns: ReadonlyArray<Placed>,
  claim: { readonly feasible: boolean; readonly bounded: boolean },
  isLate: boolean
): LinearAnswer {
  const isIntegral = model.tableau.__isIntegral === true
  if (!isIntegral && isLate) return bareAnswer("javascript-lp-solver", "limit")
  if (!claim.feasible) return bareAnswer("javascript-lp-solver", isLate ? "limit" : "infeasible")
  if (!claim.bounded) return bareAnswer("javascript-lp-solver", "unbounded")
  const values = Float64Array.from(columns, ({ offset, factor, variable, mirror }, j) => {
    const value = offset + factor * ((variable?.value ?? 0) - (mirror?.value ?? 0))
    return lp.columns[j]!.integer === true ? Math.round(value) : value
  })
  const objective = objectiveOf(lp, values)
  const bound = isLate ? null : objective
  return { ...bareAnswer("javascript-lp-solver", isLate ? "limit" : "optimal"), values, objective, bound }
}
