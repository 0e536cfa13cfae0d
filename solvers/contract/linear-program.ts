/**
 * A linear (or mixed-integer) program and the answer to one, as plain data. A builder refuses what solvers
 * swallow silently: a misspelt row, a NaN, a name given twice.
 */

export type Sense = "maximize" | "minimize"

/** A decision. `lower` may be -Infinity and `upper` Infinity; lower > upper makes the program infeasible. */
export interface LinearColumn {
  readonly name: string
  /** gain (or cost) per unit */
  readonly objective: number
  readonly lower: number
  readonly upper: number
  readonly integer?: boolean
}

/** lower ≤ Σ coefficient · column ≤ upper; equal for an equation, infinite where a side is free. */
export interface LinearRow {
  readonly name: string
  readonly lower: number
  readonly upper: number
}

/** Compressed sparse columns: the entries of column j are at starts[j] … starts[j + 1] - 1. */
export interface SparseColumns {
  readonly starts: Int32Array
  readonly rows: Int32Array
  readonly values: Float64Array
}

export interface LinearProgram {
  readonly sense: Sense
  readonly columns: ReadonlyArray<LinearColumn>
  readonly rows: ReadonlyArray<LinearRow>
  readonly matrix: SparseColumns
}

/** Where a column or a row's activity rests: in the basis, at a limit, or free at zero. */
export type BasisStatus = "basic" | "lower" | "upper" | "free"

/**
 * `limit`: stopped before it was known; `objective` and `values` then hold the best point found, if any.
 * Infeasible and unbounded programs are answers, not errors.
 */
export interface LinearAnswer {
  readonly status: "optimal" | "infeasible" | "unbounded" | "limit"
  readonly backend: string
  readonly objective: number | null
  /**
   * per column: the optimal point; of an unbounded program a feasible point, from which `direction` leads away
   */
  readonly values: Float64Array | null
  /** per row: change of the optimum per unit of the row's active limit; null with integer columns */
  readonly duals: Float64Array | null
  /** per column: objective − Σ duals · coefficients; null with integer columns */
  readonly reducedCosts: Float64Array | null
  readonly columnStatus: ReadonlyArray<BasisStatus> | null
  readonly rowStatus: ReadonlyArray<BasisStatus> | null
  /** what no point can beat, as the solver states it; with integer columns the bound of its tree */
  readonly bound: number | null
  /**
   * per row, when infeasible: multipliers whose sum of rows contradicts itself (Farkas); `provesInfeasible`
   * checks it
   */
  readonly conflict: Float64Array | null
  /** per column, when unbounded: the direction in which the objective improves for ever */
  readonly direction: Float64Array | null
}

/** A linear solver as the others see it; injected, so that they name none. */
export type LinearSolve = (lp: LinearProgram) => LinearAnswer

/** A column as a caller writes it, with its entries by row name. */
export interface LinearColumnEntries extends LinearColumn {
  readonly entries: Readonly<Record<string, number>>
}

/**
 * The program of named rows and of columns with entries by row name.
 * Throws a RangeError that names the culprit on an unknown row, a repeated name, or a number that is not one.
 */
export function buildLinearProgram(
  sense: Sense,
  rows: ReadonlyArray<LinearRow>,
  columns: ReadonlyArray<LinearColumnEntries>
): LinearProgram {
  const rowIndex = new Map(rows.map((row, i) => [row.name, i]))
  const starts = new Int32Array(columns.length + 1)
  const indices: Array<number> = []
  const values: Array<number> = []
  columns.forEach((column, j) => {
    for (const [name, value] of Object.entries(column.entries)) {
      const i = rowIndex.get(name)
      if (i === undefined) throw new RangeError(`column "${column.name}" has an entry in the unknown row "${name}"`)
      if (value === 0) continue
      indices.push(i)
      values.push(value)
    }
    starts[j + 1] = indices.length
  })
  const lp: LinearProgram = {
    sense,
    columns: columns.map(({ entries: _, ...column }) => column),
    rows,
    matrix: { starts, rows: Int32Array.from(indices), values: Float64Array.from(values) }
  }
  assertLinearProgram(lp)
  return lp
}

/** Throws a RangeError that names the first thing wrong with a program: run at every solver's door. */
export function assertLinearProgram(lp: LinearProgram): void {
  assertNames("column", lp.columns)
  assertNames("row", lp.rows)
  for (const column of lp.columns) {
    if (!Number.isFinite(column.objective)) {
      throw new RangeError(`objective of column "${column.name}" is ${column.objective}`)
    }
  }
  const { starts, rows, values } = lp.matrix
  if (starts.length !== lp.columns.length + 1 || starts[lp.columns.length] !== values.length) {
    throw new RangeError(`matrix has ${starts.length - 1} columns, the program ${lp.columns.length}`)
  }
  for (let j = 0; j < lp.columns.length; j++) {
    for (let k = starts[j]!; k < starts[j + 1]!; k++) {
      const row = lp.rows[rows[k]!]
      if (row === undefined) throw new RangeError(`column "${lp.columns[j]!.name}" has an entry in row ${rows[k]}`)
      if (!Number.isFinite(values[k])) {
        throw new RangeError(`entry of column "${lp.columns[j]!.name}" in row "${row.name}" is ${values[k]}`)
      }
    }
  }
}

function assertNames(kind: string, items: ReadonlyArray<LinearColumn | LinearRow>): void {
  const seen = new Set<string>()
  for (const { name, lower, upper } of items) {
    if (seen.has(name)) throw new RangeError(`${kind} "${name}" is given twice`)
    if (!(lower < Infinity && upper > -Infinity)) {
      throw new RangeError(`limits of ${kind} "${name}" are ${lower} and ${upper}`)
    }
    seen.add(name)
  }
}

/** Σ_j coefficient_ij · x_j for every row i. */
export function rowActivities(lp: LinearProgram, x: ArrayLike<number>): Float64Array {
  const { starts, rows, values } = lp.matrix
  const activity = new Float64Array(lp.rows.length)
  for (let j = 0; j < lp.columns.length; j++) {
    for (let k = starts[j]!; k < starts[j + 1]!; k++) activity[rows[k]!]! += values[k]! * x[j]!
  }
  return activity
}

/** objective_j − Σ_i y_i · coefficient_ij for every column j. */
export function reducedCosts(lp: LinearProgram, y: ArrayLike<number>): Float64Array {
  const { starts, rows, values } = lp.matrix
  return Float64Array.from(lp.columns, (column, j) => {
    let d = column.objective
    for (let k = starts[j]!; k < starts[j + 1]!; k++) d -= values[k]! * y[rows[k]!]!
    return d
  })
}

/** Σ_j objective_j · x_j. */
export function objectiveOf(lp: LinearProgram, x: ArrayLike<number>): number {
  return lp.columns.reduce((sum, column, j) => sum + column.objective * x[j]!, 0)
}
