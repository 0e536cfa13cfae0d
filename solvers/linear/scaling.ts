/** Scaling by powers of two (exact): a simplex with absolute tolerances needs entries and prices near 1. */
import type { LinearProgram } from "../contract/linear-program.ts"

export interface Scaling {
  /** x_j = column_j · x'_j; 1 for integer columns */
  readonly columns: Float64Array
  /** row i is multiplied by row_i */
  readonly rows: Float64Array
  readonly objective: number
}

const rounds = 3

/** Geometric scaling of rows and columns in turn. */
export function scaleProgram(lp: LinearProgram): Scaling {
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
