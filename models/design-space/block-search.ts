/**
 * The search below a block: its best mappings behind an ideal scale-out, which bounds every class; then each
 * class by the runs that reach the cutoff there, for on no class does another.
 */
import { betterOf, isBetter, isWorseBeyondMargin, worseOf, worstValue } from "../../solvers/contract/gap.ts"
import type { Expansion } from "../../solvers/contract/search-space.ts"
import { leastOfEach, type SiteUse } from "../facility/resource-use.ts"
import { validateMapping } from "../performance/validity.ts"
import type { FabricClass } from "./fabric-class.ts"
import type { Candidate, LayoutNode, LayoutSpace } from "./layout-space.ts"
import { completeRun } from "./mapping-completion.ts"
import { type MappingGoal, mostReplicas, retimed, type Run } from "./mapping-run.ts"
import { searchMappings } from "./mapping-search.ts"

interface IdealOptimum {
  /** null: not known */
  readonly best: { readonly hbds: number; readonly stepS: number } | null
  /** the last that were best, the best first */
  readonly runs: ReadonlyArray<Run>
}

/** A run and what it reaches behind an ideal scale-out, and the fewest HBDs with which it does. */
interface Survivor {
  readonly run: Run
  readonly value: number
  readonly hbds: number
}

/** Runs of the ideal that every class is tried with. */
const probesMost = 8

export class BlockSearch {
  readonly #space: LayoutSpace
  readonly #survivors = new Map<number, { readonly cutoff: number; readonly runs: ReadonlyArray<Survivor> }>()

  constructor(space: LayoutSpace) {
    this.#space = space
  }

