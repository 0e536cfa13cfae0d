/**
 * The cuts of a layer by rising work, worked out as far as they are asked for: a cut's computation alone, which is
 * the same on every machine of one silicon, bounds its work from below, so few cuts are timed with their
 * communication.
 */
import { computeFloors, type LayerSeconds } from "../performance/block-seconds.ts"
import { leastBlockSeconds, onFreeLinks } from "../performance/least-block.ts"
import type { BlockContext } from "../performance/block-choice.ts"
import type { Recompute } from "../performance/mapping.ts"
import { modelTime } from "../performance/step.ts"
import type { StageLoad } from "../performance/stage.ts"
import type { LayerCut } from "./layer-cut.ts"
import type { Stopped } from "./stopped.ts"

/** A cut and the accelerator-seconds that no step of it undercuts. */
export interface CutWork {
  readonly cut: LayerCut
  readonly work: number
}

/** Accelerator-seconds of every cut at the least, on any machine of one silicon, by its index, and the cuts by rising ones. */
export interface CutFloors {
  readonly works: Float64Array
  readonly order: ReadonlyArray<LayerCut>
  /** seconds at the least of one layer of each kind and the head, both passes, by the cut's index */
  readonly layers: ReadonlyArray<LayerSeconds>
}

/** Accelerator-seconds of a whole step when one micro-batch takes `modelS` through the whole model. */
export function workOfBatch(globalBatch: number, { microBatch, tp, cp }: LayerCut, modelS: number): number {
  return globalBatch / microBatch * modelS * tp * cp
}

/** By computation alone. */
export function cutFloors(
  context: BlockContext, cuts: ReadonlyArray<LayerCut>, recompute: Recompute, load: StageLoad
): CutFloors {
  const known = new Map<string, LayerSeconds>()
  return floorsOf(context, cuts, load, ({ tp, cp, ep, etp, microBatch, sequenceParallel }) => {
    const key = `${tp} ${microBatch / cp} ${sequenceParallel} ${ep} ${etp}`
    let floors = known.get(key)
    if (floors === undefined) {
      known.set(key, floors = computeFloors(context, { tp, cp, ep, etp, microBatch, sequenceParallel, recompute }))
    }
    return floors
  })
}

/** Cuts timed between two looks at what stops a search. */
const cutsBetweenLooks = 64

const nothing: LayerSeconds = { dense: 0, moe: 0, head: 0 }

/**
 * With what layers send at the least on links that carry no more than `payloadBps` of an accelerator, bytes/s. Once stopped, that
 * they take no time.
 */
export function linkedFloors(
  context: BlockContext, cuts: ReadonlyArray<LayerCut>, recompute: Recompute, load: StageLoad, payloadBps: number,
  stopped: Stopped
): CutFloors {
  const free = onFreeLinks(context, payloadBps)
  let isStopped = false
  return floorsOf(context, cuts, load, ({ index, tp, cp, ep, etp, microBatch, sequenceParallel }) => {
    if (index % cutsBetweenLooks === 0 && stopped()) isStopped = true
    if (isStopped) return nothing
    return leastBlockSeconds(free, { tp, cp, ep, etp, microBatch, sequenceParallel, recompute })
  })
}

function floorsOf(
  { workload: { globalBatch } }: BlockContext, cuts: ReadonlyArray<LayerCut>, load: StageLoad,
  layersOf: (cut: LayerCut) => LayerSeconds
): CutFloors {
  const layers = cuts.map(layersOf)
  const works = Float64Array.from(cuts, (cut) => {
    const { dense, moe, head } = layers[cut.index]!
    return workOfBatch(globalBatch, cut, modelTime(dense, moe, head, load))
  })
  const order = [...cuts].sort((a, b) => works[a.index]! - works[b.index]! || a.index - b.index)
  return { works, order, layers }
}

export class CutOrder implements Iterable<CutWork> {
  readonly #floors: CutFloors
  readonly #workOf: (cut: LayerCut) => number
  /** by rising work, then by index */
  readonly #sorted: Array<CutWork> = []
  /** timed, but perhaps not the next */
  readonly #waiting: Array<CutWork> = []
  #timed = 0

  /** `workOf` a cut is at least its floor. */
  constructor(floors: CutFloors, workOf: (cut: LayerCut) => number) {
    this.#floors = floors
    this.#workOf = workOf
  }

  *[Symbol.iterator](): Iterator<CutWork> {
    for (let i = 0; ; i++) {
      const next = this.#sorted[i] ?? this.#advance()
      if (next === null) return
      yield next
    }
  }

  #advance(): CutWork | null {
    const { order, works } = this.#floors
    for (; this.#timed < order.length; this.#timed++) {
      const cut = order[this.#timed]!
      const least = this.#waiting.at(-1)
      if (least !== undefined && works[cut.index]! > least.work) break
      insert(this.#waiting, { cut, work: this.#workOf(cut) })
    }
    const next = this.#waiting.pop()
    if (next === undefined) return null
    this.#sorted.push(next)
    return next
  }
}

/** Keeps the list falling, so that its least is its last. */
function insert(list: Array<CutWork>, one: CutWork): void {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    const { work, cut } = list[middle]!
    if (work > one.work || (work === one.work && cut.index > one.cut.index)) low = middle + 1
    else high = middle
  }
  list.splice(low, 0, one)
}
