/**
 * A binary heap of open nodes: best bound first, then the deeper, then the older. The order is total, so runs
 * repeat.
 */
import type { Sense } from "../contract/linear-program.ts"
import type { OpenNode } from "../contract/work-item.ts"

export class NodeHeap<Node> {
  readonly #items: Array<OpenNode<Node>> = []
  /** bounds negated when minimising, so that greater is better */
  readonly #keys: Array<number> = []
  readonly #ages: Array<number> = []
  readonly #sign: 1 | -1
  #births = 0

  constructor(sense: Sense) {
    this.#sign = sense === "maximize" ? 1 : -1
  }

  get size(): number {
    return this.#items.length
  }

  /** null when empty */
  bestBound(): number | null {
    return this.#items.length === 0 ? null : this.#items[0]!.bound
  }

  push(item: OpenNode<Node>): void {
    this.#place(this.#items.length, item, item.bound * this.#sign, this.#births++)
    this.#rise(this.#items.length - 1)
  }

  pop(): OpenNode<Node> | null {
    const top = this.#items[0] ?? null
    const item = this.#items.pop()
    const key = this.#keys.pop()
    const age = this.#ages.pop()
    if (top !== null && this.#items.length > 0) {
      this.#place(0, item!, key!, age!)
      this.#sink()
    }
    return top
  }

  /** Everything left, best first. */
  drain(): Array<OpenNode<Node>> {
    const all: Array<OpenNode<Node>> = []
    for (let item = this.pop(); item !== null; item = this.pop()) all.push(item)
    return all
  }

  #place(at: number, item: OpenNode<Node>, key: number, age: number): void {
    this.#items[at] = item
    this.#keys[at] = key
    this.#ages[at] = age
  }

  #precedes(a: number, b: number): boolean {
    if (this.#keys[a] !== this.#keys[b]) return this.#keys[a]! > this.#keys[b]!
    if (this.#items[a]!.depth !== this.#items[b]!.depth) return this.#items[a]!.depth > this.#items[b]!.depth
    return this.#ages[a]! < this.#ages[b]!
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1
      if (!this.#precedes(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1
      if (left >= this.#items.length) return
      const best = left + 1 < this.#items.length && this.#precedes(left + 1, left) ? left + 1 : left
      if (!this.#precedes(best, at)) return
      this.#swap(at, best)
      at = best
    }
  }

  #swap(a: number, b: number): void {
    const item = this.#items[a]!
    const key = this.#keys[a]!
    const age = this.#ages[a]!
    this.#place(a, this.#items[b]!, this.#keys[b]!, this.#ages[b]!)
    this.#place(b, item, key, age)
  }
}
