/** Classes that another class of the same block makes needless where only speed counts. */
import { type FabricClass, hasRoomFor } from "./fabric-class.ts"
import { isNoSlower } from "./fabric-order.ts"

/**
 * Tells needless classes of a block when asked. One class covers another when every mapping is as fast on it and the limits
 * leave it room for as many HBDs: exactly counted for the one, by its bound for the other. To cover is transitive, so that it is
 * enough to ask those with more room by their bounds, of equals those before.
 */
export class ClassDominance {
  readonly #classes: ReadonlyArray<FabricClass>
  /** classes by falling room, and their places in it */
  readonly #order: ReadonlyArray<number>
  readonly #known = new Map<number, boolean>()

  constructor(classes: ReadonlyArray<FabricClass>) {
    this.#classes = classes
    this.#order = classes.map((_, i) => i).sort((a, b) => classes[b]!.hbdsBound - classes[a]!.hbdsBound || a - b)
  }

  isNeedless(index: number): boolean {
    let needless = this.#known.get(index)
    if (needless === undefined) this.#known.set(index, needless = this.#isCovered(index))
    return needless
  }

  #isCovered(index: number): boolean {
    const of = this.#classes[index]!
    const { scaleOut } = of.machine
    const most = of.stands.map((_, stand) => Math.max(...of.members.map(({ stands }) => stands[stand]!.hbdsBound)))
    for (const other of this.#order) {
      if (other === index) return false
      // what covers one that is needless covers all that this one covers
      if (this.#known.get(other) === true) continue
      const one = this.#classes[other]!
      if (isNoSlower(one.machine.scaleOut, scaleOut) && hasRoomFor(one, most)) return true
    }
    return false
  }
}
