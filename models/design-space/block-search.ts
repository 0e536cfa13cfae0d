/**
 * The search below a block: its best mapping behind an ideal scale-out, which bounds every class; then the classes, each by
 * the runs that come to something behind the ideal, for on no class does another. Runs are taken a slice of values at a
 * time, the best first: what is worse waits in a node of its own, and is hardly ever asked for.
 */
import {
  betterOf, boundWithin, isBetter, isWorseBeyondMargin, relativeMargin, worseBy, worseOf, worstValue
} from "../../solvers/contract/gap.ts"
import type { Expansion } from "../../solvers/contract/search-space.ts"
import type { SiteUse } from "../facility/resource-use.ts"
import type { Machine } from "../performance/machine.ts"
import { validateMapping } from "../performance/validity.ts"
import { blockGoal, type Counted } from "./block-goal.ts"
import { bestPoint, type OnEnvelope, pointsOn, type Survivor } from "./envelope-points.ts"
import type { FabricClass } from "./fabric-class.ts"
import { isNoSlower } from "./fabric-order.ts"
import type { LayoutSpace } from "./layout-space.ts"
import type { Candidate, ClassNode, EnvelopeNode, IdealNode, LayoutNode, NodeSearch } from "./layout-tree.ts"
import { completeRun } from "./mapping-completion.ts"
import { type MappingGoal, mostReplicas, retimed, type Run } from "./mapping-run.ts"
import { searchMappings } from "./mapping-search.ts"
import type { Shortlist } from "./shortlist.ts"

interface Survivors {
  readonly floor: number
  readonly runs: ReadonlyArray<Survivor>
  /** by envelope, where it has been found out, what they come to there */
  readonly onEnvelope: Map<number, OnEnvelope>
}

/** The best candidate of a class. */
interface Held {
  readonly candidate: Candidate
  readonly value: number
  readonly stepS: number
}

/**
 * Shares of a value that are looked at in turn: twice as much each time, up to a most, of classes and of a best that is not known
 * yet; after so many all that is left.
 */
const firstSlice = 0.02
const sliceMost = 0.08
const idealMost = 1
const slicesMost = 24

/** Share of the best ideal met so far below which another block's is not worked out before it must be. */
const idealSlack = 0.03
/** Share of a block's own bound that is looked at first where nothing is known yet. */
const firstDepth = 0.3

/** Share of the gap asked for by which a block's best behind an ideal scale-out may be overestimated, and the most of its value. */
const idealGap = 0.25
const idealGapMost = 0.05

export class BlockSearch implements NodeSearch {
  readonly #space: LayoutSpace
  readonly #ideals = new Map<number, number>()
  readonly #survivors = new Map<number, Survivors>()
  #bestIdeal: number

  constructor(space: LayoutSpace) {
    this.#space = space
    this.#bestIdeal = worstValue(space.sense)
  }

