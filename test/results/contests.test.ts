import { describe, expect, it } from "vitest"
import type { AnsweredBatch, AnswerRow } from "../../src/results/answers.ts"
import { contestsOf } from "../../src/results/contests.ts"
import { crossoversOf } from "../../src/results/crossovers.ts"
import { sharesOf } from "../../src/results/shares.ts"
import { renderBatch } from "../../src/results/tables.ts"
import { plain } from "../../src/report/style.ts"

const row = (accelerator: string, power: number, value: number | null, hbdSize = 8, bound = value): AnswerRow => ({
  key: `${accelerator} ${power}`, axes: { accelerator, power }, status: value === null ? "infeasible" : "optimal",
  reason: value === null ? "no room" : null, objective: "maximizeThroughput", sense: "maximize", unit: "tokens/s", value, bound,
  gap: value === null || bound === null ? null : 1 - value / bound, accelerator: value === null ? null : accelerator,
  hbdSize: value === null ? null : hbdSize, accelerators: 8, tokensPerS: value,
  fixed: { accelerator, hbdSize: null }
})

/** a wins up to 5 MW, b from 20; b grows its HBD on the way. */
const batch: AnsweredBatch = {
  name: "invented",
  axes: [{ name: "accelerator", isDecision: true }, { name: "power", isDecision: false }],
  rows: [
    row("a", 1, 10), row("a", 5, 50), row("a", 20, 100), row("a", 100, 300),
    row("b", 1, null), row("b", 5, 40, 8), row("b", 20, 120, 64), row("b", 100, 400, 64, 410)
  ]
}

const minimized: AnsweredBatch = {
  ...batch, rows: batch.rows.map((one) => ({ ...one, objective: "minimizePower", sense: "minimize" as const }))
}

describe("contests", () => {
  it("are won by the best under the same circumstances, in the objective's own sense", () => {
    const winners = (of: AnsweredBatch) => contestsOf(of).map(({ circumstances, winner }) => [circumstances["power"], winner?.accelerator])
    expect(winners(batch)).toEqual([[1, "a"], [5, "a"], [20, "b"], [100, "b"]])
    expect(winners(minimized)).toEqual([[1, "a"], [5, "b"], [20, "a"], [100, "a"]])
  })

  it("know whether another could still be better, and who is next", () => {
    const close = { ...batch, rows: [row("a", 1, 10, 8, 12), row("b", 1, 11, 8, 11)] }
    expect(contestsOf(close)[0])
      .toMatchObject({ winner: { accelerator: "b" }, next: { accelerator: "a" }, isProven: { accelerator: false } })
    expect(contestsOf(batch).every(({ isProven }) => isProven.accelerator)).toBe(true)
  })

  it("are as sure of what the search chose as the winner's own gap is small, and of what the scenario fixes", () => {
    const proven = (one: AnswerRow) => contestsOf({ ...batch, rows: [one] })[0]!.isProven
    const open = { accelerator: null, hbdSize: null }
    expect(proven({ ...row("a", 1, 10, 8, 10.1), fixed: open })).toEqual({ accelerator: false, hbdSize: false })
    expect(proven(row("a", 1, 10, 8, 10.1))).toEqual({ accelerator: true, hbdSize: false })
    const both = { accelerator: true, hbdSize: true }
    expect(proven({ ...row("a", 1, 10, 8, 10.1), fixed: { accelerator: "a", hbdSize: 8 } })).toEqual(both)
    expect(proven({ ...row("a", 1, 10, 8, 10), fixed: open })).toEqual(both)
  })

  it("hold what is no scenario, which has no objective", () => {
    const none = { ...row("b", 1, null), status: "invalid", objective: null, sense: null }
    expect(contestsOf({ ...batch, rows: [row("a", 1, 10), none] })).toMatchObject([{ contenders: 2, isComplete: true }])
  })

  it("are not between different objectives", () => {
    const mixed = { ...batch, rows: [...batch.rows, ...minimized.rows] }
    expect(contestsOf(mixed).length).toBe(8)
  })
})

describe("crossovers", () => {
  it("are where the winner changes, and where one choice alone changes its HBD", () => {
    const stretch = (from: number, to: number, choice: string, places: number, isProven = true) =>
      ({ from, to, choice, wins: places, of: places, isProven })
    const along = { axis: "power", isUsual: false }
    expect(crossoversOf(batch)).toEqual([
      { ...along, aspect: "accelerator", otherwise: {}, stretches: [stretch(1, 5, "a", 2), stretch(20, 100, "b", 2)] },
      { ...along, aspect: "HBD size", otherwise: {}, stretches: [stretch(1, 5, "8", 2), stretch(20, 100, "64", 2, false)] },
      {
        ...along, aspect: "HBD size", otherwise: { accelerator: "b" },
        stretches: [stretch(5, 5, "8", 1), stretch(20, 100, "64", 2, false)]
      }
    ])
  })
})

describe("shares", () => {
  it("count plans and wins, and tell how far a label is from the winner", () => {
    expect(sharesOf(batch, "accelerator")).toEqual([
      {
        label: "a", scenarios: 4, plans: 4, wins: 2, ofWinner: expect.closeTo((1 + 100 / 120) / 2, 12),
        value: { median: 75, least: 10, most: 300, unit: "tokens/s" }, usual: "a by 8"
      },
      {
        label: "b", scenarios: 4, plans: 3, wins: 2, ofWinner: 1,
        value: { median: 120, least: 40, most: 400, unit: "tokens/s" }, usual: "b by 64"
      }
    ])
  })

  it("name what wins where something does, not what is there most often", () => {
    expect(sharesOf(batch, "power").map(({ label, wins, usual }) => [label, wins, usual]))
      .toEqual([["1", 1, "a by 8"], ["5", 1, "a by 8"], ["20", 1, "b by 64"], ["100", 1, "b by 64"]])
  })

  it("take many numbers in four parts", () => {
    const rows = Array.from({ length: 100 }, (_, i) => row("a", i + 1, i + 1))
    expect(sharesOf({ ...batch, rows }, "power").map(({ label }) => label)).toEqual(["1–25", "26–50", "51–75", "76–100"])
  })
})

describe("the tables of a batch", () => {
  const text = renderBatch(batch, plain)

  it("fit 80 columns and tell winners, crossovers and reasons", () => {
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(80)
    expect(text).toMatch(/20 +b by 64 +120 +0 % +a by 8 +−16.7 %/)
    expect(text).toContain("a to 5, b from 20")
    expect(text).toContain("1 × infeasible: no room")
  })

  it("mark what lies within the gaps, and say so where they do", () => {
    expect(text).toMatch(/The best by power, in tokens\/s \(~ another may be better, within the gap\)\n/)
    expect(text).toMatch(/100 +b by ~64 +400/)
    expect(text).toContain("\n    8 to 5, ~64 from 20\n    b: 8 to 5, ~64 from 20")
    expect(renderBatch({ ...batch, rows: batch.rows.slice(0, 7) }, plain)).not.toContain("~")
  })

  it("fit 80 columns however long the names are", () => {
    const long = { ...batch, rows: batch.rows.map((one) => ({ ...one, axes: { ...one.axes, accelerator: "x".repeat(90) } })) }
    for (const line of renderBatch(long, plain).split("\n")) expect([...line].length).toBeLessThanOrEqual(80)
  })
})
