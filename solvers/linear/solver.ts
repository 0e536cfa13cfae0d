/**
 * Linear programs by two libraries behind one face. The answer of either is proven where it says that there is
 * no optimum, and checked in any case; an answer that fails is given up for the other library's.
 */
import { type LinearCheck, checkLinearAnswer } from "../contract/linear-check.ts"
import { assertLinearProgram, type LinearAnswer, type LinearProgram, type LinearSolve } from "../contract/linear-program.ts"
import { type BackendName, bareAnswer, type LinearBackend, type LinearLimits } from "./backend.ts"
import { javascriptBackend } from "./javascript-backend.ts"
import { findConflict, findDirection } from "./proof.ts"
import { solveScaled } from "./scaling.ts"

export interface LinearOptions {
  /**
   * `auto`: the smaller programs by JavaScript, the others by HiGHS. The other backends stay the second choice.
   */
  readonly backend?: BackendName | "auto"
  readonly limits?: LinearLimits
}

export interface LinearResult extends LinearAnswer {
  readonly check: LinearCheck
  /** answers that were given up, and why; empty as a rule */
  readonly rejected: ReadonlyArray<{ readonly backend: BackendName; readonly failures: ReadonlyArray<string> }>
}

/**
 * The checked answer. With the default backends it needs no loading, and no second opinion is at hand. Where
 * every backend's answer fails its check the status is `limit` and nothing is claimed. Throws a RangeError on a
 * malformed program, and where no given backend is the one asked for, or able to solve it.
 */
export function solveLinear(
  lp: LinearProgram,
  backends: ReadonlyArray<LinearBackend> = [javascriptBackend],
  options: LinearOptions = {}
): LinearResult {
  assertLinearProgram(lp)
  const crossing = [...lp.columns, ...lp.rows].some(({ lower, upper }) => lower > upper)
  if (crossing) {
    const answer = { ...bareAnswer("presolve", "infeasible"), conflict: new Float64Array(lp.rows.length) }
    return { ...answer, check: checkLinearAnswer(lp, answer), rejected: [] }
  }
  const rejected: Array<LinearResult["rejected"][number]> = []
  for (const backend of inOrderOfChoice(lp, able(lp, backends, options), options.backend ?? "auto")) {
    const answer = proveOutcome(lp, backend, options.limits ?? null)
    const check = checkLinearAnswer(lp, answer)
    if (check.ok) return { ...answer, check, rejected }
    rejected.push({ backend: backend.name, failures: check.failures })
  }
  const answer = bareAnswer("none", "limit")
  return { ...answer, check: checkLinearAnswer(lp, answer), rejected }
}

/**
 * Up to here JavaScript is the faster one: cells of its dense tableau, where each boxed column is a row; and
 * rows² · columns, since a simplex takes about as many steps as there are rows. Measured by `npm run bench --
 * linear`.
 */
const small = { cells: 50_000, work: 200_000 }

const hasIntegers = (lp: LinearProgram): boolean => lp.columns.some((column) => column.integer === true)

/** The backends that may be run on the program. */
function able(
  lp: LinearProgram,
  backends: ReadonlyArray<LinearBackend>,
  { limits }: LinearOptions
): ReadonlyArray<LinearBackend> {
  const fit = backends.filter(({ integers }) => integers === "always" || limits !== undefined || !hasIntegers(lp))
  if (fit.length === 0) throw new RangeError("javascript-lp-solver is not run on integers without a time limit")
  return fit
}

function inOrderOfChoice(
  lp: LinearProgram,
  backends: ReadonlyArray<LinearBackend>,
  wanted: BackendName | "auto"
): ReadonlyArray<LinearBackend> {
  const choice = wanted === "auto" ? preferredBackend(lp) : wanted
  const first = backends.filter((backend) => backend.name === choice)
  if (wanted !== "auto" && first.length === 0) throw new RangeError(`backend "${wanted}" is not loaded`)
  return [...first, ...backends.filter((backend) => backend.name !== choice)]
}

function preferredBackend(lp: LinearProgram): BackendName {
  const boxes = lp.columns.filter(({ lower, upper }) => lower > -Infinity && upper < Infinity && lower < upper).length
  const isSmall = (lp.rows.length + boxes) * lp.columns.length <= small.cells &&
    lp.rows.length ** 2 * lp.columns.length <= small.work
  return isSmall && !hasIntegers(lp) ? "javascript-lp-solver" : "highs"
}

/**
 * A backend's claim, with its proof where there is no optimum. Libraries confuse the two cases, so both are
 * tried.
 */
function proveOutcome(lp: LinearProgram, backend: LinearBackend, limits: LinearLimits | null): LinearAnswer {
  const solve: LinearSolve = (program) => solveScaled(program, (scaled) => backend.solve(scaled, limits))
  const claim = solve(lp)
  if (claim.status !== "infeasible" && claim.status !== "unbounded") return claim
  const conflict = findConflict(lp, solve)
  const infeasible: LinearAnswer = { ...bareAnswer(backend.name, "infeasible"), conflict }
  if (claim.status === "infeasible") return infeasible
  const ray = findDirection(lp, solve)
  if (ray === null) return infeasible
  return { ...bareAnswer(backend.name, "unbounded"), values: ray.point.values, direction: ray.direction }
}
