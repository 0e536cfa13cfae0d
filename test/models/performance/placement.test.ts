import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { divisorUpTo, placement } from "../../../models/performance/placement.ts"
import { mapping } from "./subjects.ts"

describe("placement", () => {
  it("fills an HBD with the first dimensions and cuts the first that does not fit", () => {
    const place = placement(mapping({ tp: 4, cp: 1, pp: 4, dp: 64 }), 72)
    expect(place.perHbd).toBe(64)
    expect(place.hbds).toBe(16)
    expect(place.tensor).toEqual({ inside: 4, outside: 1, span: 4 })
    expect(place.data).toEqual({ inside: 16, outside: 4, span: 256 })
    expect(place.pipelineCrosses).toBe(true)
  })

  it("keeps a pipeline inside where the order puts it before data parallelism and it fits", () => {
    const place = placement(mapping({ tp: 4, pp: 4, dp: 64, order: "tp-cp-pp-dp" }), 72)
    expect(place.pipelineCrosses).toBe(false)
    expect(place.data).toEqual({ inside: 4, outside: 16, span: 1024 })
  })

  it("spreads experts over neighbouring ranks of a stage", () => {
    const place = placement(mapping({ tp: 1, ep: 32, pp: 8, dp: 64, sequenceParallel: false }), 8)
    expect(place.expert).toEqual({ inside: 8, outside: 4, span: 32 })
    expect(place.expertData).toEqual({ inside: 1, outside: 2, span: 64 })
  })

  const power = fc.integer({ min: 0, max: 5 }).map((exponent) => 2 ** exponent)
  const dimension = fc.oneof(power, fc.integer({ min: 1, max: 30 }))
  const order = fc.constantFrom("tp-cp-dp-pp" as const, "tp-cp-pp-dp" as const)

  it("covers every group exactly and never overfills an HBD", () => {
    fc.assert(fc.property(dimension, dimension, dimension, dimension, fc.integer({ min: 1, max: 600 }), order,
      (tp, cp, pp, dp, hbdSize, chosen) => {
        const place = placement(mapping({ tp, cp, pp, dp, order: chosen }), hbdSize)
        expect(place.perHbd).toBeLessThanOrEqual(hbdSize)
        expect(place.perHbd * place.hbds).toBe(tp * cp * pp * dp)
        const sizes = [[place.tensor, tp], [place.context, cp], [place.data, cp * dp]] as const
        for (const [group, members] of sizes) {
          expect(group.inside * group.outside).toBe(members)
          expect(Number.isInteger(group.outside)).toBe(true)
        }
      }))
  })

  it("uses no fewer accelerators of a larger HBD", () => {
    fc.assert(fc.property(dimension, dimension, dimension, dimension, fc.integer({ min: 1, max: 300 }), order,
      (tp, cp, pp, dp, hbdSize, chosen) => {
        const subject = mapping({ tp, cp, pp, dp, order: chosen })
        expect(placement(subject, hbdSize + 1).perHbd).toBeGreaterThanOrEqual(placement(subject, hbdSize).perHbd)
      }))
  })

  it("finds the largest divisor up to a limit", () => {
    expect(divisorUpTo(64, 18)).toBe(16)
    expect(divisorUpTo(7, 6)).toBe(1)
    expect(divisorUpTo(12, 100)).toBe(12)
  })
})
