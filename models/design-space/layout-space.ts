/**
 * The search space of a scenario as a tree: HBD blocks, the classes of scale-out behind each, and the best mapping of a class.
 * A block is bounded by its best mapping behind an ideal scale-out, which the classes share, so that few of them are searched.
 */
import { worstValue } from "../../solvers/contract/gap.ts"
import type { Expansion, GenomeView, SearchSpace } from "../../solvers/contract/search-space.ts"
import type { SiteUse } from "../facility/resource-use.ts"
import type { Machine } from "../performance/machine.ts"
import { boundByAccelerators } from "../performance/bounds.ts"
import { evaluateMapping } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import { figure } from "../performance/step.ts"
import { validateMapping } from "../performance/validity.ts"
import { enumerateBlocks, type HbdBlock } from "./blocks.ts"
import { fastestClasses } from "./class-dominance.ts"
import { fabricClasses, type ScaleOutOption, scaleOutOptions } from "./classes.ts"
import { cheapestMember, type ClassUse, type FabricClass } from "./fabric-class.ts"
import { layoutGenome } from "./genome.ts"
import { idealScaleOut } from "./ideal-machine.ts"
import { machineOf } from "./machine-of-design.ts"
import { MachineTable } from "./machine-table.ts"
import { completeRun, hbdsOf } from "./mapping-completion.ts"
import { type MappingGoal, type MappingProblem, mostReplicas, retimed, type Run } from "./mapping-run.ts"
import { cutsByWork, searchMappings } from "./mapping-search.ts"
import { objectiveFunction, type ObjectiveFunction } from "./objective.ts"
import { type OutcomeModel, outcomeModel } from "./outcome.ts"
import type { Scenario } from "./scenario.ts"
import { createDropLog, type DropLog, type Hardware } from "./selection.ts"

/** A layout (block, class, HBDs) with a mapping. Indices are positions in the space's lists. */
export interface Candidate {
  readonly block: number
  readonly fabric: number
  readonly hbds: number
  readonly mapping: Mapping
}

export type LayoutNode =
  | { readonly kind: "root" }
  | { readonly kind: "block"; readonly block: number }
  /** `bound`: behind an ideal scale-out */
  | { readonly kind: "class"; readonly block: number; readonly fabric: number; readonly bound: number }
  | { readonly kind: "leaf"; readonly candidate: Candidate }

/** A candidate judged: what it does and uses. */
export interface Judged {
  readonly value: number
  readonly stepS: number
  readonly memoryBytes: number
  readonly classUse: ClassUse
}

export interface LayoutSpace extends SearchSpace<LayoutNode, Candidate> {
  readonly scenario: Scenario
  readonly blocks: ReadonlyArray<HbdBlock>
  readonly objective: ObjectiveFunction
  readonly outcome: OutcomeModel
  readonly machines: MachineTable
  readonly genome: GenomeView<Candidate>
  readonly log: DropLog
  classesOf(block: number): ReadonlyArray<FabricClass>
  classOf(candidate: Candidate): FabricClass
  /** accelerator-seconds that no step on any layout of the block undercuts */
  workOf(block: number): number
  /** seconds that no step on N accelerators undercuts when it takes `work` accelerator-seconds */
  stepOn(work: number): (accelerators: number) => number
  judge(candidate: Candidate): Judged | null
}

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

/** `cableM`: the longest scale-out cable of the halls. `machines` of a scenario with the same workload, mappings and
 * headroom may be shared. */
export function createLayoutSpace(
  scenario: Scenario, hardware: Hardware, cableM: number, machines = new MachineTable(scenario)
): LayoutSpace {
  return new Space(scenario, hardware, cableM, machines)
}

