/** Published against predicted, as a table of Markdown. */
import type { Comparison, OracleRow, OracleSource } from "./oracle.ts"

const count = (n: number): string => n.toLocaleString("en-US")

/** `endpoint–leaf 512, spine 8`: what agrees once, what differs as published → predicted. */
const describe = (compared: ReadonlyArray<Comparison>): string =>
  compared.map(({ name, published, predicted }) =>
    published === predicted
      ? `${name} ${count(published)}`
      : `${name} ${count(published)} → **${count(predicted)}**`).join(", ")

const verdict = (mark: OracleRow["mark"], compared: ReadonlyArray<Comparison>): string => {
  const equal = compared.every(({ published, predicted }) => published === predicted)
  return `${equal ? "equal" : "differs"}${mark === "exact" ? "" : ` (${mark})`}`
}

/** One line a row: what is published, and where the program differs. */
export const oracleTable = (
  sources: ReadonlyArray<OracleSource>,
  compare: (source: OracleSource, row: OracleRow) => ReadonlyArray<Comparison>
): string => [
  "| source | row | published (→ predicted) | |",
  "| --- | --- | --- | --- |",
  ...sources.flatMap((source) => {
    const title = source.url === null ? source.title : `[${source.title}](${source.url})`
    return source.rows.map((row, i) => {
      const compared = compare(source, row)
      return `| ${i === 0 ? title : "″"} | ${row.label} | ${describe(compared)} | ${verdict(row.mark, compared)} |`
    })
  })
].join("\n")
