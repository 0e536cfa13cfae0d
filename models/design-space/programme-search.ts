/**
 * The search below a block for several workloads: with a number of HBDs each run takes its own fastest mapping, whatever the
 * others do. Where only speed counts, the more HBDs the better; where a use is minimised, the fewest HBDs with which all runs
 * end in time, which halving finds, for their time falls with the number that they may use.
 */
import { isBetter, isWorseBeyondMargin, relativeMargin, worseOf, worstValue } from "../../solvers/contract/gap.ts"
import type { Expansion } from "../../solvers/contract/search-space.ts"
import type { SiteUse } from "../facility/resource-use.ts"
import { validateMapping } from "../performance/validity.ts"
import { cheapestMember, extremesOf, type FabricClass, hasRoomFor } from "./fabric-class.ts"
import { largestThatFits } from "./hbd-room.ts"
import { keyOf } from "./layout-space.ts"
import type { Candidate, ClassNode, IdealNode, LayoutNode, NodeSearch } from "./layout-tree.ts"
import type { MappingOptimum } from "./mapping-optimum.ts"
import type { MappingProblem } from "./mapping-run.ts"
import { searchMappings } from "./mapping-search.ts"
import type { ProgrammeRun, ProgrammeSpace } from "./programme-space.ts"
import { needOnOneSite } from "./site-spread.ts"

/** Where the runs are mapped: the machine of a class, or one behind an ideal scale-out. */
interface Ground {
  readonly block: number
  /** of one HBD at the least */
  readonly use: SiteUse
  readonly most: number
  /** some mapping of the domain may be none of the machine's; behind an ideal scale-out none is left out */
  readonly validates: boolean
  problemOf(run: ProgrammeRun, hbds: number): MappingProblem
}

/** All runs, each as fast as `hbds` HBDs let it be. */
interface Fit {
  readonly hbds: number
  readonly totalS: number
  readonly optima: ReadonlyArray<MappingOptimum>
}

export class ProgrammeSearch implements NodeSearch {
  readonly #space: ProgrammeSpace

  constructor(space: ProgrammeSpace) {
    this.#space = space
  }

  /** The block behind an ideal scale-out, where something there reaches the cutoff. */
  branchBlock(block: number, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const { outcome, blocks } = this.#space
    const { useBound, hbdsBound } = blocks[block]!
    const ideal = this.#fit(this.#ideal(block, useBound, hbdsBound), expansion)
    return ideal === null ? [] : [{ kind: "ideal", block, bound: outcome.boundAt(ideal.totalS, useBound, ideal.hbds), slice: 0 }]
  }

