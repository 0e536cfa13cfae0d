import { describe, expect, it } from "vitest"
import { envelopeOf, isNoSlower, rateAcross } from "../../../models/design-space/fabric-order.ts"
import type { FabricPerformance } from "../../../models/performance/machine.ts"
import { type Draw, drawFrom } from "./cut-down.ts"

/** Of few different figures, so that equal ones meet. */
function fabricOf(draw: Draw): FabricPerformance {
  const GBps = [25, 50, 100][draw.below(3)]!
  const spans = [...new Set(Array.from({ length: draw.below(4) }, () => 8 * (1 + draw.below(20))))].sort((a, b) => a - b)
  return {
    GBps, latencyS: (1 + draw.below(5)) * 1e-6, topology: "switched", pairGBps: GBps, dims: [],
    inNetworkReduction: draw.below(2) === 1, railOnly: draw.below(2) === 1,
    taper: spans.map((span, i) => ({ span, GBps: GBps / (i + 1 + draw.below(2)) })).filter(({ GBps: rate }, i, all) =>
      all.slice(0, i).every((level) => level.GBps > rate) && rate < GBps)
  }
}

describe("the envelope of fabrics", () => {
  it("is no slower than any of them, at any span no faster than the fastest, and of one fabric that fabric", () => {
    for (let seed = 0; seed < 500; seed++) {
      const draw = drawFrom(seed)
      const fabrics = Array.from({ length: 1 + draw.below(5) }, () => fabricOf(draw))
      const envelope = envelopeOf(fabrics)
      for (const fabric of fabrics) expect(isNoSlower(envelope, fabric)).toBe(true)
      for (let span = 1; span < 200; span++) {
        expect(rateAcross(envelope, span)).toBe(Math.max(...fabrics.map((fabric) => rateAcross(fabric, span))))
      }
      expect(envelopeOf([fabrics[0]!])).toEqual(fabrics[0])
    }
  })
})
