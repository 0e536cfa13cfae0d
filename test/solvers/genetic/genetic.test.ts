import { afterEach, describe, expect, it, vi } from "vitest"
import { unlimited } from "../../../solvers/contract/search-run.ts"
import { searchGenomes } from "../../../solvers/genetic/genetic.ts"
import { bruteForce, type Digits, productSpace, randomChoices, requestFor } from "../product-space.ts"

afterEach(() => void vi.restoreAllMocks())

const choices = randomChoices(31, 9, 4, "maximize", 90)
const space = productSpace(choices)
const limited = { ...unlimited, evaluations: 1500 }

describe("genetic search", () => {
  it("draws nothing from Math.random", async () => {
    vi.spyOn(Math, "random").mockImplementation(() => {
      throw new Error("Math.random was called")
    })
    expect((await searchGenomes(requestFor(space, { limits: limited }))).incumbent).not.toBeNull()
  })

  it("gives the same answer alone, side by side with another run, and for the same seed only", async () => {
    const run = (seed: number) => searchGenomes(requestFor(space, { seed, limits: { ...unlimited, evaluations: 200 } }))
    const alone = await run(5)
    const [beside] = await Promise.all([run(5), run(6)])
    expect(beside).toEqual(alone)
    const others = await Promise.all([6, 7, 8, 9].map(run))
    expect(others.some((other) => other.incumbent?.value !== alone.incumbent?.value)).toBe(true)
  })

  it("evaluates each genome once", async () => {
    const met = new Set<string>()
    const counting = {
      ...space,
      evaluate: (digits: Digits) => {
        expect(met.has(digits.join())).toBe(false)
        met.add(digits.join())
        return space.evaluate(digits)
      }
    }
    const answer = await searchGenomes(requestFor(counting, { limits: limited }))
    expect(answer.work.evaluations).toBe(met.size)
  })

  it("comes within 2 % of the optimum at a fraction of the evaluations, for most seeds", async () => {
    const optimum = bruteForce(choices)!.value
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
    const answers = await Promise.all(seeds.map((seed) => searchGenomes(requestFor(space, { seed, limits: limited }))))
    const near = answers.filter(({ incumbent }) => incumbent!.value >= 0.98 * optimum)
    expect(4 ** 9 / limited.evaluations).toBeGreaterThan(100)
    expect(near.length).toBeGreaterThanOrEqual(6)
  })

  it("starts from known incumbents: a better one comes of them with fewer evaluations", async () => {
    const { digits, value } = bruteForce(choices)!
    const near = digits.map((digit, g) => (g === 0 ? (digit + 1) % 4 : digit))
    const known = [{ candidate: near, source: "known" }]
    const limits = { ...unlimited, evaluations: 700 }
    const answer = await searchGenomes(requestFor(space, { incumbents: known, limits }))
    expect(answer.incumbent!.value).toBeGreaterThanOrEqual(0.95 * value)
  })

  it("refuses a space without a genome", async () => {
    const { genome: _, ...bare } = space
    await expect(searchGenomes(requestFor(bare))).rejects.toThrow(RangeError)
  })
})
