import { describe, expect, it } from "vitest"
import type { AnsweredBatch, AnswerRow } from "../../src/results/answers.ts"
import { type ComparedStore, keysToRead, pairsOf, storeDifferenceOf } from "../../src/results/store-difference.ts"
import { renderStoreDifference } from "../../src/results/store-difference-report.ts"
import { plain } from "../../src/report/style.ts"

const row = (accelerator: string, power: number, more: Partial<AnswerRow> = {}): AnswerRow => ({
  key: `${accelerator} ${power}`, axes: { accelerator, power }, status: "optimal", reason: null, objective: "maximizeThroughput",
  sense: "maximize", unit: "tokens/s", value: power * 10, bound: power * 10, gap: 0, accelerator, hbdSize: 8, accelerators: 8,
  tokensPerS: power * 10, fixed: { accelerator, hbdSize: null }, ...more
})

const none = { status: "infeasible", reason: "no room", value: null, bound: null, gap: null, accelerator: null, hbdSize: null,
  accelerators: null, tokensPerS: null } as const

const rows = [row("a", 1), row("a", 5), row("a", 20), row("b", 1, none), row("b", 5), row("b", 20)]

const storeOf = (of: ReadonlyArray<AnswerRow>, more: Partial<ComparedStore> = {}, name = "invented"): ComparedStore => ({
  batches: [{
    name, axes: [{ name: "accelerator", isDecision: true }, { name: "power", isDecision: false }], rows: of
  } as AnsweredBatch],
  plans: new Map(of.flatMap(({ key, value }) => value === null ? [] : [[key, "plan"]])),
  programs: [{ version: "0.1.0", catalogHash: "c".repeat(64) }], ...more
})

const without = { question: { lookedAt: 0, changes: [] }, pairs: [] }

const textOf = (a: ComparedStore, b: ComparedStore): string => {
  const text = renderStoreDifference({ ...storeDifferenceOf(a, b), ...without }, plain)
  for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(80)
  return text
}

const replaced = (key: string, more: Partial<AnswerRow>) => rows.map((one) => one.key === key ? { ...one, ...more } : one)

describe("two stores", () => {
  it("are compared scenario by scenario, whatever the order of the axes", () => {
    const moved = rows.map((one) => ({ ...one, axes: { power: one.axes["power"], accelerator: one.axes["accelerator"] } }))
    const found = storeDifferenceOf(storeOf(rows), storeOf([...moved.slice(0, 5), row("c", 1)]))
    expect(found).toMatchObject({ both: 5, onlyA: 1, onlyB: 1, askedOtherwise: 0, changed: [], choices: {}, statuses: {} })
    expect(textOf(storeOf(rows), storeOf(rows))).toContain("the same answers")
  })

  it("tell values with what they come from: how many accelerators, and what each does", () => {
    const other = storeOf(replaced("a 20", { key: "else", value: 300, bound: 300, tokensPerS: 300, accelerators: 16, hbdSize: 16 }))
    const found = storeDifferenceOf(storeOf(rows), other)
    expect(found).toMatchObject({ askedOtherwise: 1, beyondGap: 1, choices: { "a by 8 → a by 16": 1 } })
    expect(found.changed).toMatchObject([{
      batch: "invented", axes: { accelerator: "a", power: 20 }, differs: ["value"], isBeyondGap: true, choice: "a by 8 → a by 16",
      a: { key: "a 20", value: 200, accelerators: 8 }, b: { key: "else", value: 300, accelerators: 16 }
    }])
    const text = textOf(storeOf(rows), other)
    expect(text).toContain("invented: a, 20: 200 tokens/s → 300 tokens/s, +50 % !")
    expect(text).toContain("a by 8 → a by 16, 8 → 16; accelerators +100.0 %, each of them −25.0 %")
  })

  it("name the places of another status, with the reason", () => {
    const lost = replaced("a 5", { ...none, status: "noSolution", reason: "nothing found in time" })
    expect(textOf(storeOf(rows), storeOf(lost))).toMatch(/invented: a, 5: optimal → noSolution\n +B: nothing found in time/)
    const unproven = replaced("a 5", { status: "feasible", gap: 0.01 })
    expect(textOf(storeOf(rows), storeOf(unproven))).toContain("optimal → feasible, gap 0 % → 1 %")
  })

  it("give no per cent between objectives, nor between units, but the plans", () => {
    for (const other of [{ objective: "minimizePower", unit: "MW" }, { unit: "tokens/s per USD" }]) {
      const store = storeOf(replaced("a 20", { ...other, value: 2, accelerators: 4, tokensPerS: 100 }))
      const found = storeDifferenceOf(storeOf(rows), store)
      expect(found).toMatchObject({ beyondGap: 0, changed: [{ differs: ["objective"] }] })
      const text = textOf(storeOf(rows), store)
      expect(text).toContain(`invented: a, 20: 200 tokens/s → 2 ${other.unit}\n    a by 8, 8 → 4; accelerators −50.0 %, each`)
    }
  })

  it("tell plans that changed under the same value", () => {
    const other = storeOf(rows, { plans: new Map([...storeOf(rows).plans, ["b 5", "another"]]) })
    expect(storeDifferenceOf(storeOf(rows), other).changed).toMatchObject([{ differs: ["plan"], a: { key: "b 5" } }])
    expect(textOf(storeOf(rows), other)).toMatch(/1 with another plan of the same value[^]*invented: b, 5: 50 tokens\/s/)
  })

  it("take rounding for no change", () => {
    expect(storeDifferenceOf(storeOf(rows), storeOf(replaced("a 20", { value: 200 * (1 + 1e-13) }))).changed).toEqual([])
  })

  it("tell versions and catalogues where they are others", () => {
    const text = textOf(storeOf(rows), storeOf(rows, { programs: [{ version: "0.2.0", catalogHash: "d".repeat(64) }] }))
    expect(text).toMatch(/version +0\.1\.0 +0\.2\.0\n +catalogue +c{12} +d{12}/)
  })

  it("without a batch in common tell what each holds, and what to do", () => {
    const text = textOf(storeOf(rows), storeOf(rows, {}, "other"))
    expect(text).toContain("A: batch invented, 6 scenarios over accelerator, power")
    expect(text).toContain("B: batch other, 6 scenarios over accelerator, power")
    expect(text).toContain("run it again")
    expect(storeDifferenceOf(storeOf(rows), storeOf(rows, {}, "other")).sides.b.batches.map(({ name }) => name)).toEqual(["other"])
  })

  it("of any size have few recommendations read, spread over what was asked otherwise", () => {
    const many = Array.from({ length: 1000 }, (_, i) => row("a", i + 1))
    const [a, b] = [storeOf(many), storeOf(many.map((one) => ({ ...one, key: `other ${one.key}`, value: one.value! * 2 })))]
    const pairs = pairsOf(a, b)
    const keys = keysToRead(storeDifferenceOf(a, b, pairs), pairs)
    expect(keys.length).toBeLessThanOrEqual(40)
    expect(keys).toContainEqual({ a: "a 876", b: "other a 876" })
    expect(textOf(a, b)).toContain("… 994 more: --json")
  })
})
