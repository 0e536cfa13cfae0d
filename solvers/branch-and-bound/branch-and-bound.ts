/**
 * Best-first branch and bound with dives to the depth (Land & Doig 1960; the mixed order after Linderoth &
 * Savelsbergh 1999). The bound of what is open is valid at every moment, so the search can stop at any.
 */
import { betterOf, conclude, isBetter, worseOf, worstValue } from "../contract/gap.ts"
import type { Sense } from "../contract/linear-program.ts"
import { RunState } from "../contract/run-state.ts"
import type { Answer, SearchRequest, SearchSolver, StopReason } from "../contract/search-run.ts"
import type { Expansion, SearchSpace } from "../contract/search-space.ts"
import type { ItemAnswer, OpenNode, Pause, WorkItem } from "../contract/work-item.ts"
import { NodeHeap } from "./node-heap.ts"

const source = "branch-and-bound"

/**
 * One choice in so many starts a dive, so that incumbents come early; before the first incumbent every choice
 * does.
 */
const diveInterval = 16

/** Nodes after which a dive that found nothing is given up: before the first incumbent, and after it. */
const diveNodes = { first: 1000, later: 100 }

/** Of the bound that a dive began with: what may be lost on its way down while something else is open. */
const diveLoss = 0.1

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
  const { shared, ...alone } = { ...request, limits: item.limits, incumbents: [] }
  const own = item.isLive && shared !== undefined ? { ...alone, shared } : alone
  const search = new TreeSearch(own, item.nodes, item.pause)
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

const signOf = (sense: Sense): number => (sense === "maximize" ? 1 : -1)

class TreeSearch<Node, Candidate> {
  readonly state: RunState<Node, Candidate>
  readonly heap: NodeHeap<Node>
  readonly #space: SearchSpace<Node, Candidate>
  readonly #expansion: Expansion<Candidate>
  readonly #pause: Pause
  /** nodes in hand, outside the heap: of a dive, the siblings on its way, the next one last */
  readonly #stack: Array<OpenNode<Node>> = []
  /** bound of all that is in hand; the worst infinity when nothing is */
  #ceiling: number

