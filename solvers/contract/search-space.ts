/**
 * A tree of choices with bounds, and the same choices as a string of genes: all that a search needs to know.
 * Values, bounds and order are the space's; which node comes next is the solver's.
 */
import type { Sense } from "./linear-program.ts"

/**
 * Node and Candidate are plain data (they may cross threads). Every function is deterministic.
 *
 * A bound is valid when no candidate below the node is better than it by more than a relative 1e-9. Lazy
 * children need no special face: a node may branch into its best child and a node that stands for the rest.
 */
export interface SearchSpace<Node, Candidate> {
  readonly sense: Sense
  root(): Node
  /** The candidate that a leaf stands for, null where the node is to be branched. Not evaluated yet. */
  leaf(node: Node): Candidate | null
  /** The objective, by the same function for every solver; null: it cannot be built. */
  evaluate(candidate: Candidate): number | null
  /** Children that together hold every candidate of the node, and no other; empty: there is none. */
  branch(node: Node, expansion: Expansion<Candidate>): Iterable<Node>
  /**
   * A valid bound of the node. `level` 0 is cheap and asked at birth; level k, dearer and better, when the node
   * is chosen, up to `levels(node)` − 1. The worst infinity says that the node is empty. Solvers keep the best
   * of all levels and of the ancestors.
   */
  bound(node: Node, level: number): number
  /** How many levels of bounds a node has, ≥ 1. */
  levels(node: Node): number
  /** Total order of candidates: among equal values the first wins, in whatever order they were found. */
  compare(a: Candidate, b: Candidate): number
  /**
   * Whether a candidate below the node might come before this one in `compare`. Absent: always. Where it is
   * false, nodes whose bound only ties with the incumbent are pruned; their bounds must then hold to the last
   * bit.
   */
  readonly mayPrecede?: (node: Node, candidate: Candidate) => boolean
  readonly genome?: GenomeView<Candidate>
}

/** What `branch` may ask and tell while it works: for nodes whose expansion is itself a search. */
export interface Expansion<Candidate> {
  /**
   * The value to beat or equal: what is worse by a relative 1e-9 need not be generated. Worst infinity at
   * first.
   */
  cutoff(): number
  /**
   * The relative gap that is good enough: what is no further from the cutoff may be left to a child that stands for the rest
   * (`boundWithin`). 0: the optimum is asked for.
   */
  readonly gap: number
  /**
   * Proposes a candidate met on the way; the solver evaluates it. It must lie below the root, not in this node.
   */
  offer(candidate: Candidate): void
  /** Counts evaluations of the objective that `branch` made itself. */
  spend(evaluations: number): void
  /** Asked in long expansions; once true, what was yielded so far is dropped and the node stays open. */
  stopped(): boolean
}

/** The space as a product of small integers, for solvers that recombine. */
export interface GenomeView<Candidate> {
  /** one gene per choice; its alleles are 0 … cardinality − 1, at least one */
  readonly genes: ReadonlyArray<{ readonly name: string; readonly cardinality: number }>
  /** The candidate of a genome, repaired where a choice excludes another; null: beyond repair. */
  decode(genome: ReadonlyArray<number>): Candidate | null
  /** A genome that decodes to the candidate, null where there is none. */
  encode(candidate: Candidate): ReadonlyArray<number> | null
}
