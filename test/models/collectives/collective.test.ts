import { readFileSync } from "node:fs"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  broadcastsTime, exchangeTime, gatherTime, reduceTime, remoteShare
} from "../../../models/collectives/collective.ts"
import type { Group } from "../../../models/collectives/link.ts"
import { allToAllRate, neighbourRate, taperedRate } from "../../../models/collectives/link.ts"
import { constantsFor } from "../../../models/performance/constants.ts"
import { machineLinks } from "../../../models/performance/evaluator.ts"
import { h100, switched } from "../performance/subjects.ts"

const links = machineLinks(h100, constantsFor("hopper"))
const groupOf = (inside: number, outside: number): Group => ({ inside, outside, span: inside * outside })
const group = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 64 })).map(([a, b]) => groupOf(a, b))
const size = fc.integer({ min: 1, max: 33 }).map((exponent) => 2 ** exponent)

describe("collectives", () => {
  it("cost nothing alone or empty", () => {
    expect(gatherTime(groupOf(1, 1), 1e9, links)).toBe(0)
    expect(reduceTime(groupOf(8, 4), 0, links)).toBe(0)
    expect(exchangeTime(groupOf(1, 1), 1e9, 0, 1, links)).toBe(0)
  })

  it("take longer for more bytes", () => {
    fc.assert(fc.property(group, size, (ranks, bytes) => {
      for (const time of [gatherTime, reduceTime, broadcastsTime]) {
        expect(time(ranks, 2 * bytes, links)).toBeGreaterThanOrEqual(time(ranks, bytes, links))
      }
    }))
  })

  it("never beat the wire", () => {
    fc.assert(fc.property(group, size, (ranks, bytes) => {
      const n = ranks.inside * ranks.outside
      if (n > 1) expect(gatherTime(ranks, bytes, links)).toBeGreaterThan((bytes * (n - 1)) / n / 450e9 / ranks.inside / 2)
      if (ranks.outside > 1) {
        const crossing = (bytes * (ranks.outside - 1)) / ranks.outside / (ranks.inside * 50e9)
        expect(gatherTime(ranks, bytes, links)).toBeGreaterThan(crossing)
      }
    }))
  })

  it("send a token once per HBD when deduplicated", () => {
    expect(remoteShare(groupOf(8, 4), 8, false)).toBe(0.75)
    expect(remoteShare(groupOf(8, 4), 8, true)).toBeCloseTo((3 * (1 - 0.75 ** 8)) / 8, 12)
    expect(remoteShare(groupOf(8, 1), 8, true)).toBe(0)
  })

  it("know direct topologies: mesh links to the members, torus axes, hops of an all-to-all", () => {
    const mesh = { ...links.up, efficiency: 1, fabric: { ...switched(448, 1e-6), topology: "full-mesh" as const, pairGBps: 64 } }
    expect(neighbourRate(mesh, 2)).toBe(64e9)
    expect(neighbourRate(mesh, 8)).toBe(448e9)
    const torus = { ...links.up, efficiency: 1, fabric: { ...switched(200, 1e-6), topology: "torus" as const, dims: [16, 16] } }
    expect(neighbourRate(torus, 16)).toBe(100e9)
    expect(neighbourRate(torus, 256)).toBe(200e9)
    expect(allToAllRate(torus, 256)).toBe(25e9)
    // 8 × 8 of 60 GB/s a neighbour: seven in the row, seven more beyond it, and one hop and three quarters of them
    const grid = { ...mesh, fabric: { ...mesh.fabric, GBps: 840, pairGBps: 60, dims: [8, 8] } }
    expect(neighbourRate(grid, 8)).toBe(420e9)
    expect(neighbourRate(grid, 64)).toBe(840e9)
    expect(allToAllRate(grid, 8)).toBe(420e9)
    expect(allToAllRate(grid, 64)).toBeCloseTo(840e9 / (2 * 7 / 8), 3)
  })

  it("lose what a tapered fabric takes", () => {
    const tapered = { ...links.out, efficiency: 1, fabric: { ...switched(50, 5e-6), taper: [{ span: 1024, GBps: 10 }] } }
    expect(taperedRate(tapered, 1024)).toBe(50e9)
    expect(taperedRate(tapered, 1025)).toBe(10e9)
  })
})

interface Curve {
  readonly id: string
  readonly gpus: number
  readonly points: ReadonlyArray<{ readonly bytes: number; readonly busGBps: number }>
}

describe("all-reduce against published NCCL curves", () => {
  const curves: ReadonlyArray<Curve> = JSON.parse(
    readFileSync(new URL("../../../instances/published/collectives.json", import.meta.url), "utf8")
  )
  const machines: Readonly<Record<string, readonly [family: string, GBps: number, inNetwork: boolean]>> = {
    "azure-allreduce-a100-80gb": ["ampere", 300, false],
    "azure-allreduce-h100": ["hopper", 450, true],
    "azure-allreduce-h200": ["hopper", 450, true],
    "azure-allreduce-gb200": ["blackwell", 900, false]
  }

  it.each(Object.keys(machines))("%s: large messages within 20 %%, all within a factor of 2.5", (id) => {
    const curve = curves.find((one) => one.id === id)!
    const [family, GBps, inNetworkReduction] = machines[id]!
    const machine = { ...h100, scaleUp: { ...switched(GBps, 1e-6), inNetworkReduction } }
    for (const { bytes, busGBps } of curve.points) {
      const measured = (2 * bytes * (curve.gpus - 1)) / curve.gpus / (busGBps * 1e9)
      const ratio = reduceTime(groupOf(curve.gpus, 1), bytes, machineLinks(machine, constantsFor(family))) / measured
      expect(ratio).toBeGreaterThan(bytes >= 2 ** 28 ? 1 / 1.2 : 1 / 2.5)
      expect(ratio).toBeLessThan(bytes >= 2 ** 28 ? 1.2 : 2.5)
    }
  })
})
