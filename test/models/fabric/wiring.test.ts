import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { completeFabricSpec } from "../../../models/fabric/fabric.ts"
import type { FabricSize, FabricSpec, PartialFabricSpec } from "../../../models/fabric/fabric.ts"
import { measureBisection } from "../../../models/fabric/max-flow.ts"
import { sizeFabric } from "../../../models/fabric/sizing.ts"
import { checkWiring } from "../../../models/fabric/wiring-check.ts"
import type { Wiring } from "../../../models/fabric/wiring.ts"
import { wireFabric } from "../../../models/fabric/wiring.ts"
import { directSpecs, switchedSpecs } from "./random-fabrics.ts"

const sized = (spec: FabricSpec): FabricSize => {
  const size = sizeFabric(spec)
  if (size.kind === "infeasible") throw new Error(size.reason)
  return size
}

const wired = (partial: PartialFabricSpec) => {
  const spec = completeFabricSpec(partial)
  const size = sized(spec)
  return { spec, size, wiring: wireFabric(spec, size) }
}

const clos = (extra: Partial<FabricSpec>): PartialFabricSpec =>
  ({ topology: "clos", endpoints: 64, radix: [8], linkGbps: 400, tiers: 3, ...extra })

describe("wiring", () => {
  it("of any switched fabric uses each port once, keeps rails apart and spreads uplinks evenly", () => {
    fc.assert(fc.property(switchedSpecs(160), (spec) => {
      const size = sizeFabric(spec)
      fc.pre(size.kind !== "infeasible")
      expect(checkWiring(spec, size, wireFabric(spec, size))).toEqual([])
    }), { numRuns: 400, seed: 1 })
  })

  it("of any direct fabric matches its counts", () => {
    fc.assert(fc.property(directSpecs, (spec) => {
      const size = sizeFabric(spec)
      fc.pre(size.kind !== "infeasible")
      expect(checkWiring(spec, size, wireFabric(spec, size))).toEqual([])
    }), { numRuns: 200, seed: 2 })
  })

  it("carries between both halves what the bisection formula says, whatever the shape of the Clos", () => {
    fc.assert(fc.property(switchedSpecs(60), (spec) => {
      const size = sizeFabric(spec)
      fc.pre(size.kind !== "infeasible")
      expect(measureBisection(spec, wireFabric(spec, size))).toBeCloseTo(size.bisectionGbps, 6)
    }), { numRuns: 1000, seed: 3 })
  })

  it("carries between both halves what the formula says in grids and dragonflies too, odd and partly filled", () => {
    fc.assert(fc.property(directSpecs, (spec) => {
      const size = sizeFabric(spec)
      fc.pre(size.kind !== "infeasible")
      expect(measureBisection(spec, wireFabric(spec, size))).toBeCloseTo(size.bisectionGbps, 6)
    }), { numRuns: 1000, seed: 8 })
  })

  it("never carries more than the formula says, however wide the endpoints and the links between groups", () => {
    const group = { routers: 2, endpoints: 5, globals: 6 }
    const cases: ReadonlyArray<PartialFabricSpec> = [
      { topology: "dragonfly", endpoints: 82, radix: [12], linkGbps: 400, dragonfly: group },
      { topology: "torus", endpoints: 17, radix: [24], linkGbps: 400, endpointGbps: 1600, dims: [2, 5, 6] }
    ]
    for (const partial of cases) {
      const { spec, size, wiring } = wired(partial)
      expect(measureBisection(spec, wiring), partial.topology).toBeLessThan(size.bisectionGbps)
    }
  })

  it("of direct fabrics carries the cut that is known where dims and groups halve evenly", () => {
    const cases: ReadonlyArray<PartialFabricSpec> = [
      { topology: "torus", endpoints: 64, radix: [8], linkGbps: 400, dims: [4, 4, 4] },
      { topology: "torus", endpoints: 48, radix: [8], linkGbps: 400, dims: [2, 4, 6] },
      { topology: "torus", endpoints: 128, radix: [8], linkGbps: 400, dims: [2, 4, 8], planes: 2 },
      { topology: "torus", endpoints: 64, radix: [8], linkGbps: 400, dims: [4, 4, 4], integratedRouters: true },
      { topology: "nd-full-mesh", endpoints: 64, radix: [24], linkGbps: 400, dims: [4, 4, 4] },
      { topology: "nd-full-mesh", endpoints: 64, radix: [24], linkGbps: 100, endpointGbps: 400, dims: [8, 8] },
      { topology: "full-mesh", endpoints: 64, radix: [16], linkGbps: 400, dims: [8] },
      { topology: "full-mesh", endpoints: 8, radix: [7], linkGbps: 400, dims: [8], integratedRouters: true },
      { topology: "dragonfly", endpoints: 64, radix: [7], linkGbps: 400 },
      { topology: "dragonfly", endpoints: 48, radix: [7], linkGbps: 400 },
      { topology: "dragonfly", endpoints: 16, radix: [7], linkGbps: 400 },
      { topology: "dragonfly", endpoints: 8, radix: [7], linkGbps: 400 },
      { topology: "dragonfly", endpoints: 20, radix: [15], linkGbps: 400 }
    ]
    for (const partial of cases) {
      const { spec, size, wiring } = wired(partial)
      expect(checkWiring(spec, size, wiring), partial.topology).toEqual([])
      expect(measureBisection(spec, wiring), JSON.stringify(partial)).toBeCloseTo(size.bisectionGbps, 6)
    }
  })

  it("at 16,384 endpoints under eight rails is exact and without fault", () => {
    const { spec, size, wiring } = wired(clos({ endpoints: 16_384, radix: [64], rails: 8 }))
    expect(wiring.nodeTier.length).toBe(16_384 + 1280)
    expect(wiring.from.length).toBe(3 * 16_384)
    expect(checkWiring(spec, size, wiring)).toEqual([])
  })
})

