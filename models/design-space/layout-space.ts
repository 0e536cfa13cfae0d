/**
 * The search space of a scenario as a tree: HBD blocks, the classes of scale-out behind each, and the best
 * mapping of a class. A block is bounded by its best mapping behind an ideal scale-out, which the classes
 * share, so that few of them are searched.
 */
import { isBetter } from "../../solvers/contract/gap.ts"
import type { GenomeView, SearchSpace } from "../../solvers/contract/search-space.ts"
import type { Machine } from "../performance/machine.ts"
import { arithmeticWork, boundByAccelerators } from "../performance/bounds.ts"
import { evaluateMapping } from "../performance/evaluator.ts"
import type { Mapping } from "../performance/mapping.ts"
import { figure } from "../performance/step.ts"
import { validateMapping } from "../performance/validity.ts"
import { ClassDominance } from "./class-dominance.ts"
import { BlockSearch } from "./block-search.ts"
import { enumerateBlocks, type HbdBlock } from "./blocks.ts"
import { fabricClasses } from "./classes.ts"
import { type ClassEnvelope, classEnvelopes } from "./envelopes.ts"
import { type DesignedKinds, DesignTable } from "./design-table.ts"
import { cheapestMember, type ClassUse, type FabricClass } from "./fabric-class.ts"
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
import { createDropLog, type DropLog, type Hardware } from "./selection.ts"
import { leastRoughStep, type Shortlist, Shortlists } from "./shortlist.ts"
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
  /** once the designs' `stopped` is true, not whole */
  classesOf(block: number): ReadonlyArray<FabricClass>
  /** the block's classes in groups */
  envelopesOf(block: number): ReadonlyArray<ClassEnvelope>
  /** whether another class of the block makes it needless: where only speed counts */
  isNeedless(at: Pick<Candidate, "block" | "fabric">): boolean
  classOf(at: Pick<Candidate, "block" | "fabric">): FabricClass
  /** accelerator-seconds that no step on any layout of the block undercuts: of its layers; of their arithmetic alone, cheaper */
  workOf(block: number): number
  arithmeticOf(block: number): number
  /** seconds that no step on N accelerators undercuts when it takes `work` accelerator-seconds */
  stepOn(work: number): (accelerators: number) => number
  judge(candidate: Candidate): Judged | null
  genomeOf(blocks: ReadonlyArray<number>): GenomeView<Candidate>
  /** the mapping problem of a block behind an ideal scale-out, with up to so many HBDs */
  idealProblem(block: number, hbds: number): MappingProblem
  /** of a block's silicon, for steps up to so long; null where a list does not pay */
  shortlistOf(block: number, longestS: number): Shortlist | null
  /** of up to `hbds` HBDs the most that the scenario allows */
  most(hbds: number): number
  /** HBDs built for a mapping that needs `hbds`: the fewest that the scenario allows, null without */
  built(hbds: number): number | null
  /**
   * what so many HBDs of the class, dealt to its sites as the mapping asks, use when its best member is built; null where none
   * can be
   */
  useOf(of: FabricClass, mapping: Mapping, hbds: number): ClassUse | null
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
  readonly #classLogs = new Map<number, DropLog>()
  readonly sense: LayoutSpace["sense"]
  #genome: GenomeView<Candidate> | null = null
  readonly #hardware: Hardware
  readonly #designs: DesignTable
  readonly #classes = new Map<number, ReadonlyArray<FabricClass>>()
  readonly #envelopes = new Map<number, ReadonlyArray<ClassEnvelope>>()
  readonly #dominance = new Map<number, ClassDominance>()
  readonly #uses = new WeakMap<FabricClass, Map<number | string, ClassUse | null>>()
  readonly #ideals = new Map<number, Machine>()
  readonly #works = new Map<number, number>()
  readonly #shortlists: Shortlists
  protected readonly search: BlockSearch

  constructor(
    scenario: Scenario, hardware: Hardware, machines: MachineTable, designs: DesignTable, outcome: OutcomeModel
  ) {
    super()
    this.scenario = scenario
    this.#designs = designs
    this.#hardware = hardware
    this.objective = objectiveFunction(scenario)
    this.sense = outcome.sense
    this.machines = machines
    this.outcome = outcome
    this.blocks = enumerateBlocks(scenario, hardware, this.#log, designs.hbdDesignsOf)
    this.search = new BlockSearch(this)
    this.#shortlists = new Shortlists(this)
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
    const stepOn = level === 0 ? this.#arithmeticOn(block) : this.stepOn(this.workOf(block))
    return this.outcome.bound(stepOn, level < 2 ? 0 : this.#leastStepOf(block), useBound, hbd.size, hbdsBound)
  }

  compare(a: Candidate, b: Candidate): number {
    const useA = this.judge(a)?.classUse.use
    const useB = this.judge(b)?.classUse.use
    if (useA !== undefined && useB !== undefined) {
      const order = useA.itPowerW - useB.itPowerW || useA.capexUsd - useB.capexUsd
      if (order !== 0) return order
    }
    return a.block - b.block || a.fabric - b.fabric || a.hbds - b.hbds ||
      compareText(keyOf(a.mapping), keyOf(b.mapping))
  }

  classesOf(block: number): ReadonlyArray<FabricClass> {
    let classes = this.#classes.get(block)
    if (classes === undefined) {
      const one = this.blocks[block]!
      const log = createDropLog()
      this.#classLogs.set(block, log)
      const { stopped } = this.#designs
      classes = fabricClasses(this.scenario, one, this.#kindsOf(one).kinds, log, {
        stopped, boundsOf: (stand) => this.#designs.boundsOf(this.scenario, this.#hardware, stand)
      })
      if (!stopped()) this.#classes.set(block, classes)
    }
    return classes
  }

  classOf({ block, fabric }: { readonly block: number; readonly fabric: number }): FabricClass {
    return this.classesOf(block)[fabric]!
  }

  envelopesOf(block: number): ReadonlyArray<ClassEnvelope> {
    let envelopes = this.#envelopes.get(block)
    if (envelopes === undefined) {
      const one = this.blocks[block]!
      const classes = this.classesOf(block)
      envelopes = classEnvelopes(one, classes, this.#kindsOf(one).envelopes)
      if (!this.#designs.stopped()) this.#envelopes.set(block, envelopes)
    }
    return envelopes
  }

  isNeedless({ block, fabric }: Pick<Candidate, "block" | "fabric">): boolean {
    if (!this.outcome.fastestOnly) return false
    let dominance = this.#dominance.get(block)
    if (dominance === undefined) this.#dominance.set(block, dominance = new ClassDominance(this.classesOf(block)))
    return dominance.isNeedless(fabric)
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
    return arithmeticWork(this.idealProblem(block, Infinity).evaluator)
  }

  /** Seconds that no step on N accelerators of the block undercuts: the arithmetic alone. */
  #arithmeticOn(block: number): (accelerators: number) => number {
    const { evaluator } = this.idealProblem(block, Infinity)
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
    const classUse = this.useOf(of, mapping, hbds)
    const value = classUse === null ? null : this.outcome.value(stepS, classUse.use)
    return classUse === null || value === null ? null : { value, stepS, memoryBytes, classUse }
  }

  shortlistOf(block: number, longestS: number): Shortlist | null {
    return this.outcome.fastestOnly ? this.#shortlists.of(block, longestS) : null
  }

  /** Seconds that no step on the block undercuts, by a rough look at the pipelines of a shortlist; 0 where there is none. */
  #leastStepOf(block: number): number {
    const list = this.shortlistOf(block, 0)
    return list === null ? 0 : leastRoughStep(this.idealProblem(block, this.blocks[block]!.hbdsBound), list)
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

  useOf(of: FabricClass, mapping: Mapping, hbds: number): ClassUse | null {
    const { size } = of.hbd
    const need = of.crossing === null ? needOnOneSite(hbds)
      : { hbds, needed: hbdsOf(mapping, size), unit: siteUnit(mapping, size) }
    let uses = this.#uses.get(of)
    if (uses === undefined) this.#uses.set(of, uses = new Map())
    const key = of.crossing === null ? hbds : `${hbds} ${need.needed} ${need.unit}`
    let use = uses.get(key)
    if (use === undefined) uses.set(key, use = cheapestMember(of, need, this.outcome.cost))
    return use
  }

  droppedAt(block: number | null): ReadonlyArray<Dropped> {
    const logs = [this.#log]
    if (block !== null) {
      this.classesOf(block)
      logs.push(this.#kindsOf(this.blocks[block]!).log, this.#classLogs.get(block)!)
    }
    return logs.flatMap((log) => log.list())
  }

  #kindsOf({ hbd }: HbdBlock): DesignedKinds {
    return this.#designs.kindsOf(this.scenario, this.#hardware, hbd)
  }

  idealProblem(block: number, hbds: number): MappingProblem {
    let machine = this.#ideals.get(block)
    if (machine === undefined) {
      const { hbd, crossing } = this.blocks[block]!
      this.#ideals.set(block, machine = machineOf(hbd, idealScaleOut(hbd), crossing?.performance ?? null))
    }
    return this.machines.problem(machine, this.most(hbds))
  }
}

/** A total order of mappings, by their text. */
export function keyOf(mapping: Mapping): string {
  return JSON.stringify(Object.entries(mapping).sort(([a], [b]) => compareText(a, b)))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