class Space implements LayoutSpace {
  readonly scenario: Scenario
  readonly blocks: ReadonlyArray<HbdBlock>
  readonly objective: ObjectiveFunction
  readonly outcome: OutcomeModel
  readonly machines: MachineTable
  readonly log = createDropLog()
  readonly sense: LayoutSpace["sense"]
  readonly genome: GenomeView<Candidate>
  readonly #hardware: Hardware
  readonly #cableM: number
  readonly #options = new Map<string, ReadonlyArray<ScaleOutOption>>()
  readonly #classes = new Map<number, ReadonlyArray<FabricClass>>()
  readonly #uses = new WeakMap<FabricClass, Map<number, ClassUse | null>>()
  readonly #ideals = new Map<number, Machine>()
  readonly #works = new Map<number, number>()
  readonly #survivors = new Map<number, { readonly cutoff: number; readonly runs: ReadonlyArray<Survivor> }>()

  constructor(scenario: Scenario, hardware: Hardware, cableM: number, machines: MachineTable) {
    this.scenario = scenario
    this.#hardware = hardware
    this.#cableM = cableM
    this.objective = objectiveFunction(scenario)
    this.sense = this.objective.sense
    this.machines = machines
    this.outcome = outcomeModel(scenario, this.objective)
    this.blocks = enumerateBlocks(scenario, hardware, this.log)
    this.genome = layoutGenome({
      blocks: this.blocks,
      domain: machines.domain,
      classesOf: (block) => this.classesOf(block),
      problemOf: (of) => this.machines.problem(of.machine, this.#most(of.hbdsBound)),
      built: (hbds) => this.#built(hbds)
    })
  }

  root(): LayoutNode {
    return { kind: "root" }
  }

  leaf(node: LayoutNode): Candidate | null {
    return node.kind === "leaf" ? node.candidate : null
  }

  levels(node: LayoutNode): number {
    return node.kind === "block" ? 2 : 1
  }

  evaluate(candidate: Candidate): number | null {
    return this.judge(candidate)?.value ?? null
  }

  bound(node: LayoutNode, level: number): number {
    switch (node.kind) {
      case "root":
        return -worstValue(this.sense)
      case "block": {
        const { hbd, useBound, hbdsBound } = this.blocks[node.block]!
        const stepOn = level === 0 ? this.#arithmeticOn(node.block) : this.stepOn(this.workOf(node.block))
        return this.outcome.bound(stepOn, 0, useBound, hbd.size, hbdsBound)
      }
      case "class":
        return node.bound
      case "leaf":
        return this.evaluate(node.candidate) ?? worstValue(this.sense)
    }
  }

  branch(node: LayoutNode, expansion: Expansion<Candidate>): Iterable<LayoutNode> {
    switch (node.kind) {
      case "root":
        return this.blocks.map((_, block) => ({ kind: "block", block }))
      case "block":
        return this.#branchBlock(node.block, expansion)
      case "class":
        return this.#searchClass(node, expansion)
      case "leaf":
        return []
    }
  }

  compare(a: Candidate, b: Candidate): number {
    const useA = this.judge(a)?.classUse.use
    const useB = this.judge(b)?.classUse.use
    if (useA !== undefined && useB !== undefined) {
      const order = useA.itPowerW - useB.itPowerW || useA.capexUsd - useB.capexUsd
      if (order !== 0) return order
    }
    return a.block - b.block || a.fabric - b.fabric || a.hbds - b.hbds || compareText(keyOf(a.mapping), keyOf(b.mapping))
  }

  classesOf(block: number): ReadonlyArray<FabricClass> {
    let classes = this.#classes.get(block)
    if (classes === undefined) {
      const one = this.blocks[block]!
      const all = [...fabricClasses(this.scenario, one, this.#optionsOf(one), this.log)]
      classes = (this.outcome.fastestOnly ? fastestClasses(all) : all)
        .sort((a, b) => b.machine.scaleOut.GBps - a.machine.scaleOut.GBps || b.hbdsBound - a.hbdsBound)
      this.#classes.set(block, classes)
    }
    return classes
  }

  classOf({ block, fabric }: { readonly block: number; readonly fabric: number }): FabricClass {
    return this.classesOf(block)[fabric]!
  }

  workOf(block: number): number {
    let work = this.#works.get(block)
    if (work === undefined) {
      work = cutsByWork(this.#idealProblem(block, Infinity))[0]?.work ?? Infinity
      this.#works.set(block, work)
    }
    return work
  }

  /** Seconds that no step on N accelerators of the block undercuts: the arithmetic alone. */
  #arithmeticOn(block: number): (accelerators: number) => number {
    const { evaluator } = this.#idealProblem(block, Infinity)
    return (accelerators) => boundByAccelerators(evaluator, accelerators)
  }

  stepOn(work: number): (accelerators: number) => number {
    const { stepOverheadS, stragglerPerDoubling } = this.machines.common
    return (accelerators) =>
      (work / accelerators + stepOverheadS) * (1 + stragglerPerDoubling * Math.log2(Math.max(1, accelerators / 8)))
  }

  judge(candidate: Candidate): Judged | null {
    const of = this.classesOf(candidate.block)[candidate.fabric]
    if (of === undefined) return null
    const { mapping, hbds } = candidate
    if (hbdsOf(mapping, of.hbd.size) > hbds) return null
    if (validateMapping(this.scenario.workload, of.machine, mapping).length > 0) return null
    const evaluator = this.machines.evaluator(of.machine)
    const stepS = evaluateMapping(evaluator, mapping)
    const memoryBytes = evaluator.out[figure.totalBytes]!
    if (memoryBytes > this.machines.memoryBytes(of.machine)) return null
    const classUse = this.#use(of, hbds)
    const value = classUse === null ? null : this.outcome.value(stepS, classUse.use)
    return classUse === null || value === null ? null : { value, stepS, memoryBytes, classUse }
  }

  /** Classes that could reach the cutoff with their number of HBDs behind an ideal scale-out, the most promising first. */
  #branchBlock(block: number, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const { useBound, hbdsBound } = this.blocks[block]!
    if (this.#searchIdeal(block, useBound, hbdsBound, expansion) === null) return []
    const classes = this.classesOf(block)
    if (classes.length === 0) return []
    const { use, most } = extremesOf(classes)
    const ideal = this.#searchIdeal(block, use, most, expansion)
    if (ideal === null) return []
    const nodes: Array<{ readonly node: LayoutNode; readonly value: number }> = []
    for (const [fabric, of] of classes.entries()) {
      const atIdeal = ideal.best === null ? -worstValue(this.sense)
        : this.outcome.boundAt(ideal.best.stepS, leastUse(of), ideal.best.hbds)
      const bound = this.#worse(atIdeal, this.#boundClass(of, this.workOf(block), 0))
      if (!this.#reaches(bound, expansion.cutoff())) continue
      const value = this.#probeClass(block, fabric, ideal.runs, expansion)
      nodes.push({ node: { kind: "class", block, fabric, bound }, value })
    }
    const sign = this.sense === "maximize" ? -1 : 1
    return nodes.sort((a, b) => (a.value === b.value ? 0 : sign * (a.value - b.value))).map(({ node }) => node)
  }

  /**
   * The best behind an ideal scale-out with up to `hbds` HBDs that use at least `use` each; null: nothing reaches the cutoff. Where
   * it is best under one use it is best under all: the value falls with the use of one HBD, whatever their number. `best` null:
   * stopped before the end.
   */
  #searchIdeal(block: number, use: SiteUse, hbds: number, expansion: Expansion<Candidate>): IdealOptimum | null {
    let value = worstValue(this.sense)
    let best: IdealOptimum["best"] = null
    const runs: Array<Run> = []
    const goal = this.#goal(use, this.blocks[block]!.hbd.size, hbds, expansion, () => value, (_, needed, stepS, run) => {
      const built = this.#built(needed)!
      const bound = this.outcome.boundAt(stepS, use, built)
      if (!this.#isBetter(bound, value)) return
      value = bound
      best = { hbds: built, stepS }
      runs.unshift(run)
    })
    const ended = searchMappings(this.#idealProblem(block, hbds), goal)
    if (ended && best === null) return null
    return { best: ended ? best : null, runs: runs.slice(0, probesMost) }
  }

  /**
   * The runs that reach the cutoff behind an ideal scale-out, the best first: on no class of the block does another. Kept until a
   * worse cutoff asks for more; null: stopped.
   */
  #survivorsOf(block: number, expansion: Expansion<Candidate>): ReadonlyArray<Survivor> | null {
    const cutoff = expansion.cutoff()
    const known = this.#survivors.get(block)
    if (known !== undefined && !this.#isBetter(known.cutoff, cutoff)) return known.runs
    const { use, most } = extremesOf(this.classesOf(block))
    const runs: Array<{ run: Run; value: number; hbds: number }> = []
    const none = () => worstValue(this.sense)
    const goal = this.#goal(use, this.blocks[block]!.hbd.size, most, expansion, none, (_, hbds, stepS, run) => {
      const value = this.outcome.boundAt(stepS, use, this.#built(hbds)!)
      const last = runs.at(-1)
      if (last?.run !== run) runs.push({ run, value, hbds })
      else {
        last.value = this.#better(last.value, value)
        last.hbds = Math.min(last.hbds, hbds)
      }
    })
    if (!searchMappings(this.#idealProblem(block, most), goal)) return null
    const sign = this.sense === "maximize" ? -1 : 1
    runs.sort((a, b) => sign * (a.value - b.value))
    this.#survivors.set(block, { cutoff, runs })
    return runs
  }

  #goal(
    use: SiteUse, size: number, hbds: number, expansion: Expansion<Candidate>, held: () => number, take: MappingGoal["take"]
  ): MappingGoal {
    const reaches = (bound: number) => this.#reaches(bound, this.#better(held(), expansion.cutoff()))
    return {
      fastestOnly: this.outcome.fastestOnly,
      isFastEnough: this.outcome.isFastEnough,
      spend: expansion.spend,
      stopped: expansion.stopped,
      mayMatterAnywhere: (work, floorS) => reaches(this.outcome.bound(this.stepOn(work), floorS, use, size, hbds)),
      mayMatter: (needed, stepS) => {
        const built = this.#built(needed)
        return built !== null && reaches(this.outcome.boundAt(stepS, use, built))
      },
      take
    }
  }

  /** The class's best candidate, if it reaches the cutoff. */
  #searchClass(node: LayoutNode & { readonly kind: "class" }, expansion: Expansion<Candidate>): ReadonlyArray<LayoutNode> {
    const of = this.classOf(node)
    const holder = this.#holder(node.block, node.fabric, expansion)
    const goal = this.#goal(leastUse(of), of.hbd.size, of.hbdsBound, expansion, holder.value, holder.take)
    const problem = this.machines.problem(of.machine, this.#most(of.hbdsBound))
    for (const { run, value, hbds } of this.#survivorsOf(node.block, expansion) ?? []) {
      if (!this.#reaches(value, this.#better(holder.value(), expansion.cutoff())) || expansion.stopped()) break
      if (hbds <= problem.hbds) completeRun(problem, retimed(problem, run), mostReplicas(problem, run.cut, run.pp), goal)
    }
    const best = holder.best()
    return best === null ? [] : [{ kind: "leaf", candidate: best.candidate }]
  }

  /** The best value that the class gives these runs, if it reaches the cutoff: an incumbent, early. */
  #probeClass(block: number, fabric: number, runs: ReadonlyArray<Run>, expansion: Expansion<Candidate>): number {
    const of = this.classOf({ block, fabric })
    const holder = this.#holder(block, fabric, expansion)
    const goal = this.#goal(leastUse(of), of.hbd.size, of.hbdsBound, expansion, holder.value, holder.take)
    const problem = this.machines.problem(of.machine, this.#most(of.hbdsBound))
    for (const run of runs) completeRun(problem, run, mostReplicas(problem, run.cut, run.pp), goal)
    return holder.value()
  }

  /** Keeps the best candidate of a class, and offers every better one. */
  #holder(block: number, fabric: number, expansion: Expansion<Candidate>) {
    const of = this.classOf({ block, fabric })
    let best: { readonly candidate: Candidate; readonly value: number } | null = null
    const take: MappingGoal["take"] = (mapping, hbds, stepS) => {
      const built = this.#built(hbds)!
      const classUse = this.#use(of, built)
      const value = classUse === null ? null : this.outcome.value(stepS, classUse.use)
      if (value === null) return
      const candidate = { block, fabric, hbds: built, mapping }
      if (best !== null && !this.#beats(value, candidate, best)) return
      if (validateMapping(this.scenario.workload, of.machine, mapping).length > 0) return
      best = { candidate, value }
      expansion.offer(candidate)
    }
    return { take, best: () => best, value: () => best?.value ?? worstValue(this.sense) }
  }

  #beats(value: number, candidate: Candidate, held: { readonly candidate: Candidate; readonly value: number }): boolean {
    if (value !== held.value) return this.#isBetter(value, held.value)
    return this.compare(candidate, held.candidate) < 0
  }

  #boundClass(of: FabricClass, work: number, floorS: number): number {
    return this.outcome.bound(this.stepOn(work), floorS, leastUse(of), of.hbd.size, of.hbdsBound)
  }

  #isBetter(a: number, b: number): boolean {
    return this.sense === "maximize" ? a > b : a < b
  }

  #worse(a: number, b: number): number {
    return this.sense === "maximize" ? Math.min(a, b) : Math.max(a, b)
  }

