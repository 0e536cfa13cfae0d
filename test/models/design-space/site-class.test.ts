import { describe, expect, it } from "vitest"
import { rackClassFor } from "../../../models/design-space/site-class.ts"
import type { Climate } from "../../../models/hardware/facility.ts"
import { evaluate } from "../../../src/planner/planner.ts"
import { catalog, readScenario } from "../../planner/shipped.ts"

const superPod = readScenario("instances/reference/dgx-superpod-h100.yaml")
const [site] = superPod.sites
const host = catalog.systems.find(({ id }) => id === superPod.search.host?.[0])!
const pueIn = (climate: Climate | null, pue: number | null = null) =>
  rackClassFor({ ...site!, climate, power: { ...site!.power, pue } }, host, catalog.coolingClasses)!.pue

describe("the class of a host", () => {
  const offered = (classes: ReadonlyArray<string>, id: string) => {
    const cooling = classes.map((one) => ({ class: one, racks: null, rackPowerKW: null }))
    const system = catalog.systems.find((one) => one.id === id)!
    return rackClassFor({ ...site!, cooling }, system, catalog.coolingClasses)
  }
  const cooled = (classes: ReadonlyArray<string>, id: string) => offered(classes, id)?.coolingClass.id ?? null

  it("is made for its cooling, whatever stands first; air-cooled hosts stand in a liquid hall too, liquid ones not in air", () => {
    expect(cooled(["direct-liquid", "air"], "dgx-h100")).toBe("air")
    expect(cooled(["air", "direct-liquid"], "gb200-tray")).toBe("direct-liquid")
    expect(cooled(["direct-liquid"], "dgx-h100")).toBe("direct-liquid")
    expect(cooled(["air"], "gb200-tray")).toBeNull()
  })

  it("has a liquid loop where any class of the hall has, for switches beside air-cooled hosts", () => {
    const loop = (classes: ReadonlyArray<string>) => offered(classes, "dgx-h100")?.liquidLoop
    expect([loop(["air", "direct-liquid"]), loop(["direct-liquid"]), loop(["air", "rear-door"])]).toEqual([true, true, false])
  })

  it("gives racks of air-cooled hosts in a liquid hall what room air takes away", async () => {
    const liquid = superPod.sites.map((one) => ({ ...one, cooling: [{ class: "direct-liquid", racks: null, rackPowerKW: null }] }))
    const answer = await evaluate({ ...superPod, sites: liquid }, catalog)
    const { airRackPowerMaxKW, rackPowerMaxKW } = catalog.coolingClasses.find(({ id }) => id === "direct-liquid")!
    const fullest = answer.resources.find(({ name }) => name === "fullest rack")!
    expect(fullest.used).toBeLessThanOrEqual(airRackPowerMaxKW)
    expect(fullest.used * 2).toBeGreaterThan(airRackPowerMaxKW)
    expect(airRackPowerMaxKW).toBeLessThan(rackPowerMaxKW)
  })
})

describe("the PUE of what is cooled by air", () => {
  const liquidOnly = superPod.sites.map((one) => ({
    ...one, power: { ...one.power, limitMW: 100, pue: null }, cooling: [{ class: "direct-liquid", racks: null, rackPowerKW: null }]
  }))
  const pueOf = (id: string) => catalog.coolingClasses.find((one) => one.id === id)!.pue

  it("is that of air, for hosts in a hall with liquid classes alone as for all else that air cools", async () => {
    const { bom, layout, resources, check, provenance } = await evaluate({ ...superPod, sites: liquidOnly }, catalog)
    expect(new Set(bom.filter(({ powerMaxW }) => powerMaxW > 0).map(({ pue }) => pue))).toEqual(new Set([pueOf("air")]))
    expect(layout!.sites[0]!.pue).toBe(pueOf("air"))
    const used = (start: string) => resources.find(({ name }) => name.startsWith(start))!.used
    expect(used("facility power") / used("IT power")).toBeCloseTo(pueOf("air"), 9)
    expect(check.messages).toEqual([])
    expect(provenance.estimates.filter(({ field }) => field === "pue").map(({ part }) => part)).toEqual(["air"])
  })

  it("is that of air for the network and services beside liquid-cooled hosts, too", async () => {
    const [tray] = catalog.systems.filter(({ id }) => id === "gb200-tray")
    const liquid = rackClassFor({ ...liquidOnly[0]!, climate: null }, tray!, catalog.coolingClasses)!
    expect(liquid.pue).toBe(pueOf("direct-liquid"))
    expect(liquid.pues).toEqual({ air: pueOf("air"), liquid: pueOf("direct-liquid") })
    const { bom, resources, check } = await evaluate(readScenario("instances/reference/gb200-nvl72-superpod.yaml"), catalog)
    const pueBy = (role: string) => bom.find((line) => line.role === role)!.pue
    expect(pueBy("leaf switch")).toBeGreaterThan(pueBy("accelerator"))
    expect(pueBy("management")).toBe(pueBy("leaf switch"))
    const used = (start: string) => resources.find(({ name }) => name.startsWith(start))!.used
    const ratio = used("facility power") / used("IT power")
    expect(ratio).toBeGreaterThan(pueBy("accelerator"))
    expect(ratio).toBeLessThan(pueBy("leaf switch"))
    expect(check.messages).toEqual([])
  })

  it("is what a site says of itself, where it does", () => {
    expect(rackClassFor({ ...liquidOnly[0]!, power: { ...liquidOnly[0]!.power, pue: 1.1 } }, host, catalog.coolingClasses)!.pues)
      .toEqual({ air: 1.1, liquid: 1.1 })
  })
})

describe("the PUE of a site", () => {
  it("is its own, else that of the cooling class in its climate, else the class's", () => {
    const climates = (["cold", "temperate", "warm", "hot"] as const).map((climate) => pueIn(climate))
    expect(climates.toSorted((a, b) => a - b)).toEqual(climates)
    expect(new Set(climates).size).toBe(4)
    expect(pueIn(null)).toBe(pueIn("temperate"))
    expect(pueIn("hot", 1.2)).toBe(1.2)
  })

  it("moves liquid classes less than air", () => {
    const added = (id: string) => {
      const { pueByClimate: { hot, temperate } } = catalog.coolingClasses.find((one) => one.id === id)!
      return hot / temperate - 1
    }
    expect(added("direct-liquid")).toBeLessThan(added("air"))
  })

  it("reaches the meter, the energy and the estimates of an answer", async () => {
    const at = async (climate: Climate) => {
      const unlimited = superPod.sites.map((one) => ({ ...one, climate, power: { ...one.power, limitMW: 100, pue: null } }))
      return evaluate({ ...superPod, sites: unlimited }, catalog)
    }
    const [cold, hot] = [await at("cold"), await at("hot")]
    const meter = (answer: typeof hot) => answer.resources.find(({ name }) => name.startsWith("facility power"))!.used
    const ratio = pueIn("hot") / pueIn("cold")
    expect(meter(hot) / meter(cold)).toBeCloseTo(ratio, 9)
    expect(hot.money!.energyUsdPerYear / cold.money!.energyUsdPerYear).toBeCloseTo(ratio, 9)
    expect(hot.layout!.sites[0]!.pue).toBe(pueIn("hot"))
    expect(hot.provenance.estimates.map(({ field }) => field)).toContain("pueByClimate.hot")
    expect(hot.check.messages).toEqual([])
  })
})
