import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ScaleUpSize, ScaleUpSpec } from "../../../models/fabric/scale-up.ts"
import { splitLanes } from "../../../models/fabric/scale-up.ts"
import { joinedRacks } from "../../../models/facility/joined-racks.ts"
import { sizeScaleUp } from "../../../models/fabric/scale-up-sizing.ts"

const spec = (extra: Partial<ScaleUpSpec>): ScaleUpSpec => ({
  topology: "switched-1", accelerators: 72, links: 18, GBps: 900, radix: [72], planes: null, acceleratorsPerLeaf: null,
  oversubscription: 1, dims: [], acceleratorsPerNode: 4, acceleratorsPerRack: 72, ...extra
})

const sized = (extra: Partial<ScaleUpSpec>): ScaleUpSize => {
  const size = sizeScaleUp(spec(extra))
  if (size.kind === "infeasible") throw new Error(size.reason)
  return size
}

/** Accelerators of a grid that a link joins, the first dimension the innermost. */
function neighbours(dims: ReadonlyArray<number>, ring: boolean): ReadonlyArray<readonly [number, number]> {
  const all = dims.reduce((product, extent) => product * extent, 1)
  let inner = 1
  return dims.flatMap((extent) => {
    const stride = inner
    inner *= extent
    return Array.from({ length: all }, (_, from) => from).flatMap((from) => {
      const position = Math.floor(from / stride) % extent
      const others = ring
        ? [...(position + 1 < extent ? [position + 1] : []), ...(position === 0 && extent > 2 ? [extent - 1] : [])]
        : Array.from({ length: extent - 1 - position }, (_, i) => position + 1 + i)
      return others.map((other) => [from, from + (other - position) * stride] as const)
    })
  })
}

const linksOf = (size: ScaleUpSize) => size.bundles.reduce((sum, bundle) => sum + bundle.links, 0)

