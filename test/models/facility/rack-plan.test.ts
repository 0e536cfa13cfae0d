import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { defaultAllowances } from "../../../models/facility/defaults.ts"
import { preparePlant } from "../../../models/facility/plant.ts"
import { hbdRackContents, packRacks } from "../../../models/facility/rack-plan.ts"
import { countRacks, countSpareHosts } from "../../../models/facility/rack-counts.ts"
import { resourceUse, worstRackPowerW } from "../../../models/facility/resource-use.ts"
import { accelerator, copper, design, host, nodeHbd, optics, scaleOut, standing, trayHbd } from "./parts.ts"
import { closCounts, counts, plants, ready } from "./plants.ts"

describe("packRacks", () => {
  it("stands everything in racks, within power, units and weight", () => {
    fc.assert(fc.property(plants, counts, (plant, hbds) => {
      const fabric = closCounts(plant, hbds)
      const patterns = packRacks(plant, hbds, fabric)
      const racks = countRacks(plant, hbds, fabric)
      const sum = (of: (pattern: (typeof patterns)[number]) => number) =>
        patterns.reduce((all, pattern) => all + pattern.racks * of(pattern), 0)
      for (const kind of ["compute", "spare", "leaf", "upper", "service"] as const) {
        expect(sum((pattern) => pattern.kind === kind ? 1 : 0), kind).toBe(racks[kind])
      }
      const { hbd } = plant.design
      expect(sum((pattern) => pattern.hosts)).toBe(hbds * hbd.hosts + countSpareHosts(plant, hbds))
      expect(sum((pattern) => pattern.scaleUpSwitches)).toBe(hbds * plant.rule.contents.scaleUpSwitches)
      const switches = fabric === null ? 0 : fabric.leaf + fabric.spine + fabric.core
      const use = resourceUse(plant, hbds, fabric)!
      expect(sum((pattern) => pattern.networkSwitches)).toBe(switches)
      expect(sum((pattern) => pattern.rackUnits)).toBeCloseTo(use.rackUnits, 6)
      const { coolingClass, rackPowerKW } = standing
      for (const pattern of patterns) {
        expect(pattern.powerW).toBeLessThanOrEqual(rackPowerKW * 1000 * (1 + 1e-8))
        expect(pattern.rackUnits).toBeLessThanOrEqual(coolingClass.rackUnits - 2)
        expect(pattern.weightKg).toBeLessThanOrEqual(coolingClass.rackWeightMaxKg + 1e-6)
        if (pattern.kind !== "service" && pattern.kind !== "spare") {
          expect(pattern.powerW).toBeLessThanOrEqual(worstRackPowerW(plant, hbds, fabric) * (1 + 1e-12))
        }
      }
      // network racks are provisioned for switches with all ports in use: racks hold at least what the bill draws
      expect(sum((pattern) => pattern.powerW)).toBeGreaterThanOrEqual(use.itPowerW * (1 - 1e-9))
    }))
  })

  it("puts four nodes of an HBD each into a rack of 45 kW, and the last three into one more", () => {
    const plant = ready(design, { ...defaultAllowances, serviceRacksPerAccelerator: 0, storagePowerWPerAccelerator: 0,
      frontEndPowerWPerAccelerator: 0 })
    const compute = packRacks(plant, 11, closCounts(plant, 11)).filter((pattern) => pattern.kind === "compute")
    expect(compute.map(({ racks, hosts }) => [racks, hosts])).toEqual([[2, 4], [1, 3]])
  })

  it("keeps a large HBD's racks for itself and its switches among its hosts", () => {
    const plant = ready({ hbd: trayHbd(10, 6, copper), scaleOut: null }, defaultAllowances)
    const contents = hbdRackContents(plant.rule)
    expect(contents.length).toBe(plant.rule.racksPerHbd)
    expect(contents.reduce((sum, rack) => sum + rack.hosts, 0)).toBe(10)
    expect(contents.reduce((sum, rack) => sum + rack.scaleUpSwitches, 0)).toBe(6)
    const compute = packRacks(plant, 5, null).filter((pattern) => pattern.kind === "compute")
    expect(compute.reduce((sum, pattern) => sum + pattern.racks, 0)).toBe(5 * plant.rule.racksPerHbd)
  })

  it("does not take longer for more accelerators: patterns, not racks", () => {
    const plant = ready(design, defaultAllowances)
    expect(packRacks(plant, 1e6, closCounts(plant, 1e6)).length).toBeLessThanOrEqual(9)
  })
})

