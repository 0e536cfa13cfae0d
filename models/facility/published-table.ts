/** The checks against published totals as Markdown tables. */
import type { AllInCheck, TotalCheck } from "./published-totals.ts"

const coverage = { racks: "racks", network: "racks and fabric", site: "racks, fabric, storage, management" }

/** One row a published total. */
export function tabulateTotals(checks: ReadonlyArray<TotalCheck>): string {
  return table(
    ["published total", "covers", "predicted kW", "published kW", "difference", "from estimates", "would have to be"],
    checks.map((check) => [
      check.circular ? `${check.name} (its host is this total less its parts)` : check.name,
      coverage[check.covers], kW(check.predictedW), kW(check.publishedW), percent(check.error),
      percent(check.estimatedShare).replace("+", ""), check.circular ? "" : needed(check)
    ])
  )
}

/** One row a published figure at the meter. */
export function tabulateAllIn(checks: ReadonlyArray<AllInCheck>): string {
  return table(
    [
      "system", "source", "accelerators", "ours at the racks, kW each", "published at the meter, kW each",
      "PUE that makes both true"
    ],
    checks.map((check) => [
      check.name, check.fact, check.accelerators.toLocaleString("en-US"), check.itKW.toFixed(2),
      check.publishedKW.toFixed(2), check.impliedPue.toFixed(2)
    ])
  )
}

function needed({ needed }: TotalCheck): string {
  if (needed === null) return ""
  return `${needed.name}: ${Math.round(needed.neededW)} W (used: ${Math.round(needed.usedW)} W)`
}

function table(head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string {
  const line = (cells: ReadonlyArray<string>) => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}

function kW(powerW: number): string {
  return (powerW / 1000).toLocaleString("en-US", { maximumFractionDigits: 0 })
}

function percent(share: number): string {
  return `${share > 0 ? "+" : ""}${(share * 100).toFixed(1)} %`
}
