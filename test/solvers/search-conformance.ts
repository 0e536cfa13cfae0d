/** What every solver of search spaces must do, run by each on itself. */
import { describe, expect, it } from "vitest"
import { unlimited, type Progress, type SearchSolver } from "../../solvers/contract/search-run.ts"
import { bruteForce, type Choices, fakeInterrupt, productSpace, randomChoices, requestFor } from "./product-space.ts"

const ties: Choices = {
  sense: "maximize", values: [[2, 1, 2], [1, 1, 1], [0, 3, 3]], weights: [[5, 0, 1], [0, 0, 0], [0, 1, 0]], capacity: 4
}
const impossible: Choices = { sense: "minimize", values: [[1, 2]], weights: [[5, 6]], capacity: 4 }
const single: Choices = { sense: "maximize", values: [[7]], weights: [[0]], capacity: 0 }
const noChoice: Choices = { sense: "maximize", values: [], weights: [], capacity: 0 }
/** every candidate has the same value: a plateau */
const degenerate: Choices = {
  sense: "minimize", values: [[1, 1], [1, 1], [1, 1]], weights: [[1, 0], [1, 0], [1, 0]], capacity: 1
}
const noAlleles: Choices = { sense: "maximize", values: [[1], []], weights: [[0], []], capacity: 1 }