  #better(a: number, b: number): number {
    return this.sense === "maximize" ? Math.max(a, b) : Math.min(a, b)
  }

  #reaches(bound: number, cutoff: number): boolean {
    if (bound === worstValue(this.sense)) return false
    if (!Number.isFinite(cutoff)) return true
    const slack = 1e-9 * Math.abs(cutoff)
    return this.sense === "maximize" ? bound >= cutoff - slack : bound <= cutoff + slack
  }

  /** Of up to `hbds` HBDs the most that the scenario allows. */
  #most(hbds: number): number {
    const { hbds: allowed } = this.scenario.search
    return allowed === null ? hbds : Math.max(0, ...allowed.filter((count) => count <= hbds))
  }

  /** HBDs built for a mapping that needs `hbds`: the fewest that the scenario allows. */
  #built(hbds: number): number | null {
    const { hbds: allowed } = this.scenario.search
    if (allowed === null) return hbds
    const enough = allowed.filter((count) => count >= hbds)
    return enough.length === 0 ? null : Math.min(...enough)
  }

  #use(of: FabricClass, hbds: number): ClassUse | null {
    let uses = this.#uses.get(of)
    if (uses === undefined) this.#uses.set(of, uses = new Map())
    let use = uses.get(hbds)
    if (use === undefined) uses.set(hbds, use = cheapestMember(of, hbds, this.outcome.cost))
    return use
  }

  #optionsOf({ hbd }: HbdBlock): ReadonlyArray<ScaleOutOption> {
    const key = `${hbd.host.id} ${hbd.scaleOutMaxGbps}`
    let options = this.#options.get(key)
    if (options === undefined) {
      options = scaleOutOptions(this.scenario, this.#hardware, hbd, this.#cableM, this.log)
      this.#options.set(key, options)
    }
    return options
  }

  #idealProblem(block: number, hbds: number): MappingProblem {
    let machine = this.#ideals.get(block)
    if (machine === undefined) {
      const { hbd } = this.blocks[block]!
      this.#ideals.set(block, machine = machineOf(hbd, idealScaleOut(hbd)))
    }
    return this.machines.problem(machine, this.#most(hbds))
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

function leastOfEach(a: SiteUse, b: SiteUse): SiteUse {
  const least = { ...a } as Record<keyof SiteUse, number>
  for (const name of Object.keys(a) as Array<keyof SiteUse>) least[name] = Math.min(a[name], b[name])
  return least
}

/** A total order of mappings, by their text. */
export function keyOf(mapping: Mapping): string {
  return JSON.stringify(Object.entries(mapping).sort(([a], [b]) => compareText(a, b)))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