  constructor(
    request: SearchRequest<Node, Candidate>,
    nodes: ReadonlyArray<OpenNode<Node>>,
    pause: Pause
  ) {
    this.#space = request.space
    this.#pause = pause
    this.#ceiling = worstValue(request.space.sense)
    this.state = new RunState(request)
    this.heap = new NodeHeap(request.space.sense)
    for (const node of nodes) this.heap.push(node)
    this.#expansion = {
      cutoff: () => this.state.cutoff(),
      gap: request.limits.gap,
      offer: (candidate) => void this.state.offer(candidate, source),
      spend: (evaluations) => void (this.state.evaluations += evaluations),
      stopped: () => this.#stopReason() !== null
    }
  }

  /** Bound of all that is not explored; the worst infinity when nothing is left. */
  openBound(): number {
    const { sense } = this.#space
    const worst = worstValue(sense)
    return betterOf(sense, this.heap.bestBound() ?? worst, this.#ceiling)
  }

  work(): Answer<Candidate>["work"] {
    return { nodes: this.state.nodes, evaluations: this.state.evaluations }
  }

  /** Explores until nothing is open, or a limit is reached; then the heap holds all that is open. */
  run(): StopReason | null {
    let stoppedBy: StopReason | null = null
    let choices = 0
    for (let best = this.#takeBest(); best !== null; best = this.#takeBest()) {
      const room = this.state.incumbent === null ? diveNodes.first
        : ++choices % diveInterval === 0 ? diveNodes.later : 1
      stoppedBy = this.#plunge(best, room)
      if (stoppedBy !== null || this.#isPaused()) break
    }
    this.state.tick(source, this.heap.size, this.openBound())
    this.state.report("end", source)
    return stoppedBy
  }

  /**
   * Depth first below one node, for at most `room` nodes or until the incumbent changes; the rest goes to the
   * heap.
   */
  #plunge(best: OpenNode<Node>, room: number): StopReason | null {
    const known = this.state.incumbent
    const end = this.state.nodes + room
    let stoppedBy: StopReason | null = null
    let began = best.bound
    const isLost = (bound: number) => {
      if (!Number.isFinite(began)) began = bound
      return this.#isLost(began, bound)
    }
    this.#stack.push(best)
    this.#ceiling = best.bound
    do stoppedBy = this.#step(room > 1)
    while (
      stoppedBy === null && this.#stack.length > 0 && this.state.nodes < end && this.state.incumbent === known &&
      !this.#isPaused() && !this.state.isGoodEnough(this.#stack.at(-1)!.bound) && !isLost(this.#stack.at(-1)!.bound)
    )
    // the next one first, so that of equals it is the oldest
    for (let open = this.#stack.pop(); open !== undefined; open = this.#stack.pop()) this.heap.push(open)
    this.#ceiling = worstValue(this.#space.sense)
    return stoppedBy
  }

  /** Whether a dive leads far below where it began, and there is something else to try. */
  #isLost(began: number, bound: number): boolean {
    const { sense } = this.#space
    return this.heap.size + this.#stack.length > 1 && Number.isFinite(began) &&
      isBetter(sense, began - diveLoss * Math.abs(began) * signOf(sense), bound)
  }

  #isPaused(): boolean {
    const { nodes, evaluations, timeS } = this.#pause
    return this.state.nodes >= nodes || this.state.evaluations >= evaluations || this.state.elapsedS() >= timeS
  }

  #stopReason(): StopReason | null {
    return this.state.stopReason(this.openBound())
  }

  /** The best node that is not pruned; null when nothing is left. */
  #takeBest(): OpenNode<Node> | null {
    let best = this.heap.pop()
    while (best !== null && this.state.isPruned(best.node, best.bound)) best = this.heap.pop()
    return best
  }

  /** Sharpens or explores the last node in hand. */
  #step(isDive: boolean): StopReason | null {
    const stoppedBy = this.#stopReason()
    this.state.tick(source, this.heap.size + this.#stack.length, this.openBound())
    if (stoppedBy !== null) return stoppedBy
    const open = this.#stack.pop()!
    if (this.state.isPruned(open.node, open.bound)) return null
    if (open.level < this.#space.levels(open.node) - 1) {
      this.#sharpen(open, isDive)
      return null
    }
    this.state.nodes++
    const candidate = this.#space.leaf(open.node)
    if (candidate === null) return this.#branch(open)
    this.state.offer(candidate, source)
    return null
  }

  /** Asks the next level of bound; where another is better now, the node goes back to the heap, on a dive behind its siblings. */
  #sharpen(open: OpenNode<Node>, isDive: boolean): void {
    const { sense } = this.#space
    const sharper = this.#withBound(open.node, open.bound, open.level + 1, open.depth)
    const next = this.heap.bestBound()
    const isFirst = !isDive || this.#stack.length === 0
    if (isFirst && next !== null && isBetter(sense, next, sharper.bound)) this.heap.push(sharper)
    else {
      let place = this.#stack.length
      const isBehind = ({ depth, bound }: OpenNode<Node>) => depth === sharper.depth && isBetter(sense, bound, sharper.bound)
      while (place > 0 && isBehind(this.#stack[place - 1]!)) place--
      this.#stack.splice(place, 0, sharper)
    }
    if (this.#stack.length === 1) this.#ceiling = sharper.bound
  }

  #withBound(node: Node, known: number, level: number, depth: number): OpenNode<Node> {
    const bound = this.#space.bound(node, level)
    if (Number.isNaN(bound)) throw new RangeError(`bound of level ${level} is not a number at depth ${depth}`)
    return { node, bound: worseOf(this.#space.sense, known, bound), level, depth }
  }

  /**
   * Takes the children in hand. Stopped half-way, it drops them and keeps the parent, whose bound covers them
   * all.
   */
  #branch(open: OpenNode<Node>): StopReason | null {
    const children: Array<OpenNode<Node>> = []
    for (const node of this.#space.branch(open.node, this.#expansion)) {
      const child = this.#withBound(node, open.bound, 0, open.depth + 1)
      if (!this.state.isPruned(node, child.bound)) children.push(child)
      if (this.#expansion.stopped()) break
    }
    const stoppedBy = this.#stopReason()
    const { sense } = this.#space
    if (stoppedBy !== null) this.#stack.push(open)
    else {
      // the best comes last, of equals the first
      children.reverse().sort((a, b) => (a.bound === b.bound ? 0 : isBetter(sense, a.bound, b.bound) ? 1 : -1))
      for (const child of children) this.#stack.push(child)
    }
    return stoppedBy
  }
}
