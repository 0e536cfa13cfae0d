import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Exit } from "effect"
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { openBatch } from "../../src/batch/batch.ts"
import { expandGlob } from "../../src/files/glob.ts"
import { BadInput } from "../../src/scenario/bad-input.ts"
import { decodeScenario } from "../../src/scenario/decode.ts"
import { catalog } from "../planner/shipped.ts"

const directory = mkdtempSync(join(tmpdir(), "batch-file-"))
const open = (input: unknown, source = join(directory, "batch.yaml")) =>
  Effect.runPromiseExit(openBatch(source, input, catalog).pipe(Effect.provide(NodeServices.layer)))

const mistakesIn = async (input: unknown): Promise<ReadonlyArray<{ path: string; nearest: string | null }>> => {
  const exit = await open(input)
  if (Exit.isSuccess(exit)) return []
  const error = exit.cause.reasons.flatMap((reason) => "error" in reason ? [reason.error] : [])[0]
  expect(error).toBeInstanceOf(BadInput)
  return (error as BadInput).mistakes.map(({ path, nearest }) => ({ path, nearest }))
}

const base = { name: "hall", workload: { model: "llama3-8b" }, sites: [{ power: { limitMW: 1 } }] }
const power = { path: "sites[0].power.limitMW", values: [1, 2] }

describe("a batch file", () => {
  it("may leave to an axis what its base lacks", async () => {
    const { workload, ...rest } = base
    expect(await mistakesIn({ name: "b", base: rest, axes: [power, { path: "workload.model", values: ["llama3-8b"] }] })).toEqual([])
    expect(await mistakesIn({ name: "b", base: rest, axes: [power] })).toEqual([{ path: "$.base.workload", nearest: null }])
  })

  it("is told all mistakes of its axes at once, where they are, with the nearest name", async () => {
    const axes = [
      { path: "sites[0].power.limitMWs", values: [1] },
      { path: "search.accelerator", values: ["h100-sxm", "h200-sx"] },
      { name: "hall", sets: { air: { "sites[0].racks": -1 } } },
      { path: "economics.electricityUsdPerKWh", range: { from: -1, to: 1, steps: 2 } }
    ]
    expect(await mistakesIn({ name: "b", base, axes })).toEqual([
      { path: "$.axes[0].path", nearest: "limitMW" },
      { path: "$.axes[1].values[1]", nearest: "h200-sxm" },
      { path: "$.axes[2].sets.air", nearest: null },
      { path: "$.axes[3].range", nearest: null }
    ])
  })

  it("may not set again what one of its axes sets, but may set within it", async () => {
    const sites = { path: "sites", values: [base.sites] }
    expect(await mistakesIn({ name: "b", base, axes: [sites, power] })).toEqual([])
    expect(await mistakesIn({ name: "b", base, axes: [power, sites] })).toEqual([{ path: "$.axes[1].path", nearest: null }])
    expect(await mistakesIn({ name: "b", base, axes: [power, { ...power, name: "again" }] }))
      .toEqual([{ path: "$.axes[1].path", nearest: null }])
    const sets = { name: "s", sets: { low: { "sites[0].power.limitMW": 1 }, racks: { "sites[0].racks": 3 } } }
    expect(await mistakesIn({ name: "b", base, axes: [power, sets] })).toEqual([{ path: "$.axes[1].sets.low", nearest: null }])
  })

  it.each([
    [{ name: "b", base, axes: [] }, "$.axes"],
    [{ name: "b", base, axis: [power] }, "$.axis"],
    [{ name: "b", base, axes: [{ path: "a..b", values: [1] }] }, "$.axes[0].path"],
    [{ name: "b", base, axes: [power, power] }, "$.axes[1].name"],
    [{ name: "b", base, axes: [{ ...power, every: "models" }] }, "$.axes[0]"],
    [{ name: "b", base, axes: [power], expand: "latinHypercube" }, "$"],
    [{ name: "b", base, axes: [{ path: "x", range: { from: 0, to: 1, steps: 3, scale: "log" } }] }, "$.axes[0].range"],
    [{ name: "b", base, axes: [{ path: "sites[3].power.limitMW", values: [1] }] }, "$.axes[0].path"],
    [{ name: "b", base, axes: [{ name: "s", sets: { a: { "sites[1].name": "b", "sites[3].racks": 1 } } }] }, "$.axes[0].sets.a"],
    [{ name: "b", base: { ...base, memoryHeadrom: 1 }, axes: [power] }, "$.base.memoryHeadrom"],
    [{ name: "b", base, axes: [{ path: "workload.model", every: "accelerators" }] }, "$.axes[0].every"]
  ])("of %j tells the mistake at %s", async (input, path) => {
    expect((await mistakesIn(input)).map(({ path }) => path)).toContain(path)
  })

  it("finds its base beside it", async () => {
    writeFileSync(join(directory, "base.yaml"), JSON.stringify(base))
    expect(Exit.isSuccess(await open({ name: "b", base: "base.yaml", axes: [power] }))).toBe(true)
  })
})

describe("a shipped batch", () => {
  it.each(readdirSync("instances/batches"))("%s is right, and every first scenario of it is one", async (file) => {
    const source = join("instances/batches", file)
    const exit = await open(parse(readFileSync(source, "utf8")), source)
    if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
    const [first] = exit.value.points() as Iterable<{ document: unknown }>
    expect(decodeScenario(first!.document, catalog)._tag).toBe("Success")
    expect(exit.value.total).toBeGreaterThan(1)
  })
})

describe("a pattern of names", () => {
  it("names the files that a shell would", () => {
    expect(expandGlob("instances/batches/*.yaml")).toEqual(
      readdirSync("instances/batches").map((name) => `instances/batches/${name}`).sort())
    expect(expandGlob("instances/**/catalogue-power.yaml")).toEqual(["instances/batches/catalogue-power.yaml"])
    expect(expandGlob("instances/scenarios/vendor-?m?.yaml")).toEqual(["instances/scenarios/vendor-amd.yaml"])
    expect(expandGlob("instances/scenarios/vendor-{amd,aws}.yaml")).toEqual(["amd", "aws"].map((name) => `instances/scenarios/vendor-${name}.yaml`))
    expect(expandGlob("instances/scenarios/vendor-[a-b]*.yaml").length).toBe(2)
    expect(expandGlob("no/such/*")).toEqual([])
    expect(expandGlob("plain.yaml")).toEqual(["plain.yaml"])
  })
})
