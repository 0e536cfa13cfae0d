import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { mkdtempSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readDocument } from "../../src/scenario/document.ts"

const directory = mkdtempSync(join(tmpdir(), "document-"))

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const read = (path: string): Promise<unknown> =>
  Effect.runPromise(readDocument(path).pipe(Effect.provide(NodeServices.layer)))

const refusal = (path: string): Promise<string> =>
  Effect.runPromise(readDocument(path).pipe(
    Effect.flip, Effect.map(({ message }) => message), Effect.provide(NodeServices.layer)
  ))

/** Nine levels of nine aliases each: 400 million strings. */
const explosive = ["a: &a [x,x,x,x,x,x,x,x,x]", ..."bcdefghi".split("").map((key, i) => {
  const alias = `*${"abcdefgh"[i]}`
  return `${key}: &${key} [${Array(9).fill(alias).join(",")}]`
})].join("\n")

const junk = Uint8Array.from({ length: 512 }, (_, i) => (i * 7919) % 256)
const stairs = Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")

describe("a document", () => {
  it("is YAML or JSON", async () => {
    expect(await read(write("a.yaml", "power: { limitMW: 20 } # all of it\ntokens: 15.6e12\n"))).toEqual({
      power: { limitMW: 20 }, tokens: 15.6e12
    })
    expect(await read(write("a.json", `{"power": {"limitMW": 20}}`))).toEqual({ power: { limitMW: 20 } })
    expect(await read(write("bom.yaml", "\uFEFFa: 1"))).toEqual({ a: 1 })
    expect(await read(write("alias.yaml", "a: &x {b: 1}\nc: *x"))).toEqual({ a: { b: 1 }, c: { b: 1 } })
  })

  it.each([
    ["an empty file", () => write("empty.yaml", ""), "found an empty file"],
    ["blanks alone", () => write("blank.yaml", " \n\n"), "found an empty file"],
    ["a directory", () => directory, "found a directory"],
    ["no file", () => join(directory, "none.yaml"), "found no such file"],
    ["binary junk", () => write("junk.yaml", junk), "not UTF-8"],
    ["zeros", () => write("zeros.yaml", new Uint8Array(512)), "found binary data"],
    ["Latin-1", () => write("latin.yaml", Uint8Array.from([0x61, 0x3a, 0x20, 0xe9])), "not UTF-8"],
    ["anchors that explode", () => write("bomb.yaml", explosive), "Excessive alias count"],
    ["a pit of brackets", () => write("deep.yaml", "[".repeat(200_000)), "nesting without end"],
    ["a pit of dashes", () => write("dashes.yaml", "- ".repeat(100_000)), "nesting without end"],
    ["a pit of blanks", () => write("blanks.yaml", stairs), "nesting without end"],
    ["a key twice", () => write("twice.yaml", "a: 1\na: 2"), "Map keys must be unique at line 2"],
    ["two documents", () => write("two.yaml", "a: 1\n---\nb: 2"), "multiple documents"],
    ["broken syntax", () => write("broken.yaml", "a: [1,\nb: }"), "at line 2"]
  ])("is not %s", async (_, path, reason) => {
    const message = await refusal(path())
    expect(message).toContain("1 mistake\n  $: found ")
    expect(message).toContain(reason)
  })

  it("of 100 MB is refused by its size", async () => {
    const path = write("large.yaml", "a: 1")
    truncateSync(path, 100_000_000)
    expect(await refusal(path)).toContain("found 100.0 MB, expected at most 256 kB")
  })
})
