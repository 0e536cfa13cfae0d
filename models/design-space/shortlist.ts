/**
 * The pipelines of cuts that may be as fast as asked on one silicon, whatever HBDs and fabrics it stands in: worked out once where
 * the mappings of many machines are searched.
 */
import { fastestPayload, type Links } from "../collectives/link.ts"
import type { HbdBlock } from "./blocks.ts"
import { CutFilter } from "./cut-filter.ts"
import type { CutFloors } from "./cut-order.ts"
import type { LayerCut } from "./layer-cut.ts"
import {
  fewestMicroBatches, leastStepOfPipeline, lightestLayers, type MappingProblem, mostReplicas, ordersOf, type PipelinePlan,
  roughStepOfPipeline, roughStepOfSilicon
} from "./mapping-run.ts"

export interface ShortPipeline {
  readonly cut: LayerCut
  readonly plan: PipelinePlan
  /** that as many accelerators as the list is made for leave at the least */
  readonly microBatches: number
  /** that no step of it undercuts, s */
  readonly floorS: number
}

export interface Shortlist {
  /** by rising floor */
  readonly entries: ReadonlyArray<ShortPipeline>
  /** steps up to so long are of one of these */
  readonly longestS: number
  /** of the silicon's links in any of its HBDs, payload bytes/s at the most, and of its layers what they take at the least */
  readonly payloadBps: number
  readonly floors: CutFloors
}

/** Blocks of one silicon from which on a shortlist is worth its making, and what longer steps it is made for, relative. */
const shortlistBlocks = 4
const shortlistRoom = 1.1

/** What lists are made from. */
interface ListedSpace {
  readonly blocks: ReadonlyArray<HbdBlock>
  most(hbds: number): number
  idealProblem(block: number, hbds: number): MappingProblem
  idealLinks(block: number): Links
  stepOn(work: number): (accelerators: number) => number
  stopped(): boolean
}

/** The lists of a space, one for each silicon of which enough blocks stand there. */
export class Shortlists {
  readonly #space: ListedSpace
  readonly #lists = new Map<string, Shortlist>()
  readonly #bySilicon = new Map<string, ReadonlyArray<HbdBlock>>()

  constructor(space: ListedSpace) {
    this.#space = space
  }

  /** Whether there is a list for the block's silicon. */
  pays(block: number): boolean {
    return this.#alike(block).length >= shortlistBlocks
  }

