import { describe, expect, it } from "vitest"
import { commonRange } from "../../models/design-space/price-ends.ts"
import { commonPrices, type Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { plan } from "../../src/planner/planner.ts"
import { silent } from "../../src/planner/search.ts"
import { catalog, readScenario } from "./shipped.ts"

const hall = readScenario("instances/scenarios/air-retrofit.yaml")
const small: Scenario = {
  ...hall,
  limits: { ...hall.limits, timeS: null, gap: 0, evaluations: null },
  search: {
    ...hall.search,
    accelerator: ["h200-sxm", "mi300x"], nic: ["cx7-400"], hbdSize: [8], hbds: [8, 16, 24, 32, 48, 64], nicsPerAccelerator: [1],
    planes: [1], oversubscription: [1], scaleOutTopology: ["clos"], scaleOutSwitch: ["celestica-ds5000"],
    mapping: {
      ...hall.search.mapping, tp: [8], cp: [1], pp: [1], vpp: [1], microBatch: [1], sequenceParallel: [true],
      shardingStage: [1], shardingGroup: ["all"], offload: ["none"], order: ["tp-cp-dp-pp"]
    }
  }
}
/** Each common price as certain as the parts' are made. */
const exactly = (scenario: Scenario): Scenario["priceRanges"] => {
  const values = { ...scenario.allowances, ...scenario.economics }
  return Object.fromEntries([...commonPrices.allowances, ...commonPrices.economics]
    .map((price) => [price, { low: values[price], high: values[price] }]))
}
const cheapest: Scenario = { ...small, priceRanges: exactly(small), objective: { ...small.objective, name: "minimizeCapex", throughputFloor: 50_000 } }
const ask = async (scenario: Scenario, prices: Catalog) => plan(scenario, prices, { ...silent, threads: 1 })

/** Every price certain, but that of `id`: between a tenth and ten times. */
const certain = (id: string | null): Catalog => {
  const exact = <P extends { readonly id: string; readonly priceUsd: number | null }>(part: P): P => {
    const [low, high] = part.id === id ? [0.1, 10] : [1, 1]
    return part.priceUsd === null ? part : { ...part, priceLowUsd: part.priceUsd * low, priceHighUsd: part.priceUsd * high }
  }
  return {
    ...catalog,
    accelerators: catalog.accelerators.map(exact), switches: catalog.switches.map(exact), nics: catalog.nics.map(exact),
    systems: catalog.systems.map((one) => ({ ...one, hostPriceLowUsd: one.hostPriceUsd, hostPriceHighUsd: one.hostPriceUsd })),
    interconnects: catalog.interconnects.map((one) => ({ ...one, priceLowFactor: 1, priceHighFactor: 1 }))
  }
}

describe("the price test", () => {
  it("says that no price matters where neither objective nor limits look at money", async () => {
    const { prices } = await ask(small, catalog)
    expect(prices).toMatchObject({ matter: false, holds: true, ends: [] })
  })

  it("holds where prices are certain, and turns where the answer's own price is not", async () => {
    const sure = await ask(cheapest, certain(null))
    expect(sure.prices).toMatchObject({ matter: true, holds: true })
    expect(sure.prices!.ends.map(({ change }) => change)).toEqual(["none", "none", "none", "none", "none"])
    const own = sure.layout!.accelerator
    const unsure = await ask(cheapest, certain(own))
    expect(unsure.layout).toEqual(sure.layout)
    expect(unsure.prices!.holds).toBe(false)
    const [low, , worst] = unsure.prices!.ends
    expect(low!.change).toBe("none")
    expect(worst).toMatchObject({ prices: "own high, others low", change: "design" })
    expect(worst!.answer).not.toContain(own)
    // at the share named, both cost the same: the other's price stays, this plan is dearer by their difference
    const other = await ask({ ...cheapest, search: { ...cheapest.search, accelerator: small.search.accelerator!.filter((id) => id !== own) } }, certain(own))
    const difference = other.money!.capexUsd / sure.money!.capexUsd - 1
    expect(worst!.overtakenAt!.ownDearer).toBeCloseTo(difference, 4)
    expect(worst!.overtakenAt!.otherCheaper).toBeCloseTo(0, 9)
  }, 120_000)

  it("moves what is common to all layouts within its range: allowances, electricity, maintenance", async () => {
    const perDollar: Scenario = {
      ...cheapest,
      objective: { ...cheapest.objective, name: "maximizeThroughputPerDollar", money: "tco" },
      priceRanges: { ...cheapest.priceRanges, electricityUsdPerKWh: { low: 0.01, high: 30 } }
    }
    const { prices, layout } = await ask(perDollar, certain(null))
    const at = (electricityUsdPerKWh: number) =>
      ask({ ...perDollar, economics: { ...perDollar.economics, electricityUsdPerKWh }, priceRanges: exactly(perDollar) }, certain(null))
    const [, , own, low, high] = prices!.ends
    expect([own!.change, low!.prices, high!.prices])
      .toEqual(["none", "electricity and allowances low", "electricity and allowances high"])
    for (const [end, price] of [[low!, 0.01], [high!, 30]] as const) {
      const asked = await at(price)
      expect(end.objectiveValue! / asked.objective.value!).toBeCloseTo(1, 9)
      expect(end.change === "none").toBe(JSON.stringify(asked.layout) === JSON.stringify(layout))
    }
    expect(prices!.holds).toBe(false)
    expect(prices!.sentence).toContain("electricity and allowances high: ")
  }, 120_000)

  it("gives a default price the range of the default, and a stated one none unless it is stated too", () => {
    const { economics } = hall
    expect(commonRange(hall, "electricityUsdPerKWh")).toEqual({ low: 0.0575, high: 0.1898 })
    const stated = { ...hall, economics: { ...economics, electricityUsdPerKWh: 0.04 } }
    expect(commonRange(stated, "electricityUsdPerKWh")).toEqual({ low: 0.04, high: 0.04 })
    const ranged = { ...stated, priceRanges: { electricityUsdPerKWh: { low: 0.03, high: 0.05 } } }
    expect(commonRange(ranged, "electricityUsdPerKWh")).toEqual({ low: 0.03, high: 0.05 })
  })

  it("counts what a limit of capital buys at the ends", async () => {
    const capitalUsd = 20e6
    const limited = { ...small, sites: small.sites.map((site) => ({ ...site, capitalUsd })), search: { ...small.search, accelerator: ["h200-sxm"] } }
    const { prices, layout } = await ask(limited, catalog)
    const hbdsAt = (name: string) => Number.parseInt(prices!.ends.find((end) => end.prices === name)!.answer!, 10)
    expect(prices!.matter).toBe(true)
    expect(hbdsAt("all low")).toBeGreaterThanOrEqual(layout!.hbds)
    expect(hbdsAt("all high")).toBeLessThanOrEqual(layout!.hbds)
    expect(hbdsAt("all low")).toBeGreaterThan(hbdsAt("all high"))
    expect(prices!.holds).toBe(false)
  }, 120_000)
})