describe("hops", () => {
  /** Switches on the shortest route from one endpoint to each other that it reaches. */
  const routesFrom = (wiring: Wiring, endpoint: number): ReadonlyArray<number> => {
    const switches = new Map([[endpoint, 0]])
    const neighbours = new Map<number, Array<number>>()
    wiring.from.forEach((from, link) => {
      const to = wiring.to[link]!
      neighbours.set(from, [...neighbours.get(from) ?? [], to])
      neighbours.set(to, [...neighbours.get(to) ?? [], from])
    })
    const queue = [endpoint]
    for (const node of queue) {
      if (wiring.nodeTier[node] === 0 && node !== endpoint) continue
      for (const next of neighbours.get(node) ?? []) {
        if (switches.has(next)) continue
        switches.set(next, switches.get(node)! + (wiring.nodeTier[next] === 0 ? 0 : 1))
        queue.push(next)
      }
    }
    return [...switches].filter(([node]) => node < wiring.endpoints && node !== endpoint).map(([, n]) => n)
  }

  const measure = (partial: PartialFabricSpec) => {
    const { size, wiring } = wired(partial)
    const routes = Array.from({ length: size.endpoints }, (_, endpoint) => routesFrom(wiring, endpoint)).flat()
    return { size, max: Math.max(...routes), mean: routes.reduce((sum, n) => sum + n, 0) / routes.length }
  }

  it("are those of the wired graph where blocks are evenly filled", () => {
    const cases: ReadonlyArray<PartialFabricSpec> = [
      clos({ tiers: 2, endpoints: 32 }), clos({ endpoints: 64, rails: 2 }), clos({ tiers: 2, endpoints: 16, rails: 4 }),
      clos({ tiers: 2, endpoints: 8, homes: 2 }), clos({ topology: "rail-only", rails: 2, tiers: 2, endpoints: 32 }),
      clos({ topology: "single", endpoints: 8 }),
      { topology: "torus", endpoints: 60, radix: [8], linkGbps: 400, dims: [3, 4, 5] },
      { topology: "torus", endpoints: 40, radix: [8], linkGbps: 400, dims: [2, 10] },
      { topology: "nd-full-mesh", endpoints: 48, radix: [24], linkGbps: 400, dims: [4, 6] }
    ]
    for (const partial of cases) {
      const { size, max, mean } = measure(partial)
      expect(size.hops.max, JSON.stringify(partial)).toBe(max)
      expect(size.hops.mean, JSON.stringify(partial)).toBeCloseTo(mean, 9)
    }
  })

  it("of a dragonfly have the most of the wired graph, and a mean near its own", () => {
    for (const endpoints of [72, 40, 24, 16]) {
      const { size, max, mean } = measure({ topology: "dragonfly", endpoints, radix: [7], linkGbps: 400 })
      expect(size.hops.max).toBe(max)
      expect(Math.abs(size.hops.mean - mean)).toBeLessThan(0.25)
    }
  })
})

