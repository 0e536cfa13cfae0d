import { describe, expect, it } from "vitest"
import { withChoice } from "../../src/scenario/choice.ts"

describe("a choice", () => {
  it("lies over what the file says of the search", () => {
    const file = { name: "s", search: { hbdSize: [8, 72], mapping: { tp: 8 } } }
    expect(withChoice(file, { hbdSize: "72", "mapping.pp": "[4, 8]", nic: "cx8-800", railOptimized: "true" })).toEqual({
      name: "s",
      search: { hbdSize: 72, mapping: { tp: 8, pp: [4, 8] }, nic: "cx8-800", railOptimized: true }
    })
    expect(file.search.hbdSize).toEqual([8, 72])
  })

  it("makes the search where the file has none, and leaves what is no file alone", () => {
    expect(withChoice({ name: "s" }, { "mapping.tp": "8" })).toEqual({ name: "s", search: { mapping: { tp: 8 } } })
    expect(withChoice({ search: "all" }, { hbdSize: "8" })).toEqual({ search: { hbdSize: 8 } })
    expect(withChoice(null, { hbdSize: "8" })).toBeNull()
  })

  it("keeps text that is no YAML, for the schema to judge", () => {
    expect(withChoice({}, { nic: "[a" })).toEqual({ search: { nic: "[a" } })
  })
})
