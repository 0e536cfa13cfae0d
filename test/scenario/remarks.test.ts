import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { decodeScenario } from "../../src/scenario/decode.ts"
import { remarksOn } from "../../src/scenario/remarks.ts"
import { smallCatalog } from "./small-catalog.ts"

const remarks = (changes: object) =>
  remarksOn(Result.getOrThrow(decodeScenario({
    name: "s", workload: { model: "m1" }, sites: [{ power: { limitMW: 20 }, accelerators: 64 }], ...changes
  }, smallCatalog)), smallCatalog)

describe("remarks", () => {
  it("are none for an ordinary scenario", () => {
    expect(remarks({})).toEqual([])
  })

  it("are made on what is odd, with its path", () => {
    expect(remarks({ limits: { timeS: null } })).toEqual([expect.stringMatching(/^\$\.limits: /)])
    expect(remarks({ workload: { model: "m1", tokens: 1e6 } }))
      .toEqual([expect.stringMatching(/^\$\.workload\.tokens: /)])
    expect(remarks({ search: { mapping: { tp: [8, 16], dp: 16 } } }))
      .toEqual(["$.search.mapping: tp · cp · pp · dp is at least 128, the sites hold 64"])
    expect(remarks({ search: { nic: "n1" }, catalog: { availability: ["announced"] } }))
      .toEqual(["$.search.nic: n1 is shipping, and used because it is named"])
  })
})
