import { Schema } from "effect"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { exportTargets } from "../../src/export/target-names.ts"
import type { Verification } from "../../src/export/verification.ts"
import { Recommendation as RecommendationFile } from "../../src/schema/recommendation.ts"
import { captureRun } from "../cli/captured-run.ts"
import { densePlan } from "./exported-plans.ts"
import { directoryOf } from "./outside-reader.ts"

const { recommendation } = densePlan
const infeasible: Recommendation = {
  ...recommendation, status: "infeasible", layout: null, mapping: null, performance: null, split: null,
  resources: [], bom: [], money: null,
  objective: { ...recommendation.objective, value: null, bound: null, gap: null },
  check: { maxViolation: 0, rows: 0, messages: [] }
}
const directory = directoryOf({
  "plan.json": JSON.stringify(recommendation, null, 2),
  "wrong.json": JSON.stringify({ ...recommendation, money: { ...recommendation.money, capexUsd: 1 } }),
  "misspelt.json": JSON.stringify({ ...recommendation, layuot: null, status: "optmal" }),
  "infeasible.json": JSON.stringify(infeasible),
  "text.json": "not JSON"
})
const file = (name: string) => join(directory, name)

describe("a recommendation", () => {
  it("comes back from its file as it was", () => {
    const written: unknown = JSON.parse(readFileSync(file("plan.json"), "utf8"))
    const decode = Schema.decodeUnknownSync(RecommendationFile, { onExcessProperty: "error" })
    expect(decode(written)).toEqual(recommendation)
  })
})

describe("export", () => {
  it.each(exportTargets)("writes the files of %s and tells what it leaves out", async (target) => {
    const out = file(target)
    const { code, stderr, stdout } = await captureRun("export", file("plan.json"), "--to", target, "--out", out)
    expect([code, stdout]).toEqual([0, ""])
    const [, names] = /^wrote (.*) to /.exec(stderr) ?? []
    for (const name of names!.split(", ")) expect(readFileSync(join(out, name)).length).toBeGreaterThan(0)
    expect(stderr).toContain(`\n${target}: `)
  })

  it("prints a single file of text to stdout, and nothing else", async () => {
    const { code, stdout } = await captureRun("export", file("plan.json"), "--to", "graphviz")
    expect(code).toBe(0)
    expect(stdout).toMatch(/^graph "dense hall" \{[^]*\}$/)
  })

  it("asks for a directory where there are several", async () => {
    const { code, stderr } = await captureRun("export", file("plan.json"), "--to", "slurm")
    expect(code).toBe(2)
    expect(stderr).toContain("topology.conf, topology.yaml")
  })

  it("has nothing to write of an answer without a plan", async () => {
    const { code, stderr } = await captureRun("export", file("infeasible.json"), "--to", "csv", "--out", file("none"))
    expect(code).toBe(2)
    expect(stderr).toContain("status infeasible, no plan")
  })
})

describe("verify", () => {
  it("confirms a plan and names what it does not look at", async () => {
    const { code, stdout } = await captureRun("verify", file("plan.json"))
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+ figures confirmed\nnot confirmed: /)
  })

  it("searches again when asked, and then leaves nothing unconfirmed", async () => {
    const { code, stdout } = await captureRun("verify", file("plan.json"), "--solve")
    expect([code, stdout.split("\n").length]).toEqual([0, 1])
  })

  it("tells which figures do not hold", async () => {
    const { code, stdout } = await captureRun("verify", file("wrong.json"), "--json")
    expect(code).toBe(2)
    const { differences } = JSON.parse(stdout) as Verification
    expect(differences.map(({ path }) => path)).toContain("$.money.capexUsd")
  })

  it("refuses what is no recommendation, with every mistake", async () => {
    const misspelt = await captureRun("verify", file("misspelt.json"))
    expect(misspelt.code).toBe(2)
    expect(misspelt.stderr).toMatch(/layuot[^]*status|status[^]*layuot/)
    const text = await captureRun("verify", file("text.json"))
    expect([text.code, text.stderr.includes("no JSON")]).toEqual([2, true])
  })
})