describe("sizeScaleUp", () => {
  it("takes an HBD over the rack's edge: what crosses needs another medium", () => {
    expect(sized({ accelerators: 72 }).bundles).toEqual([{ kind: "accelerator-switch", reach: "rack", links: 1296 }])
    expect(sized({ accelerators: 72, acceleratorsPerRack: 36 }).bundles[0]!.reach).toBe("cross-rack")
    expect(sized({ accelerators: 4 }).bundles[0]!.reach).toBe("board")
    const two = sized({ topology: "switched-2", accelerators: 576 })
    expect(two.bundles.map(({ kind, reach }) => [kind, reach])).toEqual([
      ["accelerator-switch", "rack"], ["switch-switch", "cross-rack"]
    ])
  })

  it("needs a second tier beyond the radix, and says so", () => {
    expect(sizeScaleUp(spec({ accelerators: 73 }))).toMatchObject({
      kind: "infeasible", feasible: "at most 72 accelerators, or two tiers"
    })
    expect(sized({ topology: "switched-2", accelerators: 576 })).toMatchObject({
      switches: { first: 288, second: 162, total: 450 }, hops: { max: 3 }, GBps: 900, crossGBps: 900
    })
  })

  it("loses bandwidth across first-tier groups when the second tier is oversubscribed", () => {
    const size = sized({ topology: "switched-2", accelerators: 576, oversubscription: 2 })
    expect(size.crossGBps).toBeLessThanOrEqual(900 / 2 + 1e-9 + 900 / 18)
    expect(size.crossGBps).toBeGreaterThanOrEqual(900 / 2)
    expect(size.switches.total).toBeLessThan(450)
  })

  it("deals links unevenly where the planes are given", () => {
    expect(sized({ accelerators: 8, GBps: 450, radix: [64], planes: 4 })).toMatchObject({ switches: { first: 4 } })
    expect(linksOf(sized({ accelerators: 8, GBps: 450, radix: [64], planes: 4 }))).toBe(144)
  })

  it("has one link for each pair of a full mesh and none to spare", () => {
    expect(sized({ topology: "full-mesh", accelerators: 8, links: 7, GBps: 448 })).toMatchObject({
      pairGBps: 64, GBps: 448, maxAccelerators: 8, bisectionGBps: 16 * 64
    })
    // 7 links to three neighbours: two each, one dark
    expect(sized({ topology: "full-mesh", accelerators: 4, links: 7, GBps: 448 }))
      .toMatchObject({ pairGBps: 128, GBps: 384 })
    expect(sizeScaleUp(spec({ topology: "full-mesh", accelerators: 9, links: 7 })).kind).toBe("infeasible")
  })

  it("builds rings, tori and n-D meshes of any extents with every link counted once", () => {
    const grids = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })
    const places = fc.record({ node: fc.integer({ min: 1, max: 8 }), nodes: fc.integer({ min: 1, max: 16 }) })
    const topologies = fc.constantFrom("torus-3d" as const, "nd-full-mesh" as const)
    fc.assert(fc.property(grids, topologies, places, (dims, topology, place) => {
      const accelerators = dims.reduce((product, extent) => product * extent, 1)
      fc.pre(accelerators > 1)
      const size = sized({
        topology, dims, accelerators, links: 40, GBps: 400,
        acceleratorsPerNode: place.node, acceleratorsPerRack: place.node * place.nodes
      })
      // GBps / pairGBps parallel-free neighbours, each link seen from both ends
      expect(linksOf(size) * 2 * 10).toBeCloseTo(size.GBps * accelerators, 6)
      expect(size.GBps).toBeLessThanOrEqual(400)
    }), { numRuns: 300, seed: 8 })
  })

  it("says which links leave a rack and which racks they join, as counted one by one", () => {
    const grids = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })
    const topologies = fc.constantFrom("torus-3d" as const, "nd-full-mesh" as const)
    const met = { exact: 0, rings: 0, loose: 0 }
    fc.assert(fc.property(grids, topologies, fc.nat(), (dims, topology, choice) => {
      const accelerators = dims.reduce((product, extent) => product * extent, 1)
      const divisors = Array.from({ length: accelerators }, (_, i) => i + 1).filter((i) => accelerators % i === 0)
      const perRack = divisors[choice % divisors.length]!
      fc.pre(accelerators > 1)
      const size = sized({ topology, dims, accelerators, links: 40, GBps: 400, acceleratorsPerNode: 1, acceleratorsPerRack: perRack })
      const crossing = size.bundles.find(({ reach }) => reach === "cross-rack")
      const degree = dims.reduce((sum, extent) => sum + (topology === "torus-3d" ? Math.min(2, extent - 1) : extent - 1), 0)
      const pairs = neighbours(dims, topology === "torus-3d").map((pair) => pair.map((one) => Math.floor(one / perRack)))
        .filter(([a, b]) => a !== b).map(([a, b]) => `${Math.min(a!, b!)} ${Math.max(a!, b!)}`)
      const leave = pairs.length * Math.floor(40 / degree)
      expect(crossing?.links ?? 0).toBeGreaterThanOrEqual(leave)
      if (crossing?.lines === undefined) {
        if (crossing !== undefined) met.loose++
        return
      }
      met[topology === "torus-3d" ? "rings" : "exact"]++
      expect(crossing.links).toBe(leave)
      const joined = joinedRacks(accelerators / perRack, crossing.lines)
      expect(new Set(joined.map(({ from, to }) => `${from} ${to}`))).toEqual(new Set(pairs))
      expect(joined.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
    }), { numRuns: 400, seed: 4 })
    for (const count of Object.values(met)) expect(count).toBeGreaterThan(30)
  })

  it("joins cubes by circuit switches of two ports a cube", () => {
    const cubes = { topology: "torus-3d-ocs" as const, links: 6, GBps: 300, radix: [136], acceleratorsPerRack: 64 }
    expect(sized({ ...cubes, accelerators: 4096 })).toMatchObject({
      switches: { circuit: 48 }, dims: [16, 16, 16], maxAccelerators: 68 * 64, pairGBps: 50,
      bundles: [{ kind: "direct", links: 9216 }, { kind: "accelerator-circuit", links: 6144 }]
    })
    // cabled as a plain torus it has as many links: those through a circuit switch are two fibres each
    const cabled = sized({ ...cubes, topology: "torus-3d", dims: [16, 16, 16], accelerators: 4096 })
    expect(linksOf(cabled)).toBe(9216 + 6144 / 2)
    expect(sizeScaleUp(spec({ ...cubes, accelerators: 69 * 64 })).kind).toBe("infeasible")
    expect(sizeScaleUp(spec({ ...cubes, accelerators: 100 })).kind).toBe("infeasible")
  })

  it("of one accelerator is nothing", () => {
    expect(sized({ accelerators: 1 })).toMatchObject({ switches: { total: 0 }, bundles: [], GBps: 0 })
  })
})

describe("splitLanes", () => {
  const shared = { lanes: 72, laneGbps: 100, scaleUpLanesMin: 16, scaleOutLanesMin: 8 }

  it("gives every lane to one side or the other", () => {
    expect(splitLanes(shared, 64)).toEqual({ scaleUpGBps: 800, scaleOutGbps: 800 })
    for (let lanes = 16; lanes <= 64; lanes++) {
      const split = splitLanes(shared, lanes)!
      expect(split.scaleUpGBps * 8 + split.scaleOutGbps).toBe(7200)
    }
  })

  it("keeps the least of either side", () => {
    expect(splitLanes(shared, 15)).toBeNull()
    expect(splitLanes(shared, 65)).toBeNull()
  })
})
