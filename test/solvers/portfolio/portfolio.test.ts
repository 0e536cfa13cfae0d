/** The portfolio's answer must not depend on threads, on the order in which they finish, nor on lost items. */
import { describe, expect, it } from "vitest"
import { searchItem, searchTree } from "../../../solvers/branch-and-bound/branch-and-bound.ts"
import { unlimited, type Limits, type SearchRequest } from "../../../solvers/contract/search-run.ts"
import type { ItemAnswer, WorkItem } from "../../../solvers/contract/work-item.ts"
import { genetic } from "../../../solvers/genetic/genetic.ts"
import { type PortfolioParts, solvePortfolio } from "../../../solvers/portfolio/portfolio.ts"
import { createIncumbentCell, openIncumbentCell } from "../../../solvers/portfolio/shared-incumbent.ts"
import {
  bruteForce, type Digits, fakeInterrupt, hardChoices, productSpace, randomChoices, requestFor, seeded
} from "../product-space.ts"

type Item = WorkItem<Digits, Digits>
type Reply = ItemAnswer<Digits, Digits>

const choices = hardChoices(41, 8, 4)
const expected = bruteForce(choices)!

/** Threads in pretence: each item is answered after a number of turns that differs from run to run. */
function parts(
  request: SearchRequest<Digits, Digits>,
  threads: number,
  seed: number,
  answer: (item: Item) => Reply = (item) => searchItem(request, item)
): PortfolioParts<Digits, Digits> {
  const draw = seeded(seed)
  return {
    heuristics: [{ solver: genetic, evaluations: 20, timeShare: 0.2 }],
    threads,
    runItem: async (item) => {
      for (let turn = draw(20); turn > 0; turn--) await Promise.resolve()
      return answer(structuredClone(item))
    }
  }
}

const solve = (limits: Limits, threads: number, seed: number) => {
  const cell = createIncumbentCell("maximize")
  const shared = openIncumbentCell(cell, "maximize")
  const request = requestFor(productSpace(choices), { limits, shared, interrupt: fakeInterrupt(1e-5) })
  return solvePortfolio(request, parts(request, threads, seed))
}

describe("portfolio", () => {
  it("ends at the optimum with any number of threads, finishing in any order", async () => {
    for (const [threads, seed] of [[1, 1], [2, 2], [2, 3], [5, 4]] as const) {
      const { work: _, ...answer } = await solve(unlimited, threads, seed)
      expect(answer).toMatchObject({
        status: "optimal", stoppedBy: null, bound: expected.value, gap: 0,
        incumbent: { candidate: expected.digits, value: expected.value }
      })
    }
  })

  it("takes the whole tree as one item where no other number of threads is to give the same", async () => {
    for (const limit of [{}, { gap: 0.05 }, { evaluations: 25 }]) {
      const limits = { ...unlimited, ...limit }
      const request = requestFor(productSpace(choices), { limits, interrupt: fakeInterrupt(1e-5) })
      const answer = await solvePortfolio(request, { ...parts(request, 1, 1), heuristics: [], isAlone: true })
      const whole = searchTree(request)
      expect({ ...answer, work: null }).toEqual({ ...whole, work: null })
      expect(answer.bound).toBeGreaterThanOrEqual(expected.value)
    }
  })

  it.each([{ evaluations: 25 }, { evaluations: 22 }, { gap: 0.05 }, { gap: 0.05, evaluations: 5000 }])(
    "gives the same answer with any number of threads at a limit of work: %o",
    async (limit) => {
      const limits = { ...unlimited, ...limit }
      const alone = await solve(limits, 1, 1)
      expect(alone.stoppedBy).not.toBeNull()
      for (const [threads, seed] of [[2, 2], [2, 3], [5, 4]] as const) {
        expect(await solve(limits, threads, seed)).toEqual(alone)
      }
    }
  )

  it("runs a lost item again, with the same answer", async () => {
    const request = requestFor(productSpace(choices), { limits: { ...unlimited, evaluations: 400 } })
    const plain = await solvePortfolio(request, parts(request, 2, 1))
    const lost = new Set<number>()
    const lossy = await solvePortfolio(request, parts(request, 2, 1, (item) => {
      if (lost.has(item.id)) return searchItem(request, item)
      lost.add(item.id)
      throw new Error("the thread died")
    }))
    expect(lost.size).toBeGreaterThan(3)
    expect(lossy).toEqual(plain)
  })

  it("gives up an item that is lost again and again", async () => {
    const request = requestFor(productSpace(choices))
    await expect(solvePortfolio(request, parts(request, 2, 1, () => {
      throw new Error("the thread died")
    }))).rejects.toThrow("the thread died")
  })

  it("keeps an expansion that takes longer than a slice of time", async () => {
    // the clock advances by a whole slice at every question, so each item ends after one node
    const request = requestFor(productSpace(randomChoices(42, 4, 3, "minimize")), { interrupt: fakeInterrupt(0.2) })
    const answer = await solvePortfolio(request, { ...parts(request, 2, 1), heuristics: [] })
    expect(answer).toMatchObject({ status: "optimal", incumbent: searchTree(requestFor(request.space)).incumbent })
  })

  it("says in its log who found the incumbents, heuristics included", async () => {
    const sources = new Set<string>()
    const request = requestFor(productSpace(choices), { progress: ({ kind, source }) => {
      if (kind === "incumbent") sources.add(source)
    } })
    await solvePortfolio(request, parts(request, 2, 1))
    expect([...sources].sort()).toEqual(["branch-and-bound", "genetic"])
  })
})

describe("shared incumbent", () => {
  it("keeps the best of what all threads publish", () => {
    for (const [sense, best] of [["maximize", 7.5], ["minimize", -3]] as const) {
      const cell = createIncumbentCell(sense)
      const views = [openIncumbentCell(cell, sense), openIncumbentCell(cell, sense)]
      expect(views[0]!.value()).toBe(sense === "maximize" ? -Infinity : Infinity)
      for (const [k, value] of [4, 7.5, -3, 2].entries()) views[k % 2]!.publish(value)
      expect(views.map((view) => view.value())).toEqual([best, best])
    }
  })
})
