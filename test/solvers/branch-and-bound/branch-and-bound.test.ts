/** Branch and bound against brute force, in any order, with lazy nodes, offers and shared incumbents. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { branchAndBound, searchItem, searchTree } from "../../../solvers/branch-and-bound/branch-and-bound.ts"
import { NodeHeap } from "../../../solvers/branch-and-bound/node-heap.ts"
import { enumerateSpace } from "../../../solvers/exhaustive/exhaustive.ts"
import type { Sense } from "../../../solvers/contract/linear-program.ts"
import { unlimited, type Progress } from "../../../solvers/contract/search-run.ts"
import type { SearchSpace } from "../../../solvers/contract/search-space.ts"
import type { OpenNode } from "../../../solvers/contract/work-item.ts"
import {
  bruteForce, type Choices, type Digits, fakeInterrupt, hardChoices, productSpace, randomChoices, requestFor, seeded
} from "../product-space.ts"

const row = (entry: fc.Arbitrary<number>) => fc.array(entry, { minLength: 1, maxLength: 4 })
/** Whole numbers make ties; tenths make bounds and values that differ by rounding alone. */
const anyChoices: fc.Arbitrary<Choices> = fc.record({
  sense: fc.constantFrom<Sense>("maximize", "minimize"),
  unit: fc.constantFrom(1, 0.1),
  values: fc.array(row(fc.integer({ min: -6, max: 6 })), { maxLength: 5 }),
  weights: fc.array(fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }), { minLength: 5, maxLength: 5 }),
  capacity: fc.nat(14)
}).map(({ unit, values, ...rest }) =>
  ({ ...rest, values: values.map((entries) => entries.map((value) => value * unit)) }))

/** The same tree with its children in another order. */
function shuffled(space: SearchSpace<Digits, Digits>, seed: number): SearchSpace<Digits, Digits> {
  const draw = seeded(seed)
  return {
    ...space,
    branch: (node, expansion) =>
      [...space.branch(node, expansion)].map((child) => ({ child, at: draw(1e9) })).sort((a, b) => a.at - b.at)
        .map(({ child }) => child)
  }
}

