import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { withTables } from "../../src/fabric/docs-tables.ts"
import { drawings } from "../../src/fabric/drawings.ts"

const docs = new URL("../../docs/", import.meta.url)
const read = (name: string) => readFileSync(new URL(name, docs), "utf8")

describe("docs/fabrics.md", () => {
  it("shows the tables that the program makes today", () => {
    expect(withTables(read("fabrics.md"))).toBe(read("fabrics.md"))
  })

  it("shows every drawing, each as the program draws it today", () => {
    const drawn = drawings()
    const files = readdirSync(new URL("fabrics/", docs))
    expect(files.sort()).toEqual(Object.keys(drawn).map((name) => `${name}.svg`).sort())
    for (const [name, svg] of Object.entries(drawn)) {
      expect(read(`fabrics/${name}.svg`), name).toBe(svg)
      expect(read("fabrics.md")).toContain(`(fabrics/${name}.svg)`)
    }
  })
})
