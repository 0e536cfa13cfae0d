import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { writeFiles } from "../../src/files/atomic-write.ts"

const fresh = (): string => mkdtempSync(join(tmpdir(), "files-"))

const write = (directory: string, files: Readonly<Record<string, string>>) =>
  Effect.runPromise(writeFiles(directory, files).pipe(
    Effect.match({ onFailure: (error) => error.message, onSuccess: () => null }), Effect.provide(NodeServices.layer)
  ))

describe("files", () => {
  it("are written into a directory that is made for them, and nothing else is left there", async () => {
    const directory = join(fresh(), "deep", "down")
    expect(await write(directory, { "a.txt": "one", "b.txt": "two" })).toBeNull()
    expect(readdirSync(directory).sort()).toEqual(["a.txt", "b.txt"])
    expect(readFileSync(join(directory, "b.txt"), "utf8")).toBe("two")
  })

  it("replace older ones", async () => {
    const directory = fresh()
    writeFileSync(join(directory, "a.txt"), "a longer text that was there before")
    expect(await write(directory, { "a.txt": "new" })).toBeNull()
    expect(readFileSync(join(directory, "a.txt"), "utf8")).toBe("new")
  })

  it("leave nothing half written where one cannot be", async () => {
    const directory = fresh()
    mkdirSync(join(directory, "b.txt"))
    writeFileSync(join(directory, "b.txt", "kept"), "")
    expect(await write(directory, { "b.txt": "two" })).toContain("a directory that can be written to")
    expect(readdirSync(directory)).toEqual(["b.txt"])
    expect(readdirSync(join(directory, "b.txt"))).toEqual(["kept"])
  })

  it("are refused where a file is in the way of their directory", async () => {
    const file = join(fresh(), "file")
    writeFileSync(file, "")
    expect(await write(join(file, "out"), { "a.txt": "x" })).toMatch(/^.*out: 1 mistake\n {2}\$: found /)
  })
})
