import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  bar, cut, formatNumber, formatPercent, formatQuantity, formatSeconds, formatSigned, wrap
} from "../../src/report/format.ts"

describe("quantities", () => {
  it.each([
    [19.84, "MW", "19.8 MW"], [4.623e6, "tokens/s", "4.62 M tokens/s"], [412.4e6, "USD", "$412 M"],
    [1.25e9, "USD", "$1.25 bn"],
    [999.6, "tokens/s", "1,000 tokens/s"], [39.13, "days", "39.1 days"], [2.1e6, "W", "2.1 MW"], [480, "W", "480 W"],
    [0.00123, "tokens/s per W (it-provisioned)", "0.00123 tokens/s per W (it-provisioned)"],
    [158, "racks", "158 racks"],
    [12_345, "racks", "12,345 racks"], [0, "USD", "$0"], [1.8e6, "W (meter-provisioned)", "1.8 MW (meter-provisioned)"]
  ])("%d %s", (value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text)
  })

  it("say which way they go", () => {
    expect(formatSigned(2.3e5, "tokens/s")).toBe("+230 k tokens/s")
    expect(formatSigned(-1.5, "days")).toBe("−1.5 days")
  })

  it("of what is not zero do not read as zero", () => {
    expect([0, 1e-7, -1e-7, 0.0314, 0.9999, 1, 1.2].map(formatPercent))
      .toEqual(["0 %", "< 0.1 %", "> −0.1 %", "3.1 %", "100 %", "100 %", "120 %"])
    expect([0, 3.62, 0.412, 9.5e-5].map(formatSeconds)).toEqual(["0 s", "3.62 s", "412 ms", "95 µs"])
    expect([0, 1e-9, 1e18, 12_345.6, -0.5].map(formatNumber)).toEqual(["0", "1.00e-9", "1.00e+18", "12,346", "-0.5"])
  })

  it("keep three digits", () => {
    fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e17, noNaN: true }), (value) => {
      const text = formatQuantity(value, "tokens/s")
      const [, digits = "", prefix = ""] = /^([\d.,]+) ?([kMGTP]?) ?tokens\/s$/.exec(text) ?? []
      const back = Number(digits.replaceAll(",", "")) * 1000 ** " kMGTP".indexOf(prefix || " ")
      expect(Math.abs(back - value) / value).toBeLessThan(0.0051)
    }))
  })
})

describe("text", () => {
  it("is wrapped to a width without losing a word", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 40 })
    fc.assert(fc.property(words, fc.integer({ min: 12, max: 80 }), (words, width) => {
      const lines = wrap(words.join(" "), width, "  ")
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
      expect(lines.join("").replaceAll(" ", "")).toBe(words.join(""))
    }))
  })

  it("is cut where it must be", () => {
    expect(cut("abcdef", 6)).toBe("abcdef")
    expect(cut("abcdefg", 6)).toBe("abcde…")
    expect(bar(0.5, 8)).toBe("████····")
    expect(bar(7, 4)).toBe("████")
  })
})
