import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { formatMistake } from "../../src/schema/mistakes.ts"
import { decodeScenario } from "../../src/scenario/decode.ts"
import { smallCatalog } from "./small-catalog.ts"

const small = { name: "s", workload: { model: "m1" }, sites: [{ power: { limitMW: 20 } }] }

const decode = (input: unknown): Scenario => Result.getOrThrow(decodeScenario(input, smallCatalog))

const mistakesIn = (input: unknown): ReadonlyArray<string> => {
  const decoded = decodeScenario(input, smallCatalog)
  return Result.isSuccess(decoded) ? [] : decoded.failure.map(formatMistake)
}

describe("a scenario", () => {
  it("needs a name, a model and a site's power; the rest is filled in", () => {
    const scenario = decode(small)
    expect(scenario.workload).toEqual({
      name: "M1", kind: "training", model: smallCatalog.models[0]?.shape, precision: "bf16", sequence: 8192, globalBatch: 1024,
      tokens: 15e12
    })
    expect(scenario.furtherWorkloads).toEqual([])
    expect(scenario.sites[0]).toEqual({
      name: "site", power: { limitMW: 20, at: "meter", pue: null }, climate: null, racks: null, floorM2: null, capitalUsd: null,
      accelerators: null,
      cooling: [
        { class: "hall-liquid", racks: null, rackPowerKW: null }, { class: "hall-air", racks: null, rackPowerKW: null }
      ]
    })
    expect(scenario.objective.name).toBe("maximizeThroughput")
    expect(scenario.catalog.availability).toEqual(["shipping"])
    expect(scenario.search.mapping.tp).toBeNull()
  })

  it("takes ranges of prices that are no part's, each around its price", () => {
    expect(decode(small).priceRanges).toEqual({})
    const priceRanges = { electricityUsdPerKWh: { low: 0.05, high: 0.12 } }
    expect(decode({ ...small, priceRanges }).priceRanges).toEqual(priceRanges)
    expect(mistakesIn({ ...small, economics: { electricityUsdPerKWh: 0.2 }, priceRanges })).toEqual([
      "$.priceRanges.electricityUsdPerKWh: found 0.05 to 0.12, expected a range that holds the price, 0.2"
    ])
    expect(mistakesIn({ ...small, priceRanges: { rackUSD: { low: 1, high: 2 } } })).toEqual([
      expect.stringContaining("Did you mean rackUsd?")
    ])
  })

  it("completed is a scenario file that completes to itself", () => {
    const degree = fc.option(fc.integer({ min: 1, max: 64 }))
    const choices = fc.record({
      tp: degree, pp: degree, dp: degree, microBatch: degree,
      recompute: fc.option(fc.subarray(["none", "selective", "full"], { minLength: 1 })),
      sequenceParallel: fc.option(fc.boolean())
    }, { requiredKeys: [] })
    fc.assert(fc.property(choices, fc.double({ min: 0.1, max: 1000, noNaN: true }), (mapping, limitMW) => {
      const completed = decode({ ...small, sites: [{ power: { limitMW } }], search: { mapping } })
      expect(decode(completed)).toEqual(completed)
      expect(decode(JSON.parse(JSON.stringify(completed)))).toEqual(completed)
    }), { numRuns: 50 })
  })

  it("holds several workloads, the first where one alone would be", () => {
    const { workload, ...rest } = small
    const programme = decode({ ...rest, workloads: [workload, { name: "long", model: "m1", sequence: 32_768, tokens: 1e12 }] })
    expect(programme.workload).toEqual(decode(small).workload)
    expect(programme.furtherWorkloads).toEqual([{ ...programme.workload, name: "long", sequence: 32_768, tokens: 1e12 }])
    expect(programme).not.toHaveProperty("workloads")
    expect(decode(programme)).toEqual(programme)
    expect(decode(JSON.parse(JSON.stringify(programme)))).toEqual(programme)
  })

  it("takes a model's shape instead of its name", () => {
    const shape = { layers: 2, hidden: 64, heads: 4, kvHeads: 4, headDim: 16, ffn: 256, vocab: 1000 }
    const workload = { model: shape, sequence: 128, globalBatch: 8, tokens: 1e9 }
    expect(decode({ ...small, workload }).workload.model)
      .toMatchObject({ ...shape, name: "inline", gatedMlp: true, moe: null })
    expect(mistakesIn({ ...small, workload: { model: { ...shape, attention: "MLA" } } }))
      .toEqual(["$.workload.model: found an object, expected mla exactly where attention is MLA"])
  })
})

