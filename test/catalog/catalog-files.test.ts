import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { contentHash } from "../../src/identity/content-hash.ts"
import { load, shipped } from "./shipped-catalog.ts"

const directory = mkdtempSync(join(tmpdir(), "catalog-"))
const write = (name: string, document: unknown): string => {
  const file = join(directory, name)
  writeFileSync(file, typeof document === "string" ? document : JSON.stringify(document))
  return file
}
const h100 = shipped.accelerators.find(({ id }) => id === "h100-sxm")!
const tray = shipped.systems.find(({ id }) => id === "gb200-tray")!

describe("loading the catalogue", () => {
  it("finds every kind", () => {
    expect(Object.entries(shipped).filter(([, entries]) => entries.length === 0)).toEqual([])
  })

  it("replaces an entry of the same id in place and adds new ones behind", async () => {
    const dearer = { ...h100, priceUsd: 31_000 }
    const mine = { ...h100, id: "mine" }
    const merged = await load(write("over.json", { accelerators: [dearer, mine] }))
    const place = shipped.accelerators.indexOf(h100)
    expect(merged.accelerators[place]).toEqual(dearer)
    expect(merged.accelerators.at(-1)).toEqual(mine)
    expect(merged.accelerators.length).toBe(shipped.accelerators.length + 1)
    expect(merged.switches).toEqual(shipped.switches)
  })

  it("reads a directory of files named as its own, in YAML or JSON", async () => {
    const own = join(directory, "own")
    mkdirSync(own)
    writeFileSync(join(own, "accelerators.yaml"), JSON.stringify({ entries: [{ ...h100, id: "mine" }] }))
    expect((await load(own)).accelerators.at(-1)?.id).toBe("mine")
  })

  it("refuses a directory without any of them, and what is no catalogue", async () => {
    const empty = join(directory, "empty")
    mkdirSync(empty)
    await expect(load(empty)).rejects.toThrow(/accelerators\.json/)
    await expect(load(join(directory, "absent.json"))).rejects.toThrow(/no such file/)
    await expect(load(write("list.json", "[1, 2]"))).rejects.toThrow(/expected an object/)
  })

  it("names every mistake with its place and the nearest name", async () => {
    const { memoryGB: _, ...forgotten } = h100
    const text = await load(write("wrong.json", {
      accelerators: [forgotten, { ...h100, powerMaxWatts: 1 }, { ...h100, scaleUpProtocol: "nvlnk4" }]
    })).then(() => "", String)
    expect(text).toContain("$.accelerators[0].memoryGB")
    expect(text).toContain("Did you mean powerMaxW?")
    expect(text).toContain("Did you mean nvlink4?")
  })

  it("wants exactly one evidence for every figure", async () => {
    const [first, ...rest] = h100.evidence
    const cases = [
      [{ ...h100, evidence: rest }, /an evidence that names bf16Tflops/],
      [{ ...h100, evidence: [first, ...h100.evidence] }, /one evidence for bf16Tflops/],
      [{ ...h100, bf16Tflops: null }, /bf16Tflops to be known/],
      [{ ...h100, evidence: [{ ...first, verification: "estimated" }, ...rest] }, /a method/]
    ] as const
    for (const [entry, message] of cases) {
      await expect(load(write("evidence.json", { accelerators: [entry] }))).rejects.toThrow(message)
    }
  })

  it("refuses a reference to nothing and an id given twice", async () => {
    await expect(load(write("dangling.json", { systems: [{ ...tray, referenceNic: "cx7-40" }] })))
      .rejects.toThrow(/systems\.gb200-tray\.referenceNic.*Did you mean cx7-400/)
    await expect(load(write("twice.json", { accelerators: [{ ...h100, id: "mine" }, { ...h100, id: "mine" }] })))
      .rejects.toThrow(/the id again/)
  })
})

describe("the hash of a catalogue", () => {
  it("does not depend on the order of keys", async () => {
    const turned = shipped.accelerators.map((entry) => Object.fromEntries(Object.entries(entry).reverse()))
    expect(await contentHash({ ...shipped, accelerators: turned })).toBe(await contentHash(shipped))
  })

  it("changes with any figure", async () => {
    const [first, ...rest] = shipped.switches
    const changed = await contentHash({ ...shipped, switches: [{ ...first!, latencyNs: 1 }, ...rest] })
    expect(changed).not.toBe(await contentHash(shipped))
  })
})