describe("a wiring with a fault", () => {
  const broken = (partial: PartialFabricSpec, spoil: (wiring: Wiring) => void) => {
    const { spec, size, wiring } = wired(partial)
    spoil(wiring)
    return checkWiring(spec, size, wiring).join("; ")
  }
  const linkOf = (wiring: Wiring, tier: number) => wiring.linkTier.indexOf(tier)

  it("is caught when a port is used twice", () => {
    expect(broken(clos({}), (w) => { w.toSlot[1] = w.toSlot[0]!; w.to[1] = w.to[0]! })).toMatch(/slot \d+ twice/)
  })

  it("is caught when a port lies beyond the radix", () => {
    expect(broken(clos({}), (w) => { w.toSlot[linkOf(w, 2)] = 8 })).toContain("has no slot 8")
  })

  it("is caught when an endpoint hangs on a leaf of another rail", () => {
    expect(broken(clos({ rails: 2 }), (w) => { w.to[0] = w.to[1]! })).toMatch(/serves rails/)
  })

  it("is caught when both links of a dual-homed endpoint go to one leaf", () => {
    const partial = clos({ homes: 2, endpoints: 16, tiers: 2 })
    expect(broken(partial, (w) => { w.to[1] = w.to[0]! })).toContain("two links to switch")
  })

  it("is caught when a port leads into another plane or another rail's network", () => {
    const swap = (w: Wiring, a: number, b: number) => {
      const [to, slot] = [w.to[a]!, w.toSlot[a]!]
      w.to[a] = w.to[b]!
      w.toSlot[a] = w.toSlot[b]!
      w.to[b] = to
      w.toSlot[b] = slot
    }
    const planes = clos({ planes: 2, tiers: 2, endpoints: 8 })
    expect(broken(planes, (w) => { swap(w, 0, w.toSlot.length / 2) })).toContain("port of plane 0 in another")
    const rails = clos({ topology: "rail-only", rails: 2, tiers: 1, endpoints: 2 })
    expect(broken(rails, (w) => { swap(w, 0, 1) })).toContain("is not in network 0")
  })

  it("is caught when a rail-only fabric has a link between rails", () => {
    const partial = clos({ topology: "rail-only", rails: 2, tiers: 2, endpoints: 32 })
    expect(broken(partial, (w) => { w.to[linkOf(w, 1)] = w.to[w.to.length - 1]! })).toMatch(/joined to/)
  })

  it("is caught when a network falls apart", () => {
    const partial = clos({ tiers: 2, endpoints: 8, radix: [4], oversubscription: [3] })
    const spoil = (w: Wiring) => { for (let i = 0; i < w.to.length; i++) if (w.linkTier[i] === 1) w.to[i] = w.from[i]! }
    expect(broken(partial, spoil)).toContain("in pieces")
  })

  it("is caught when a bundle is uneven", () => {
    expect(broken(clos({ tiers: 2, endpoints: 16 }), (w) => { w.to[linkOf(w, 1)] = w.to[linkOf(w, 1) + 1]! }))
      .toContain("unevenly")
  })
})
