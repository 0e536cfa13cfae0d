/**
 * Scaling by powers of two (exact). Both libraries have absolute tolerances and drop small entries (HiGHS refuses large
 * ones too), so they need entries and prices near 1.
 */
import { type LinearAnswer, type LinearProgram, type LinearSolve, objectiveOf } from "../contract/linear-program.ts"

interface Scaling {
  /** x_j = column_j · x'_j; 1 for integer columns */
  readonly columns: Float64Array
  /** row i is multiplied by row_i */
  readonly rows: Float64Array
  readonly objective: number
}

const rounds = 3

/** The answer of a program by way of its scaled twin. Conflict and direction, which backends leave null, stay null. */
export function solveScaled(lp: LinearProgram, solve: LinearSolve): LinearAnswer {
  const scaling = scaleProgram(lp)
  const { columns, rows, objective } = scaling
  const answer = solve(applyScaling(lp, scaling))
  const values = answer.values?.map((value, j) => value * columns[j]!) ?? null
  return {
    ...answer,
    values,
    objective: values === null ? null : objectiveOf(lp, values),
    bound: answer.bound === null ? null : answer.bound / objective,
    duals: answer.duals?.map((dual, i) => (dual * rows[i]!) / objective) ?? null,
    reducedCosts: answer.reducedCosts?.map((cost, j) => cost / (columns[j]! * objective)) ?? null
  }
}

function applyScaling(lp: LinearProgram, { columns, rows, objective }: Scaling): LinearProgram {
  const { starts, rows: indices, values } = lp.matrix
  const scaled = values.slice()
  for (let j = 0; j < lp.columns.length; j++) {
    for (let k = starts[j]!; k < starts[j + 1]!; k++) scaled[k]! *= columns[j]! * rows[indices[k]!]!
  }
  return {
    ...lp,
    columns: lp.columns.map((column, j) => ({
      ...column,
      objective: column.objective * columns[j]! * objective,
      lower: column.lower / columns[j]!,
      upper: column.upper / columns[j]!
    })),
    rows: lp.rows.map((row, i) => ({ ...row, lower: row.lower * rows[i]!, upper: row.upper * rows[i]! })),
    matrix: { ...lp.matrix, values: scaled }
  }
}

/** Geometric scaling of rows and columns in turn. */
function scaleProgram(lp: LinearProgram): Scaling {
  const { starts, rows, values } = lp.matrix
  const columnScale = new Float64Array(lp.columns.length).fill(1)
  const rowScale = new Float64Array(lp.rows.length).fill(1)
  for (let round = 0; round < rounds; round++) {
    const least = new Float64Array(lp.rows.length).fill(Infinity)
    const most = new Float64Array(lp.rows.length)
    for (let j = 0; j < lp.columns.length; j++) {
      for (let k = starts[j]!; k < starts[j + 1]!; k++) {
        const size = Math.abs(values[k]! * columnScale[j]!)
        if (size === 0) continue
        least[rows[k]!] = Math.min(least[rows[k]!]!, size)
        most[rows[k]!] = Math.max(most[rows[k]!]!, size)
      }
    }
    rowScale.forEach((_, i) => (rowScale[i] = most[i] === 0 ? 1 : powerOfTwo(1 / Math.sqrt(least[i]! * most[i]!))))
    lp.columns.forEach((column, j) => {
      if (column.integer !== true) columnScale[j] = columnFactor(lp, j, rowScale)
    })
  }
  const price = lp.columns.reduce((most, { objective }, j) => Math.max(most, Math.abs(objective * columnScale[j]!)), 0)
  return { columns: columnScale, rows: rowScale, objective: price === 0 ? 1 : powerOfTwo(1 / price) }
}

function columnFactor(lp: LinearProgram, j: number, rowScale: Float64Array): number {
  const { starts, rows, values } = lp.matrix
  let least = Infinity
  let most = 0
  for (let k = starts[j]!; k < starts[j + 1]!; k++) {
    const size = Math.abs(values[k]! * rowScale[rows[k]!]!)
    if (size === 0) continue
    least = Math.min(least, size)
    most = Math.max(most, size)
  }
  return most === 0 ? 1 : powerOfTwo(1 / Math.sqrt(least * most))
}

const powerOfTwo = (value: number): number => 2 ** Math.round(Math.log2(value))
