/**
 * A bound of a linear program that holds whatever the solver did: weak duality for any multipliers, with the
 * rounding errors of its own arithmetic added (Neumaier & Shcherbina, "Safe bounds in linear and mixed-integer
 * linear programming", 2004; error terms after Higham, "Accuracy and Stability of Numerical Algorithms",
 * section 3.1).
 */
import type { LinearProgram } from "./linear-program.ts"

const unit = 2 ** -53
const tiny = 2 ** -1022

/**
 * At least the rounding error of a sum of n products whose magnitudes sum to `magnitude`, computed or exact.
 */
const roundingError = (n: number, magnitude: number): number => 4 * (n + 4) * (unit * magnitude + tiny)

/**
 * No feasible point has a better objective than this, for every y (one multiplier per row, of any sign):
 *
 *   maximize: Σ_i max over [L_i, U_i] of y_i r  +  Σ_j max over [l_j, u_j] of (v_j − Σ_i y_i r_ij) x
 *
 * since v·x = Σ_i y_i (row i) + Σ_j (v_j − Σ_i y_i r_ij) x_j; the mirror image when minimizing. Multipliers
 * that need an infinite limit of a row are set to 0, which is as valid. Open columns get the cap that the rows
 * imply, else `reach`; where that is infinite and needed, so is the bound. Rounded outward. With integer
 * columns it bounds the relaxation.
 */
export function safeDualBound(lp: LinearProgram, y: ArrayLike<number>, reach = Infinity): number {
  const sign = lp.sense === "maximize" ? 1 : -1
  return sign * upperBound(lp, lp.columns.map((column) => sign * column.objective), y, sign, impliedCaps(lp, reach))
}

/**
 * Whether multipliers y prove that the program has no feasible point (with open columns within ± `reach`):
 * under them the greatest value of the objective 0 would stay below 0.
 */
export function provesInfeasible(lp: LinearProgram, y: ArrayLike<number>, reach = Infinity): boolean {
  if (lp.columns.some(isEmpty) || lp.rows.some(isEmpty)) return true
  return upperBound(lp, [], y, 1, impliedCaps(lp, reach)) < 0
}

const isEmpty = ({ lower, upper }: { readonly lower: number; readonly upper: number }): boolean => lower > upper

/** The bound for maximizing `objective`, with the multipliers sign · y; an empty objective stands for zeros. */
function upperBound(
  lp: LinearProgram,
  objective: ReadonlyArray<number>,
  y: ArrayLike<number>,
  sign: number,
  caps: Caps
): number {
  const { starts, rows, values } = lp.matrix
  const multipliers = lp.rows.map((row, i) => usable(sign * (y[i] ?? 0), row))
  let sum = 0
  let magnitude = 0
  for (let i = 0; i < multipliers.length; i++) {
    const price = multipliers[i]!
    const term = price === 0 ? 0 : price * (price > 0 ? lp.rows[i]!.upper : lp.rows[i]!.lower)
    sum += term
    magnitude += Math.abs(term)
  }
  for (let j = 0; j < lp.columns.length; j++) {
    let d = objective[j] ?? 0
    let lost = 0
    for (let k = starts[j]!; k < starts[j + 1]!; k++) {
      const price = multipliers[rows[k]!]!
      if (price === 0) continue
      const product = values[k]! * price
      const rest = d - product
      lost += productError(values[k]!, price, product) + differenceError(d, product, rest)
      d = rest
    }
    // the errors are exact, their sum is not
    const error = lost * (1 + 4 * unit * (starts[j + 1]! - starts[j]! + 2))
    const term = Math.max(scaled(d + error, caps, j), scaled(d - error, caps, j))
    sum += term
    magnitude += Math.abs(term)
  }
  return magnitude === 0 ? 0 : sum + roundingError(lp.rows.length + lp.columns.length, magnitude)
}

/** |a · b − product|, exactly (Dekker 1971), or a bound of it where splitting could overflow or lose bits. */
function productError(a: number, b: number, product: number): number {
  const size = Math.abs(product)
  const isTame = size > 2 ** -900 && size < 2 ** 900 && Math.abs(a) < 2 ** 900 && Math.abs(b) < 2 ** 900
  if (!isTame) return size * unit + tiny
  const aHigh = upperHalf(a)
  const bHigh = upperHalf(b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  return Math.abs(aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow))
}

/** The upper 26 bits (Veltkamp). */
const upperHalf = (a: number): number => {
  const shifted = 134217729 * a
  return shifted - (shifted - a)
}