describe("a wrong scenario", () => {
  it("says that serving comes later", () => {
    expect(mistakesIn({ ...small, workload: { kind: "inference", model: "m1" } }))
      .toEqual([`$.workload.kind: found "inference", expected "training": serving is not planned yet`])
  })

  it("has one workload or several, each with a name of its own", () => {
    const { workload, ...rest } = small
    const either = "expected one of the keys workload: the model to train, and workloads: several, one after the other"
    expect(mistakesIn(rest)).toEqual([`$.workload: found nothing, ${either}`])
    expect(mistakesIn({ name: "s" })).toEqual([`$.workload: found nothing, ${either}`, expect.stringMatching(/^\$\.sites: found nothing/)])
    expect(mistakesIn({ ...small, workloads: [workload, { ...workload, name: "b" }] }))
      .toEqual([`$.workloads: found workload as well, ${either}`])
    expect(mistakesIn({ ...rest, workloads: [workload] }))
      .toEqual(["$.workloads: found a list of 1, expected two or more; a single one is the key workload"])
    expect(mistakesIn({ ...rest, workloads: [workload, workload, { model: "m3" }] }))
      .toEqual([`$.workloads[2].model: found "m3", expected a model of the catalogue. Did you mean m1?`])
    expect(mistakesIn({ ...rest, workloads: [workload, workload] }))
      .toEqual([`$.workloads[1].name: found "M1", expected a name that no other workload has`])
    expect(mistakesIn({ ...rest, workloads: [workload, { ...workload, name: "b" }], furtherWorkloads: [{ ...workload, name: "c" }] }))
      .toEqual(["$.furtherWorkloads: found workloads as well, expected all of them under workloads"])
  })

  it("asks no ratio and no set of sites of several workloads", () => {
    const { workload, ...rest } = small
    const workloads = [workload, { ...workload, name: "b" }]
    for (const name of ["maximizeThroughputPerWatt", "maximizeThroughputPerDollar"]) {
      expect(mistakesIn({ ...rest, workloads, objective: { name, deadlineDays: 90 } })).toEqual([
        expect.stringMatching(new RegExp(`^\\$\\.objective: found ${name} with several workloads, expected maximizeThroughput, `))
      ])
    }
    for (const name of ["minimizeTimeToTrain", "minimizePower", "minimizeCapex"]) {
      expect(mistakesIn({ ...rest, workloads, objective: { name, deadlineDays: 90 } })).toEqual([])
    }
    expect(mistakesIn({ ...rest, workloads, search: { sites: 2 } }))
      .toEqual(["$.search.sites: found [2], expected 1 among them: several workloads are planned on one site"])
    expect(mistakesIn({ ...rest, workloads, search: { sites: [1, 2] } })).toEqual([])
  })

  it("names the nearest model, part and key", () => {
    expect(mistakesIn({
      ...small, workload: { model: "m2" }, search: { accelerator: "a11", nicc: "n1" }, sits: []
    })).toEqual([
      expect.stringMatching(/^\$\.sits: .*Did you mean sites\?$/),
      `$.workload.model: found "m2", expected a model of the catalogue. Did you mean m1?`,
      expect.stringMatching(/^\$\.search\.nicc: .*Did you mean nic\?$/),
      expect.stringMatching(/^\$\.search\.accelerator: found "a11".*Did you mean a1\?$/)
    ])
  })

  it.each([
    [{ powerKW: 20_000 }, "$.sites[0].powerKW"],
    [{ power: { limitMW: -1 } }, "$.sites[0].power.limitMW"],
    [{ power: { limitMW: "20 MW" } }, "$.sites[0].power.limitMW"],
    [{ power: { limitMW: Number.NaN } }, "$.sites[0].power.limitMW"],
    [{ power: 20 }, "$.sites[0].power"],
    [{ accelerators: 1e12 }, "$.sites[0].accelerators"],
    [{ racks: 1.5 }, "$.sites[0].racks"],
    [{ floorM2: 0 }, "$.sites[0].floorM2"],
    [{ cooling: [{ class: "hall-water" }] }, "$.sites[0].cooling[0].class"]
  ])("is refused for a site with %j", (site, path) => {
    const mistakes = mistakesIn({ ...small, sites: [{ power: { limitMW: 20 }, ...site }] })
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toMatch(new RegExp(`^${path.replaceAll(/[$.[\]]/g, String.raw`\$&`)}: found `))
  })

  it.each([
    ["maximizeThroughputPerWatt"], ["maximizeThroughputPerDollar"], ["minimizePower"], ["minimizeCapex"]
  ])("is refused for %s without a target", (name) => {
    for (const objective of [name, { name }]) {
      expect(mistakesIn({ ...small, objective })).toEqual([
        expect.stringContaining("expected a throughputFloor or a deadlineDays beside a ratio or a minimum")
      ])
    }
    expect(mistakesIn({ ...small, objective: { name, deadlineDays: 90 } })).toEqual([])
    expect(mistakesIn({ ...small, objective: { name, throughputFloor: 1e6 } })).toEqual([])
  })

  it("names an accelerator that lacks a figure, unless the scenario supplies it", () => {
    const search = { accelerator: "a2" }
    expect(mistakesIn({ ...small, search })).toEqual([
      "$.search.accelerator: found a2, which lacks memoryGB, expected the figure, under $.estimates (kind accelerators)"
    ])
    const estimate = { kind: "accelerators", id: "a2", field: "memoryGB", value: 90, reason: "as a1" }
    expect(mistakesIn({ ...small, search, estimates: [estimate] })).toEqual([])
    const wrong = [{ ...estimate, id: "a3" }, { ...estimate, field: "memoryMB" }]
    expect(mistakesIn({ ...small, estimates: wrong })).toEqual([
      expect.stringMatching(/^\$\.estimates\[0\]\.id: found "a3"/),
      `$.estimates[1].field: found "memoryMB", expected a figure of a2. Did you mean memoryGB?`
    ])
  })

  it("joins every two sites by one link", () => {
    const sites = ["north", "south", "east"].map((name) => ({ name, power: { limitMW: 1 } }))
    const link = (a: string, b: string) => ({ between: [a, b], Gbps: 800, distanceKm: 2 })
    const links = [link("north", "south"), link("north", "eats"), link("south", "south")]
    expect(mistakesIn({ ...small, sites, links })).toEqual([
      `$.links[1].between[1]: found "eats", expected the name of a site. Did you mean east?`,
      "$.links[2].between: found south twice, expected two different sites",
      "$.links: found 0 links between north and east, expected one link between every two sites",
      "$.links: found 0 links between south and east, expected one link between every two sites"
    ])
    expect(mistakesIn({ ...small, sites: [...sites, sites[0]], links: [] })).toContain(
      `$.sites[3].name: found "north", expected a name that no other site has`
    )
  })

  it("is told what its model's training lacks", () => {
    const untrained = { ...smallCatalog, models: smallCatalog.models.map((model) => ({ ...model, training: null })) }
    const decoded = decodeScenario({ ...small, workload: { model: "m1", tokens: 1e12 } }, untrained)
    expect(Result.isFailure(decoded) && decoded.failure.map(({ path }) => path))
      .toEqual(["$.workload.sequence", "$.workload.globalBatch"])
  })

  it("never breaks the decoder, whatever is in the file", () => {
    const key = fc.constantFrom("name", "sites", "power", "limitMW", "search", "x", "__proto__")
    fc.assert(fc.property(fc.object({ key }), (input) => {
      expect(mistakesIn(input).length).toBeGreaterThan(0)
    }), { numRuns: 200 })
  })
})
