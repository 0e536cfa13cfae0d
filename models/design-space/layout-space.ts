/**
 * The search space of a scenario as a tree: HBD blocks, the classes of scale-out behind each, and the best
 * mapping of a class. A block is bounded by its best mapping behind an ideal scale-out, which the classes
 * share, so that few of them are searched.
 */
import { isBetter } from "../../solvers/contract/gap.ts"
import type { GenomeView, SearchSpace } from "../../solvers/contract/search-space.ts"
import type { Links } from "../collectives/link.ts"
import type { Machine } from "../performance/machine.ts"
import { arithmeticWork, boundByAccelerators } from "../performance/bounds.ts"
import { evaluateMapping } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import { figure } from "../performance/step.ts"
import { validateMapping } from "../performance/validity.ts"
import { ClassDominance } from "./class-dominance.ts"
import { BlockSearch } from "./block-search.ts"
import { enumerateBlocks, type HbdBlock } from "./blocks.ts"
import { BlockClasses } from "./classes.ts"
import { type DesignedKinds, DesignTable } from "./design-table.ts"
import { ClassUses } from "./class-uses.ts"
import type { ClassUse, FabricClass } from "./fabric-class.ts"
import { layoutGenome } from "./genome.ts"
import { idealScaleOut } from "./ideal-machine.ts"
import { type Candidate, type Judged, type LayoutNode, LayoutTree } from "./layout-tree.ts"
import { machineOf } from "./machine-of-design.ts"
import { MachineTable } from "./machine-table.ts"
import { hbdsOf } from "./mapping-completion.ts"
import type { MappingProblem } from "./mapping-run.ts"
import { cutsByWork } from "./mapping-search.ts"
import { objectiveFunction, type ObjectiveFunction } from "./objective.ts"
import { type OutcomeModel, outcomeModel } from "./outcome.ts"
import type { Dropped } from "./recommendation.ts"
import type { Scenario } from "./scenario.ts"
import { createDropLog, type Hardware } from "./selection.ts"
import { leastStepOfList, type Shortlist, Shortlists } from "./shortlist.ts"
import { never, type Stopped } from "./stopped.ts"
import { needOnOneSite, siteUnit } from "./site-spread.ts"

export interface LayoutSpace extends SearchSpace<LayoutNode, Candidate> {
  readonly scenario: Scenario
  readonly blocks: ReadonlyArray<HbdBlock>
  readonly objective: ObjectiveFunction
  readonly outcome: OutcomeModel
  readonly machines: MachineTable
  /** of the most promising blocks */
  readonly genome: GenomeView<Candidate>
  /** what was left out of the blocks, and of the networks behind one of them */
  droppedAt(block: number | null): ReadonlyArray<Dropped>
  /** the classes of a block, as they are asked for */
  classes(block: number): BlockClasses
  /** all of them: once the designs' `stopped` is true, not whole */
  classesOf(block: number): ReadonlyArray<FabricClass>
  /** whether another class of its envelope makes it needless: where only speed counts */
  isNeedless(at: Pick<Candidate, "block" | "fabric">): boolean
  /** of a candidate that can be built */
  classOf(at: Pick<Candidate, "block" | "fabric">): FabricClass
  /** accelerator-seconds that no step on any layout of the block undercuts: of its layers; of their arithmetic alone, cheaper */
  workOf(block: number): number
  arithmeticOf(block: number): number
  /** seconds that no step on N accelerators undercuts when it takes `work` accelerator-seconds */
  stepOn(work: number): (accelerators: number) => number
  judge(candidate: Candidate, stopped?: Stopped): Judged | null
  genomeOf(blocks: ReadonlyArray<number>): GenomeView<Candidate>
  /** the mapping problem of a block behind an ideal scale-out, with up to so many HBDs */
  idealProblem(block: number, hbds: number): MappingProblem
  /** of a block behind an ideal scale-out */
  idealLinks(block: number): Links
  /** of a block's silicon, for steps up to so long; null where a list does not pay */
  shortlistOf(block: number, longestS: number): Shortlist | null
  /** of up to `hbds` HBDs the most that the scenario allows */
  most(hbds: number): number
  /** HBDs built for a mapping that needs `hbds`: the fewest that the scenario allows, null without */
  built(hbds: number): number | null
  /** exact counts of classes */
  readonly uses: ClassUses
  /**
   * what so many HBDs of the class, dealt to its sites as the mapping asks, use when its best member is built; null where none
   * can be; once `stopped`, perhaps null
   */
  useOf(of: FabricClass, mapping: Mapping, hbds: number, stopped?: Stopped): ClassUse | null
}

/** Blocks that the genome is about. */
const genomeBlocks = 8

/** Of the scenario's first workload. `machines` of a scenario with the same workload, mappings and headroom may be shared,
 * `designs` of any. `outcome`: what is optimised, where it is not the scenario's objective. */
