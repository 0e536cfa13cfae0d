/** A binary heap of things with keys, the least key first, of equal ones the older: so what it hands out repeats. */
export class PromiseQueue<A> {
  readonly #items: Array<A> = []
  readonly #keys: Array<number> = []
  readonly #ages: Array<number> = []
  #births = 0

  /** Infinity when empty. */
  get leastKey(): number {
    return this.#keys[0] ?? Infinity
  }

  push(item: A, key: number): void {
    const age = this.#births++
    let at = this.#items.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#precedes(key, age, parent)) break
      this.#move(parent, at)
      at = parent
    }
    this.#place(at, item, key, age)
  }

  /** Undefined when empty. */
  pop(): A | undefined {
    const top = this.#items[0]
    const item = this.#items.pop()
    const key = this.#keys.pop()
    const age = this.#ages.pop()
    if (item === undefined || key === undefined || age === undefined || this.#items.length === 0) return top
    let at = 0
    for (let child = 1; child < this.#items.length; child = 2 * at + 1) {
      if (child + 1 < this.#items.length && this.#precedes(this.#keys[child + 1]!, this.#ages[child + 1]!, child)) child++
      if (this.#precedes(key, age, child)) break
      this.#move(child, at)
      at = child
    }
    this.#place(at, item, key, age)
    return top
  }

  #precedes(key: number, age: number, at: number): boolean {
    return key < this.#keys[at]! || (key === this.#keys[at] && age < this.#ages[at]!)
  }

  #move(from: number, to: number): void {
    this.#place(to, this.#items[from]!, this.#keys[from]!, this.#ages[from]!)
  }

  #place(at: number, item: A, key: number, age: number): void {
    this.#items[at] = item
    this.#keys[at] = key
    this.#ages[at] = age
  }
}
