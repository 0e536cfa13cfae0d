import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Effect, Exit, Layer } from "effect"
import { Command } from "effect/cli"
import { TestConsole } from "effect/testing"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { fabric } from "../../src/cli/commands/fabric.ts"
import { teardown } from "../../src/cli/exit-code.ts"

let directory: string
let exitCode: typeof process.exitCode

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "fabric-"))
  exitCode = process.exitCode
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
  process.exitCode = exitCode
})

const run = async (line: string) => {
  process.exitCode = 0
  const program = Effect.gen(function*() {
    const exit = yield* Effect.exit(Command.runWith(fabric, { version: "0" })(line.split(" ")))
    const out = (yield* TestConsole.logLines).join("\n")
    const err = (yield* TestConsole.errorLines).join("\n")
    return { exit, out, err }
  })
  const { exit, out, err } = await Effect.runPromise(
    program.pipe(Effect.provide(Layer.mergeAll(NodeServices.layer, TestConsole.layer)))
  )
  let code = -1
  teardown(exit, (found) => {
    code = found
  })
  const failure = Exit.isFailure(exit) ? Cause.squash(exit.cause) : null
  return { code, out, err, message: failure instanceof Error ? failure.message : "" }
}

describe("fabric", () => {
  it("prints the counts of a fat tree as JSON and nothing else", async () => {
    const { code, out } = await run("--topology clos --endpoints 4096 --radix 64 --tiers 3 --rails 8 --json")
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      topology: "clos",
      endpoints: 4096,
      switches: { leaf: 128, spine: 128, core: 64, total: 320 },
      links: { endpointLeaf: 4096, leafSpine: 4096, spineCore: 4096 },
      transceivers: 24_576,
      cables: 12_288,
      bisectionGbps: 819_200,
      maxEndpoints: 65_536,
      hops: { max: 5, mean: expect.closeTo(4.485, 3) }
    })
  })

  it("prints direct topologies by router", async () => {
    const { out } = await run("--topology torus --endpoints 512 --dims 8x8x8 --radix 8 --json")
    expect(JSON.parse(out)).toMatchObject({
      switches: { router: 512, total: 512 }, links: { endpointRouter: 512, local: 1536, global: 0 }
    })
  })

  it("builds a dragonfly of stated groups", async () => {
    const { out } = await run("--topology dragonfly --endpoints 72 --radix 8 --dragonfly 4,2,2 --json")
    expect(JSON.parse(out)).toMatchObject({
      switches: { router: 36, total: 36 }, links: { endpointRouter: 72, local: 54, global: 36 }, maxEndpoints: 72
    })
    expect((await run("--topology dragonfly --endpoints 72 --dragonfly 4,2")).code).toBe(2)
  })

  it("gives rail-only a rail for every accelerator of an HBD", async () => {
    const { out } = await run("--topology rail-only --endpoints 32768 --hbd 256 --radix 64 --json")
    expect(JSON.parse(out)).toMatchObject({ switches: { leaf: 1024, spine: 512, core: 0, total: 1536 } })
    const { code, message } = await run("--topology rail-only --endpoints 32768 --hbd 256 --rails 8")
    expect(code).toBe(2)
    expect(message).toContain("$.rails: found 8, expected 256")
  })

  it("refuses what a topology does not have, all at once", async () => {
    const { code, out, message } = await run("--topology torus --endpoints 64 --rails 8 --tiers 2 --dragonfly 4,2,2")
    expect([code, out]).toEqual([2, ""])
    for (const path of ["$.rails", "$.tiers", "$.dragonfly"]) expect(message).toContain(path)
    expect((await run("--topology single --endpoints 64 --tiers 2")).code).toBe(2)
    expect((await run("--topology clos --endpoints 64 --dims 8x8")).code).toBe(2)
    expect((await run("--topology torus --endpoints 64 --rails 1")).code).toBe(0)
  })

  it("refuses what would otherwise be passed over: pods of two tiers, rails of one switch, ports that are all spare", async () => {
    const refused = async (line: string) => {
      const { code, out, message } = await run(line)
      expect([code, out], line).toEqual([2, ""])
      return message
    }
    expect(await refused("--endpoints 64 --tiers 2 --endpoints-per-pod 32")).toContain("2 tiers have no pods")
    expect(await refused("--topology single --endpoints 64 --rails 4")).toContain("$.rails")
    expect(await refused("--endpoints 64 --radix 64,32 --spare-ports 32")).toContain("fewer than the 32 ports of a switch")
    expect(await refused("--endpoints 64 --radix 64,32,16,8")).toContain("$.radix")
    expect(await refused("--endpoints 64 --oversubscription 2,2,2")).toContain("$.oversubscription")
    expect(await refused("--topology dragonfly --endpoints 64 --dragonfly 4,2")).toContain("$.dragonfly.globals")
    expect((await run("--endpoints 64 --endpoints-per-pod 32 --json")).out).toContain('"core": 1')
  })

  it("takes the fewest tiers that reach when none are asked", async () => {
    const spines = async (endpoints: number) => {
      const { out } = await run(`--endpoints ${endpoints} --json`)
      const { switches } = JSON.parse(out) as { switches: Record<string, number> }
      return [switches["spine"]! > 0, switches["core"]! > 0]
    }
    expect(await spines(64)).toEqual([false, false])
    expect(await spines(2048)).toEqual([true, false])
    expect(await spines(2049)).toEqual([true, true])
  })

  it("reads a file, and flags replace its keys", async () => {
    const file = join(directory, "fabric.yaml")
    writeFileSync(file, "endpoints: 24576\nradix: [128, 512]\ntiers: 3\nendpointsPerLeaf: 16\nendpointsPerPod: 3072\n")
    const full = JSON.parse((await run(`${file} --json`)).out) as { bisectionGbps: number }
    const tapered = JSON.parse((await run(`${file} --oversubscription 1,1:7 --json`)).out) as { bisectionGbps: number }
    expect(full.bisectionGbps).toBe(24_576 / 2 * 400)
    expect(full.bisectionGbps / tapered.bisectionGbps).toBeCloseTo(384 / 55, 9)
  })

  it("shows a table with shape and reach", async () => {
    const { out } = await run("--endpoints 8192 --radix 128 --planes 2 --rails 8")
    expect(out).toContain("2 tiers, 8 rails, 2 planes")
    expect(out).toMatch(/switches leaf\s+256/)
    expect(out).toMatch(/endpoints at most\s+8,192/)
  })

  it("adds media of the catalogue and latency where lengths are given", async () => {
    const { out } = await run("--endpoints 4096 --tiers 3 --cable-m 2,30 --switch-latency-ns 600 --json")
    const { media, latencyNs, cables } = JSON.parse(out) as {
      media: ReadonlyArray<{ medium: string; cables: number; transceivers: number }>; latencyNs: number; cables: number
    }
    expect(media[0]).toMatchObject({ medium: "dac-400", cables: 4096, transceivers: 0 })
    expect(media.reduce((sum, medium) => sum + medium.cables, 0)).toBe(cables)
    // five switches, and light over 2 · (2 + 30 + 30) m
    expect(latencyNs).toBeGreaterThan(5 * 600 + 124 * 4.5)
    expect((await run("--endpoints 64 --cable-m 2,far")).code).toBe(2)
  })

  it("answers what cannot be built with what could, and exit code 3", async () => {
    const asked = "--topology clos --endpoints 4096 --radix 64 --tiers 2 --rails 8"
    const text = await run(asked)
    expect(text.code).toBe(3)
    expect(text.out).toContain("at most 2048 endpoints, or 3 tiers")
    const json = await run(`${asked} --json`)
    expect(json.code).toBe(3)
    expect(JSON.parse(json.out)).toEqual({ infeasible: { reason: expect.any(String), feasible: expect.any(String) } })
  })

  it("names every mistake at once, with exit code 2 and nothing on stdout", async () => {
    const asked = "--topology cloz --endpoints -4 --radix 64x --oversubscription fast --tiers 4"
    const { code, out, message } = await run(asked)
    expect(code).toBe(2)
    expect(out).toBe("")
    const paths = ["$.topology", "$.endpoints", "$.radix", "$.oversubscription", "$.tiers"]
    for (const part of [...paths, "Did you mean clos?"]) expect(message).toContain(part)
  })

  it("refuses a missing number of endpoints, unknown keys and a file that is no request", async () => {
    expect((await run("--topology clos")).message).toContain("$.endpoints: found nothing")
    const file = join(directory, "fabric.yaml")
    writeFileSync(file, "endpoints: 64\nrailz: 8\n")
    expect((await run(file)).message).toContain("Did you mean rails?")
    writeFileSync(file, "[1, 2]\n")
    expect(await run(file)).toMatchObject({ code: 2, out: "" })
  })

  it("writes counts, checked wiring and a drawing", async () => {
    const { code, out } = await run(`--endpoints 512 --link-gbps 800 --endpoint-gbps 400 --json --out ${directory}`)
    expect(code).toBe(0)
    expect(JSON.parse(readFileSync(join(directory, "fabric.json"), "utf8"))).toEqual(JSON.parse(out))
    const links = readFileSync(join(directory, "wiring.csv"), "utf8").trim().split("\n")
    expect(links[0]).toBe("plane,from,fromPort,to,toPort")
    expect(links).toHaveLength(1 + 512 + 256)
    expect(links[2]).toBe("0,endpoint-1,0,leaf-0,0/1")
    expect(new Set(links.slice(1).flatMap((line) => {
      const [plane, from, fromPort, to, toPort] = line.split(",")
      return [`${from}:${plane}:${fromPort}`, `${to}:${plane}:${toPort}`]
    })).size).toBe(2 * (512 + 256))
    expect(readFileSync(join(directory, "fabric.svg"), "utf8")).toMatch(/^<svg[^]*<\/svg>\n$/)
  })
})
