import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { FabricSpec } from "../../../models/fabric/fabric.ts"
import { completeFabricSpec } from "../../../models/fabric/fabric.ts"
import type { FabricTiming } from "../../../models/fabric/performance.ts"
import {
  describeFabricPerformance, describeScaleUpPerformance, pathLatencyS
} from "../../../models/fabric/performance.ts"
import { sizeScaleUp } from "../../../models/fabric/scale-up-sizing.ts"
import { sizeFabric } from "../../../models/fabric/sizing.ts"
import { directSpecs, switchedSpecs } from "./random-fabrics.ts"

const timing: FabricTiming = {
  switchLatencyNs: 250, endpointLatencyNs: 1500, cableLatencyNs: 100, inNetworkReduction: true
}

type Asked = Partial<FabricSpec> & Pick<FabricSpec, "topology" | "endpoints">

const describeSpec = (partial: Asked, perAccelerator = 1) => {
  const spec = completeFabricSpec({ radix: [64], linkGbps: 400, ...partial })
  const size = sizeFabric(spec)
  if (size.kind === "infeasible") throw new Error(size.reason)
  return describeFabricPerformance(spec, size, perAccelerator, timing)
}

describe("describeFabricPerformance", () => {
  it("is the NIC's bandwidth without taper when nothing is oversubscribed", () => {
    expect(describeSpec({ topology: "clos", endpoints: 4096, tiers: 3, rails: 8 })).toMatchObject({
      GBps: 50, pairGBps: 50, topology: "switched", taper: [], railOnly: false, inNetworkReduction: true
    })
    expect(describeSpec({ topology: "clos", endpoints: 1024, planes: 2, rails: 8 }, 2)).toMatchObject({ GBps: 200 })
  })

  it("tapers where a tier is oversubscribed, at the accelerators below it", () => {
    const meta = {
      topology: "clos" as const, endpoints: 24_576, radix: [128, 512], tiers: 3 as const, endpointsPerLeaf: 16,
      endpointsPerPod: 3072, oversubscription: [1, 7]
    }
    const { taper } = describeSpec(meta)
    expect(taper).toHaveLength(1)
    expect(taper[0]!.span).toBe(3072)
    // 384 downlinks at 7:1 need 54.86 uplinks: 55 are built
    expect(taper[0]!.GBps).toBeCloseTo(50 * 55 / 384, 9)
    expect(describeSpec({ topology: "clos", endpoints: 1024, rails: 8, oversubscription: [3] }).taper)
      .toEqual([{ span: 48 * 8, GBps: expect.closeTo(50 / 3, 9) }])
  })

  it("knows rail-only networks and direct links", () => {
    expect(describeSpec({ topology: "rail-only", endpoints: 1024, rails: 8 })).toMatchObject({ railOnly: true, taper: [] })
    expect(describeSpec({ topology: "torus", endpoints: 64, dims: [4, 4, 4] }))
      .toMatchObject({ topology: "torus", dims: [4, 4, 4], pairGBps: 50 })
    expect(describeSpec({ topology: "full-mesh", endpoints: 8, dims: [8], linkGbps: 100, endpointGbps: 400 }))
      .toMatchObject({ topology: "full-mesh", GBps: 50, pairGBps: 12.5 })
    expect(describeSpec({ topology: "dragonfly", endpoints: 1056, radix: [15] }))
      .toMatchObject({ topology: "switched", taper: [] })
  })

  it("counts latency over the mean route", () => {
    expect(pathLatencyS(timing, 3)).toBeCloseTo((1500 + 3 * 250 + 4 * 100) * 1e-9, 15)
    const { latencyS } = describeSpec({ topology: "clos", endpoints: 2048 })
    expect(latencyS).toBeGreaterThan(pathLatencyS(timing, 1))
    expect(latencyS).toBeLessThan(pathLatencyS(timing, 3))
  })

  it("never promises more to a wider group, nor more than the NIC", () => {
    fc.assert(fc.property(fc.oneof(switchedSpecs(2000), directSpecs), (spec) => {
      const size = sizeFabric(spec)
      fc.pre(size.kind !== "infeasible")
      const { GBps, pairGBps, taper, latencyS } = describeFabricPerformance(spec, size, 1, timing)
      expect(pairGBps).toBeLessThanOrEqual(GBps)
      expect(latencyS).toBeGreaterThan(0)
      taper.reduce((below, level) => {
        expect(level.span).toBeGreaterThan(below.span)
        expect(level.GBps).toBeLessThan(below.GBps)
        return level
      }, { span: 0, GBps })
    }), { numRuns: 500, seed: 9 })
  })
})

describe("describeScaleUpPerformance", () => {
  const spec = {
    accelerators: 8, links: 7, GBps: 448, radix: [64], planes: null, acceleratorsPerLeaf: null, oversubscription: 1,
    dims: [], acceleratorsPerNode: 8, acceleratorsPerRack: 32
  }

  it("reduces in switches only where there are switches", () => {
    const mesh = sizeScaleUp({ ...spec, topology: "full-mesh" })
    const switched = sizeScaleUp({ ...spec, topology: "switched-1" })
    if (mesh.kind === "infeasible" || switched.kind === "infeasible") throw new Error("infeasible")
    expect(describeScaleUpPerformance(mesh, timing)).toMatchObject({
      topology: "full-mesh", pairGBps: 64, GBps: 448, inNetworkReduction: false, dims: [8]
    })
    expect(describeScaleUpPerformance(switched, timing)).toMatchObject({
      topology: "switched", pairGBps: 448, inNetworkReduction: true, dims: [], taper: []
    })
  })
})
