/**
 * Best-first branch and bound with dives to the depth (Land & Doig 1960; the mixed order after Linderoth & Savelsbergh
 * 1999). The bound of what is open is valid at every moment, so the search can stop at any.
 */
import { betterOf, conclude, isBetter, worseOf, worstValue } from "../contract/gap.ts"
import { RunState } from "../contract/run-state.ts"
import type { Answer, SearchRequest, SearchSolver, StopReason } from "../contract/search-run.ts"
import type { Expansion, SearchSpace } from "../contract/search-space.ts"
import type { ItemAnswer, OpenNode, Pause, WorkItem } from "../contract/work-item.ts"
import { NodeHeap } from "./node-heap.ts"

const source = "branch-and-bound"

/** One choice in so many follows its best child down to a leaf, so that incumbents come early; all do before the first. */
const diveInterval = 16

const never: Pause = { nodes: Infinity, evaluations: Infinity, timeS: Infinity }

/** The whole tree. Ends `optimal` with the first of all best candidates, whatever the order of the search. */
export function searchTree<Node, Candidate>(request: SearchRequest<Node, Candidate>): Answer<Candidate> {
  const { space } = request
  const search = new TreeSearch(request, [rootOf(space)], never)
  const stoppedBy = search.run()
  // what another search found is no candidate of this answer, but it was pruned against
  const bound = betterOf(space.sense, search.openBound(), search.state.cutoff())
  return conclude(space.sense, search.state.incumbent, bound, stoppedBy, search.work())
}

/** One piece of the tree, until it is exhausted, pauses or reaches a limit of its own. */
export function searchItem<Node, Candidate>(
  request: SearchRequest<Node, Candidate>,
  item: WorkItem<Node, Candidate>
): ItemAnswer<Node, Candidate> {
  const search = new TreeSearch({ ...request, limits: item.limits, incumbents: [] }, item.nodes, item.pause)
  if (item.incumbent !== null) search.state.keep(item.incumbent)
  search.run()
  return { incumbent: search.state.incumbent, open: search.heap.drain(), work: search.work() }
}

export const branchAndBound: SearchSolver = {
  name: source,
  capabilities: { proves: true, genome: false, gap: true },
  solve: (request) => Promise.resolve(searchTree(request))
}

const rootOf = <Node, Candidate>(space: SearchSpace<Node, Candidate>): OpenNode<Node> => ({
  node: space.root(), bound: -worstValue(space.sense), level: -1, depth: 0
})

class TreeSearch<Node, Candidate> {
  readonly state: RunState<Node, Candidate>
  readonly heap: NodeHeap<Node>
  readonly #space: SearchSpace<Node, Candidate>
  readonly #expansion: Expansion<Candidate>
  readonly #pause: Pause
  /** the node in hand, outside the heap */
  #held: OpenNode<Node> | null = null

