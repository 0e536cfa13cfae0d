import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { Schema } from "effect"
import { resultColumns } from "../../src/batch/result-columns.ts"
import { createTables } from "../../src/batch/store-tables.ts"
import { BatchFile } from "../../src/schema/batch.ts"

const page = readFileSync("docs/batch.md", "utf8")

describe("the page about batches", () => {
  it("tells every column of a result with its type and meaning", () => {
    for (const { name, type, meaning } of resultColumns) expect(page).toContain(`| \`${name}\` | ${type} | ${meaning} |`)
  })

  it("tells every table of a store", () => {
    const tables = [...createTables.matchAll(/CREATE (?:TABLE|VIEW) (\w+)/g)].map(([, name]) => name)
    expect(tables.length).toBe(7)
    for (const name of tables) expect(page).toContain(`| \`${name}\` |`)
  })

  it("shows a batch file that is one", () => {
    const [, shown] = /```yaml\n([^]*?)```/.exec(page)!
    expect(Schema.decodeUnknownSync(BatchFile, { onExcessProperty: "error" })(parse(shown!)).axes.length).toBe(4)
  })
})
