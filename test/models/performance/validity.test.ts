import { describe, expect, it } from "vitest"
import type { Mapping } from "../../../models/performance/mapping.ts"
import { validateMapping } from "../../../models/performance/validity.ts"
import { deepseekV3, gpt3, h100, mapping, workload } from "./subjects.ts"

describe("validateMapping", () => {
  it("accepts uneven heads, layers and batches", () => {
    expect(validateMapping(workload(gpt3, 100), h100, mapping({ tp: 7, pp: 7, dp: 3 }))).toEqual([])
  })

  it.each<readonly [string, Partial<Mapping>]>([
    ["exceeds the 128 attention heads", { tp: 256 }],
    ["exceeds the 61 layers", { pp: 64 }],
    ["does not divide the 256 experts", { ep: 3, dp: 3 }],
    ["does not divide tp · cp · dp", { ep: 256, dp: 1 }],
    ["needs a pipeline", { pp: 1, vpp: 2 }],
    ["micro-batches", { pp: 16, vpp: 2, dp: 2048, microBatch: 1 }],
    ["exceeds a replica's share", { dp: 4096, microBatch: 8 }],
    ["needs tp ≥ 2", { tp: 1, sequenceParallel: true }],
    ["whole number", { cp: 1.5 }]
  ])("says that a mapping %s", (words, change) => {
    expect(validateMapping(workload(deepseekV3, 4096), h100, mapping(change)).join("\n")).toContain(words)
  })

  it("needs a host to offload to", () => {
    const broken = validateMapping(workload(gpt3, 1024), { ...h100, host: null }, mapping({ offload: "optimizer" }))
    expect(broken).toEqual(["offload optimizer needs a host"])
  })
})
