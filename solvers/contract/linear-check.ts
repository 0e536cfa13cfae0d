/**
 * The independent check of an answer to a linear program: what every backend's answer passes before it is
 * believed.
 */
import { provesInfeasible, safeDualBound } from "./linear-bound.ts"
import {
  type LinearAnswer, type LinearProgram, objectiveOf, reducedCosts, rowActivities
} from "./linear-program.ts"

/** Largest violations found, each relative to the size of the numbers it is about; 0 is perfect. */
export interface LinearCheck {
  readonly ok: boolean
  /** what failed, in words; empty when ok */
  readonly failures: ReadonlyArray<string>
  /** of the columns' and rows' limits */
  readonly primalViolation: number
  /** distance of integer columns from whole numbers */
  readonly integralityViolation: number
  /** of the signs of duals and reduced costs against the limits that exist */
  readonly dualViolation: number
  /** complementary slackness: multiplier × distance from its limit, over the objective's size */
  readonly slacknessViolation: number
  /** |claimed − recomputed objective| */
  readonly objectiveError: number
  /** the proven bound for these duals; null without duals */
  readonly safeBound: number | null
}

/**
 * Checks an answer against its program with relative `tolerance`: point, duals, and proofs of the other
 * outcomes.
 */
export function checkLinearAnswer(lp: LinearProgram, answer: LinearAnswer, tolerance = 1e-6): LinearCheck {
  const x = answer.values
  const y = answer.duals
  const point = x === null
    ? { primalViolation: 0, integralityViolation: 0, objectiveError: 0 }
    : checkPoint(lp, x, answer)
  const duals = x === null || y === null
    ? { dualViolation: 0, slacknessViolation: 0 }
    : checkDuals(lp, x, y)
  const measures = { ...point, ...duals }
  const failures = Object.entries(measures)
    .filter(([, violation]) => !(violation <= tolerance))
    .map(([name, violation]) => `${name} ${violation}`)
  failures.push(...checkOutcome(lp, answer, tolerance))
  return { ok: failures.length === 0, failures, ...measures, safeBound: y === null ? null : safeDualBound(lp, y) }
}

/**
 * Of columns without a limit: multipliers that rounding left uneven still contradict every point up to here.
 */
const farReach = 1e8

function checkOutcome(lp: LinearProgram, answer: LinearAnswer, tolerance: number): ReadonlyArray<string> {
  const integers = lp.columns.some((column) => column.integer === true)
  if (answer.status === "optimal") {
    if (answer.values === null || answer.objective === null) return ["optimal without a point"]
    return answer.duals === null && !integers ? ["optimal without duals"] : []
  }
  if (answer.status === "infeasible" && !integers) {
    const proven = provesInfeasible(lp, answer.conflict ?? [], farReach)
    return proven ? [] : ["infeasible without a proof that holds"]
  }
  if (answer.status === "unbounded") {
    const proven = answer.values !== null && answer.direction !== null && leadsAway(lp, answer.direction, tolerance)
    return proven ? [] : ["unbounded without a point and a direction that leads away"]
  }
  return []
}

function checkPoint(lp: LinearProgram, x: Float64Array, answer: LinearAnswer) {
  const activity = rowActivities(lp, x)
  let primalViolation = 0
  let integralityViolation = 0
  const size = rowSizes(lp, x)
  lp.rows.forEach((row, i) => {
    primalViolation = Math.max(primalViolation, outside(activity[i]!, row.lower, row.upper, size[i]!))
  })
  lp.columns.forEach((column, j) => {
    primalViolation = Math.max(primalViolation, outside(x[j]!, column.lower, column.upper, 1))
    const fraction = column.integer === true ? Math.abs(x[j]! - Math.round(x[j]!)) : 0
    integralityViolation = Math.max(integralityViolation, fraction)
  })
  const objective = objectiveOf(lp, x)
  const claimed = answer.objective ?? objective
  const objectiveError = Math.abs(claimed - objective) / (1 + Math.abs(objective))
  return { primalViolation, integralityViolation, objectiveError }
}