/** |a − b − difference|, exactly (Knuth's TwoSum). */
function differenceError(a: number, b: number, difference: number): number {
  const minusB = difference - a
  return Math.abs(a - (difference - minusB) + (-b - minusB))
}

/** A multiplier that leans on an infinite limit is given up. */
const usable = (y: number, row: { readonly lower: number; readonly upper: number }): number =>
  Number.isFinite(y) && Number.isFinite(y > 0 ? row.upper : row.lower) ? y : 0

/** max of d · x over the column's box. */
const scaled = (d: number, caps: Caps, j: number): number =>
  d === 0 ? 0 : d * (d > 0 ? caps.upper[j]! : caps.lower[j]!)

interface Caps {
  readonly lower: Float64Array
  readonly upper: Float64Array
}

/**
 * The columns' limits, with open ones closed where a single row closes them: a x ≤ U − (least activity of the
 * others). One pass, inflated for rounding.
 */
function impliedCaps(lp: LinearProgram, reach: number): Caps {
  const caps = {
    lower: Float64Array.from(lp.columns, ({ lower }) => (lower === -Infinity ? -reach : lower)),
    upper: Float64Array.from(lp.columns, ({ upper }) => (upper === Infinity ? reach : upper))
  }
  if (!lp.columns.some(isOpen)) return caps
  const least = activities(lp, -1)
  const most = activities(lp, 1)
  const { starts, rows, values } = lp.matrix
  for (let j = 0; j < lp.columns.length; j++) {
    const { lower, upper } = lp.columns[j]!
    for (let k = starts[j]!; k < starts[j + 1]!; k++) {
      const i = rows[k]!
      const a = values[k]!
      const room = others(least, i, a, a > 0 ? lower : upper, lp.rows[i]!.upper, 1)
      const need = others(most, i, a, a > 0 ? upper : lower, lp.rows[i]!.lower, -1)
      const [above, below] = a > 0 ? [room / a, need / a] : [need / a, room / a]
      if (upper === Infinity) caps.upper[j] = Math.min(caps.upper[j]!, outward(above, 1))
      if (lower === -Infinity) caps.lower[j] = Math.max(caps.lower[j]!, outward(below, -1))
    }
  }
  return caps
}

const isOpen = ({ lower, upper }: { readonly lower: number; readonly upper: number }): boolean =>
  lower === -Infinity || upper === Infinity

/** A quotient that rounding may not have moved inward; no room at all (NaN or infinite) closes nothing. */
const outward = (cap: number, side: 1 | -1): number =>
  Number.isFinite(cap) ? cap + side * (2 * unit * Math.abs(cap) + tiny) : side * Infinity

/** Per row, the least (side −1) or greatest (side 1) activity over the columns' boxes. */
interface Activities {
  readonly finite: Float64Array
  readonly magnitude: Float64Array
  /** entries whose part is infinite */
  readonly open: Int32Array
  readonly entries: Int32Array
}

function activities(lp: LinearProgram, side: 1 | -1): Activities {
  const m = lp.rows.length
  const sums = {
    finite: new Float64Array(m), magnitude: new Float64Array(m), open: new Int32Array(m), entries: new Int32Array(m)
  }
  const { starts, rows, values } = lp.matrix
  for (let j = 0; j < lp.columns.length; j++) {
    const { lower, upper } = lp.columns[j]!
    for (let k = starts[j]!; k < starts[j + 1]!; k++) {
      const i = rows[k]!
      const part = values[k]! * (values[k]! * side > 0 ? upper : lower)
      sums.entries[i]!++
      if (Number.isFinite(part)) {
        sums.finite[i]! += part
        sums.magnitude[i]! += Math.abs(part)
      } else sums.open[i]!++
    }
  }
  return sums
}

/**
 * limit − (activity of the row without one entry), moved outward by its rounding; infinite where others are
 * open.
 */
function others(all: Activities, i: number, a: number, at: number, limit: number, side: 1 | -1): number {
  const own = a * at
  const ownIsFinite = Number.isFinite(own)
  if (all.open[i]! - (ownIsFinite ? 0 : 1) > 0) return side * Infinity
  const rest = limit - (ownIsFinite ? all.finite[i]! - own : all.finite[i]!)
  const magnitude = all.magnitude[i]! + Math.abs(limit) + (ownIsFinite ? Math.abs(own) : 0)
  return rest + side * roundingError(all.entries[i]! + 2, magnitude)
}
