import { describe, expect, it } from "vitest"
import { CutOrder } from "../../../models/design-space/cut-order.ts"
import type { LayerCut } from "../../../models/design-space/layer-cut.ts"
import { PromiseQueue } from "../../../models/design-space/promise-queue.ts"
import { drawFrom } from "./cut-down.ts"

const cutOf = (index: number): LayerCut =>
  ({ index, tp: 1, cp: 1, ep: 1, etp: 1, microBatch: 1, sequenceParallel: false, multiple: 1 })

/** Cuts whose floors are drawn among few numbers, so that many tie, and what each costs beyond its floor. */
function drawn(seed: number, count: number) {
  const draw = drawFrom(seed)
  const floors = Array.from({ length: count }, () => draw.below(20))
  const works = floors.map((floor) => floor + draw.below(10))
  const order = floors.map((_, index) => cutOf(index)).sort((a, b) => floors[a.index]! - floors[b.index]! || a.index - b.index)
  return { works, floors: { works: Float64Array.from(floors), order, layers: [] } }
}

describe("the order of cuts", () => {
  it("is that of their works, then of their indices, and times few for the first", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { works, floors } = drawn(seed, 200)
      let timed = 0
      const order = new CutOrder(floors, ({ index }) => {
        timed++
        return works[index]!
      })
      const [first] = order
      expect(first!.work).toBe(Math.min(...works))
      expect(timed).toBeLessThan(200)
      const sorted = works.map((work, index) => ({ work, index })).sort((a, b) => a.work - b.work || a.index - b.index)
      expect([...order].map(({ work, cut }) => ({ work, index: cut.index }))).toEqual(sorted)
      expect(timed).toBe(200)
    }
  })
})

describe("the queue of promises", () => {
  it("hands out the least key first, of equal ones the older", () => {
    const draw = drawFrom(1)
    const queue = new PromiseQueue<number>()
    const keys = Array.from({ length: 300 }, () => draw.below(40))
    keys.forEach((key, age) => queue.push(age, key))
    const expected = keys.map((key, age) => ({ key, age })).sort((a, b) => a.key - b.key || a.age - b.age)
    for (const { key, age } of expected) {
      expect(queue.leastKey).toBe(key)
      expect(queue.pop()).toBe(age)
    }
    expect(queue.leastKey).toBe(Infinity)
    expect(queue.pop()).toBeUndefined()
  })
})
