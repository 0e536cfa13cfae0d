import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { captureRun } from "./captured-run.ts"

const directory = mkdtempSync(join(tmpdir(), "verbs-"))
const instances = join(import.meta.dirname, "../../instances")
const files = (folder: string) => readdirSync(join(instances, folder)).map((name) => join(instances, folder, name))

const write = (name: string, text: string): string => {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

describe("the version", () => {
  it("is the package's", async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"))
    expect(await captureRun("--version")).toEqual({ code: 0, stdout: `scale-across v${version}`, stderr: "" })
  })
})

describe("help", () => {
  it("of every verb has an example", async () => {
    const { stdout } = await captureRun("--help")
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].flatMap(([, verb]) => verb ?? [])
    expect(verbs).toEqual(expect.arrayContaining(["plan", "evaluate", "lint", "schema", "catalog"]))
    for (const verb of verbs) {
      const help = await captureRun(verb, "--help")
      expect(help.code).toBe(0)
      expect(help.stdout, verb).toMatch(/EXAMPLES|SUBCOMMANDS/)
    }
  })

  it("completes in shells", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, stdout } = await captureRun("--completions", shell)
      expect(code).toBe(0)
      expect(stdout).toContain("scale-across")
      expect(stdout).toContain("time-limit")
    }
  })
})

describe("bad usage", () => {
  it.each([
    [["plan"]], [["plan", "x.yaml", "--gap", "3"]], [["plan", "x.yaml", "--jsn"]], [["plann"]], [["schema", "bogus"]],
    [["plan", "x.yaml", "--time-limit", "-1"]], [["plan", "x.yaml", "--seed", "1.5"]]
  ])("%j exits with 2 and no stack trace", async (args) => {
    const { code, stderr } = await captureRun(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(/ERROR/)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})

describe("lint", () => {
  it("passes every scenario and reference layout that is shipped", async () => {
    const shipped = [...files("scenarios"), ...files("reference")]
    const { code, stdout, stderr } = await captureRun("lint", ...shipped)
    expect(stderr).toBe("")
    expect(code).toBe(0)
    expect(stdout.match(/: ok$/gm)).toHaveLength(shipped.length)
  })

  it("tells every mistake of every file on stderr and exits with 2", async () => {
    const workload = "workload: { model: llama3-405, kind: inference }"
    const wrong = write("wrong.yaml", `name: x\n${workload}\nsites: [{ powerKW: 3 }]\n`)
    const good = write("good.yaml", "name: x\nworkload: { model: llama3-405b }\nsites: [{ power: { limitMW: 3 } }]\n")
    const { code, stdout, stderr } = await captureRun("lint", wrong, good, join(directory, "none.yaml"))
    expect(code).toBe(2)
    expect(stdout).toBe(`${good}: ok`)
    expect(stderr.split("\n")).toEqual([
      `${wrong}: 4 mistakes`,
      `  $.workload.kind: found "inference", expected "training": serving is not planned yet`,
      `  $.workload.model: found "llama3-405", expected a model of the catalogue. Did you mean llama3-405b?`,
      expect.stringContaining(`  $.sites[0].powerKW: found the key "powerKW", expected one of name, power,`),
      "  $.sites[0].power: found nothing, expected the key power: how much power, and where it counts",
      `${join(directory, "none.yaml")}: 1 mistake`,
      "  $: found no such file, expected a file of YAML or JSON"
    ])
  })
})

describe("schema", () => {
  it("lists its names, and prints each as a JSON Schema", async () => {
    const names = (await captureRun("schema")).stdout.split("\n")
    expect(names).toEqual(expect.arrayContaining(["scenario", "recommendation", "accelerators"]))
    for (const name of names) {
      const { code, stdout } = await captureRun("schema", name)
      expect(code).toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({
        $schema: "https://json-schema.org/draft/2020-12/schema", type: "object"
      })
    }
  })

  it("of a scenario has descriptions, defaults and limits", async () => {
    const schema = JSON.parse((await captureRun("schema", "scenario")).stdout)
    // the workloads stand under one of two keys
    expect(schema.required).toEqual(["name", "sites"])
    expect(schema.properties).toMatchObject({
      workload: { description: expect.stringContaining("several, under workloads") },
      workloads: { minItems: 2, description: expect.stringContaining("instead of workload") }
    })
    expect(schema.properties.memoryHeadroom).toEqual({
      type: "number", minimum: 0, maximum: 1, default: expect.any(Number),
      description: expect.stringContaining("memory")
    })
    expect(schema.properties.sites.items.properties.power.properties.limitMW).toMatchObject({
      exclusiveMinimum: 0, description: "provisioned power, MW"
    })
    expect(schema.additionalProperties).toBe(false)
  })
})