  /** The block behind an ideal scale-out, where something there reaches the cutoff. */
  branchBlock(block: number, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const { sense } = this.#space
    const met = betterOf(sense, this.#enough(expansion), this.#less(this.#bestIdeal, idealSlack))
    // with nothing met yet, the whole of a block would be worked out for its best
    const floor = Number.isFinite(met) ? met : this.#less(this.#space.bound({ kind: "block", block }, 2), firstDepth)
    const ideal = this.#idealOf(block, floor, expansion)
    if (ideal === null) return this.#later(block, floor, 0, expansion)
    this.#bestIdeal = betterOf(sense, this.#bestIdeal, ideal)
    return this.#later(block, ideal, 0, expansion)
  }

  /** The envelopes of classes that could come to something in the node's slice of values; and what is worse, for later. */
  branchIdeal({ block, bound, slice }: IdealNode, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const { sense } = this.#space
    // before its classes are enumerated
    const met = this.#endOf(bound, slice, idealMost, expansion)
    const ideal = this.#idealOf(block, betterOf(sense, expansion.cutoff(), met), expansion)
    if (ideal === null) return this.#later(block, met, slice + 1, expansion)
    if (isWorseBeyondMargin(sense, ideal, bound)) return this.#later(block, ideal, 0, expansion)
    const sliceEnd = this.#endOf(bound, slice, sliceMost, expansion)
    const rest = () => this.#later(block, sliceEnd, slice + 1, expansion)
    const floor = betterOf(sense, expansion.cutoff(), sliceEnd)
    if (this.#space.classes(block).room === null) return []
    const survivors = this.#survivorsOf(block, floor, expansion)
    if (survivors === null) return []
    if (survivors.runs.length === 0) return this.#skipTo(block, slice, sliceEnd, met, expansion)
    return [...this.#boundEnvelopes(block, survivors, bound, floor, expansion), ...rest()]
  }

  /** What is left of a block whose classes, with their networks, come to nothing better than `end`: no more than their best. */
  #skipTo(block: number, slice: number, end: number, met: number, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const { sense } = this.#space
    const { useBound, hbdsBound } = this.#space.classes(block).room!
    const best = this.#searchIdeal(block, useBound, hbdsBound, betterOf(sense, expansion.cutoff(), met), expansion)
    if (best === null) return this.#later(block, met, slice + 1, expansion)
    return isBetter(sense, best, end) ? this.#later(block, end, slice + 1, expansion) : this.#later(block, best, 0, expansion)
  }

  /** The worst value of a slice that begins at `bound`: no worse than what would end the search. */
  #endOf(bound: number, slice: number, most: number, expansion: Expansion<Candidate>): number {
    const { sense } = this.#space
    if (slice > slicesMost) return worstValue(sense)
    const end = this.#less(bound, Math.min(most, firstSlice * 2 ** slice))
    const enough = this.#enough(expansion)
    return expansion.gap > 0 && isBetter(sense, bound, enough) ? betterOf(sense, end, enough) : end
  }

  /** What of a block is no better than `bound`, if that reaches the cutoff. */
  #later(block: number, bound: number, slice: number, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    return this.#reaches(bound, expansion.cutoff()) ? [{ kind: "ideal", block, bound, slice }] : []
  }