  /** Classes that could reach the cutoff behind an ideal scale-out, the most promising first. */
  branchIdeal({ block }: IdealNode, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const { sense, outcome } = this.#space
    const classes = this.#lead.classesOf(block)
    if (classes.length === 0) return []
    const { useBound, hbdsBound } = extremesOf(classes)
    const ideal = this.#fit(this.#ideal(block, useBound, hbdsBound), expansion)
    if (ideal === null) return []
    const stepOn = this.#space.stepOn(block)
    const floor = worstValue(sense)
    const nodes = classes.flatMap((of): ReadonlyArray<{ readonly node: LayoutNode; readonly value: number }> => {
      const { fabric } = of
      const atIdeal = outcome.boundAt(ideal.totalS, of.useBound, ideal.hbds)
      const atWork = outcome.bound(stepOn, 0, of.useBound, of.hbd.size, of.hbdsBound)
      const bound = worseOf(sense, atIdeal, atWork)
      if (!this.#reaches(bound, expansion) || this.#lead.isNeedless({ block, fabric })) return []
      const value = this.#probe(block, fabric, ideal, expansion)
      return [{ node: { kind: "class", block, fabric, bound, floor }, value }]
    })
    return nodes.sort((a, b) => (a.value === b.value ? 0 : isBetter(sense, a.value, b.value) ? -1 : 1)).map(({ node }) => node)
  }

  /** Classes of a programme are not grouped. */
  branchEnvelope(): ReadonlyArray<LayoutNode> {
    return []
  }

  /** The class's best candidate, if it may reach the cutoff. */
  searchClass({ block, fabric }: ClassNode, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const of = this.#lead.classOf({ block, fabric })
    const fit = this.#fit({
      block, use: of.useBound, most: this.#roomOf(of), validates: true,
      problemOf: ({ space }, hbds) => space.machines.problem(of.machine, space.most(hbds))
    }, expansion)
    if (fit === null) return []
    const candidate = candidateOf(block, fabric, fit)
    expansion.offer(candidate)
    return [{ kind: "leaf", candidate }]
  }

  /** Designs, and the counts that the scenario allows, are the same in every run's space. */
  get #lead() {
    return this.#space.runs[0]!.space
  }

  #ideal(block: number, use: SiteUse, most: number): Ground {
    return { block, use, most, validates: false, problemOf: ({ space }, hbds) => space.idealProblem(block, hbds) }
  }

  /** HBDs that limits and fabric leave room for, exactly counted. */
  #roomOf(of: FabricClass): number {
    return largestThatFits(0, this.#lead.most(of.hbdsBound), (hbds) =>
      hasRoomFor(of, [hbds], Infinity) && cheapestMember(of, needOnOneSite(hbds), this.#space.outcome.cost) !== null)
  }

  /** The value that the mappings behind an ideal scale-out have on the class: an incumbent, early. */
  #probe(block: number, fabric: number, ideal: Fit, expansion: Expansion<Candidate>): number {
    const candidate = candidateOf(block, fabric, ideal)
    const value = this.#space.evaluate(candidate)
    if (value === null) return worstValue(this.#space.sense)
    expansion.offer(candidate)
    return value
  }

  /** The best of the ground; null: nothing reaches the cutoff, or stopped. */
  #fit(ground: Ground, expansion: Expansion<Candidate>): Fit | null {
    const { outcome } = this.#space
    const affordable = largestThatFits(0, ground.most, (hbds) =>
      this.#reaches(outcome.boundAt(0, ground.use, hbds), expansion))
    let best = this.#mapAll(ground, affordable, expansion)
    if (best === null || outcome.fastestOnly) return best
    let low = 1
    while (low < best.hbds && !expansion.stopped()) {
      const middle = Math.floor((low + best.hbds - 1) / 2)
      const found = this.#mapAll(ground, middle, expansion)
      if (found === null) low = middle + 1
      else best = found
    }
    return best
  }

  /** Every run's fastest mapping with up to `hbds` HBDs; null: together they take too long, whatever they are, or stopped. */
  #mapAll(ground: Ground, hbds: number, expansion: Expansion<Candidate>): Fit | null {
    const { runs, blocks, outcome } = this.#space
    if (hbds < 1) return null
    const accelerators = hbds * blocks[ground.block]!.hbd.size
    const floors = runs.map(({ space, steps }) => steps * space.stepOn(space.workOf(ground.block))(accelerators))
    const optima: Array<MappingOptimum> = []
    let leftS = outcome.longestS(expansion.cutoff()) * (1 + slack) - floors.reduce((sum, floorS) => sum + floorS * (1 - slack), 0)
    let totalS = 0
    let needed = 1
    for (const [i, run] of runs.entries()) {
      const allowedS = leftS + floors[i]! * (1 - slack)
      const optimum = fastestOf(run, ground, hbds, allowedS / run.steps, expansion)
      if (optimum === null) return null
      leftS = allowedS - run.steps * optimum.stepS
      totalS += run.steps * optimum.stepS
      needed = Math.max(needed, optimum.hbds)
      optima.push(optimum)
    }
    const built = this.#lead.built(needed)
    return built === null ? null : { hbds: built, totalS, optima }
  }

  #reaches(bound: number, expansion: Expansion<Candidate>): boolean {
    const { sense } = this.#space
    return bound !== worstValue(sense) && !isWorseBeyondMargin(sense, bound, expansion.cutoff())
  }
}

/** Sums of bounds that each hold within the margin, against a cutoff that is to be kept within it. */
const slack = 4 * relativeMargin

function candidateOf(block: number, fabric: number, { hbds, optima }: Fit): Candidate {
  const [first, ...others] = optima.map(({ mapping }) => mapping)
  return { block, fabric, hbds, mapping: first!, further: others }
}

/** The run's fastest mapping whose step takes at most `longestS`: of equals the one on fewest HBDs, then the first by its text. */
function fastestOf(
  run: ProgrammeRun, ground: Ground, hbds: number, longestS: number, { spend, stopped }: Expansion<Candidate>
): MappingOptimum | null {
  const { space, workload } = run
  const problem = ground.problemOf(run, hbds)
  if (problem.hbds < 1) return null
  const { evaluator: { machine } } = problem
  const accelerators = problem.hbds * problem.hbdSize
  let best: MappingOptimum | null = null
  const precedes = (one: MappingOptimum, held: MappingOptimum): boolean => {
    const order = one.stepS - held.stepS || space.built(one.hbds)! - space.built(held.hbds)!
    return order < 0 || (order === 0 && keyOf(one.mapping) < keyOf(held.mapping))
  }
  const mayMatter = (stepS: number): boolean => stepS <= Math.min(longestS, best?.stepS ?? Infinity) * (1 + relativeMargin)
  const ended = searchMappings(problem, {
    fastestOnly: true,
    spend,
    stopped,
    isFastEnough: (stepS) => stepS <= longestS * (1 + relativeMargin),
    leastLoss: (work, floorS) => Math.max(space.stepOn(work)(accelerators), floorS),
    mayMatterAnywhere: mayMatter,
    mayMatter: (_, stepS) => mayMatter(stepS),
    take: (mapping, needed, stepS) => {
      const one = { mapping, hbds: needed, stepS }
      if (best !== null && !precedes(one, best)) return
      if (!ground.validates || validateMapping(workload, machine, mapping).length === 0) best = one
    }
  })
  return ended ? best : null
}