export function createLayoutSpace(
  scenario: Scenario, hardware: Hardware, machines = new MachineTable(scenario), designs = new DesignTable(),
  outcome = outcomeModel(scenario, objectiveFunction(scenario))
): LayoutSpace {
  return new Space(scenario, hardware, machines, designs, outcome)
}

class Space extends LayoutTree implements LayoutSpace {
  readonly scenario: Scenario
  readonly blocks: ReadonlyArray<HbdBlock>
  readonly objective: ObjectiveFunction
  readonly outcome: OutcomeModel
  readonly machines: MachineTable
  readonly #log = createDropLog()
  readonly sense: LayoutSpace["sense"]
  #genome: GenomeView<Candidate> | null = null
  readonly #hardware: Hardware
  readonly #designs: DesignTable
  readonly #classes = new Map<number, BlockClasses>()
  /** by block, then by envelope */
  readonly #dominance = new Map<string, ClassDominance>()
  readonly uses: ClassUses
  readonly #ideals = new Map<number, Machine>()
  readonly #works = new Map<number, number>()
  readonly #shortlists: Shortlists
  protected readonly search: BlockSearch
  protected readonly stopped: Stopped

  constructor(
    scenario: Scenario, hardware: Hardware, machines: MachineTable, designs: DesignTable, outcome: OutcomeModel
  ) {
    super()
    this.scenario = scenario
    this.#designs = designs
    this.stopped = designs.stopped
    this.#hardware = hardware
    this.objective = objectiveFunction(scenario)
    this.sense = outcome.sense
    this.machines = machines
    this.outcome = outcome
    this.uses = new ClassUses(outcome)
    this.blocks = enumerateBlocks(scenario, hardware, this.#log, designs.hbdDesignsOf)
    this.search = new BlockSearch(this)
    this.#shortlists = new Shortlists({
      blocks: this.blocks, stopped: designs.stopped, most: (hbds) => this.most(hbds), stepOn: (work) => this.stepOn(work),
      idealProblem: (block, hbds) => this.idealProblem(block, hbds), idealLinks: (block) => this.idealLinks(block)
    })
  }

  get genome(): GenomeView<Candidate> {
    this.#genome ??= this.genomeOf(this.#promisingBlocks())
    return this.#genome
  }

  genomeOf(blocks: ReadonlyArray<number>): GenomeView<Candidate> {
    return layoutGenome({
      blocks,
      domain: this.machines.domain,
      classesOf: (block) => this.classesOf(block),
      problemOf: (of) => this.machines.problem(of.machine, this.most(of.hbdsBound)),
      built: (hbds) => this.built(hbds)
    })
  }

  /** By their cheap bounds: to enumerate the classes of all would take longer than to prove the optimum. */
  #promisingBlocks(): ReadonlyArray<number> {
    return this.blocks.map((_, block) => ({ block, bound: this.bound({ kind: "block", block }, 0) }))
      .sort((a, b) => (a.bound === b.bound ? a.block - b.block : isBetter(this.sense, a.bound, b.bound) ? -1 : 1))
      .slice(0, genomeBlocks).map(({ block }) => block)
  }

  protected boundBlock(block: number, level: number): number {
    const { hbd, useBound, hbdsBound } = this.blocks[block]!
    // a shortlist tells more of a block than the work of its layers, for less
    const stepOn = level === 0 || this.#hasShortlist(block) ? this.#arithmeticOn(block) : this.stepOn(this.workOf(block))
    return this.outcome.bound(stepOn, level < 2 ? 0 : this.#leastStepOf(block), useBound, hbd.size, hbdsBound)
  }

  compare(a: Candidate, b: Candidate): number {
    const [judgedA, judgedB] = [this.judge(a, this.stopped), this.judge(b, this.stopped)]
    if (judgedA !== null && judgedB !== null) {
      const [useA, useB] = [judgedA.classUse.use, judgedB.classUse.use]
      const order = useA.itPowerW - useB.itPowerW || useA.capexUsd - useB.capexUsd || judgedA.stepS - judgedB.stepS
      if (order !== 0) return order
    }
    return a.block - b.block || a.fabric - b.fabric || a.hbds - b.hbds ||
      compareText(keyOf(a.mapping), keyOf(b.mapping))
  }

  classes(block: number): BlockClasses {
    let classes = this.#classes.get(block)
    if (classes === undefined) {
      const one = this.blocks[block]!
      const table = this.#kindsOf(one)
      classes = new BlockClasses(this.scenario, one, table, (stand) => this.#designs.boundsOf(this.scenario, this.#hardware, stand))
      if (!this.#designs.stopped()) this.#classes.set(block, classes)
    }
    return classes
  }

  classesOf(block: number): ReadonlyArray<FabricClass> {
    return this.classes(block).all(this.#designs.stopped)
  }

  classOf({ block, fabric }: Pick<Candidate, "block" | "fabric">): FabricClass {
    return this.classes(block).at(fabric)!
  }

  isNeedless({ block, fabric }: Pick<Candidate, "block" | "fabric">): boolean {
    if (!this.outcome.fastestOnly) return false
    const classes = this.classes(block)
    const envelope = classes.envelopeOf(fabric)
    const key = `${block} ${envelope}`
    let dominance = this.#dominance.get(key)
    if (dominance === undefined) this.#dominance.set(key, dominance = new ClassDominance(classes.within(envelope)))
    return dominance.isNeedless(classes.at(fabric)!)
  }

  workOf(block: number): number {
    let work = this.#works.get(block)
    if (work === undefined) {
      const [least] = cutsByWork(this.idealProblem(block, Infinity))
      work = least?.work ?? Infinity
      this.#works.set(block, work)
    }
    return work
  }

  arithmeticOf(block: number): number {
    return arithmeticWork(this.machines.evaluator(this.#idealOf(block)))
  }

  /** Seconds that no step on N accelerators of the block undercuts: the arithmetic alone. */
  #arithmeticOn(block: number): (accelerators: number) => number {
    const evaluator = this.machines.evaluator(this.#idealOf(block))
    return (accelerators) => boundByAccelerators(evaluator, accelerators)
  }

  stepOn(work: number): (accelerators: number) => number {
    const { stepOverheadS, stragglerPerDoubling } = this.machines.common
    return (accelerators) =>
      (work / accelerators + stepOverheadS) * (1 + stragglerPerDoubling * Math.log2(Math.max(1, accelerators / 8)))
  }

  judge(candidate: Candidate, stopped = never): Judged | null {
    const of = this.classes(candidate.block).at(candidate.fabric)
    if (of === null) return null
    const { mapping, hbds } = candidate
    if (hbdsOf(mapping, of.hbd.size) > hbds) return null
    if (validateMapping(this.scenario.workload, of.machine, mapping).length > 0) return null
    const evaluator = this.machines.evaluator(of.machine)
    const stepS = evaluateMapping(evaluator, mapping)
    const memoryBytes = evaluator.out[figure.totalBytes]!
    if (memoryBytes > this.machines.memoryBytes(of.machine)) return null
    const classUse = this.useOf(of, mapping, hbds, stopped)
    const value = classUse === null ? null : this.outcome.value(stepS, classUse.use)
    return classUse === null || value === null ? null : { value, stepS, memoryBytes, classUse }
  }

  shortlistOf(block: number, longestS: number): Shortlist | null {
    return this.outcome.fastestOnly ? this.#shortlists.of(block, longestS) : null
  }

  #hasShortlist(block: number): boolean {
    return this.outcome.fastestOnly && this.#shortlists.pays(block)
  }

  /** Seconds that no step on the block undercuts, by a look at the pipelines of a shortlist; 0 where there is none. */
  #leastStepOf(block: number): number {
    const list = this.shortlistOf(block, 0)
    return list === null ? 0 : leastStepOfList(this.idealProblem(block, this.blocks[block]!.hbdsBound), list, (work) => this.stepOn(work))
  }

  most(hbds: number): number {
    const { hbds: allowed } = this.scenario.search
    return allowed === null ? hbds : Math.max(0, ...allowed.filter((count) => count <= hbds))
  }

  built(hbds: number): number | null {
    const { hbds: allowed } = this.scenario.search
    if (allowed === null) return hbds
    const enough = allowed.filter((count) => count >= hbds)
    return enough.length === 0 ? null : Math.min(...enough)
  }

  useOf(of: FabricClass, mapping: Mapping, hbds: number, stopped = never): ClassUse | null {
    const { size } = of.hbd
    return this.uses.of(of, of.crossing === null ? needOnOneSite(hbds)
      : { hbds, needed: hbdsOf(mapping, size), unit: siteUnit(mapping, size) }, stopped)
  }

  droppedAt(block: number | null): ReadonlyArray<Dropped> {
    const logs = [this.#log]
    if (block !== null) {
      const refusals = createDropLog()
      this.classes(block).logRefusals(refusals, this.#designs.stopped)
      logs.push(this.#kindsOf(this.blocks[block]!).log, refusals)
    }
    return logs.flatMap((log) => log.list())
  }

  #kindsOf({ hbd }: HbdBlock): DesignedKinds {
    return this.#designs.kindsOf(this.scenario, this.#hardware, hbd)
  }

  idealProblem(block: number, hbds: number): MappingProblem {
    return this.machines.problem(this.#idealOf(block), this.most(hbds))
  }

  idealLinks(block: number): Links {
    return this.machines.evaluator(this.#idealOf(block)).step.links
  }

  #idealOf(block: number): Machine {
    let machine = this.#ideals.get(block)
    if (machine === undefined) {
      const { hbd, crossing } = this.blocks[block]!
      this.#ideals.set(block, machine = machineOf(hbd, idealScaleOut(hbd), crossing?.performance ?? null))
    }
    return machine
  }
}

/** A total order of mappings, by their text. */
export function keyOf(mapping: Mapping): string {
  return JSON.stringify(Object.entries(mapping).sort(([a], [b]) => compareText(a, b)))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
