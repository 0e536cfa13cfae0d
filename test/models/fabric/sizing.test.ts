import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { boundFabric } from "../../../models/fabric/bound.ts"
import type { FabricSpec, PartialFabricSpec } from "../../../models/fabric/fabric.ts"
import { completeFabricSpec } from "../../../models/fabric/fabric.ts"
import { sizeFabric, smallestTiers } from "../../../models/fabric/sizing.ts"
import { directSpecs, switchedSpecs } from "./random-fabrics.ts"

const anySpec = fc.oneof(switchedSpecs(3000), directSpecs)

/** Every count of a size or a bound by name. */
const countsOf = (of: { switches: object; links: object; cables: number; transceivers: number }) =>
  Object.entries({ ...of.switches, ...of.links, cables: of.cables, transceivers: of.transceivers }) as
    ReadonlyArray<[string, number]>

const size = (partial: PartialFabricSpec) => sizeFabric(completeFabricSpec(partial))

describe("sizeFabric", () => {
  it("needs no fewer switches, links or cables for more endpoints", () => {
    fc.assert(fc.property(anySpec, fc.integer({ min: 1, max: 400 }), (spec, more) => {
      const [small, large] = [sizeFabric(spec), sizeFabric({ ...spec, endpoints: spec.endpoints + more })]
      fc.pre(small.kind !== "infeasible" && large.kind !== "infeasible")
      const after = new Map(countsOf(large))
      for (const [name, count] of countsOf(small)) {
        // cores alone may fall where a fuller pod lets them group better: their sum with the spines never does
        if (name !== "core") expect(after.get(name), name).toBeGreaterThanOrEqual(count)
      }
    }), { numRuns: 1500, seed: 4 })
  })

  it("reaches maxEndpoints and not one more", () => {
    fc.assert(fc.property(anySpec, (spec) => {
      const found = sizeFabric(spec)
      fc.pre(found.kind !== "infeasible")
      expect(sizeFabric({ ...spec, endpoints: found.maxEndpoints }).kind).toBe(found.kind)
      expect(sizeFabric({ ...spec, endpoints: found.maxEndpoints + 1 }).kind).toBe("infeasible")
    }), { numRuns: 600, seed: 5 })
  })

  it("is at least its bound, for its own endpoints and all larger numbers", () => {
    fc.assert(fc.property(anySpec, fc.integer({ min: 0, max: 3000 }), (spec, more) => {
      const bound = boundFabric(spec)
      fc.pre(bound.kind !== "infeasible")
      const endpoints = Math.min(spec.endpoints + more, bound.maxEndpoints)
      const exact = sizeFabric({ ...spec, endpoints })
      fc.pre(exact.kind !== "infeasible")
      const counts = new Map(countsOf(exact))
      for (const [name, perEndpoint] of countsOf(bound)) {
        expect(counts.get(name)! + 1e-9, name).toBeGreaterThanOrEqual(endpoints * perEndpoint)
      }
    }), { numRuns: 1500, seed: 6 })
  })

  it("equals its bound where every block is full", () => {
    const spec = completeFabricSpec({
      topology: "clos", endpoints: 65_536, radix: [64], linkGbps: 400, tiers: 3, rails: 8
    })
    const [exact, bound] = [sizeFabric(spec), boundFabric(spec)]
    if (exact.kind !== "switched" || bound.kind !== "switched") throw new Error("infeasible")
    expect(countsOf(bound).map(([, n]) => n * 65_536)).toEqual(countsOf(exact).map(([, n]) => n))
  })

  it("has every switch port of a full non-blocking Clos in use: 5 n / k switches", () => {
    for (const k of [8, 16, 32, 64, 128]) {
      const n = k ** 3 / 4
      expect(size({ topology: "clos", endpoints: n, radix: [k], linkGbps: 400, tiers: 3 })).toMatchObject({
        switches: { total: 5 * n / k }, maxEndpoints: n, bisectionGbps: n / 2 * 400
      })
    }
  })

  it("spreads uplinks evenly rather than filling ports", () => {
    // 24 leaves × 32 uplinks fill 12 spines of 64 ports, but 32 uplinks do not spread over 12
    expect(size({ topology: "clos", endpoints: 768, radix: [64], linkGbps: 400, rails: 8 }))
      .toMatchObject({ switches: { leaf: 24, spine: 16 } })
  })

  it("gives a partial last pod the spines that it needs", () => {
    expect(size({ topology: "clos", endpoints: 4096 + 512, radix: [64], linkGbps: 400, tiers: 3, rails: 8 }))
      .toMatchObject({ switches: { leaf: 144, spine: 144, core: 128 }, links: { leafSpine: 4608, spineCore: 4608 } })
  })

  it("keeps oversubscription, fractional too, and leaves the rest of the ports spare", () => {
    fc.assert(fc.property(switchedSpecs(2000), (spec) => {
      const found = sizeFabric(spec)
      fc.pre(found.kind === "switched" && spec.tiers > 1)
      if (found.kind !== "switched") return
      const { design } = found
      const down = design.endpointsPerLeaf * spec.endpointGbps
      expect(down).toBeLessThanOrEqual(design.leafUplinks * spec.linkGbps * (spec.oversubscription[0] ?? 1) + 1e-6)
      const ports = Math.ceil(design.endpointsPerLeaf * spec.endpointGbps / spec.linkGbps) + design.leafUplinks
      expect(ports).toBeLessThanOrEqual(spec.radix[0]! - spec.sparePorts)
      if (spec.tiers === 3) {
        expect(design.spineDownlinks).toBeLessThanOrEqual(design.spineUplinks * (spec.oversubscription[1] ?? 1) + 1e-6)
      }
    }), { numRuns: 400, seed: 7 })
  })

  it("cannot tell the number of planes but by multiplying", () => {
    const one = size({ topology: "clos", endpoints: 512, radix: [128], linkGbps: 400, rails: 8 })
    const two = size({ topology: "clos", endpoints: 512, radix: [128], linkGbps: 400, rails: 8, planes: 2 })
    if (one.kind !== "switched" || two.kind !== "switched") throw new Error("infeasible")
    expect(countsOf(two).map(([, n]) => n)).toEqual(countsOf(one).map(([, n]) => 2 * n))
    expect(two.bisectionGbps).toBe(2 * one.bisectionGbps)
  })

  it("gives dual-ToR endpoints two leaves", () => {
    expect(size({ topology: "clos", endpoints: 16, radix: [64], linkGbps: 800, endpointGbps: 200, homes: 2 }))
      .toMatchObject({ switches: { leaf: 2, spine: 1 }, links: { endpointLeaf: 32, leafSpine: 64 } })
  })

  it("counts breakout cables and twin-port modules", () => {
    const spec = { topology: "clos" as const, endpoints: 128, radix: [64], linkGbps: 800, endpointGbps: 400 }
    expect(size(spec)).toMatchObject({ cables: 192, transceivers: 64 + 128 + 128 })
    expect(size({ ...spec, linksPerCable: { endpoint: 2, fabric: 1 } }))
      .toMatchObject({ cables: 128, transceivers: 320 })
    const twin = { topology: "clos" as const, endpoints: 512, radix: [128], linkGbps: 400, planes: 2, rails: 8 }
    expect(size({ ...twin, linksPerCable: { endpoint: 2, fabric: 2 } }))
      .toMatchObject({ cables: 1024, transceivers: 2048 })
  })

  it("says what would be feasible", () => {
    expect(size({ topology: "clos", endpoints: 4096, radix: [64], linkGbps: 400, rails: 8 })).toEqual({
      kind: "infeasible",
      reason: "4096 endpoints are more than 2 tiers of this radix reach",
      feasible: "at most 2048 endpoints, or 3 tiers"
    })
    expect(size({ topology: "clos", endpoints: 65_537, radix: [64], linkGbps: 400, tiers: 3 }))
      .toMatchObject({ kind: "infeasible", feasible: expect.stringContaining("65536") })
    expect(size({ topology: "torus", endpoints: 64, radix: [6], linkGbps: 400, dims: [4, 4, 4] }))
      .toMatchObject({ kind: "infeasible", feasible: expect.stringContaining("radix of 7") })
    expect(size({ topology: "clos", endpoints: 64, radix: [64], linkGbps: 400, endpointGbps: 300 }))
      .toMatchObject({ kind: "infeasible" })
  })

  it("chooses a mesh: one router an endpoint in the fewest dimensions that its ports reach", () => {
    const shape = (topology: FabricSpec["topology"], endpoints: number, extra: Partial<FabricSpec> = {}) => {
      const found = sizeFabric(completeFabricSpec({ topology, endpoints, radix: [64], linkGbps: 400, ...extra }))
      return found.kind === "direct" ? found.design.dims : null
    }
    expect(shape("nd-full-mesh", 1024)).toEqual([32, 32])
    expect(shape("nd-full-mesh", 4096)).toEqual([16, 16, 16])
    expect(shape("nd-full-mesh", 65_536)).toEqual([16, 16, 16, 16])
    expect(shape("nd-full-mesh", 1024, { radix: [20], integratedRouters: true })).toEqual([8, 8, 4, 4])
    expect(shape("full-mesh", 64)).toEqual([64])
    expect(shape("full-mesh", 65)).toEqual([9])
    expect(size({ topology: "nd-full-mesh", endpoints: 1021, radix: [64], linkGbps: 400 }))
      .toMatchObject({ kind: "infeasible", feasible: "dims of 32×32" })
    expect(size({ topology: "nd-full-mesh", endpoints: 100_000_007, radix: [64], linkGbps: 400 })).toMatchObject({
      kind: "infeasible", feasible: expect.stringContaining("at most 78608 endpoints")
    })
    expect(size({ topology: "nd-full-mesh", endpoints: 78_608, radix: [64], linkGbps: 400 })).toMatchObject({
      kind: "direct", design: { dims: [17, 17, 17, 16] }
    })
    expect(size({ topology: "torus", endpoints: 60, radix: [64], linkGbps: 400, dims: [4, 4, 4], integratedRouters: true }))
      .toMatchObject({ kind: "infeasible", feasible: expect.stringContaining("64 endpoints") })
  })

  it("finds the fewest tiers", () => {
    const tiersOf = (endpoints: number, extra: Partial<FabricSpec> = {}) =>
      smallestTiers(completeFabricSpec({ topology: "clos", endpoints, radix: [64], linkGbps: 400, ...extra }))
    expect([64, 65, 2048, 2049, 65_536, 65_537].map((n) => tiersOf(n))).toEqual([1, 2, 2, 3, 3, null])
    expect(tiersOf(16_384, { topology: "rail-only", rails: 8 })).toBe(2)
  })
})
