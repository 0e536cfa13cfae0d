import { describe, expect, it } from "vitest"
import { attendedTokens, attentionBlock, expertBlock, feedForwardBlock } from "../../../models/workload/layer-work.ts"
import type { LayerWork, Slice } from "../../../models/workload/layer-work.ts"
import { deepseekV3, dense405b, gpt3 } from "../performance/subjects.ts"

const slice = (change: Partial<Slice> = {}): Slice => ({
  tp: 1, ep: 1, etp: 1, tokens: 2048, regionTokens: 2048, sequence: 2048, inputBytes: 2, fused: true,
  fusedLoss: false, ...change
})

const gemmFlops = (work: LayerWork) => work.gemms.reduce((sum, { m, n, k, batch }) => sum + 2 * m * n * k * batch, 0)
const keptBytes = (work: LayerWork) => work.kept.reduce((sum, { bytes }) => sum + bytes, 0)

describe("layer work", () => {
  it("spends two FLOPs per weight and token forward", () => {
    const h = gpt3.hidden
    const flops = gemmFlops(attentionBlock(gpt3, slice())) + gemmFlops(feedForwardBlock(gpt3, slice(), gpt3.ffn))
    expect(flops).toBe(2 * 2048 * 12 * h * h)
  })

  it("shares work and activations evenly over tensor and sequence parallel ranks", () => {
    const whole = slice()
    const part = slice({ tp: 8, regionTokens: 256 })
    for (const block of [attentionBlock, (shape: typeof gpt3, s: Slice) => feedForwardBlock(shape, s, shape.ffn)]) {
      expect(8 * gemmFlops(block(gpt3, part))).toBeCloseTo(gemmFlops(block(gpt3, whole)), -3)
      expect(8 * keptBytes(block(gpt3, part))).toBeCloseTo(keptBytes(block(gpt3, whole)), -3)
    }
  })

  it("keeps the activations that Korthikanti et al. count: s·b·h·(34 + 5·a·s/h) without fused kernels", () => {
    const unfused = slice({ fused: false })
    const bytes = keptBytes(attentionBlock(gpt3, unfused)) + keptBytes(feedForwardBlock(gpt3, unfused, gpt3.ffn))
    const { hidden, heads } = gpt3
    expect(bytes / (2048 * hidden * (34 + (5 * heads * 2048) / hidden))).toBeCloseTo(1, 6)
  })

  it("attends half the sequence when causal, all of it unfused, and a window where there is one", () => {
    expect(attendedTokens(gpt3, 4096, true)).toBe(2048)
    expect(attendedTokens(gpt3, 4096, false)).toBe(4096)
    const windowed = { ...gpt3, slidingWindow: { window: 128, fullEvery: 2 } }
    expect(attendedTokens(windowed, 4096, true)).toBeCloseTo((2048 + 126) / 2, 5)
  })

  it("gives experts the same work however they are spread", () => {
    const one = gemmFlops(expertBlock(deepseekV3, slice()))
    const spread = gemmFlops(expertBlock(deepseekV3, slice({ ep: 64 })))
    expect(spread).toBeCloseTo(one, -6)
  })

  it("counts grouped-query heads once per rank at least", () => {
    const [projection] = attentionBlock(dense405b, slice({ tp: 16, regionTokens: 128 })).gemms
    expect(projection!.n).toBe((8 + 2) * 128)
  })
})
