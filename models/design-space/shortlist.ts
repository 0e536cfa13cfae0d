/**
 * The pipelines of cuts that may be as fast as asked on one silicon, whatever HBDs and fabrics it stands in: worked out once where
 * the mappings of many machines are searched.
 */
import type { HbdBlock } from "./blocks.ts"
import type { LayerCut } from "./layer-cut.ts"
import {
  fewestMicroBatches, lightestLayers, type MappingProblem, mostReplicas, type PipelinePlan, roughStepOfPipeline,
  roughStepOfSilicon
} from "./mapping-run.ts"

export interface ShortPipeline {
  readonly cut: LayerCut
  readonly plan: PipelinePlan
  /** that no step of it undercuts, s */
  readonly floorS: number
}

export interface Shortlist {
  /** by rising floor */
  readonly entries: ReadonlyArray<ShortPipeline>
  /** steps up to so long are of one of these */
  readonly longestS: number
}

/** Blocks of one silicon from which on a shortlist is worth its making, and what longer steps it is made for, relative. */
const shortlistBlocks = 4
const shortlistRoom = 1.1

/** What lists are made from. */
interface ListedSpace {
  readonly blocks: ReadonlyArray<HbdBlock>
  most(hbds: number): number
  idealProblem(block: number, hbds: number): MappingProblem
  stepOn(work: number): (accelerators: number) => number
}

/** The lists of a space, one for each silicon of which enough blocks stand there. */
export class Shortlists {
  readonly #space: ListedSpace
  readonly #lists = new Map<string, Shortlist>()

  constructor(space: ListedSpace) {
    this.#space = space
  }

  /** For steps up to so long, on any block of the silicon; null where a list does not pay. */
  of(block: number, longestS: number): Shortlist | null {
    const { blocks } = this.#space
    const { id } = blocks[block]!.hbd.accelerator
    const known = this.#lists.get(id)
    if (known !== undefined && known.longestS >= longestS) return known
    const alike = blocks.filter(({ hbd }) => hbd.accelerator.id === id)
    if (alike.length < shortlistBlocks || !Number.isFinite(longestS)) return null
    const most = Math.max(...alike.map(({ hbd, hbdsBound }) => this.#space.most(hbdsBound) * hbd.size))
    const problem = this.#space.idealProblem(block, Infinity)
    const list = shortlist(problem, most, longestS * shortlistRoom, (work) => this.#space.stepOn(work))
    this.#lists.set(id, list)
    return list
  }
}

type StepOn = (work: number) => (accelerators: number) => number

/** What a list is made for beyond the shortest step that there may be, at the least: so that many a machine is judged by it. */
const leastRoom = 1.5

/**
 * Of the problem's silicon on up to `accelerators`. `stepOn` of the accelerator-seconds that a cut takes: seconds that no step on
 * so many undercuts.
 */
function shortlist(problem: MappingProblem, accelerators: number, atLeastS: number, stepOn: StepOn): Shortlist {
  const { works, order } = problem.floors()
  const isOpen = (cut: LayerCut, longestS: number) => stepOn(works[cut.index]!)(accelerators) <= longestS
  let shortestS = Infinity
  for (const cut of order) {
    if (!isOpen(cut, shortestS)) break
    for (const { floorS } of pipelinesOf(problem, cut, accelerators)) shortestS = Math.min(shortestS, floorS)
  }
  const longestS = Math.max(atLeastS, leastRoom * shortestS)
  const entries: Array<ShortPipeline> = []
  for (const cut of order) {
    if (!isOpen(cut, longestS)) break
    for (const one of pipelinesOf(problem, cut, accelerators)) if (one.floorS <= longestS) entries.push(one)
  }
  entries.sort((a, b) => a.floorS - b.floorS || a.cut.index - b.cut.index || a.plan.pp - b.plan.pp)
  return { entries, longestS }
}

function pipelinesOf(problem: MappingProblem, cut: LayerCut, accelerators: number): ReadonlyArray<ShortPipeline> {
  const layers = problem.floors().layers[cut.index]!
  return problem.pipelines.flatMap((plan) => {
    const replicas = mostReplicas({ hbds: accelerators, hbdSize: 1 }, cut, plan.pp)
    if (replicas === 0) return []
    return [{ cut, plan, floorS: roughStepOfSilicon(problem, cut, layers, plan, fewestMicroBatches(problem, cut, replicas)) }]
  })
}

/** Seconds that no step of the problem undercuts: the least of its pipelines, roughly, or what the list is made for. */
export function leastRoughStep(problem: MappingProblem, { entries, longestS }: Shortlist): number {
  let leastS = longestS
  for (const { cut, plan, floorS } of entries) {
    if (floorS >= leastS) break
    const replicas = mostReplicas(problem, cut, plan.pp)
    if (replicas === 0) continue
    const microBatches = fewestMicroBatches(problem, cut, replicas)
    leastS = Math.min(leastS, roughStepOfPipeline(problem, cut, lightestLayers(problem, cut), plan, microBatches))
  }
  return leastS
}
