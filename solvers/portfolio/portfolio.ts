/**
 * Heuristics first, then a proof in pieces: the open nodes of one tree are dealt out as work items, to as many
 * threads as the caller has, and what comes back is merged. Two ways to deal: live (threads share the
 * incumbent's value at once; for searches that run to the end, whose answer does not depend on the order) and
 * in rounds (a fixed number of items, merged in their order; for limits whose answer must not depend on the
 * number of threads).
 */
import { betterOf, conclude, isBetter, worstValue } from "../contract/gap.ts"
import type { Sense } from "../contract/linear-program.ts"
import { RunState } from "../contract/run-state.ts"
import type { Answer, Limits, Progress, SearchRequest, SearchSolver, StopReason } from "../contract/search-run.ts"
import type { ItemAnswer, ItemSearch, OpenNode, Pause, WorkItem } from "../contract/work-item.ts"

const source = "portfolio"

/** A heuristic and what it may spend, in evaluations and as a share (above 0, up to 1) of the time that is left. */
export interface Heuristic {
  readonly solver: SearchSolver
  readonly evaluations: number
  readonly timeShare: number
}

export interface PortfolioParts<Node, Candidate> {
  /**
   * run one after the other, each from the incumbents of those before it; without a genome, those that need one
   * are left out
   */
  readonly heuristics: ReadonlyArray<Heuristic>
  /** Runs an item, anywhere. A rejection counts as a lost item: it is run again. */
  readonly runItem: (item: WorkItem<Node, Candidate>) => Promise<ItemAnswer<Node, Candidate>>
  /** how many items `runItem` can work on at once, ≥ 1 */
  readonly threads: number
  /** the answer need not be that of any other number of threads: the whole tree is one item */
  readonly isAlone?: boolean
}

/** Items of one round, whatever the number of threads. */
const roundItems = 8
/** Nodes of an item in a round. */
const roundNodes = 512
/** Nodes of an item while there are few open ones to deal. */
const splitNodes = 16
/** Seconds of a live item, after which its open nodes are dealt anew. */
const sliceS = 0.1
/** Open nodes that one item takes at most. */
const bundle = 256
/** Of an item that is the whole tree. */
const never: Pause = { nodes: Infinity, evaluations: Infinity, timeS: Infinity }
/** How often an item is run before its loss is a defect. */
const attempts = 3

/**
 * The optimum of the request's space, or the best until a limit. Rejects when an item was lost `attempts`
 * times.
 */
export async function solvePortfolio<Node, Candidate>(
  request: SearchRequest<Node, Candidate>,
  parts: PortfolioParts<Node, Candidate>
): Promise<Answer<Candidate>> {
  const state = new RunState(request)
  for (const heuristic of parts.heuristics) await runHeuristic(request, state, heuristic)
  const proof = new Proof(request, state, parts)
  const stoppedBy = await proof.run()
  state.report("end", source)
  const work = { nodes: state.nodes, evaluations: state.evaluations }
  return conclude(request.space.sense, state.incumbent, proof.openBound(), stoppedBy, work)
}

/** The portfolio on one thread, as a solver of its own. Between items other events of the thread have their turn. */
export const portfolioOf = (heuristics: ReadonlyArray<Heuristic>, searchItem: ItemSearch): SearchSolver => ({
  name: source,
  capabilities: { proves: true, genome: false, gap: true },
  solve: (request) => solvePortfolio(request, {
    heuristics,
    threads: 1,
    runItem: async (item) => {
      await new Promise((resolve) => setTimeout(resolve, 0))
      return searchItem({ ...request, progress: () => undefined }, item)
    }
  })
})

async function runHeuristic<Node, Candidate>(
  request: SearchRequest<Node, Candidate>,
  state: RunState<Node, Candidate>,
  { solver, evaluations, timeShare }: Heuristic
): Promise<void> {
  if (solver.capabilities.genome && request.space.genome === undefined) return
  if (state.stopReason(null) !== null) return
  const startS = state.elapsedS()
  const before = state.evaluations
  const limits: Limits = {
    timeS: (request.limits.timeS - startS) * timeShare,
    evaluations: Math.min(evaluations, request.limits.evaluations - before),
    gap: 0
  }
  const progress = (event: Progress): void => {
    const held = state.incumbent?.value ?? worstValue(request.space.sense)
    if (event.kind === "end") return
    if (event.kind === "incumbent" && !isBetter(request.space.sense, event.incumbent ?? held, held)) return
    request.progress({ ...event, timeS: startS + event.timeS, evaluations: before + event.evaluations })
  }
  const incumbents = state.incumbent === null ? [] : [state.incumbent]
  const answer = await solver.solve({ ...request, limits, incumbents, progress })
  state.evaluations += answer.work.evaluations
  if (answer.incumbent !== null) state.keep(answer.incumbent, true)
}

class Proof<Node, Candidate> {
  readonly #request: SearchRequest<Node, Candidate>
  readonly #state: RunState<Node, Candidate>
  readonly #parts: PortfolioParts<Node, Candidate>
  readonly #isAlone: boolean
  readonly #isLive: boolean
  readonly #slots: number
  /** items at work; the promises never reject before the item is lost for good */
  readonly #running = new Map<number, Promise<Finished<Node, Candidate>>>()
  readonly #bounds = new Map<number, number>()
  #frontier: Array<OpenNode<Node>>
  #items = 0

