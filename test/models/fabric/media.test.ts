import { describe, expect, it } from "vitest"
import { completeFabricSpec } from "../../../models/fabric/fabric.ts"
import { chooseMedium, countByMedium } from "../../../models/fabric/media.ts"
import { sizeFabric } from "../../../models/fabric/sizing.ts"
import type { Interconnect } from "../../../models/hardware/interconnect.ts"

const medium = (id: string, extra: Partial<Interconnect>): Interconnect => ({
  id, name: id, vendor: "any", availability: { status: "shipping", date: null }, notes: null, evidence: [], kind: "dac",
  gbps: 400, reachM: 2, powerPerEndMaxW: 0.1, powerPerEndW: null, pricePerEndUsd: null, pricePerCableUsd: 100,
  priceLowFactor: null, priceHighFactor: null, latencyNsPerM: 5, latencyPerEndNs: 0, transceivers: false,
  uses: ["scale-out"], ...extra
})

const media = [
  medium("optic", { kind: "single-mode", reachM: 500, powerPerEndMaxW: 8, pricePerEndUsd: 500, transceivers: true }),
  medium("copper", {}),
  medium("retimed", { kind: "aec", reachM: 7, powerPerEndMaxW: 5 }),
  medium("unknown-power", { kind: "aoc", reachM: 30, powerPerEndMaxW: null }),
  medium("backplane", { kind: "backplane", reachM: 2, powerPerEndMaxW: 0, uses: ["scale-up"] }),
  medium("long", { kind: "coherent", reachM: 80_000, powerPerEndMaxW: 20, uses: ["scale-across"] })
]

describe("chooseMedium", () => {
  const choose = (lengthM: number, gbps = 400) => chooseMedium(media, { gbps, lengthM, use: "scale-out" })?.id ?? null

  it("takes the least power that reaches, and what has no figure last", () => {
    expect([1, 2, 3, 7, 8, 500].map((length) => choose(length)))
      .toEqual(["copper", "copper", "retimed", "retimed", "optic", "optic"])
  })

  it("finds none beyond reach or at another speed", () => {
    expect(choose(501)).toBeNull()
    expect(choose(1, 800)).toBeNull()
  })
})

describe("countByMedium", () => {
  it("keeps every cable, and counts modules only where the medium has them", () => {
    const fatTree = { topology: "clos" as const, endpoints: 4096, radix: [64], linkGbps: 400, tiers: 3 as const }
    const size = sizeFabric(completeFabricSpec(fatTree))
    if (size.kind === "infeasible") throw new Error(size.reason)
    const lengths = { endpointLeaf: 2, leafSpine: 30, spineCore: 60, endpointRouter: 0, local: 0, global: 0 }
    const counts = countByMedium(size.bundles, lengths, media)
    expect(counts).toEqual([
      { medium: "copper", cables: 4096, transceivers: 0, lengthM: 8192 },
      { medium: "optic", cables: 8192, transceivers: 16_384, lengthM: 4096 * 90 }
    ])
    expect(counts.reduce((sum, { cables }) => sum + cables, 0)).toBe(size.cables)
  })
})
