/** The tables of docs/fabrics.md, from the published figures in instances/oracles. */
import { readFileSync } from "node:fs"
import { Schema } from "effect"
import { compareScaleOut, compareScaleUp, OracleFile } from "./oracle.ts"
import { oracleTable } from "./oracle-table.ts"

/** The published tables of one file of instances/oracles. */
export const readOracles = (name: "scale-out" | "scale-up") =>
  Schema.decodeUnknownSync(OracleFile, { onExcessProperty: "error" })(
    JSON.parse(readFileSync(new URL(`../../instances/oracles/${name}.json`, import.meta.url), "utf8"))
  )

/** The page with the text between `<!-- name -->` and `<!-- /name -->` replaced. */
export const withTables = (page: string): string => {
  const tables = {
    "scale-out": oracleTable(readOracles("scale-out"), compareScaleOut),
    "scale-up": oracleTable(readOracles("scale-up"), compareScaleUp)
  }
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const [before, rest] = text.split(start)
    const after = rest?.split(end)[1]
    if (before === undefined || after === undefined) throw new Error(`the page lacks the markers of ${name}`)
    return `${before}${start}\n\n${table}\n\n${end}${after}`
  }, page)
}