describe("preparePlant", () => {
  const refusal = (changed: Parameters<typeof preparePlant>[0], place = standing) =>
    preparePlant(changed, place, defaultAllowances)

  it("refuses a host that no rack can power, cool or carry, and says why", () => {
    const hot = { ...nodeHbd, accelerator: { ...accelerator, powerMaxW: 6000 } }
    expect(refusal({ hbd: hot, scaleOut })).toMatchObject({ kind: "refusal", resource: "power", unit: "kW" })
    const wet = { ...nodeHbd, host: { ...host, cooling: "liquid" as const } }
    expect(refusal({ hbd: wet, scaleOut })).toMatchObject({ kind: "refusal", resource: "cooling" })
    const wetSwitch = { ...scaleOut, switch: { ...scaleOut.switch, cooling: "liquid" as const } }
    expect(refusal({ hbd: nodeHbd, scaleOut: wetSwitch })).toMatchObject({ kind: "refusal", resource: "cooling" })
    expect(refusal({ hbd: nodeHbd, scaleOut: wetSwitch }, { ...standing, liquidLoop: true }).kind).toBe("plant")
    const tall = { ...nodeHbd, host: { ...host, rackUnits: 41 } }
    expect(refusal({ hbd: tall, scaleOut })).toMatchObject({ kind: "refusal", resource: "rack units", required: 41 })
    const heavy = { ...nodeHbd, host: { ...host, weightKg: 2000 } }
    expect(refusal({ hbd: heavy, scaleOut })).toMatchObject({ kind: "refusal", resource: "weight" })
  })

  it("refuses an HBD in other racks than those that its media were chosen for", () => {
    const inOneRack = { least: 1, most: 1, hostsTogether: null }
    const wide = { ...trayHbd(10, 6, copper), racks: inOneRack }
    expect(refusal({ hbd: wide, scaleOut })).toMatchObject({ kind: "refusal", resource: "reach", limit: 1 })
    expect(refusal({ hbd: wide, scaleOut: null })).toMatchObject({ kind: "refusal", resource: "reach", limit: 1 })
    expect(refusal({ hbd: { ...trayHbd(2, 1, optics), racks: inOneRack }, scaleOut }).kind).toBe("plant")
    const free = refusal({ hbd: { ...wide, racks: null }, scaleOut })
    const racks = free.kind === "plant" ? free.rule.racksPerHbd : 0
    expect(racks).toBeGreaterThan(1)
    const made = (least: number, most: number, hostsTogether: number | null) =>
      ({ ...wide, racks: { least, most, hostsTogether } })
    expect(refusal({ hbd: made(racks, racks, null), scaleOut }).kind).toBe("plant")
    expect(refusal({ hbd: made(racks + 1, racks + 2, null), scaleOut })).toMatchObject({ kind: "refusal", resource: "reach" })
    // NICs may make more racks of it
    expect(refusal({ hbd: made(racks + 1, racks + 2, null), scaleOut: null }).kind).toBe("plant")
    expect(refusal({ hbd: made(racks, racks, 10), scaleOut })).toMatchObject({ kind: "refusal", resource: "power" })
    expect(refusal({ hbd: made(5, 5, 2), scaleOut })).toMatchObject({ kind: "plant", rule: { racksPerHbd: 5, switchRacksPerHbd: 0 } })
  })
})