export function testSearchSolver(solver: SearchSolver): void {
  const { proves } = solver.capabilities
  const solve = (choices: Choices, more: Parameters<typeof requestFor>[1] = {}) =>
    solver.solve(requestFor(productSpace(choices), more as object))

  describe(`${solver.name}: conformance`, () => {
    it.each(["maximize", "minimize"] as const)("finds the optimum, the first among equals (%s)", async (sense) => {
      for (let seed = 1; seed <= 15; seed++) {
        const choices = randomChoices(seed, 4, 3, sense)
        const expected = bruteForce(choices)
        const answer = await solve(choices)
        if (!proves) {
          expect([answer.bound, answer.gap]).toEqual([null, null])
          expect(answer.status).toBe(answer.incumbent === null ? "noSolution" : "feasible")
          const value = answer.incumbent?.value ?? expected!.value
          expect(sense === "maximize" ? value <= expected!.value : value >= expected!.value).toBe(true)
          continue
        }
        expect(answer.incumbent?.value ?? null).toBe(expected?.value ?? null)
        expect(answer.incumbent?.candidate ?? null).toEqual(expected?.digits ?? null)
        expect(answer).toMatchObject({ status: "optimal", stoppedBy: null, bound: expected?.value, gap: 0 })
      }
    })

    it("names who found the incumbent, with the value the space gives it", async () => {
      const answer = await solve(ties)
      expect(answer.incumbent?.source).not.toBe("")
      const { candidate, value } = answer.incumbent!
      expect(productSpace(ties).evaluate(candidate as ReadonlyArray<number>)).toBe(value)
    })

    it.runIf(proves)("breaks ties by the order of candidates", async () => {
      expect((await solve(ties)).incumbent?.candidate).toEqual([2, 0, 1])
      expect((await solve(degenerate)).incumbent?.candidate).toEqual([0, 1, 1])
    })

    it("calls a space without a candidate infeasible if it can prove it, else says that it found none", async () => {
      for (const choices of proves ? [impossible, noAlleles] : [impossible]) {
        const answer = await solve(choices, { limits: { ...unlimited, evaluations: 500 } })
        expect(answer.status).toBe(proves ? "infeasible" : "noSolution")
        expect([answer.incumbent, answer.bound, answer.gap]).toEqual([null, null, null])
      }
    })

    it("solves spaces of one candidate", async () => {
      expect((await solve(single)).incumbent).toMatchObject({ candidate: [0], value: 7 })
      expect((await solve(noChoice)).incumbent).toMatchObject({ candidate: [], value: 0 })
    })

    it("stops at a limit of evaluations, with a valid bound or none", async () => {
      const choices = randomChoices(3, 6, 4, "maximize")
      const optimum = bruteForce(choices)!.value
      for (const evaluations of [0, 1, 7, 40]) {
        const answer = await solve(choices, { limits: { ...unlimited, evaluations } })
        expect(answer.work.evaluations).toBeLessThanOrEqual(evaluations)
        if (answer.incumbent !== null) expect(answer.incumbent.value).toBeLessThanOrEqual(optimum)
        if (answer.bound !== null) expect(answer.bound).toBeGreaterThanOrEqual(optimum)
        if (proves && answer.status !== "optimal") expect(answer.stoppedBy).toBe("evaluations")
        if (evaluations === 0) expect(answer.status).toBe("noSolution")
      }
    })

    it("stops at a limit of time, by the clock it is given", async () => {
      const choices = randomChoices(4, 9, 4, "minimize", 9000)
      const answer = await solve(choices, { limits: { ...unlimited, timeS: 1 }, interrupt: fakeInterrupt(0.01) })
      expect(answer.stoppedBy).toBe("time")
      expect(["feasible", "noSolution"]).toContain(answer.status)
      if (answer.bound !== null) expect(answer.bound).toBeLessThanOrEqual(bruteForce(choices)!.value)
    })

    it("stops when it is interrupted, and keeps the best so far", async () => {
      const choices = randomChoices(5, 9, 4, "maximize", 9000)
      const lightest = choices.weights.map((row) => row.indexOf(Math.min(...row)))
      const space = productSpace(choices)
      const known = { candidate: lightest, source: "known" }
      const answer = await solver.solve(requestFor(space, { interrupt: fakeInterrupt(0, 60), incumbents: [known] }))
      expect(answer).toMatchObject({ status: "feasible", stoppedBy: "interrupted" })
      expect(answer.incumbent!.value).toBeGreaterThanOrEqual(space.evaluate(lightest)!)
      if (answer.bound !== null) expect(answer.bound).toBeGreaterThanOrEqual(bruteForce(choices)!.value)
    })

    it.runIf(solver.capabilities.gap)("stops at a gap that is good enough", async () => {
      const choices = randomChoices(6, 9, 4, "maximize", 90)
      const answer = await solve(choices, { limits: { ...unlimited, gap: 0.9 } })
      expect(answer).toMatchObject({ status: "feasible", stoppedBy: "gap" })
      expect(answer.gap).toBeLessThanOrEqual(0.9)
      expect(answer.bound).toBeGreaterThanOrEqual(bruteForce(choices)!.value)
    })

    it("gives the same answer again for the same seed and limits", async () => {
      const choices = randomChoices(7, 7, 4, "maximize", 90)
      for (const evaluations of [50, Infinity]) {
        const limits = { ...unlimited, evaluations }
        expect(await solve(choices, { limits })).toEqual(await solve(choices, { limits }))
      }
    })

    it("uses an incumbent that is known beforehand", async () => {
      const choices = randomChoices(8, 5, 3, "maximize")
      const { digits, value } = bruteForce(choices)!
      const answer = await solve(choices, { incumbents: [{ candidate: digits, source: "known" }] } as object)
      expect(answer.incumbent).toEqual({ candidate: digits, value, source: "known" })
    })

    it("logs incumbents that only improve and bounds that only tighten", async () => {
      const events: Array<Progress> = []
      const progress = (event: Progress): void => void events.push(event)
      await solve(randomChoices(9, 6, 4, "maximize", 90), { progress, interrupt: fakeInterrupt(0.02) })
      expect(events.at(-1)?.kind).toBe("end")
      const incumbents = events.filter(({ kind }) => kind === "incumbent").map(({ incumbent }) => incumbent!)
      expect(incumbents.length).toBeGreaterThan(0)
      expect(incumbents).toEqual(incumbents.toSorted((a, b) => a - b))
      const bounds = events.flatMap(({ bound }) => (bound === null ? [] : [bound]))
      expect(bounds).toEqual(bounds.toSorted((a, b) => b - a))
      if (proves && solver.capabilities.gap) expect(bounds.length).toBeGreaterThan(0)
    })
  })
}
