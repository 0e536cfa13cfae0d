import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { slugOf, uniqueSlugs } from "../../src/identity/slugs.ts"

describe("slugs", () => {
  it("keep letters and digits", () => {
    expect(["Hall 1", "hall-1", "Süd (neu)", "東京", "--"].map(slugOf)).toEqual(["hall-1", "hall-1", "sud-neu", "", ""])
  })

  it("are told apart, whatever the names", () => {
    expect(uniqueSlugs(["a", "A", "a-2", "東", "京"], "site")).toEqual(["a", "a-2", "a-2-2", "site-4", "site-5"])
    const name = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.constantFrom("a", "A!", "a-2"))
    fc.assert(fc.property(fc.array(name), (names) => {
      const slugs = uniqueSlugs(names, "site")
      expect(new Set(slugs).size).toBe(names.length)
      for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]([a-z0-9-]{0,44}[a-z0-9])?$/)
    }))
  })
})
