/** Pieces of a search tree as plain data, so that a thread can work on one and hand back what it left. */
import type { Incumbent, Limits, SearchRequest } from "./search-run.ts"

/** A node to be looked at, with what is known of it. */
export interface OpenNode<Node> {
  readonly node: Node
  /** valid; the best of its own levels and its ancestors' */
  readonly bound: number
  /** the last level of `SearchSpace.bound` asked; −1: none */
  readonly level: number
  readonly depth: number
}

export interface Pause {
  readonly nodes: number
  readonly evaluations: number
  readonly timeS: number
}

export interface WorkItem<Node, Candidate> {
  readonly id: number
  readonly nodes: ReadonlyArray<OpenNode<Node>>
  /** of this item alone; reached, they end even an expansion in progress */
  readonly limits: Limits
  /**
   * reached, the open nodes are handed back to be dealt anew: asked between nodes, so each expansion is
   * finished
   */
  readonly pause: Pause
  readonly incumbent: Incumbent<Candidate> | null
  /**
   * whether the value shared by all threads may be used; false: the item's answer must not depend on the
   * others'
   */
  readonly isLive: boolean
}

export interface ItemAnswer<Node, Candidate> {
  /** the better of the given one and those found */
  readonly incumbent: Incumbent<Candidate> | null
  /** nodes not yet explored; empty: the item is exhausted */
  readonly open: ReadonlyArray<OpenNode<Node>>
  readonly work: { readonly nodes: number; readonly evaluations: number }
}

/**
 * A solver that proves, piece by piece: what a thread runs. Incumbents and limits of the request give way to
 * the item's.
 */
export type ItemSearch = <Node, Candidate>(
  request: SearchRequest<Node, Candidate>,
  item: WorkItem<Node, Candidate>
) => ItemAnswer<Node, Candidate>
