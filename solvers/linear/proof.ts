/**
 * Proofs of the two outcomes without an optimum, each from one more linear program that always has an optimum.
 */
import {
  type LinearAnswer, type LinearColumn, type LinearProgram, type LinearRow, type LinearSolve
} from "../contract/linear-program.ts"

/**
 * Multipliers that prove a program infeasible (Farkas): the duals of "least sum of violations of its rows",
 * negated since the proof is stated for a maximum. Null where the relaxed program could not be solved. Limits
 * must not cross.
 */
export function findConflict(lp: LinearProgram, solve: LinearSolve): Float64Array | null {
  const slacks = lp.rows.flatMap((row, i): ReadonlyArray<{ readonly row: number; readonly entry: number }> => [
    ...(row.lower > -Infinity ? [{ row: i, entry: 1 }] : []),
    ...(row.upper < Infinity ? [{ row: i, entry: -1 }] : [])
  ])
  const { starts, rows, values } = lp.matrix
  const end = values.length
  const elastic: LinearProgram = {
    sense: "minimize",
    rows: lp.rows,
    columns: [
      ...lp.columns.map(({ name, lower, upper }): LinearColumn => ({ name, lower, upper, objective: 0 })),
      ...slacks.map(({ row, entry }) => violation(`${entry > 0 ? "under" : "over"} ${row}`))
    ],
    matrix: {
      starts: Int32Array.from([...starts, ...slacks.map((_, k) => end + k + 1)]),
      rows: Int32Array.from([...rows, ...slacks.map(({ row }) => row)]),
      values: Float64Array.from([...values, ...slacks.map(({ entry }) => entry)])
    }
  }
  return solve(elastic).duals?.map((dual) => -dual) ?? null
}

const violation = (name: string): LinearColumn => ({ name, objective: 1, lower: 0, upper: Infinity })

/**
 * A point and a direction that prove a program unbounded: any feasible point, and the steepest direction of
 * length ≤ 1 per column among those that never meet a limit. Null where one of both is not found.
 */
export function findDirection(
  lp: LinearProgram,
  solve: LinearSolve
): { readonly point: LinearAnswer; readonly direction: Float64Array } | null {
  const point = solve({ ...lp, columns: lp.columns.map((column) => ({ ...column, objective: 0 })) })
  const cone = solve({
    ...lp,
    columns: lp.columns.map(({ name, objective, lower, upper }): LinearColumn => ({
      name, objective, lower: lower > -Infinity ? 0 : -1, upper: upper < Infinity ? 0 : 1
    })),
    rows: lp.rows.map(({ name, lower, upper }): LinearRow => ({
      name, lower: lower > -Infinity ? 0 : -Infinity, upper: upper < Infinity ? 0 : Infinity
    }))
  })
  if (point.values === null || cone.values === null) return null
  return { point, direction: cone.values }
}
