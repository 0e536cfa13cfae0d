/**
 * The basic solution of a basis, from the program's own numbers: x and y of the final basis, free of whatever
 * rounding the simplex tableau has gathered. Only the kernel (basic columns × rows on a limit) is factored,
 * dense, with pivoting.
 */
import { type BasisStatus, type LinearProgram, reducedCosts } from "../contract/linear-program.ts"

export interface BasicSolution {
  readonly values: Float64Array
  readonly duals: Float64Array
  readonly reducedCosts: Float64Array
}

/** Values, duals and reduced costs of a basis; null where it is singular or not a basis. */
export function solveBasis(
  lp: LinearProgram,
  columnStatus: ReadonlyArray<BasisStatus>,
  rowStatus: ReadonlyArray<BasisStatus>
): BasicSolution | null {
  const basic = lp.columns.flatMap((_, j) => (columnStatus[j] === "basic" ? [j] : []))
  const active = lp.rows.flatMap((_, i) => (rowStatus[i] === "basic" ? [] : [i]))
  const size = basic.length
  if (active.length !== size) return null
  const values = Float64Array.from(lp.columns, ({ lower, upper }, j) => restingPlace(columnStatus[j]!, lower, upper))
  const kernelRow = new Int32Array(lp.rows.length).fill(-1)
  active.forEach((i, k) => (kernelRow[i] = k))
  const rightSide = Float64Array.from(active, (i) => restingPlace(rowStatus[i]!, lp.rows[i]!.lower, lp.rows[i]!.upper))
  const kernel = new Float64Array(size * size)
  const { starts, rows, values: entries } = lp.matrix
  let column = 0
  for (let j = 0; j < lp.columns.length; j++) {
    const isBasic = columnStatus[j] === "basic"
    for (let k = starts[j]!; k < starts[j + 1]!; k++) {
      const row = kernelRow[rows[k]!]!
      if (row < 0) continue
      if (isBasic) kernel[row * size + column]! += entries[k]!
      else rightSide[row]! -= entries[k]! * values[j]!
    }
    if (isBasic) column++
  }
  const factors = factorize(kernel, size)
  if (factors === null) return null
  solveFactored(factors, rightSide).forEach((value, k) => (values[basic[k]!] = value))
  const duals = new Float64Array(lp.rows.length)
  const prices = solveTransposed(factors, Float64Array.from(basic, (j) => lp.columns[j]!.objective))
  prices.forEach((price, k) => (duals[active[k]!] = price))
  const costs = reducedCosts(lp, duals)
  for (const j of basic) costs[j] = 0
  return { values, duals, reducedCosts: costs }
}

const restingPlace = (status: BasisStatus, lower: number, upper: number): number =>
  status === "lower" ? lower : status === "upper" ? upper : 0

interface Factors {
  readonly lu: Float64Array
  readonly size: number
  /** row order after pivoting */
  readonly order: Int32Array
}

/** LU with partial pivoting, in place; null where a pivot vanishes against the size of its column. */
function factorize(a: Float64Array, size: number): Factors | null {
  const order = Int32Array.from({ length: size }, (_, k) => k)
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  for (let k = 0; k < size; k++) {
    let pivot = k
    for (let r = k + 1; r < size; r++) {
      if (Math.abs(a[r * size + k]!) > Math.abs(a[pivot * size + k]!)) pivot = r
    }
    if (!(Math.abs(a[pivot * size + k]!) > 1e-14 * largest)) return null
    if (pivot !== k) swapRows(a, size, order, k, pivot)
    for (let r = k + 1; r < size; r++) {
      const factor = a[r * size + k]! / a[k * size + k]!
      a[r * size + k] = factor
      if (factor === 0) continue
      for (let c = k + 1; c < size; c++) a[r * size + c]! -= factor * a[k * size + c]!
    }
  }
  return { lu: a, size, order }
}

function swapRows(a: Float64Array, size: number, order: Int32Array, k: number, pivot: number): void {
  for (let c = 0; c < size; c++) {
    const held = a[k * size + c]!
    a[k * size + c] = a[pivot * size + c]!
    a[pivot * size + c] = held
  }
  const held = order[k]!
  order[k] = order[pivot]!
  order[pivot] = held
}

function solveFactored({ lu, size, order }: Factors, b: Float64Array): Float64Array {
  const x = Float64Array.from(order, (r) => b[r]!)
  for (let r = 0; r < size; r++) for (let c = 0; c < r; c++) x[r]! -= lu[r * size + c]! * x[c]!
  for (let r = size - 1; r >= 0; r--) {
    for (let c = r + 1; c < size; c++) x[r]! -= lu[r * size + c]! * x[c]!
    x[r]! /= lu[r * size + r]!
  }
  return x
}

function solveTransposed({ lu, size, order }: Factors, b: Float64Array): Float64Array {
  const x = b.slice()
  for (let r = 0; r < size; r++) {
    for (let c = 0; c < r; c++) x[r]! -= lu[c * size + r]! * x[c]!
    x[r]! /= lu[r * size + r]!
  }
  for (let r = size - 1; r >= 0; r--) for (let c = r + 1; c < size; c++) x[r]! -= lu[c * size + r]! * x[c]!
  const y = new Float64Array(size)
  order.forEach((r, k) => (y[r] = x[k]!))
  return y
}