  constructor(
    request: SearchRequest<Node, Candidate>,
    nodes: ReadonlyArray<OpenNode<Node>>,
    pause: Pause
  ) {
    this.#space = request.space
    this.#pause = pause
    this.state = new RunState(request)
    this.heap = new NodeHeap(request.space.sense)
    for (const node of nodes) this.heap.push(node)
    this.#expansion = {
      cutoff: () => this.state.cutoff(),
      offer: (candidate) => void this.state.offer(candidate, source),
      spend: (evaluations) => void (this.state.evaluations += evaluations),
      stopped: () => this.#stopReason() !== null
    }
  }

  /** Bound of all that is not explored; the worst infinity when nothing is left. */
  openBound(): number {
    const { sense } = this.#space
    const worst = worstValue(sense)
    return betterOf(sense, this.heap.bestBound() ?? worst, this.#held?.bound ?? worst)
  }

  work(): Answer<Candidate>["work"] {
    return { nodes: this.state.nodes, evaluations: this.state.evaluations }
  }

  /** Explores until nothing is open, or a limit is reached; then the heap holds all that is open. */
  run(): StopReason | null {
    let stoppedBy: StopReason | null = null
    let choices = 0
    while (stoppedBy === null && this.#takeBest()) {
      const isDive = this.state.incumbent === null || choices++ % diveInterval === 0
      do stoppedBy = this.#step(isDive)
      while (stoppedBy === null && this.#held !== null && !this.#isPaused())
      if (this.#held !== null) this.heap.push(this.#held)
      this.#held = null
      if (this.#isPaused()) break
    }
    this.state.tick(source, this.heap.size, this.openBound())
    this.state.report("end", source)
    return stoppedBy
  }

  #isPaused(): boolean {
    const { nodes, evaluations, timeS } = this.#pause
    return this.state.nodes >= nodes || this.state.evaluations >= evaluations || this.state.elapsedS() >= timeS
  }

  #stopReason(): StopReason | null {
    return this.state.stopReason(this.openBound())
  }

  /** Takes the best node that is not pruned in hand; false when nothing is left. */
  #takeBest(): boolean {
    for (let best = this.heap.pop(); best !== null; best = this.heap.pop()) {
      if (this.state.isPruned(best.node, best.bound)) continue
      this.#held = best
      return true
    }
    return false
  }

  /** Sharpens or explores the node in hand; a dive then holds its best child, otherwise nothing is held. */
  #step(isDive: boolean): StopReason | null {
    const stoppedBy = this.#stopReason()
    this.state.tick(source, this.heap.size, this.openBound())
    if (stoppedBy !== null) return stoppedBy
    const open = this.#held!
    if (open.level < this.#space.levels(open.node) - 1) {
      this.#sharpen(open, isDive)
      return null
    }
    this.state.nodes++
    const candidate = this.#space.leaf(open.node)
    if (candidate !== null) {
      this.state.offer(candidate, source)
      this.#held = null
      return null
    }
    return this.#branch(open, isDive)
  }

  /** Asks the next level of bound; the node goes back where another is better now, and away where it is pruned. */
  #sharpen(open: OpenNode<Node>, isDive: boolean): void {
    const sharper = this.#withBound(open.node, open.bound, open.level + 1, open.depth)
    this.#held = this.state.isPruned(sharper.node, sharper.bound) ? null : sharper
    const next = this.heap.bestBound()
    if (this.#held === null || isDive || next === null || !isBetter(this.#space.sense, next, sharper.bound)) return
    this.heap.push(sharper)
    this.#held = null
  }

  #withBound(node: Node, known: number, level: number, depth: number): OpenNode<Node> {
    const bound = this.#space.bound(node, level)
    if (Number.isNaN(bound)) throw new RangeError(`bound of level ${level} is not a number at depth ${depth}`)
    return { node, bound: worseOf(this.#space.sense, known, bound), level, depth }
  }

  /** Opens the children. Stopped half-way, it drops them and keeps the parent, whose bound covers them all. */
  #branch(open: OpenNode<Node>, isDive: boolean): StopReason | null {
    const children: Array<OpenNode<Node>> = []
    for (const node of this.#space.branch(open.node, this.#expansion)) {
      const child = this.#withBound(node, open.bound, 0, open.depth + 1)
      if (!this.state.isPruned(node, child.bound)) children.push(child)
      const stoppedBy = this.#stopReason()
      if (stoppedBy !== null) return stoppedBy
    }
    if (this.#expansion.stopped()) return this.#stopReason()
    this.#held = null
    const favourite = isDive ? this.#bestOf(children) : null
    for (const child of children) if (child !== favourite) this.heap.push(child)
    this.#held = favourite
    return null
  }

  #bestOf(children: ReadonlyArray<OpenNode<Node>>): OpenNode<Node> | null {
    return children.reduce<OpenNode<Node> | null>((best, child) =>
      best === null || isBetter(this.#space.sense, child.bound, best.bound) ? child : best, null)
  }
}