  constructor(
    request: SearchRequest<Node, Candidate>,
    state: RunState<Node, Candidate>,
    parts: PortfolioParts<Node, Candidate>
  ) {
    this.#request = request
    this.#state = state
    this.#parts = parts
    this.#isAlone = parts.isAlone === true && parts.threads === 1
    this.#isLive = !this.#isAlone && request.limits.evaluations === Infinity && request.limits.gap === 0
    this.#slots = this.#isAlone ? 1 : this.#isLive ? parts.threads : roundItems
    const root = { node: request.space.root(), bound: -worstValue(request.space.sense), level: -1, depth: 0 }
    this.#frontier = [root]
  }

  /** Of all that is not explored, here and in the items at work; the worst infinity when nothing is. */
  openBound(): number {
    const { sense } = this.#request.space
    const here = bestBound(this.#frontier, sense)
    return [...this.#bounds.values()].reduce((best, bound) => betterOf(sense, best, bound), here)
  }

  async run(): Promise<StopReason | null> {
    let stoppedBy: StopReason | null = null
    for (;;) {
      this.#frontier = this.#frontier.filter(({ node, bound }) => !this.#state.isPruned(node, bound))
      if (this.#frontier.length > 0) stoppedBy ??= this.#state.stopReason(this.openBound())
      if (stoppedBy === null) this.#launch()
      if (this.#running.size === 0) return stoppedBy
      const finished = this.#isLive
        ? [await Promise.race(this.#running.values())]
        : await Promise.all(this.#running.values())
      for (const { id, answer } of finished) this.#merge(id, answer)
      this.#state.tick(source, this.#frontier.length, this.openBound())
    }
  }

  /**
   * Deals the best open nodes in turn to the free slots; with few nodes the items are short, so that there soon
   * are more.
   */
  #launch(): void {
    const free = this.#slots - this.#running.size
    const { limits } = this.#request
    const left = limits.evaluations - this.#state.evaluations
    const items = Math.min(free, this.#frontier.length, left)
    if (items <= 0) return
    const hands = deal(this.#frontier, this.#request.space.sense, items, this.#slots)
    this.#frontier = hands.rest
    const isShort = hands.rest.length + hands.items.length < 4 * this.#slots
    for (const nodes of hands.items) {
      this.#start({
        id: this.#items++,
        nodes,
        limits: { timeS: limits.timeS - this.#state.elapsedS(), evaluations: left, gap: limits.gap },
        pause: this.#isAlone ? never : {
          nodes: isShort ? splitNodes : this.#isLive ? Infinity : roundNodes,
          evaluations: Math.floor(left / items),
          timeS: this.#isLive ? sliceS : Infinity
        },
        incumbent: this.#state.incumbent,
        isLive: this.#isLive
      })
    }
  }

  #start(item: WorkItem<Node, Candidate>): void {
    this.#bounds.set(item.id, bestBound(item.nodes, this.#request.space.sense))
    this.#running.set(item.id, runPersistently(this.#parts, item))
  }

  #merge(id: number, answer: ItemAnswer<Node, Candidate>): void {
    this.#running.delete(id)
    this.#bounds.delete(id)
    this.#state.nodes += answer.work.nodes
    this.#state.evaluations += answer.work.evaluations
    this.#frontier.push(...answer.open)
    if (answer.incumbent !== null) this.#state.keep(answer.incumbent)
  }
}

interface Finished<Node, Candidate> {
  readonly id: number
  readonly answer: ItemAnswer<Node, Candidate>
}

/** The same item again after a loss: nodes are data, and the answer depends on nothing else. */
async function runPersistently<Node, Candidate>(
  { runItem }: PortfolioParts<Node, Candidate>,
  item: WorkItem<Node, Candidate>
): Promise<Finished<Node, Candidate>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { id: item.id, answer: await runItem(item) }
    } catch (loss) {
      if (attempt === attempts) throw loss
    }
  }
}

/**
 * Best first, node k to item k modulo `stride`; items beyond `count` are left for threads that are still busy.
 */
function deal<Node>(
  frontier: ReadonlyArray<OpenNode<Node>>,
  sense: Sense,
  count: number,
  stride: number
): { readonly items: ReadonlyArray<Array<OpenNode<Node>>>; readonly rest: Array<OpenNode<Node>> } {
  const sorted = frontier.toSorted((a, b) =>
    a.bound === b.bound ? b.depth - a.depth : isBetter(sense, a.bound, b.bound) ? -1 : 1)
  const items = Array.from({ length: count }, (): Array<OpenNode<Node>> => [])
  const rest: Array<OpenNode<Node>> = []
  sorted.forEach((node, k) => {
    const item = items[k % stride]
    if (item !== undefined && item.length < bundle) item.push(node)
    else rest.push(node)
  })
  return { items, rest }
}

const bestBound = <Node>(nodes: ReadonlyArray<OpenNode<Node>>, sense: Sense): number =>
  nodes.reduce((best, { bound }) => betterOf(sense, best, bound), worstValue(sense))
