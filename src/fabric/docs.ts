/**
 * Rewrites what docs/fabrics.md takes from the program: the tables between its markers, and the drawings beside
 * it.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { drawings } from "./drawings.ts"
import { withTables } from "./docs-tables.ts"

const docs = new URL("../../docs/", import.meta.url)
const page = new URL("fabrics.md", docs)
mkdirSync(new URL("fabrics/", docs), { recursive: true })
for (const [name, svg] of Object.entries(drawings())) writeFileSync(new URL(`fabrics/${name}.svg`, docs), svg)
writeFileSync(page, withTables(readFileSync(page, "utf8")))