  /**
   * Classes that could reach the cutoff with their number of HBDs behind an ideal scale-out, the most promising
   * first.
   */
  branchBlock(block: number, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const { useBound, hbdsBound } = this.#space.blocks[block]!
    // before its classes are enumerated; without a cutoff there is nothing that the block could miss
    const isAsked = Number.isFinite(expansion.cutoff())
    if (isAsked && this.#searchIdeal(block, useBound, hbdsBound, expansion) === null) return []
    const classes = this.#space.classesOf(block)
    if (classes.length === 0) return []
    const { use, most } = extremesOf(classes)
    const ideal = this.#searchIdeal(block, use, most, expansion)
    if (ideal === null) return []
    const stepOn = this.#space.stepOn(this.#space.workOf(block))
    const nodes: Array<{ readonly node: LayoutNode; readonly value: number }> = []
    for (const [fabric, of] of classes.entries()) {
      const atIdeal = ideal.best === null ? -worstValue(this.#space.sense)
        : this.#space.outcome.boundAt(ideal.best.stepS, leastUse(of), ideal.best.hbds)
      const atWork = this.#space.outcome.bound(stepOn, 0, leastUse(of), of.hbd.size, of.hbdsBound)
      const bound = worseOf(this.#space.sense, atIdeal, atWork)
      if (!this.#reaches(bound, expansion.cutoff())) continue
      const value = this.#probeClass(block, fabric, ideal.runs, expansion)
      nodes.push({ node: { kind: "class", block, fabric, bound }, value })
    }
    const sign = this.#space.sense === "maximize" ? -1 : 1
    return nodes.sort((a, b) => (a.value === b.value ? 0 : sign * (a.value - b.value))).map(({ node }) => node)
  }

  /**
   * The best behind an ideal scale-out with up to `hbds` HBDs that use at least `use` each; null: nothing
   * reaches the cutoff. Where it is best under one use it is best under all: the value falls with the use of
   * one HBD, whatever their number. `best` null: stopped before the end.
   */
  #searchIdeal(block: number, use: SiteUse, hbds: number, expansion: Expansion<Candidate>): IdealOptimum | null {
    let value = worstValue(this.#space.sense)
    let best: IdealOptimum["best"] = null
    const runs: Array<Run> = []
    const { size } = this.#space.blocks[block]!.hbd
    const goal = this.#goal(use, size, hbds, expansion, () => value, (_, needed, stepS, run) => {
      const built = this.#space.built(needed)!
      const bound = this.#space.outcome.boundAt(stepS, use, built)
      if (!isBetter(this.#space.sense, bound, value)) return
      value = bound
      best = { hbds: built, stepS }
      runs.unshift(run)
    })
    const ended = searchMappings(this.#space.idealProblem(block, hbds), goal)
    if (ended && best === null) return null
    return { best: ended ? best : null, runs: runs.slice(0, probesMost) }
  }

  /**
   * The runs that reach the cutoff behind an ideal scale-out, the best first: on no class of the block does
   * another. Kept until a worse cutoff asks for more; null: stopped.
   */
  #survivorsOf(block: number, expansion: Expansion<Candidate>): ReadonlyArray<Survivor> | null {
    const cutoff = expansion.cutoff()
    const known = this.#survivors.get(block)
    if (known !== undefined && !isBetter(this.#space.sense, known.cutoff, cutoff)) return known.runs
    const { use, most } = extremesOf(this.#space.classesOf(block))
    const runs: Array<{ run: Run; value: number; hbds: number }> = []
    const none = () => worstValue(this.#space.sense)
    const goal = this.#goal(use, this.#space.blocks[block]!.hbd.size, most, expansion, none, (_, hbds, stepS, run) => {
      const value = this.#space.outcome.boundAt(stepS, use, this.#space.built(hbds)!)
      const last = runs.at(-1)
      if (last?.run !== run) runs.push({ run, value, hbds })
      else {
        last.value = betterOf(this.#space.sense, last.value, value)
        last.hbds = Math.min(last.hbds, hbds)
      }
    })
    if (!searchMappings(this.#space.idealProblem(block, most), goal)) return null
    const sign = this.#space.sense === "maximize" ? -1 : 1
    runs.sort((a, b) => sign * (a.value - b.value))
    this.#survivors.set(block, { cutoff, runs })
    return runs
  }

  #goal(
    use: SiteUse, size: number, hbds: number, expansion: Expansion<Candidate>, held: () => number,
    take: MappingGoal["take"]
  ): MappingGoal {
    const reaches = (bound: number) => this.#reaches(bound, betterOf(this.#space.sense, held(), expansion.cutoff()))
    return {
      fastestOnly: this.#space.outcome.fastestOnly,
      isFastEnough: this.#space.outcome.isFastEnough,
      spend: expansion.spend,
      stopped: expansion.stopped,
      mayMatterAnywhere: (work, floorS) =>
        reaches(this.#space.outcome.bound(this.#space.stepOn(work), floorS, use, size, hbds)),
      mayMatter: (needed, stepS) => {
        const built = this.#space.built(needed)
        return built !== null && reaches(this.#space.outcome.boundAt(stepS, use, built))
      },
      take
    }
  }

  /** The class's best candidate, if it reaches the cutoff. */
  searchClass(block: number, fabric: number, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const of = this.#space.classOf({ block, fabric })
    const holder = this.#holder(block, fabric, expansion)
    const goal = this.#goal(leastUse(of), of.hbd.size, of.hbdsBound, expansion, holder.value, holder.take)
    const problem = this.#space.machines.problem(of.machine, this.#space.most(of.hbdsBound))
    for (const { run, value, hbds } of this.#survivorsOf(block, expansion) ?? []) {
      const cutoff = betterOf(this.#space.sense, holder.value(), expansion.cutoff())
      if (!this.#reaches(value, cutoff) || expansion.stopped()) break
      if (hbds > problem.hbds) continue
      completeRun(problem, retimed(problem, run), mostReplicas(problem, run.cut, run.pp), goal)
    }
    const best = holder.best()
    return best === null ? [] : [{ kind: "leaf", candidate: best.candidate }]
  }

  /** The best value that the class gives these runs, if it reaches the cutoff: an incumbent, early. */
  #probeClass(block: number, fabric: number, runs: ReadonlyArray<Run>, expansion: Expansion<Candidate>): number {
    const of = this.#space.classOf({ block, fabric })
    const holder = this.#holder(block, fabric, expansion)
    const goal = this.#goal(leastUse(of), of.hbd.size, of.hbdsBound, expansion, holder.value, holder.take)
    const problem = this.#space.machines.problem(of.machine, this.#space.most(of.hbdsBound))
    for (const run of runs) completeRun(problem, run, mostReplicas(problem, run.cut, run.pp), goal)
    return holder.value()
  }

  /** Keeps the best candidate of a class, and offers every better one. */
  #holder(block: number, fabric: number, expansion: Expansion<Candidate>) {
    const of = this.#space.classOf({ block, fabric })
    let best: { readonly candidate: Candidate; readonly value: number } | null = null
    const take: MappingGoal["take"] = (mapping, hbds, stepS) => {
      const built = this.#space.built(hbds)!
      const classUse = this.#space.useOf(of, mapping, built)
      const value = classUse === null ? null : this.#space.outcome.value(stepS, classUse.use)
      if (value === null) return
      const candidate = { block, fabric, hbds: built, mapping }
      if (best !== null && !this.#beats(value, candidate, best)) return
      if (validateMapping(this.#space.scenario.workload, of.machine, mapping).length > 0) return
      best = { candidate, value }
      expansion.offer(candidate)
    }
    return { take, best: () => best, value: () => best?.value ?? worstValue(this.#space.sense) }
  }

  #beats(
    value: number, candidate: Candidate, held: { readonly candidate: Candidate; readonly value: number }
  ): boolean {
    if (value !== held.value) return isBetter(this.#space.sense, value, held.value)
    return this.#space.compare(candidate, held.candidate) < 0
  }

  #reaches(bound: number, cutoff: number): boolean {
    return bound !== worstValue(this.#space.sense) && !isWorseBeyondMargin(this.#space.sense, bound, cutoff)
  }
}

function extremesOf(classes: ReadonlyArray<FabricClass>): { readonly use: SiteUse; readonly most: number } {
  return { use: classes.map(leastUse).reduce(leastOfEach), most: Math.max(...classes.map((of) => of.hbdsBound)) }
}

/** Of every resource what the leanest member uses. */
function leastUse(of: FabricClass): SiteUse {
  const [first, ...others] = of.members.map((member) => member.useBound)
  return others.reduce((least, use) => leastOfEach(least, use), first!)
}
