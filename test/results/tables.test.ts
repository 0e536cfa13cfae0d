import { describe, expect, it } from "vitest"
import type { AnsweredBatch, AnswerRow } from "../../src/results/answers.ts"
import { renderBatch, renderRows } from "../../src/results/tables.ts"
import { plain } from "../../src/report/style.ts"

const row = (axes: Readonly<Record<string, unknown>>, accelerator: string, hbdSize: number, value: number): AnswerRow => ({
  key: JSON.stringify(axes), axes, status: "feasible", reason: null, objective: "maximizeThroughput", sense: "maximize",
  unit: "tokens/s", value, bound: value * 1.0004, gap: 0.0004, accelerator, hbdSize, accelerators: 8, tokensPerS: value,
  fixed: { accelerator, hbdSize: null }
})

const widest = (text: string) => Math.max(...text.split("\n").map((line) => [...line].length))

describe("the table of the best", () => {
  const models = ["deepseek-v3", "llama3-70b"]
  const wide: AnsweredBatch = {
    name: "wide", axes: ["model", "power", "accelerator"].map((name, i) => ({ name, isDecision: i === 2 })),
    rows: models.flatMap((model) => [5, 100].flatMap((power) => [
      row({ model, power, accelerator: "rubin-ultra" }, "rubin-ultra", 128, 12.3e6 * power),
      row({ model, power, accelerator: "mi455x" }, "mi455x", 1024, 11e6 * power)
    ]))
  }

  it("cuts no number: circumstances that find no room stand above", () => {
    const text = renderBatch(wide, plain)
    expect(widest(text)).toBeLessThanOrEqual(80)
    expect(text).not.toContain("…")
    expect(text).toMatch(/\n {2}model llama3-70b\n {2}5 +rubin-ultra by ~128 +61.5 M +< 0.1 % +mi455x by 1024 +−10.6 %\n/)
  })

  it("has the unit beside each value where objectives differ", () => {
    const mixed: AnsweredBatch = {
      name: "mixed", axes: [{ name: "goal", isDecision: false }], rows: [
        row({ goal: "fast" }, "a", 8, 7.89e6),
        { ...row({ goal: "cheap" }, "a", 8, 276_000), objective: "minimizeCapex", sense: "minimize", unit: "USD", bound: 275_000 }
      ]
    }
    const text = renderBatch(mixed, plain)
    expect(text).toMatch(/goal +best +value +unit +gap\n/)
    expect(text).toMatch(/fast +a by ~8 +7.89 M +tokens\/s/)
    expect(text).toMatch(/cheap +a by ~8 +276 k +USD/)
  })

  it("keeps to 80 columns whatever number of axes", () => {
    const names = [
      "globalBatch", "sequence", "horizonYears", "limitMW", "pue", "memoryHeadroom", "electricityUsdPerKWh", "a".repeat(70)
    ]
    const axes = Object.fromEntries(names.map((name, i) => [name, i + 0.123456]))
    const long: AnsweredBatch = {
      name: "long", axes: names.map((name) => ({ name, isDecision: false })),
      rows: [row(axes, "mi355x", 8, 1e6), row({ ...axes, pue: 9 }, "mi355x", 8, 1e6)]
    }
    const text = renderBatch(long, plain)
    expect(widest(text)).toBeLessThanOrEqual(80)
    expect(text).toContain("electricityUsdPerKWh 6.12346")
    expect(text).toContain("mi355x by ~8")
  })
})

describe("rows of a query", () => {
  it("show as many columns as there is room for, and tell the others", () => {
    const names = Array.from({ length: 57 }, (_, i) => `column_${i}`)
    const text = renderRows(names, [names.map((name) => `${name} of a row`)])
    expect(widest(text)).toBeLessThanOrEqual(80)
    expect(text).toMatch(/^column_0 .*\n/)
    expect(text).toMatch(/… 52 more\s+columns/)
    expect(renderRows(["x", "y"], [[1, 2]])).toBe("x  y\n1  2")
  })

  it("keep to a line each, and show what is no text as JSON", () => {
    const text = renderRows(["reason", "list"], [["a\n  b\tc", { a: [1] }]])
    expect(text.split("\n")).toEqual(["reason   list", "a   b c  {\"a\":[1]}"])
  })
})
