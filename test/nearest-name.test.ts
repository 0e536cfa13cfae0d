import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { nearestName } from "../src/nearest-name.ts"

const names = ["h100-sxm", "h200-sxm", "gb200", "gb300", "deepseek-v3", "llama3-405b", "maximizeThroughput"]

describe("nearestName", () => {
  it.each([
    ["h100_sxm", "h100-sxm"],
    ["H200SXM", "h200-sxm"],
    ["gb2000", "gb200"],
    ["depseek-v3", "deepseek-v3"],
    ["llama3-450b", "llama3-405b"],
    ["maximiseThroughput", "maximizeThroughput"],
    ["deepseek", "deepseek-v3"]
  ])("takes %s for %s", (written, meant) => expect(nearestName(written, names)).toBe(meant))

  it("offers nothing when nothing is near", () => {
    expect(nearestName("quantum", names)).toBeNull()
    expect(nearestName("x", [])).toBeNull()
  })

  it("takes a swap of neighbours for one slip", () => {
    expect(nearestName("abdc", ["abxy", "abcd"])).toBe("abcd")
  })

  it("finds a name again after any one slip in it", () => {
    const slip = fc.tuple(fc.constantFrom(...names), fc.nat(), fc.constantFrom("drop", "double", "swap"))
    fc.assert(fc.property(slip, ([name, at, kind]) => {
      const i = at % (name.length - 1)
      const written = kind === "drop"
        ? name.slice(0, i) + name.slice(i + 1)
        : kind === "double"
        ? name.slice(0, i) + name[i] + name.slice(i)
        : name.slice(0, i) + name[i + 1] + name[i] + name.slice(i + 2)
      // gb200 and h100-sxm have neighbours one slip away: then the other may be as near
      const found = nearestName(written, names)
      expect(found).not.toBeNull()
      if (!/^(gb|h)/.test(name)) expect(found).toBe(name)
    }))
  })

  it("takes time that grows with the names, not with what was typed", () => {
    expect(nearestName("a".repeat(1_000_000), names)).toBeNull()
  })
})
