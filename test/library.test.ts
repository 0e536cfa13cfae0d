/** The library as others import it: bundled for a browser, without anything of Node's, and the same there as here. */
import { build } from "esbuild"
import { join } from "node:path"
import { createContext, runInContext } from "node:vm"
import { describe, expect, it } from "vitest"
import { evaluate, readScenario, shippedCatalog } from "../src/index.ts"

const root = join(import.meta.dirname, "..")

/** Rejects where a module is Node's: a browser has none. */
const bundle = async (contents: string) => {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" }, bundle: true, platform: "browser", format: "iife",
    globalName: "library", target: "es2023", write: false, metafile: true, logLevel: "silent"
  })
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path))
  return { text: outputFiles[0]!.text, imports }
}

/** What a page and a worker have: nothing of Node's. */
const webGlobals = {
  performance, crypto, TextEncoder, TextDecoder, URL, setTimeout, clearTimeout, queueMicrotask, MessageChannel, console
}

const document = {
  name: "hall",
  workload: { model: "llama3-8b", precision: "bf16", globalBatch: 512 },
  sites: [{ name: "hall", power: { limitMW: 0.2, at: "it" }, cooling: [{ class: "air" }] }],
  search: {
    accelerator: "h100-sxm", host: "dgx-h100", hbdSize: 8, nic: "cx7-400", scaleOutTopology: "clos",
    scaleOutSwitch: "qm9700", mapping: { tp: 2, pp: 1, cp: 1, recompute: "selective", shardingStage: 1 }
  }
}

describe("the library in a browser", () => {
  it("imports nothing of Node's", async () => {
    const { imports } = await bundle(`export * from "./src/index.ts"`)
    expect(imports.filter((path) => path.startsWith("node:"))).toEqual([])
    await expect(bundle(`import "node:fs"`)).rejects.toThrow("node:fs")
  })

  it("evaluates as Node does", async () => {
    const { text } = await bundle(`export { evaluate, readScenario, shippedCatalog } from "./src/index.ts"`)
    const context = createContext({ ...webGlobals, question: JSON.stringify(document) })
    const answer = await (runInContext(`${text};
      library.evaluate(library.readScenario(JSON.parse(question)), library.shippedCatalog).then(JSON.stringify)
    `, context) as Promise<string>)
    const here = await evaluate(readScenario(document), shippedCatalog)
    expect(here.layout).not.toBeNull()
    expect(JSON.parse(answer)).toEqual(JSON.parse(JSON.stringify(here)))
  })
})
