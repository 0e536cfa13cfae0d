import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Option, Schema } from "effect"
import { mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import type { Recommendation as RecommendationType } from "../../models/design-space/recommendation.ts"
import { deliver } from "../../src/cli/delivery.ts"
import { Recommendation } from "../../src/schema/recommendation.ts"
import { inventedRecommendation as plan } from "../report/invented-recommendation.ts"

afterEach(() => {
  process.exitCode = undefined
})

const delivered = async (recommendation: RecommendationType, json: boolean, out: string | null) => {
  const lines: Array<string> = []
  const captured: Console.Console = { ...globalThis.console, log: (line: string) => void lines.push(line) }
  await Effect.runPromise(deliver(recommendation, { json, out: Option.fromNullOr(out) }).pipe(
    Effect.provideService(Console.Console, captured), Effect.provide(NodeServices.layer)
  ))
  return { stdout: lines.join("\n"), code: process.exitCode }
}

describe("an answer", () => {
  it("as JSON is the recommendation and nothing else, and decodes by its schema", async () => {
    const { stdout } = await delivered(plan, true, null)
    const document: unknown = JSON.parse(stdout)
    expect(document).toEqual(plan)
    expect(Schema.decodeUnknownSync(Recommendation, { onExcessProperty: "error" })(document)).toEqual(plan)
  })

  it("is written whole into a directory", async () => {
    const directory = mkdtempSync(join(tmpdir(), "delivery-"))
    const { stdout } = await delivered(plan, false, directory)
    const read = (name: string) => readFileSync(join(directory, name), "utf8")
    expect(readdirSync(directory).sort()).toEqual(["bom.csv", "recommendation.json", "report.txt"])
    expect(JSON.parse(read("recommendation.json"))).toEqual(plan)
    expect(read("report.txt")).toBe(`${stdout}\n`)
    expect(read("bom.csv").split("\r\n")).toHaveLength(plan.bom.length + 2)
  })

  it.each([
    ["optimal", null, 0], ["feasible", "time", 0], ["infeasible", null, 3], ["noSolution", "evaluations", 4],
    ["feasible", "interrupted", 130], ["noSolution", "interrupted", 130]
  ] as const)("that is %s, stopped by %s, exits with %i", async (status, limit, code) => {
    expect((await delivered({ ...plan, status, limit }, true, null)).code).toBe(code)
  })
})
