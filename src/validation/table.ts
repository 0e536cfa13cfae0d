/** The validation report as text for a terminal. */
import type { ValidationReport } from "./report.ts"
import type { ErrorSummary } from "./statistics.ts"

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const column = (name: string): string => name.slice(0, 42).padEnd(42)

function summaryLine(name: string, summary: ErrorSummary): string {
  const figures = [summary.medianAbsError, summary.meanAbsError, summary.p90AbsError, summary.bias].map(percent)
  return `  ${column(name)}${String(summary.n).padStart(5)}${figures.map((text) => text.padStart(9)).join("")}`
}

function section(title: string, groups: Readonly<Record<string, ErrorSummary>>): string[] {
  return ["", title, ...Object.entries(groups).map(([name, summary]) => summaryLine(name, summary))]
}

function rankingLines(ranking: ValidationReport["ranking"]): string[] {
  const { groups, medianTau, medianTauBeyondNoise, medianRegret, worstRegret } = ranking
  const lines = groups.map((group) => {
    const name = `${group.model} · ${group.gpus} ${group.accelerator} · batch ${group.globalBatch}`
    const orders = [group.tau, group.tauBeyondNoise].map((tau) => tau.toFixed(2).padStart(8))
    const figures = [percent(group.spread).padStart(9), ...orders, percent(group.regret).padStart(9)]
    return `  ${column(name)}${String(group.n).padStart(5)}${figures.join("")}${group.qualifies ? "" : "  -"}`
  })
  return [
    "",
    "Ranking, rows of one model, cluster and batch          n   spread       τ  τ > 3 %  regret  (-: under 5 rows or 10 %)",
    ...lines,
    groups.some((group) => group.qualifies)
      ? `  qualifying groups: median τ ${medianTau.toFixed(2)}, ${medianTauBeyondNoise.toFixed(2)} beyond noise; `
        + `regret ${percent(medianRegret)} median, ${percent(worstRegret)} worst`
      : "  no group has five rows that spread over 10 %"
  ]
}

/** The whole report in lines of at most 110 columns; rows that were left out are named with their reason. */
export function formatReport({ summary, left, ranking, memory }: ValidationReport): string {
  const reasons = new Map<string, number>()
  for (const { source, reason } of left) {
    const key = `${source}: ${reason}`
    reasons.set(key, (reasons.get(key) ?? 0) + 1)
  }
  return [
    "Predicted against measured step                       n   median     mean      p90     bias",
    summaryLine("all", summary),
    ...section("By quality and basis", summary.byQuality),
    ...section("By source", summary.bySource),
    ...section("By accelerator", summary.byAccelerator),
    ...section("By precision", summary.byPrecision),
    ...section("By kind", summary.byKind),
    ...section("By the evidence for the silicon's constants", summary.byEvidence),
    ...rankingLines(ranking),
    "",
    `Memory: ${memory.n} rows with a measured peak${memory.n === 0 ? "" : `, worst error ${percent(memory.worstError)}`}; `
    + `${memory.unfit.length} rows that ran do not fit by the model`,
    ...memory.unfit.map((id) => `  ${id}`),
    "",
    `Not predicted: ${left.length} rows`,
    ...[...reasons].map(([reason, count]) => `  ${count} × ${reason}`)
  ].join("\n")
}