  /** For steps up to so long, on any block of the silicon; null where a list does not pay. */
  of(block: number, longestS: number): Shortlist | null {
    const { blocks } = this.#space
    const { id } = blocks[block]!.hbd.accelerator
    const known = this.#lists.get(id)
    if (known !== undefined && known.longestS >= longestS) return known
    if (!this.pays(block) || !Number.isFinite(longestS)) return null
    const alike = this.#alike(block)
    const most = Math.max(...alike.map(({ hbd, hbdsBound }) => this.#space.most(hbdsBound) * hbd.size))
    const problem = this.#space.idealProblem(block, Infinity)
    const payloadBps = Math.max(...alike.map((one) => fastestPayload(this.#space.idealLinks(blocks.indexOf(one)))))
    const list = shortlist(this.#space, problem, payloadBps, most, longestS * shortlistRoom)
    if (!this.#space.stopped()) this.#lists.set(id, list)
    return list
  }

  /** Blocks of the same silicon. */
  #alike(block: number): ReadonlyArray<HbdBlock> {
    const { blocks } = this.#space
    const { id } = blocks[block]!.hbd.accelerator
    let alike = this.#bySilicon.get(id)
    if (alike === undefined) this.#bySilicon.set(id, alike = blocks.filter(({ hbd }) => hbd.accelerator.id === id))
    return alike
  }
}

type StepOn = (work: number) => (accelerators: number) => number

/** What a list is made for beyond the shortest step that there may be, at the least: so that many a machine is judged by it. */
const leastRoom = 1.15

/**
 * Of the problem's silicon on up to `accelerators`; once stopped, of no step at all. `stepOn` of the accelerator-seconds that a cut
 * takes: seconds that no step on so many undercuts.
 */
function shortlist(
  { stepOn, stopped }: Pick<ListedSpace, "stepOn" | "stopped">, problem: MappingProblem, payloadBps: number, accelerators: number,
  atLeastS: number
): Shortlist {
  const floors = problem.linkedFloors(payloadBps)
  const { works, order } = floors
  const entries: Array<ShortPipeline> = []
  let longestS = Infinity
  for (const cut of order) {
    if (stepOn(works[cut.index]!)(accelerators) > longestS) break
    if (stopped()) return { entries: [], longestS: 0, payloadBps, floors }
    for (const plan of problem.pipelines) {
      const one = listed(problem, { payloadBps, floors }, cut, plan, accelerators, longestS)
      if (one === null) continue
      entries.push(one)
      longestS = Math.min(longestS, Math.max(atLeastS, leastRoom * one.floorS))
    }
  }
  return { entries: byFloor(entries.filter(({ floorS }) => floorS <= longestS), longestS), longestS, payloadBps, floors }
}

/** By rising floor: dealt into as many ranges as there are, and each range sorted. */
function byFloor(entries: ReadonlyArray<ShortPipeline>, longestS: number): ReadonlyArray<ShortPipeline> {
  const shortestS = entries.reduce((least, { floorS }) => Math.min(least, floorS), longestS)
  const width = (longestS - shortestS) / entries.length
  const ranges: Array<Array<ShortPipeline>> = []
  for (const one of entries) {
    const range = width > 0 ? Math.floor((one.floorS - shortestS) / width) : 0
    const others = ranges[range]
    if (others === undefined) ranges[range] = [one]
    else others.push(one)
  }
  return ranges.flatMap((range) => range.sort((a, b) => a.floorS - b.floorS))
}

/** Null where the pipeline does not fit onto so many accelerators, or takes longer. */
function listed(
  problem: MappingProblem, { payloadBps, floors }: Pick<Shortlist, "payloadBps" | "floors">, cut: LayerCut, plan: PipelinePlan,
  accelerators: number, longestS: number
): ShortPipeline | null {
  const replicas = mostReplicas({ hbds: accelerators, hbdSize: 1 }, cut, plan.pp)
  if (replicas === 0) return null
  const microBatches = fewestMicroBatches(problem, cut, replicas)
  const floorS = roughStepOfSilicon(problem, cut, floors.layers[cut.index]!, plan, microBatches, payloadBps, longestS)
  return floorS > longestS ? null : { cut, plan, microBatches, floorS }
}

/**
 * The most replicas of a listed pipeline on the problem's machine, which is of the silicon and no larger than the list was made for;
 * 0 where it does not hold one, or where neither its floor there nor its cut's work may matter.
 */
export function replicasOn(
  problem: MappingProblem, { payloadBps, floors }: Shortlist, { cut, plan, microBatches: listed, floorS }: ShortPipeline,
  cuts: CutFilter, mayMatter: (floorS: number) => boolean
): number {
  const replicas = mostReplicas(problem, cut, plan.pp)
  if (replicas === 0) return 0
  const microBatches = fewestMicroBatches(problem, cut, replicas)
  const hereS = microBatches === listed ? floorS
    : roughStepOfSilicon(problem, cut, floors.layers[cut.index]!, plan, microBatches, payloadBps)
  return mayMatter(hereS) && cuts.isOpen(cut) ? replicas : 0
}

/** Seconds that no step of the problem undercuts: the least of its pipelines, or what the list is made for. */
export function leastStepOfList(problem: MappingProblem, list: Shortlist, stepOn: StepOn): number {
  const { entries, longestS } = list
  let leastS = longestS
  const isLess = (floorS: number) => floorS < leastS
  const cuts = new CutFilter(problem, (work) => isLess(stepOn(work)(problem.hbds * problem.hbdSize)))
  for (const entry of entries) {
    const { cut, plan, floorS } = entry
    if (floorS >= leastS) break
    if (cuts.isClosed(cut)) continue
    const replicas = replicasOn(problem, list, entry, cuts, isLess)
    if (replicas === 0) continue
    const microBatches = fewestMicroBatches(problem, cut, replicas)
    const layers = lightestLayers(problem, cut)
    if (roughStepOfPipeline(problem, cut, layers, plan, microBatches) >= leastS) continue
    for (const order of ordersOf(problem, plan)) {
      leastS = Math.min(leastS, leastStepOfPipeline(problem, layers, plan, order, microBatches))
    }
  }
  return leastS
}
