/** The sections of a report on several workloads: the runs side by side, and the mappings of those after the first. */
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { formatNumber, formatPercent, formatQuantity, formatSeconds, table } from "./format.ts"
import { mappingSection } from "./plan-sections.ts"

/** Whose mapping it is, where there are several. */
export const mappingTitle = ({ programme }: Recommendation): string =>
  programme === null ? "Mapping" : `Mapping of ${programme.runs[0]?.name}`

/** None with one workload. */
export const programmeSections = (
  recommendation: Recommendation
): ReadonlyArray<readonly [string, ReadonlyArray<string>]> => {
  const { programme } = recommendation
  if (programme === null) return []
  const [first, ...others] = programme.runs
  const rows = programme.runs.map((run) => [
    `  ${run.name}`, formatNumber(run.days), formatQuantity(run.tokensPerS, "tokens/s"), formatSeconds(run.stepTimeS),
    formatPercent(run.mfu), formatNumber(run.hbdsInUse), `${formatNumber(run.memoryGB)} GB`
  ])
  const header = ["  run", "days", "throughput", "step", "of peak", "HBDs", "memory"]
  return [
    ...others.map((run) =>
      [`Mapping of ${run.name}`, mappingSection({ ...recommendation, mapping: run.mapping, performance: null })] as const),
    [`Programme: ${formatNumber(programme.totalDays)} days; below, time and fabrics are of ${first?.name}`,
      table([header, ...rows], [20, 6, 15, 8, 8, 8, 8])]
  ]
}
