import { describe, expect, it } from "vitest"
import { moeLayers, parameterCount } from "../../../models/workload/parameters.ts"
import type { ModelShape } from "../../../models/workload/model-shape.ts"
import { dense405b, deepseekV3, gpt3 } from "../performance/subjects.ts"

describe("parameterCount", () => {
  it.each<readonly [ModelShape, number, number]>([
    [gpt3, 174.6e9, 174.6e9],
    [dense405b, 405.8e9, 405.8e9],
    [deepseekV3, 671e9, 37.4e9]
  ])("counts $name as published, within 1 %%", (shape, total, active) => {
    const count = parameterCount(shape)
    expect(count.total / total).toBeCloseTo(1, 2)
    expect(count.active / active).toBeCloseTo(1, 2)
  })

  it("counts every n-th layer as sparse, after the leading dense ones", () => {
    const moe = { ...deepseekV3.moe!, denseLayers: 0, moeEvery: 2 }
    expect(moeLayers({ ...deepseekV3, layers: 48, moe })).toBe(24)
    expect(moeLayers(deepseekV3)).toBe(58)
    expect(moeLayers(gpt3)).toBe(0)
  })

  it("adds a head only where embeddings are not tied", () => {
    const tied = parameterCount({ ...dense405b, tiedEmbeddings: true })
    expect(parameterCount(dense405b).total - tied.total).toBe(dense405b.vocab * dense405b.hidden)
  })
})
