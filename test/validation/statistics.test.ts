import { describe, expect, it } from "vitest"
import { rankGroups } from "../../src/validation/ranking.ts"
import type { RankedRow } from "../../src/validation/ranking.ts"
import { kendallTau, quantile, summarizeErrors } from "../../src/validation/statistics.ts"

describe("statistics", () => {
  it("summarises errors", () => {
    const summary = summarizeErrors([-0.1, 0.2, 0.3, 0])
    expect(summary.n).toBe(4)
    expect(summary.medianAbsError).toBeCloseTo(0.15, 12)
    expect(summary.meanAbsError).toBeCloseTo(0.15, 12)
    expect(summary.maxAbsError).toBe(0.3)
    expect(summary.bias).toBeCloseTo(0.1, 12)
  })

  it("interpolates quantiles", () => {
    expect(quantile([1, 2, 3, 4, 5], 0.9)).toBeCloseTo(4.6, 12)
    expect(quantile([7], 0.5)).toBe(7)
    expect(quantile([], 0.5)).toBeNaN()
  })

  it("ranks: τ of the same order is 1, of the reverse −1, and ties are discounted", () => {
    expect(kendallTau([1, 2, 3, 4], [10, 20, 30, 40])).toBe(1)
    expect(kendallTau([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1)
    expect(kendallTau([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(4 / 6, 12)
    expect(kendallTau([1, 1, 2], [1, 2, 3])).toBeCloseTo(2 / Math.sqrt(6), 12)
    expect(kendallTau([1, 1, 1], [1, 2, 3])).toBe(0)
    expect(kendallTau([2, 1, 3], [100, 101, 200], 0.03)).toBe(1)
  })
})

describe("ranking groups", () => {
  const row = (id: string, predictedS: number, measuredS: number, change: Partial<RankedRow> = {}): RankedRow => ({
    id, source: "s", model: "m", accelerator: "a", gpus: 8, globalBatch: 64, sequence: 2048,
    choice: id, predictedS, measuredS, ...change
  })

  it("measures what following the model would cost", () => {
    const [group] = rankGroups([row("1", 1, 12), row("2", 2, 10), row("3", 3, 13), row("4", 4, 14), row("5", 5, 15)])
    expect(group!.regret).toBeCloseTo(0.2, 12)
    expect(group!.spread).toBeCloseTo(0.5, 12)
    expect(group!.qualifies).toBe(true)
    expect(group!.tau).toBeCloseTo(0.8, 12)
  })

  it("keeps apart what differs in batch, and takes the fastest release of one choice", () => {
    expect(rankGroups([row("1", 1, 1), row("2", 2, 2, { globalBatch: 128 })])).toEqual([])
    expect(rankGroups([row("1", 1, 1, { choice: "x" }), row("2", 1, 2, { choice: "x" })])).toEqual([])
    const [group] = rankGroups([row("1", 1, 3, { choice: "x" }), row("2", 1, 1, { choice: "x" }), row("3", 2, 2)])
    expect(group).toMatchObject({ n: 2, tau: 1, regret: 0 })
  })
})
