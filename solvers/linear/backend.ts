/**
 * What a library of linear programming is wrapped into. Its word is not taken: `solveLinear` checks and proves.
 */
import type { LinearAnswer, LinearProgram } from "../contract/linear-program.ts"

export type BackendName = "javascript-lp-solver" | "highs"

/** `timeS` from the call on, by the clock `now` (seconds). */
export interface LinearLimits {
  readonly timeS: number
  readonly now: () => number
}

export interface LinearBackend {
  readonly name: BackendName
  /** `timed`: its search over whole numbers may run for minutes, so it is run with a time limit only */
  readonly integers: "always" | "timed"
  /**
   * The library's claim about a program whose limits do not cross. `conflict` and `direction` stay null:
   * infeasible and unbounded are proven by the caller, in one way for every backend.
   */
  solve(lp: LinearProgram, limits: LinearLimits | null): LinearAnswer
}

/** An answer without anything but its status. */
export const bareAnswer = (backend: string, status: LinearAnswer["status"]): LinearAnswer => ({
  status, backend, objective: null, values: null, duals: null, reducedCosts: null, columnStatus: null, rowStatus: null,
  bound: null, conflict: null, direction: null
})
