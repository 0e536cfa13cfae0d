import { describe, expect, it } from "vitest"
import { standingFor } from "../../../models/design-space/site-class.ts"
import { defaultAllowances, defaultPriceRanges } from "../../../models/facility/defaults.ts"
import { buildLink, prepareGateway } from "../../../models/facility/gateway.ts"
import { shipped } from "../../catalog/shipped-catalog.ts"

const { interconnects, switches, coolingClasses } = shipped
const build = (Gbps: number, distanceKm: number) => buildLink({ Gbps, distanceKm }, interconnects, switches)!
const standing = standingFor({
  name: "hall", power: { limitMW: 1, at: "meter", pue: 1.2 }, racks: null, floorM2: null, capitalUsd: null, accelerators: null,
  cooling: [{ class: "air", racks: null, rackPowerKW: null }], climate: null
}, coolingClasses)!

describe("what joins two sites", () => {
  it("is of a medium that reaches, as many modules as the link's bandwidth asks for", () => {
    for (const [Gbps, distanceKm] of [[400, 1], [3200, 9], [12_800, 60], [100_000, 110], [6400, 700]] as const) {
      const { medium, modules, router, routers } = build(Gbps, distanceKm)
      expect(medium.reachM).toBeGreaterThanOrEqual(distanceKm * 1000)
      expect(modules).toBe(Math.ceil(Gbps / medium.gbps))
      const ports = router.radix.find(({ portGbps }) => portGbps === medium.gbps)!.ports
      expect(routers * ports).toBeGreaterThanOrEqual(2 * modules)
      expect((routers - 1) * ports).toBeLessThan(2 * modules)
    }
  })

  it("needs coherent modules and a line system beyond what a pluggable lights by itself", () => {
    expect(build(3200, 5).lineSystem).toBeNull()
    expect(build(3200, 60).medium.kind).toBe("coherent")
    expect(build(3200, 60).lineSystem).not.toBeNull()
    expect(buildLink({ Gbps: 3200, distanceKm: 30_000 }, interconnects, switches)).toBeNull()
  })

  it("takes the light five microseconds a kilometre, and its ends some more", () => {
    const [near, far] = [build(800, 100).latencyS, build(800, 110).latencyS]
    expect(far - near).toBeCloseTo(50e-6, 9)
    expect(near).toBeGreaterThan(500e-6)
    expect(near).toBeLessThan(530e-6)
  })

  it("comes to the sum of its bill, racks among it", () => {
    const { lines, use } = prepareGateway("hall", [build(12_800, 60), build(6400, 5)], standing, defaultAllowances, defaultPriceRanges)
    const sum = (of: (line: (typeof lines)[number]) => number) => lines.reduce((total, line) => total + line.count * of(line), 0)
    expect(use.itPowerW).toBeCloseTo(sum((line) => line.powerMaxW), 6)
    expect(use.capexUsd).toBeCloseTo(sum((line) => line.priceUsd), 6)
    expect(use.racks).toBe(lines.find(({ role }) => role === "rack")!.count)
    expect(use.racks).toBeGreaterThan(0)
    expect(use.meterPowerW).toBeGreaterThan(use.itPowerW * 1.19)
    expect(use.accelerators).toBe(0)
    expect(lines.find(({ role }) => role === "rack")).toMatchObject({ priceLowUsd: 3_000, priceHighUsd: 20_000 })
  })
})
