/** What every search keeps while it runs: incumbent, counts, limits, and the log. */
import { betterOf, gapOf, isBetter, isWorseBeyondMargin, replaces, worstValue } from "./gap.ts"
import type { Incumbent, Progress, SearchRequest, StopReason } from "./search-run.ts"
import type { GenomeView } from "./search-space.ts"

/** Seconds between ticks of the log. */
const tickS = 0.25

export class RunState<Node, Candidate> {
  nodes = 0
  evaluations = 0
  incumbent: Incumbent<Candidate> | null = null
  readonly #request: SearchRequest<Node, Candidate>
  readonly #startS: number
  #lastEventS: number
  #bound: number | null = null
  #open: number | null = null

  /** Starts the clock and evaluates the incumbents known beforehand. */
  constructor(request: SearchRequest<Node, Candidate>) {
    this.#request = request
    this.#startS = request.interrupt.now()
    this.#lastEventS = this.#startS
    for (const { candidate, source } of request.incumbents) this.offer(candidate, source)
  }

  /** Evaluates a candidate and keeps it if it is the best; its value, null where it cannot be built. */
  offer(candidate: Candidate, source: string): number | null {
    this.evaluations++
    const value = this.#request.space.evaluate(candidate)
    if (Number.isNaN(value)) throw new RangeError(`the value of a candidate found by ${source} is not a number`)
    if (value !== null) this.keep({ candidate, value, source })
    return value
  }

  /** Seconds since the start. */
  elapsedS(): number {
    return this.#request.interrupt.now() - this.#startS
  }

  /** Keeps an evaluated candidate if it is the best, and tells the others; the log too, unless it knows. */
  keep(challenger: Incumbent<Candidate>, isLogged = false): void {
    if (!replaces(this.#request.space, challenger, this.incumbent)) return
    const isProgress = this.incumbent === null || this.incumbent.value !== challenger.value
    this.incumbent = challenger
    this.#request.shared?.publish(challenger.value)
    if (isProgress && !isLogged) this.report("incumbent", challenger.source)
  }

  /** The best value known here or elsewhere; the worst infinity while there is none. */
  cutoff(): number {
    const { space, shared } = this.#request
    const own = this.incumbent?.value ?? worstValue(space.sense)
    return shared === undefined ? own : betterOf(space.sense, own, shared.value())
  }

  /**
   * Whether nothing at or below a node with this bound can change the answer: it is worse than the cutoff by
   * more than the margin; or it can at best tie with the incumbent, and then comes later in the order of
   * candidates. The first rule keeps every candidate that equals the optimum, so the answer does not depend on
   * the order of the search.
   */
  isPruned(node: Node, bound: number): boolean {
    const { space } = this.#request
    if (isWorseBeyondMargin(space.sense, bound, this.cutoff())) return true
    const held = this.incumbent
    if (held === null || space.mayPrecede === undefined || isBetter(space.sense, bound, held.value)) return false
    return !space.mayPrecede(node, held.candidate)
  }

  /** Whether what is no better than the bound need not be looked at: it is within the gap asked for. */
  isGoodEnough(bound: number): boolean {
    const { limits, space } = this.#request
    if (limits.gap === 0) return false
    const cutoff = this.cutoff()
    const gap = Number.isFinite(cutoff) ? gapOf(space.sense, cutoff, betterOf(space.sense, bound, cutoff)) : null
    return gap !== null && gap <= limits.gap
  }

  /** The limit that is reached, null while there is none. `bound` null: nothing proven. */
  stopReason(bound: number | null): StopReason | null {
    const { interrupt, limits } = this.#request
    if (interrupt.stopped()) return "interrupted"
    if (this.evaluations >= limits.evaluations) return "evaluations"
    if (this.elapsedS() >= limits.timeS) return "time"
    return bound !== null && this.isGoodEnough(bound) ? "gap" : null
  }

  /** Notes what is open, and its bound, for the log; writes a line if the last is long ago. */
  tick(source: string, open: number | null, openBound: number | null): void {
    this.#open = open
    this.#bound = openBound === null ? null : betterOf(this.#request.space.sense, openBound, this.cutoff())
    if (this.#request.interrupt.now() - this.#lastEventS >= tickS) this.report("tick", source)
  }

  report(kind: Progress["kind"], source: string): void {
    const { interrupt, progress, space } = this.#request
    const incumbent = this.incumbent?.value ?? null
    const bound = this.#bound !== null && Number.isFinite(this.#bound) ? this.#bound : null
    this.#lastEventS = interrupt.now()
    progress({
      kind, source, incumbent, bound, gap: gapOf(space.sense, incumbent, bound),
      timeS: this.#lastEventS - this.#startS, nodes: this.nodes, open: this.#open, evaluations: this.evaluations
    })
  }
}

/** The genome view of a request's space. Throws a RangeError where there is none. */
export function requireGenome<Node, Candidate>(request: SearchRequest<Node, Candidate>): GenomeView<Candidate> {
  if (request.space.genome === undefined) throw new RangeError("this search needs a space with a genome")
  return request.space.genome
}

/** The incumbents known beforehand as genomes, those that have one. */
export function knownGenomes<Node, Candidate>(
  request: SearchRequest<Node, Candidate>
): ReadonlyArray<ReadonlyArray<number>> {
  return request.incumbents.flatMap(({ candidate }) => {
    const genes = request.space.genome?.encode(candidate) ?? null
    return genes === null ? [] : [genes]
  })
}