describe("branch and bound", () => {
  it("finds the brute force optimum, to the last bit and the first among ties, with both rules of pruning", () => {
    fc.assert(fc.property(anyChoices, (choices) => {
      const expected = bruteForce(choices)
      // sums in another order: the rule for ties asks for bounds that hold to the last bit, so whole numbers only
      const isWhole = choices.values.flat().every(Number.isInteger)
      for (const usesTieRule of isWhole ? [false, true] : [false]) {
        const answer = searchTree(requestFor(productSpace(choices, usesTieRule)))
        expect(answer.incumbent?.value).toBe(expected?.value)
        expect(answer.incumbent?.candidate).toEqual(expected?.digits)
        expect(answer.status).toBe(expected === null ? "infeasible" : "optimal")
        expect(answer.bound).toBe(expected?.value ?? null)
      }
    }), { numRuns: 400, seed: 11 })
  })

  it("answers the same in whatever order children come", () => {
    fc.assert(fc.property(anyChoices, fc.integer(), (choices, seed) => {
      const space = productSpace(choices)
      const { work: _, ...answer } = searchTree(requestFor(space))
      expect(searchTree(requestFor(shuffled(space, seed)))).toMatchObject(answer)
    }), { numRuns: 200, seed: 12 })
  })

  it("has a valid bound at every moment", () => {
    const senses = fc.constantFrom<Sense>("maximize", "minimize")
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), senses, (seed, sense) => {
      const choices = randomChoices(seed, 6, 3, sense, 90)
      const optimum = bruteForce(choices)
      const events: Array<Progress> = []
      searchTree(requestFor(productSpace(choices), {
        interrupt: fakeInterrupt(0.1), progress: (event) => void events.push(event)
      }))
      expect(events.length).toBeGreaterThan(0)
      for (const { bound } of events) {
        if (bound === null || optimum === null) continue
        expect(sense === "maximize" ? bound >= optimum.value : bound <= optimum.value).toBe(true)
      }
    }), { numRuns: 60, seed: 13 })
  })

  it("looks at fewer nodes than there are, and at fewer still where ties may be pruned", () => {
    const choices = randomChoices(21, 8, 4, "maximize")
    const all = enumerateSpace(requestFor(productSpace(choices)))
    const some = searchTree(requestFor(productSpace(choices)))
    const few = searchTree(requestFor(productSpace(choices, true)))
    expect(all.incumbent?.candidate).toEqual(some.incumbent?.candidate)
    expect(few.incumbent?.candidate).toEqual(some.incumbent?.candidate)
    expect(some.work.nodes * 4).toBeLessThan(all.work.nodes)
    expect(few.work.nodes).toBeLessThan(some.work.nodes)
  })

  it("asks the dearer bound only of nodes that are chosen", () => {
    const choices = randomChoices(22, 8, 4, "maximize", 90)
    const asked = [0, 0]
    const space = productSpace(choices)
    const counting = { ...space, bound: (node: Digits, level: number) => (asked[level]!++, space.bound(node, level)) }
    searchTree(requestFor(counting))
    expect(asked[1]).toBeGreaterThan(0)
    expect(asked[1]!).toBeLessThan(asked[0]!)
  })

  it("takes candidates that a node offers while it is expanded, and counts what it spent", () => {
    const choices = randomChoices(23, 6, 3, "maximize")
    const space = productSpace(choices)
    const best = bruteForce(choices)!
    const cutoffs: Array<number> = []
    const offering: SearchSpace<Digits, Digits> = {
      ...space,
      branch: (node, expansion) => {
        if (node.length === 0) {
          expansion.offer(best.digits)
          expansion.spend(100)
        }
        cutoffs.push(expansion.cutoff())
        return space.branch(node, expansion)
      }
    }
    const answer = searchTree(requestFor(offering))
    expect(answer.incumbent).toMatchObject({ candidate: best.digits, value: best.value })
    expect(cutoffs[0]).toBe(best.value)
    expect(answer.work.evaluations).toBeGreaterThan(100)
  })

  it("searches nodes that stand for the rest of a list, without unrolling it", () => {
    // a node [k] stands for all numbers from k on; its bound is its first, best one
    let made = 0
    const space: SearchSpace<{ from: number; isLeaf: boolean }, number> = {
      sense: "maximize",
      root: () => ({ from: 0, isLeaf: false }),
      leaf: ({ from, isLeaf }) => (isLeaf ? from : null),
      evaluate: (k) => (k < 3 ? null : 1e6 - k),
      branch: ({ from }) => {
        made++
        return [{ from, isLeaf: true }, { from: from + 1, isLeaf: false }]
      },
      bound: ({ from }) => 1e6 - from,
      levels: () => 1,
      compare: (a, b) => a - b
    }
    const answer = searchTree(requestFor(space))
    expect(answer).toMatchObject({ status: "optimal", incumbent: { candidate: 3, value: 999997 } })
    // neighbours lie 1e-6 apart, so the margin of 1e-9 keeps none of the rest
    expect(made).toBeLessThan(10)
  })

  it("drops an expansion that was stopped half-way, and keeps its node open", () => {
    const choices = randomChoices(24, 6, 3, "maximize", 90)
    const space = productSpace(choices)
    const slow: SearchSpace<Digits, Digits> = {
      ...space,
      * branch(node, expansion) {
        for (const child of space.branch(node, expansion)) {
          expansion.spend(5)
          if (expansion.stopped()) return
          yield child
        }
      }
    }
    for (let evaluations = 1; evaluations < 120; evaluations += 7) {
      const answer = searchTree(requestFor(slow, { limits: { ...unlimited, evaluations } }))
      expect(answer.stoppedBy).toBe("evaluations")
      expect(answer.bound ?? Infinity).toBeGreaterThanOrEqual(bruteForce(choices)!.value)
    }
  })

  it("prunes against a value found elsewhere, without claiming it", () => {
    const choices = randomChoices(25, 6, 3, "maximize")
    const optimum = bruteForce(choices)!.value
    const shared = { value: () => optimum + 1, publish: () => undefined }
    const answer = searchTree(requestFor(productSpace(choices), { shared }))
    expect(answer).toMatchObject({ status: "noSolution", incumbent: null, bound: optimum + 1 })
  })

  it("works on pieces: open nodes handed back hold all that is left", () => {
    const choices = hardChoices(26, 7, 3)
    const request = requestFor(productSpace(choices))
    let open: ReadonlyArray<OpenNode<Digits>> = [{ node: [], bound: Infinity, level: -1, depth: 0 }]
    let incumbent = null as ReturnType<typeof searchItem<Digits, Digits>>["incumbent"]
    let pieces = 0
    for (; open.length > 0; pieces++) {
      const pause = { nodes: 5, evaluations: Infinity, timeS: Infinity }
      const item = { id: pieces, nodes: open, limits: unlimited, pause, incumbent, isLive: false }
      ;({ open, incumbent } = searchItem(request, item))
    }
    expect(pieces).toBeGreaterThan(3)
    expect(incumbent).toMatchObject({ candidate: bruteForce(choices)!.digits, value: bruteForce(choices)!.value })
  })

  it("refuses bounds and values that are not numbers", () => {
    const space = productSpace(randomChoices(27, 3, 3, "maximize"))
    expect(() => searchTree(requestFor({ ...space, bound: () => NaN }))).toThrow(/bound of level 0/)
    expect(() => searchTree(requestFor({ ...space, evaluate: () => NaN }))).toThrow(/value of a candidate/)
    expect(branchAndBound.capabilities).toEqual({ proves: true, genome: false, gap: true })
  })
})

describe("heap of open nodes", () => {
  it("gives the best bound first, then the deeper, then the older", () => {
    const item = fc.record({ bound: fc.integer({ min: 0, max: 4 }), depth: fc.nat(2) })
    fc.assert(fc.property(fc.array(item), fc.constantFrom<Sense>("maximize", "minimize"), (items, sense) => {
      const heap = new NodeHeap<number>(sense)
      const nodes = items.map(({ bound, depth }, node) => ({ node, bound, depth, level: 0 }))
      for (const node of nodes) heap.push(node)
      const sign = sense === "maximize" ? -1 : 1
      const expected = nodes.toSorted((a, b) => sign * (a.bound - b.bound) || b.depth - a.depth || a.node - b.node)
      expect(heap.size).toBe(items.length)
      expect(heap.bestBound()).toBe(expected[0]?.bound ?? null)
      expect(heap.drain()).toEqual(expected)
      expect(heap.pop()).toBeNull()
    }), { numRuns: 100, seed: 14 })
  })
})
