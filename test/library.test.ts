/** The package as others install it: its types, its examples in Node, and its one file in a browser. */
import { execFileSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createContext, runInContext } from "node:vm"
import { build } from "esbuild"
import { beforeAll, describe, expect, it } from "vitest"
import { evaluate, plan, readScenario, shippedCatalog, silent } from "../src/index.ts"

const root = join(import.meta.dirname, "..")
const user = mkdtempSync(join(tmpdir(), "library-"))
const node = (...args: ReadonlyArray<string>): string => execFileSync(process.execPath, args, { cwd: user, encoding: "utf8" })

const examples = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1]!)

/** A project that has the package, built from these sources, and the one dependency that its types name. */
beforeAll(() => {
  const home = join(user, "node_modules/scale-across")
  mkdirSync(home, { recursive: true })
  execFileSync(process.execPath, ["build.mjs", join(home, "dist")], { cwd: root })
  copyFileSync(join(root, "package.json"), join(home, "package.json"))
  symlinkSync(join(root, "node_modules/effect"), join(user, "node_modules/effect"))
  writeFileSync(join(user, "package.json"), `{ "type": "module" }`)
  examples.forEach((text, i) => writeFileSync(join(user, `example-${i}.ts`), text))
}, 120_000)

describe("the package", () => {
  const flags = ["--noEmit", "--strict", "--target", "es2022", "--pretty", "false"]
  const compile = (...args: ReadonlyArray<string>) => node(join(root, "node_modules/typescript/bin/tsc"), ...flags, ...args)

  it.each([["nodenext", "nodenext"], ["esnext", "bundler"]])("has types: module %s, resolution %s", (module, resolution) => {
    writeFileSync(join(user, "wrong.ts"), [
      `import { readScenario, type Recommendation, type StartPool } from "scale-across"`,
      `export const start: StartPool | null = null`,
      `export const value = (of: Recommendation): number | null => of.objective.value`,
      `// @ts-expect-error a number or null is no text`,
      `export const text = (of: Recommendation): string => of.objective.value`,
      `// @ts-expect-error no such field`,
      `export const none = readScenario({}).sitess`
    ].join("\n"))
    const files = [...examples.map((_, i) => `example-${i}.ts`), "wrong.ts"]
    expect(compile("--module", module, "--moduleResolution", resolution, ...files)).toBe("")
  }, 60_000)

  it("runs the README's examples", () => {
    expect(examples.length).toBe(2)
    examples.forEach((text, i) => {
      writeFileSync(join(user, `example-${i}.mjs`), text)
      expect(node(`example-${i}.mjs`)).toMatch(/^\d+ [\d.]+( [\d.]+)?\n$/)
    })
  }, 120_000)

  it("holds the schema of recommendations", () => {
    writeFileSync(join(user, "schema.mjs"), `
      import schema from "scale-across/schema/recommendation.json" with { type: "json" }
      console.log(schema.$schema)
    `)
    expect(node("schema.mjs")).toContain("json-schema.org/draft/2020-12")
  })
})

/** Rejects where a module is Node's: a browser has none. */
const bundle = async (contents: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: user, loader: "js" }, bundle: true, platform: "browser", format: "iife", globalName: "library",
    target: "es2023", write: false, logLevel: "silent"
  })
  return outputFiles[0]!.text
}

/** What a page and a worker have: nothing of Node's. */
const webGlobals = {
  performance, crypto, TextEncoder, TextDecoder, URL, setTimeout, clearTimeout, queueMicrotask, MessageChannel, console
}

const search = {
  accelerator: "h100-sxm", host: "dgx-h100", hbdSize: 8, nic: "cx7-400", scaleOutTopology: "clos", scaleOutSwitch: "qm9700",
  mapping: { tp: 2, pp: 1, cp: 1, recompute: "selective", shardingStage: 1 }
}
const document = {
  name: "hall", workload: { model: "llama3-8b", precision: "bf16", globalBatch: 512 },
  sites: [{ name: "hall", power: { limitMW: 0.2, at: "it" }, cooling: [{ class: "air" }] }], search
}

describe("the library in a browser", () => {
  it("needs nothing of Node's", async () => {
    await expect(bundle(`export * from "scale-across"`)).resolves.toContain("readScenario")
    await expect(bundle(`import "node:fs"`)).rejects.toThrow("node:fs")
  })

  it("evaluates and plans as Node does", async () => {
    const text = await bundle(`export * from "scale-across"`)
    const context = createContext({ ...webGlobals, question: JSON.stringify(document) })
    const there = (call: string) => runInContext(`${text};
      ((scenario, catalog) => library.${call})(library.readScenario(JSON.parse(question)), library.shippedCatalog).then(JSON.stringify)
    `, context) as Promise<string>
    const scenario = readScenario(document)
    const built = await evaluate(scenario, shippedCatalog)
    expect(built.layout).not.toBeNull()
    expect(JSON.parse(await there("evaluate(scenario, catalog)"))).toEqual(JSON.parse(JSON.stringify(built)))
    const planned = await plan(scenario, shippedCatalog, { ...silent, threads: 1 })
    expect(JSON.parse(await there("plan(scenario, catalog, { ...library.silent, threads: 1 })"))).toEqual(JSON.parse(JSON.stringify(planned)))
  }, 120_000)
})
