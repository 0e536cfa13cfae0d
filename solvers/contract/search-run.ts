/**
 * What a search is given besides its space (limits, a clock, an ear for interruption) and what it gives back
 * (an answer that keeps apart why it stopped and what it holds, and events on the way).
 */
import type { SearchSpace } from "./search-space.ts"

/** When to stop, whichever comes first. Infinity: no such limit. */
export interface Limits {
  /** seconds from the start of the search, by the run's clock */
  readonly timeS: number
  /** relative gap that is good enough, ≥ 0; 0 asks for the optimum */
  readonly gap: number
  /** evaluations of the objective: a limit that, unlike time, gives the same answer on every machine */
  readonly evaluations: number
}

export const unlimited: Limits = { timeS: Infinity, gap: 0, evaluations: Infinity }

/** The outside world of a search: solvers read no clock and no signal of their own. */
export interface Interrupt {
  /** seconds, from any origin, never decreasing */
  now(): number
  /** true once the search must end; asked at least once per node */
  stopped(): boolean
}

/** The best value known anywhere, shared with other searches of the same space. */
export interface SharedIncumbent {
  /** the worst infinity while there is none */
  value(): number
  /** Keeps the better of both. */
  publish(value: number): void
}

export interface SearchRequest<Node, Candidate> {
  readonly space: SearchSpace<Node, Candidate>
  readonly limits: Limits
  readonly interrupt: Interrupt
  /** any 32-bit integer; solvers that draw nothing ignore it */
  readonly seed: number
  /** candidates known beforehand, with the name of who found them */
  readonly incumbents: ReadonlyArray<{ readonly candidate: Candidate; readonly source: string }>
  readonly progress: (event: Progress) => void
  readonly shared?: SharedIncumbent
}

/** One line of the log. Depends on timing, so it is no part of an answer. */
export interface Progress {
  readonly kind: "incumbent" | "tick" | "end"
  /** who speaks; with kind `incumbent`, who found it */
  readonly source: string
  readonly timeS: number
  readonly nodes: number
  /** nodes still to be looked at; null where the solver has none */
  readonly open: number | null
  readonly evaluations: number
  readonly incumbent: number | null
  /** null: nothing proven yet */
  readonly bound: number | null
  readonly gap: number | null
}

export type StopReason = "time" | "evaluations" | "gap" | "interrupted"

/** A candidate with its value, and who found it. */
export interface Incumbent<Candidate> {
  readonly candidate: Candidate
  readonly value: number
  readonly source: string
}

/**
 * `optimal`: gap ≤ 1e-9; `feasible`: a limit stopped the search, or the solver cannot prove; `infeasible`:
 * proven that there is no candidate; `noSolution`: a limit came before the first candidate.
 */
export interface Answer<Candidate> {
  readonly status: "optimal" | "feasible" | "infeasible" | "noSolution"
  /** null: the search ended by itself */
  readonly stoppedBy: StopReason | null
  readonly incumbent: Incumbent<Candidate> | null
  /** no candidate is better; null: nothing proven */
  readonly bound: number | null
  /** relative, ≥ 0; null without incumbent or bound */
  readonly gap: number | null
  /** depends on timing when threads share incumbents */
  readonly work: { readonly nodes: number; readonly evaluations: number }
}

/** What a solver of search spaces can do, asked before it is run. */
export interface Capabilities {
  /** ends with a bound, and with the optimum where no limit stops it */
  readonly proves: boolean
  /** needs `space.genome` */
  readonly genome: boolean
  /** respects `limits.gap` */
  readonly gap: boolean
}

/** One algorithm on the contract. Every folder of solvers that searches exports one. */
export interface SearchSolver {
  readonly name: string
  readonly capabilities: Capabilities
  solve<Node, Candidate>(request: SearchRequest<Node, Candidate>): Promise<Answer<Candidate>>
}
