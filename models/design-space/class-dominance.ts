/** Classes that another class of the same block makes needless where only speed counts. */
import { type FabricClass, hasRoomFor } from "./fabric-class.ts"
import { isNoSlower } from "./fabric-order.ts"

/**
 * Tells needless ones among classes of a block when asked. One class covers another when every mapping is as fast on it and the
 * limits leave it room for as many HBDs: exactly counted for the one, by its bound for the other. To cover is transitive, so that
 * it is enough to ask those with more room by their bounds, of equals those before.
 */
export class ClassDominance {
  /** by falling room */
  readonly #classes: ReadonlyArray<FabricClass>
  readonly #known = new Map<FabricClass, boolean>()

  constructor(classes: ReadonlyArray<FabricClass>) {
    this.#classes = [...classes].sort((a, b) => b.hbdsBound - a.hbdsBound || a.fabric - b.fabric)
  }

  isNeedless(of: FabricClass): boolean {
    let needless = this.#known.get(of)
    if (needless === undefined) this.#known.set(of, needless = this.#isCovered(of))
    return needless
  }

  #isCovered(of: FabricClass): boolean {
    const { scaleOut } = of.machine
    const most = of.stands.map((_, stand) => Math.max(...of.members.map(({ stands }) => stands[stand]!.hbdsBound)))
    for (const other of this.#classes) {
      if (other === of) return false
      // what covers one that is needless covers all that this one covers
      if (this.#known.get(other) === true) continue
      if (isNoSlower(other.machine.scaleOut, scaleOut) && hasRoomFor(other, most)) return true
    }
    return false
  }
}