  /** The block's best value behind an ideal scale-out, whatever stands there; null: nothing reaches the floor. */
  #idealOf(block: number, floor: number, expansion: Expansion<Candidate>): number | null {
    const known = this.#ideals.get(block)
    if (known !== undefined) return this.#reaches(known, floor) ? known : null
    const { useBound, hbdsBound } = this.#space.blocks[block]!
    const ideal = this.#searchIdeal(block, useBound, hbdsBound, floor, expansion)
    if (ideal !== null && Number.isFinite(ideal)) this.#ideals.set(block, ideal)
    return ideal
  }

  /**
   * No class is better than what the runs come to on its envelope. What comes to nothing on an envelope does so on all that are no
   * faster.
   */
  #boundEnvelopes(
    block: number, survivors: Survivors, ceiling: number, floor: number, expansion: Expansion<Candidate>
  ): Array<EnvelopeNode> {
    const { sense } = this.#space
    const classes = this.#space.classes(block)
    const room = classes.room!
    const tried: Array<{ readonly machine: Machine; readonly runs: ReadonlyArray<Survivor> }> = []
    const nodes: Array<EnvelopeNode> = []
    for (let envelope = 0; envelope < classes.envelopes; envelope++) {
      const machine = classes.machineOf(envelope)
      if (machine === null) continue
      const left = tried.filter((one) => isNoSlower(one.machine.scaleOut, machine.scaleOut))
        .reduce((fewest, one) => (one.runs.length < fewest.length ? one.runs : fewest), survivors.runs)
      const on = pointsOn(this.#space, machine, room, left, floor, expansion)
      tried.push({ machine, runs: on.runs })
      survivors.onEnvelope.set(envelope, on)
      const bound = worseOf(sense, bestPoint(this.#space, on.points, room), ceiling)
      if (this.#reaches(bound, floor)) nodes.push({ kind: "envelope", block, envelope, bound, floor })
    }
    return nodes
  }

  /** The classes of an envelope, each no better than the best of its points that it has room for. */
  branchEnvelope(
    { block, envelope, bound: ceiling, floor }: EnvelopeNode, expansion: Expansion<Candidate>
  ): ReadonlyArray<ClassNode> {
    const { sense } = this.#space
    const survivors = this.#survivorsOf(block, floor, expansion)
    if (survivors === null) return []
    const { points } = this.#onEnvelope(block, envelope, survivors, floor, expansion)
    return this.#space.classes(block).within(envelope).map((of): ClassNode =>
      ({ kind: "class", block, fabric: of.fabric, bound: worseOf(sense, bestPoint(this.#space, points, of), ceiling), floor }))
      .filter(({ bound }) => this.#reaches(bound, floor))
  }

  /** What is known of an envelope with such a floor or a worse one, or worked out anew. */
  #onEnvelope(
    block: number, envelope: number, survivors: Survivors, floor: number, expansion: Expansion<Candidate>
  ): OnEnvelope {
    const known = survivors.onEnvelope.get(envelope)
    if (known !== undefined && !isBetter(this.#space.sense, known.floor, floor)) return known
    const classes = this.#space.classes(block)
    const on = pointsOn(this.#space, classes.machineOf(envelope)!, classes.room!, survivors.runs, floor, expansion)
    survivors.onEnvelope.set(envelope, on)
    return on
  }

  /**
   * The best value behind an ideal scale-out with up to `hbds` HBDs that use at least `use` each, or where a gap is allowed a
   * bound a part of it away; null: nothing reaches the floor. Stopped before the end it is the best infinity: not known.
   */
  #searchIdeal(block: number, use: SiteUse, hbds: number, floor: number, expansion: Expansion<Candidate>): number | null {
    const { sense, outcome } = this.#space
    let value: number | null = null
    let bound = floor
    const goal = blockGoal(this.#space, { use, size: this.#sizeOf(block), hbds }, expansion, () => bound, (_, needed, stepS) => {
      const found = outcome.boundAt(stepS, use, this.#space.built(needed)!)
      if (value !== null && !isBetter(sense, found, value)) return
      value = found
      bound = betterOf(sense, floor, boundWithin(sense, found, Math.min(idealGapMost, expansion.gap * idealGap)))
    })
    const ended = searchMappings(this.#space.idealProblem(block, hbds), goal, this.#shortlistOf(block, floor))
    if (!ended) return -worstValue(sense)
    return value === null ? null : bound
  }

  /**
   * The runs that reach the floor behind an ideal scale-out, the best first: on no class of the block does another. Kept
   * until a worse floor asks for more; null: stopped.
   */
  #survivorsOf(block: number, floor: number, expansion: Expansion<Candidate>): Survivors | null {
    const { sense, outcome } = this.#space
    const known = this.#survivors.get(block)
    if (known !== undefined && !isBetter(sense, known.floor, floor)) return known
    const { useBound: use, hbdsBound: hbds } = this.#space.classes(block).room!
    const runs: Array<{ run: Run; value: number; hbds: number }> = []
    const ground = { use, size: this.#sizeOf(block), hbds }
    const goal = blockGoal(this.#space, ground, expansion, () => floor, (_, needed, stepS, run) => {
      const built = this.#space.built(needed)!
      const value = outcome.boundAt(stepS, use, built)
      const last = runs.at(-1)
      if (last?.run !== run) runs.push({ run, value, hbds: built })
      else {
        last.value = betterOf(sense, last.value, value)
        last.hbds = Math.min(last.hbds, built)
      }
    })
    if (!searchMappings(this.#space.idealProblem(block, hbds), goal, this.#shortlistOf(block, floor))) return null
    runs.sort((a, b) => (a.value === b.value ? 0 : isBetter(sense, a.value, b.value) ? -1 : 1))
    const survivors: Survivors = { floor, runs, onEnvelope: new Map() }
    this.#survivors.set(block, survivors)
    return survivors
  }

  #shortlistOf(block: number, floor: number): Shortlist | null {
    return this.#space.shortlistOf(block, this.#space.outcome.longestS(floor) * (1 + 2 * relativeMargin))
  }

  /** The class's best candidate, if it reaches the cutoff and the floor. */
  searchClass({ block, fabric, floor }: ClassNode, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const { sense } = this.#space
    if (this.#space.isNeedless({ block, fabric })) return []
    const of = this.#space.classOf({ block, fabric })
    const holder = this.#holder(block, fabric, expansion)
    const held = () => betterOf(sense, holder.value(), floor)
    const ground = { use: of.useBound, size: of.hbd.size, hbds: of.hbdsBound, ...this.#countedOf(of, holder.best, expansion) }
    const goal = blockGoal(this.#space, ground, expansion, held, holder.take)
    const problem = this.#space.machines.problem(of.machine, this.#space.most(of.hbdsBound))
    const least = betterOf(sense, floor, expansion.cutoff())
    const survivors = this.#survivorsOf(block, least, expansion)
    const known = survivors?.onEnvelope.get(this.#space.classes(block).envelopeOf(fabric))
    const runs = known !== undefined && !isBetter(sense, known.floor, least) ? known.runs : survivors?.runs ?? []
    for (const { run, value, hbds } of runs) {
      if (!this.#reaches(value, betterOf(sense, held(), expansion.cutoff())) || expansion.stopped()) break
      if (hbds > problem.hbds) continue
      const counted = ground.counted?.leastFrom(hbds)
      if (counted !== undefined && !this.#reaches(counted, betterOf(sense, held(), expansion.cutoff()))) continue
      completeRun(problem, retimed(problem, run), mostReplicas(problem, run.cut, run.pp), goal)
    }
    const best = holder.best()
    return best === null ? [] : [{ kind: "leaf", candidate: best.candidate }]
  }

  /** On one site so many HBDs use as much whatever their mapping. */
  #countedOf(of: FabricClass, best: () => Held | null, { stopped }: Expansion<Candidate>): { readonly counted?: Counted } {
    if (of.crossing !== null || !this.#space.outcome.minimizesUse) return {}
    const heldS = (hbds: number) => {
      const held = best()
      return held?.candidate.hbds === hbds ? held.stepS : Infinity
    }
    return { counted: { leastFrom: (hbds) => this.#space.uses.leastValueFrom(of, hbds, stopped), heldS } }
  }

  /** Keeps the best candidate of a class, and offers every better one. */
  #holder(block: number, fabric: number, expansion: Expansion<Candidate>) {
    const of = this.#space.classOf({ block, fabric })
    let best: Held | null = null
    const take: MappingGoal["take"] = (mapping, hbds, stepS) => {
      const built = this.#space.built(hbds)!
      const classUse = this.#space.useOf(of, mapping, built, expansion.stopped)
      const value = classUse === null ? null : this.#space.outcome.value(stepS, classUse.use)
      if (value === null) return
      const candidate = { block, fabric, hbds: built, mapping }
      if (best !== null && !this.#beats(value, candidate, best)) return
      if (validateMapping(this.#space.scenario.workload, of.machine, mapping).length > 0) return
      best = { candidate, value, stepS }
      expansion.offer(candidate)
    }
    return { take, best: () => best, value: () => best?.value ?? worstValue(this.#space.sense) }
  }

  #beats(
    value: number, candidate: Candidate, held: Pick<Held, "candidate" | "value">
  ): boolean {
    if (value !== held.value) return isBetter(this.#space.sense, value, held.value)
    return this.#space.compare(candidate, held.candidate) < 0
  }

  /** The bound with which the search would end. */
  #enough(expansion: Expansion<Candidate>): number {
    return boundWithin(this.#space.sense, expansion.cutoff(), expansion.gap)
  }

  #sizeOf(block: number): number {
    return this.#space.blocks[block]!.hbd.size
  }

  #less(value: number, share: number): number {
    return worseBy(this.#space.sense, value, share)
  }

  #reaches(bound: number, cutoff: number): boolean {
    return bound !== worstValue(this.#space.sense) && !isWorseBeyondMargin(this.#space.sense, bound, cutoff)
  }
}