/** How far outside [lower, upper], relative to the limit and to the size of what it limits. */
const outside = (value: number, lower: number, upper: number, size: number): number => {
  const limit = value < lower ? lower : upper
  const distance = value < lower ? lower - value : value > upper ? value - upper : value - value
  return distance === 0 ? 0 : distance / Math.max(Math.abs(limit), size)
}

/** Sum of the magnitudes in a row, each column counting one unit at least: so a row of tiny entries is held to its own. */
function rowSizes(lp: LinearProgram, x: Float64Array): Float64Array {
  const values = lp.matrix.values.map(Math.abs)
  const units = x.map((value) => Math.max(1, Math.abs(value)))
  return rowActivities({ ...lp, matrix: { ...lp.matrix, values } }, units)
}

/**
 * When maximising, a positive multiplier leans on an upper limit and a negative one on a lower limit: there
 * must be such a limit (dual feasibility) and the point must lie on it (complementary slackness). Mirrored when
 * minimising.
 */
function checkDuals(lp: LinearProgram, x: Float64Array, y: Float64Array) {
  const sign = lp.sense === "maximize" ? 1 : -1
  const activity = rowActivities(lp, x)
  const prices = priceSizes(lp, y)
  const objectiveScale = 1 + Math.abs(objectiveOf(lp, x))
  let dualViolation = 0
  let slacknessViolation = 0
  const lean = (multiplier: number, at: number, lower: number, upper: number, relative: number): void => {
    const limit = sign * multiplier > 0 ? upper : lower
    if (multiplier === 0) return
    if (!Number.isFinite(limit)) dualViolation = Math.max(dualViolation, relative)
    else slacknessViolation = Math.max(slacknessViolation, Math.abs(multiplier * (at - limit)) / objectiveScale)
  }
  lp.rows.forEach((row, i) => lean(y[i]!, activity[i]!, row.lower, row.upper, prices.rows[i]!))
  reducedCosts(lp, y).forEach((cost, j) => {
    const { lower, upper } = lp.columns[j]!
    lean(cost, x[j]!, lower, upper, Math.abs(cost) / prices.columns[j]!)
  })
  return { dualViolation, slacknessViolation }
}

/**
 * Per column, the size of the terms of its reduced cost (at least a 1e-8 of the greatest price, which is noise); per
 * row, the greatest share that its dual has in one.
 */
function priceSizes(lp: LinearProgram, y: Float64Array): { readonly columns: Float64Array; readonly rows: Float64Array } {
  const { starts, rows: indices, values } = lp.matrix
  const greatest = lp.columns.reduce((most, { objective }) => Math.max(most, Math.abs(objective)), 0)
  const columns = new Float64Array(lp.columns.length)
  const rows = new Float64Array(lp.rows.length)
  for (let j = 0; j < columns.length; j++) {
    let size = Math.abs(lp.columns[j]!.objective)
    for (let k = starts[j]!; k < starts[j + 1]!; k++) size += Math.abs(values[k]! * y[indices[k]!]!)
    columns[j] = Math.max(size, 1e-8 * greatest) || 1
    for (let k = starts[j]!; k < starts[j + 1]!; k++) {
      const i = indices[k]!
      rows[i] = Math.max(rows[i]!, Math.abs(values[k]! * y[i]!) / columns[j]!)
    }
  }
  return { columns, rows }
}

/** Whether a direction improves the objective and never meets a limit. */
function leadsAway(lp: LinearProgram, direction: Float64Array, tolerance: number): boolean {
  const size = direction.reduce((most, d) => Math.max(most, Math.abs(d)), 0)
  const gain = objectiveOf(lp, direction) * (lp.sense === "maximize" ? 1 : -1)
  const free = (d: number, lower: number, upper: number): boolean =>
    Math.abs(d) <= tolerance * size || (d > 0 ? upper === Infinity : lower === -Infinity)
  const moves = rowActivities(lp, direction)
  return gain > tolerance * size &&
    lp.columns.every((column, j) => free(direction[j]!, column.lower, column.upper)) &&
    lp.rows.every((row, i) => free(moves[i]!, row.lower, row.upper))
}
