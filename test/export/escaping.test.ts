/** Names of a recommendation that its reader would run, were they not written as text. */
import { existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { renderToml } from "../../src/export/toml.ts"
import { oneLine, plainCell, shellWord, xmlText } from "../../src/export/escaping.ts"
import { exportPlan } from "../../src/export/targets.ts"
import type { ExportSource } from "../../src/export/export-source.ts"
import type { ExportTarget } from "../../src/export/target-names.ts"
import { densePlan } from "./exported-plans.ts"
import { hasProgram, readCsv, run } from "./outside-reader.ts"

const marker = join(mkdtempSync(join(tmpdir(), "scale-across-escaping-")), "run")
const hostile = `a "b" 'c' \\ <d>&amp;\r\ntouch ${marker}\n$(touch ${marker})\u2028\u0007\u007f\ud800 é`

/** The dense plan, its scenario, its site and its parts called so. */
const named = (name: string): ExportSource => {
  const { recommendation, built } = densePlan
  return {
    ...densePlan,
    built: { ...built, sites: built.sites.map((plan) => ({ ...plan, site: name })) },
    recommendation: {
      ...recommendation, bom: recommendation.bom.map((line) => ({ ...line, name })),
      scenario: { ...recommendation.scenario, name }
    }
  }
}

const file = async (target: ExportTarget, name: string, source = named(hostile)) =>
  (await exportPlan(target, source)).files[name] as string

it("a shell that reads megatron.sh runs nothing of a name", async () => {
  const script = await file("megatron", "megatron.sh")
  expect(run("bash", ["-c", `${script}\necho "\${#MEGATRON_ARGS[@]}"`]).trim()).toMatch(/^\d+$/)
  expect(existsSync(marker)).toBe(false)
  expect(script.split("\n")[0]).toContain("touch")
})

it("words of a shell come through as they are", () => {
  for (const word of ["it's", "''", "a b", "$(x)", "`x`", "a\\b", "", "plain-1.0"]) {
    expect(run("bash", ["-c", `printf %s ${shellWord(word)}`])).toBe(word)
  }
})

it.skipIf(!hasProgram("python3"))("TOML holds a name as a string", async () => {
  const read = (text: string, key: string) => {
    const program = `import json, sys, tomllib; print(json.dumps(tomllib.loads(sys.stdin.read())${key}))`
    return JSON.parse(run("python3", ["-c", program], text))
  }
  expect(read(await file("torchtitan", "torchtitan.toml"), `["job"]["description"]`)).toBe(hostile.replace("\ud800", "\ufffd"))
  expect(read(renderToml({ t: { k: "\\ud800" } }), `["t"]["k"]`)).toBe("\\ud800")
})

it.skipIf(!hasProgram("gc"))("DOT holds a name as an identifier", async () => {
  expect(run("gc", ["-n"], await file("graphviz", "wiring.dot"))).toMatch(/^\s*\d+/)
})

it.skipIf(!hasProgram("xmllint"))("GraphML and the floor plan hold a name as text", async () => {
  for (const text of [await file("graphml", "wiring.graphml"), await file("floor", "floor-plan.svg")]) {
    expect(run("xmllint", ["--noout", "-"], text)).toBe("")
    expect(text).toContain("&lt;d&gt;&amp;amp;")
  }
})

it("no cell of a spreadsheet begins a formula", async () => {
  for (const name of ["=1+1", "+1", "-1", "@x", "\tx"]) {
    const rows = readCsv(await file("csv", "bom.csv", named(name)))
    expect(rows[0]!["name"]).toBe(`'${name}`)
  }
  expect(plainCell("NVIDIA H100")).toBe("NVIDIA H100")
})

it("remarks stay on their line", async () => {
  const { recommendation } = densePlan
  const { scenario, scenario: { workload } } = recommendation
  const model = { ...workload.model, name: hostile, vocab: 1 }
  const other = { ...scenario, workload: { ...workload, model } }
  const { remarks } = await exportPlan("torchtitan", { ...densePlan, recommendation: { ...recommendation, scenario: other } })
  expect(remarks.join("")).toContain("TorchTitan ships no a ")
  for (const remark of remarks) expect(remark).not.toMatch(/[\p{Cc}\u2028]/u)
  expect(oneLine("plain text, é 東")).toBe("plain text, é 東")
  expect(xmlText(`<a b="c&d">`)).toBe("&lt;a b=&quot;c&amp;d&quot;&gt;")
})
