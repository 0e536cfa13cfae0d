import { describe, expect, it } from "vitest"
import type { AnsweredBatch, AnswerRow } from "../../src/results/answers.ts"
import { contestsOf } from "../../src/results/contests.ts"
import { crossoversOf } from "../../src/results/crossovers.ts"
import { sharesOf } from "../../src/results/shares.ts"
import { renderBatch } from "../../src/results/tables.ts"
import { plain } from "../../src/report/style.ts"

const row = (axes: Readonly<Record<string, unknown>>, accelerator: string, value: number, gap = 0): AnswerRow => ({
  key: JSON.stringify(axes), axes, status: "optimal", reason: null, objective: "maximizeThroughput", sense: "maximize",
  unit: "tokens/s", value, bound: value / (1 - gap), gap, accelerator, hbdSize: 8, accelerators: 8, tokensPerS: value,
  fixed: { accelerator: null, hbdSize: 8 }
})

const choiceAndPower = [{ name: "accelerator", isDecision: true }, { name: "power", isDecision: false }]

/** As a Latin hypercube draws them: no power is met by both. */
const sampled: AnsweredBatch = {
  name: "sampled", axes: choiceAndPower,
  rows: Array.from({ length: 20 }, (_, i) => {
    const accelerator = i % 2 === 0 ? "a" : "b"
    return row({ accelerator, power: i + 1 }, accelerator, accelerator === "a" ? i + 1 : 2 * (i + 1))
  })
}

describe("samples with an axis of choices", () => {
  it("make neither winners nor crossovers", () => {
    expect(contestsOf(sampled).every(({ winner, isComplete }) => winner === null && !isComplete)).toBe(true)
    expect(crossoversOf(sampled)).toEqual([])
    expect(sharesOf(sampled, "accelerator").map(({ wins, ofWinner }) => [wins, ofWinner])).toEqual([[0, null], [0, null]])
  })

  it("are told as not comparable, with the values of what was drawn", () => {
    const text = renderBatch(sampled, plain)
    expect(text).not.toContain("The best by")
    expect(text).not.toContain("best in")
    expect(text).toContain("Not comparable\n  20 of 20 places of power lack choices of accelerator")
    expect(text).toMatch(/\n {2}b +10 +10 +22 +4 +40 +b by 8\n/)
    expect(text).toMatch(/\n {2}1–5 +5 +5 +4 +1 +8 +–\n/)
  })

  it("are compared where all choices meet", () => {
    const met = { ...sampled, rows: [...sampled.rows, row({ accelerator: "b", power: 1 }, "b", 3)] }
    const [first, ...others] = contestsOf(met)
    expect(first).toMatchObject({ circumstances: { power: 1 }, winner: { accelerator: "b" }, next: { accelerator: "a" } })
    expect(others.every(({ winner }) => winner === null)).toBe(true)
    expect(sharesOf(met, "accelerator").map(({ wins }) => wins)).toEqual([0, 1])
  })
})

/** Two prices drawn independently; a wins while the first is low, but for once in ten, whatever the second. */
const prices: AnsweredBatch = {
  name: "prices", axes: [{ name: "power", isDecision: false }, { name: "chip", isDecision: false }],
  rows: Array.from({ length: 40 }, (_, i) => {
    const axes = { power: (i + 1) / 100, chip: 1000 + 2 * (i % 20) + Math.floor(i / 20) }
    return row(axes, i < 20 && i % 10 !== 4 ? "a" : "b", 100 - i, i < 10 ? 0 : 0.01)
  })
}

describe("samples of circumstances alone", () => {
  it("tell the value by part of each axis", () => {
    const told = sharesOf(prices, "power")
      .map(({ label, value, usual }) => [label, value?.median, value?.least, value?.most, usual])
    expect(told).toEqual([
      ["0.01–0.1", 95.5, 91, 100, "a by 8"], ["0.11–0.2", 85.5, 81, 90, "a by 8"],
      ["0.21–0.3", 75.5, 71, 80, "b by 8"], ["0.31–0.4", 65.5, 61, 70, "b by 8"]
    ])
  })

  it("tell where what wins most often changes, marked where that lies within the gaps", () => {
    expect(crossoversOf(prices)).toEqual([{
      aspect: "accelerator", axis: "power", isUsual: true, otherwise: {},
      stretches: [
        { from: 0.01, to: 0.2, choice: "a", wins: 18, of: 20, isProven: false },
        { from: 0.21, to: 0.4, choice: "b", wins: 20, of: 20, isProven: false }
      ]
    }])
    const sure = { ...prices, rows: prices.rows.map((one) => ({ ...one, bound: one.value })) }
    expect(crossoversOf(sure)[0]!.stretches.every(({ isProven }) => isProven)).toBe(true)
  })

  it("count parts that nothing wins more than half of within what wins around them", () => {
    const winners = ["aaaaabbbbb", "aaaaaaaaab", "aaaaabbbbb", "aaaaaaaabb", "bbbbbbbbbb"].join("")
    const rows = [...winners].map((accelerator, i) => row({ power: Math.floor(i / 10), chip: i }, accelerator, 1))
    expect(crossoversOf({ ...prices, rows }).find(({ axis }) => axis === "power")!.stretches).toMatchObject([
      { from: 1, to: 3, choice: "a", wins: 22, of: 30 }, { from: 4, to: 4, choice: "b", wins: 10, of: 10 }
    ])
  })

  it("are shown so", () => {
    const text = renderBatch(prices, plain)
    expect(text).toContain("  accelerator, over power: what wins more than half of the samples\n")
    expect(text).toContain("\n    ~a to 0.2 (18 of 20), ~b from 0.21 (20 of 20)\n")
    expect(text).toContain("By power, in tokens/s\n")
    expect(text).toMatch(/\n {2}power +plans +of +median +least +most +mostly\n {2}0.01–0.1 +10 +10 +95.5 +91 +100 +a by 8/)
    expect(text).not.toContain("best in")
  })
})
