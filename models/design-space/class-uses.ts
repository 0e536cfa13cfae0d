/** What numbers of HBDs of a class use, each counted once. */
import { cheapestMember, type ClassUse, type FabricClass } from "./fabric-class.ts"
import type { OutcomeModel } from "./outcome.ts"
import { type HbdNeed, needOnOneSite } from "./site-spread.ts"
import { never, type Stopped } from "./stopped.ts"

/** HBDs up to which their use is counted exactly in a bound: what is rounded up for more of them is little. */
const countedMost = 64

export class ClassUses {
  readonly #outcome: Pick<OutcomeModel, "cost" | "boundAt">
  readonly #uses = new WeakMap<FabricClass, Map<number | string, ClassUse | null>>()
  readonly #leastValues = new WeakMap<FabricClass, Map<number, number>>()

  constructor(outcome: Pick<OutcomeModel, "cost" | "boundAt">) {
    this.#outcome = outcome
  }

  /** Of the member that serves the HBDs at the least cost; null: none can. Once `stopped`, perhaps null. */
  of(of: FabricClass, need: HbdNeed, stopped: Stopped = never): ClassUse | null {
    const uses = mapOf(this.#uses, of)
    const key = of.crossing === null ? need.hbds : `${need.hbds} ${need.needed} ${need.unit}`
    const known = uses.get(key)
    if (known !== undefined) return known
    const use = cheapestMember(of, need, this.#outcome.cost, stopped)
    if (!stopped()) uses.set(key, use)
    return use
  }

  /**
   * Of a class on one site: no fast enough layout of so many of its HBDs, or more, has a better value. Exactly counted where they
   * are few, for there whole racks and switches make much of it. Only where the value is of the use alone, and less is better.
   */
  leastValueFrom(of: FabricClass, hbds: number, stopped: Stopped = never): number {
    const values = mapOf(this.#leastValues, of)
    let least = values.get(hbds)
    if (least === undefined) {
      least = this.#leastFrom(of, hbds, stopped)
      if (!stopped()) values.set(hbds, least)
    }
    return least
  }

  #leastFrom(of: FabricClass, hbds: number, stopped: Stopped): number {
    let least = Infinity
    for (let count = hbds; count <= of.hbdsBound; count++) {
      const bound = this.#outcome.boundAt(0, of.useBound, count)
      if (bound >= least) break
      if (count > countedMost) return Math.min(least, bound)
      const use = this.of(of, needOnOneSite(count), stopped)?.use
      if (use !== undefined) least = Math.min(least, this.#outcome.boundAt(0, use, 1))
    }
    return least
  }
}

function mapOf<K, V>(maps: WeakMap<FabricClass, Map<K, V>>, of: FabricClass): Map<K, V> {
  let map = maps.get(of)
  if (map === undefined) maps.set(of, map = new Map())
  return map
}
