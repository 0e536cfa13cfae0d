/**
 * Seconds of one layer of each kind on one machine, by cut, recomputation and where the experts lie: computed
 * when first asked, kept as plain numbers. All bounds of mappings are sums of these.
 */
import { type BlockSeconds, blockSeconds, expertLayerSeconds } from "../performance/block-seconds.ts"
import type { BlockChoice, BlockContext } from "../performance/block-choice.ts"
import type { Recompute } from "../performance/mapping.ts"
import { modelTime } from "../performance/step.ts"
import { type StageLoad } from "../performance/stage.ts"
import { type CutFloors, CutOrder, type CutWork, workOfBatch } from "./cut-order.ts"
import { type CutPlaces, cutPlaces, type LayerCut } from "./layer-cut.ts"

const recomputeKinds: ReadonlyArray<Recompute> = ["none", "selective", "full"]

/** Of most machines few cuts are timed. */
const pageBits = 6
const pageMask = (1 << pageBits) - 1

/** Numbers of a cut before the times of its experts, one per place. */
const header = 6

/** Of a cut under one recomputation; those with experts at their best place. */
export interface CutLayers extends BlockSeconds {
  readonly cut: LayerCut
  readonly recompute: number
}

/** Parameters of one rank in the layers of a stage that tensor parallelism shards. */
export function denseParametersOf({ denseParameters, moeParameters }: CutLayers, { full, fullMoe }: StageLoad): number {
  return (full - fullMoe) * denseParameters + fullMoe * moeParameters
}

/** Parameters of the experts of one rank in the layers of a stage. */
export function expertParametersOf({ expertParameters }: CutLayers, { fullMoe }: StageLoad): number {
  return fullMoe * expertParameters
}

export class LayerTimes {
  readonly #context: BlockContext
  readonly #hbdSize: number
  readonly #places: Array<CutPlaces | undefined>
  /** where a cut's numbers begin in the pool, by cut and recomputation, in pages that are made when needed; −1: not computed */
  readonly #starts: Array<Int32Array | undefined> = []
  #pool = new Float64Array(64)
  #used = 0
  #byWork: CutOrder | null = null

  /** `places`: of cuts on HBDs of the size, shared by all machines that have it. */
  constructor(context: BlockContext, hbdSize: number, places: Array<CutPlaces | undefined> = []) {
    this.#context = context
    this.#hbdSize = hbdSize
    this.#places = places
  }

  places(cut: LayerCut): CutPlaces {
    return this.#places[cut.index] ??= cutPlaces(cut, this.#hbdSize)
  }

  layers(cut: LayerCut, recompute: number): CutLayers {
    const start = this.#start(cut, recompute)
    const pool = this.#pool
    return {
      cut, recompute, dense: pool[start]!, head: pool[start + 1]!, denseParameters: pool[start + 2]!,
      moeParameters: pool[start + 3]!, expertParameters: pool[start + 4]!, moe: pool[start + 5]!
    }
  }

  /** One layer with experts, s, at the best place of these when an HBD holds up to `room` replicas of a stage. */
  experts(cut: LayerCut, recompute: number, room: number): number {
    const start = this.#start(cut, recompute) + header
    const { experts } = this.places(cut)
    let least = Infinity
    for (let i = 0; i < experts.length; i++) {
      if (experts[i]!.replicas <= room) least = Math.min(least, this.#pool[start + i]!)
    }
    return least
  }

  /**
   * Accelerator-seconds that no step of the cut undercuts, whatever the pipeline: the slowest stage has at
   * least the mean stage's share of the model and runs at least batch/(dp · micro-batch) times, on tp·cp·pp·dp
   * accelerators.
   */
  work(cut: LayerCut, recompute: number, load: StageLoad): number {
    const { dense, moe, head } = this.layers(cut, recompute)
    const modelS = modelTime(dense, moe, head, load)
    return workOfBatch(this.#context.workload.globalBatch, cut, modelS)
  }

  /** All cuts by rising work; `floors` under the same recomputation and load. */
  byWork(floors: CutFloors, recompute: number, load: StageLoad): Iterable<CutWork> {
    return this.#byWork ??= new CutOrder(floors, (cut) => this.work(cut, recompute, load))
  }

  #start(cut: LayerCut, recompute: number): number {
    const slot = cut.index * recomputeKinds.length + recompute
    const page = this.#starts[slot >> pageBits] ??= new Int32Array(1 << pageBits).fill(-1)
    const known = page[slot & pageMask]!
    if (known >= 0) return known
    const { tp, cp, ep, etp, microBatch, sequenceParallel } = cut
    const { tensorInside, contextInside, experts } = this.places(cut)
    const start = this.#reserve(header + experts.length)
    const choiceOf = (inside: number): BlockChoice => ({
      tp, cp, ep, etp, microBatch, sequenceParallel, recompute: recomputeKinds[recompute]!,
      tensor: { inside: tensorInside, outside: tp / tensorInside, span: tp },
      context: { inside: contextInside, outside: cp / contextInside, span: tp * cp },
      // a group's span is at least its members': the fewest levels of a tapered fabric
      expert: { inside, outside: ep / inside, span: ep * etp }
    })
    const { dense, head, moe, denseParameters, moeParameters, expertParameters } =
      blockSeconds(this.#context, choiceOf(experts[0]!.inside))
    this.#pool[start] = dense
    this.#pool[start + 1] = head
    this.#pool[start + 2] = denseParameters
    this.#pool[start + 3] = moeParameters
    this.#pool[start + 4] = expertParameters
    let best = Infinity
    for (let i = 0; i < experts.length; i++) {
      const seconds = i === 0 ? moe : expertLayerSeconds(this.#context, choiceOf(experts[i]!.inside))
      this.#pool[start + header + i] = seconds
      best = Math.min(best, seconds)
    }
    this.#pool[start + 5] = best
    page[slot & pageMask] = start
    return start
  }

  #reserve(count: number): number {
    const start = this.#used
    this.#used += count
    if (this.#used > this.#pool.length) {
      const grown = new Float64Array(2 * this.#used)
      grown.set(this.#pool)
      this.#pool = grown
    }
    return start
  }
}
