/** A recommendation on one screen of 80 columns: the answer first, then what it is made of, then why to believe it. */
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { type Scenario, workloadsOf } from "../../models/design-space/scenario.ts"
import { cut, formatNumber, formatPercent, formatQuantity, wrap } from "./format.ts"
import { layoutSection, mappingSection, plural, splitSection, timeSection, width } from "./plan-sections.ts"
import { mappingTitle, programmeSections } from "./programme-sections.ts"
import {
  besideSection, conflictSections, estimateSection, proofSection, resourceSection
} from "./proof-sections.ts"
import type { Style } from "./style.ts"

export const renderReport = (recommendation: Recommendation, style: Style): string => {
  const { performance, resources } = recommendation
  const starred = resources.some((resource) => resource.estimated && resource.limit !== null)
  const sections: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ...conflictSections(recommendation.conflict),
    ["Layout", layoutSection(recommendation)],
    [mappingTitle(recommendation), mappingSection(recommendation)],
    ...programmeSections(recommendation),
    [`Time: a step of ${performance === null ? "" : formatQuantity(performance.stepTimeS, "s")}, ` +
      `${formatPercent(performance?.mfu ?? 0)} of peak used`, timeSection(recommendation)],
    ["Fabrics", splitSection(recommendation)],
    [`Resources${starred ? " (* rests on estimates)" : ""}`, resourceSection(recommendation)],
    ["Beside it", besideSection(recommendation)],
    ["Proof", proofSection(recommendation)],
    ["Estimates", estimateSection(recommendation)]
  ]
  return [
    style.heading(cut(title(recommendation.scenario), width)),
    ...wrap(headline(recommendation), width),
    ...sections.filter(([, lines]) => lines.length > 0).flatMap(([title, lines]) => [style.heading(title), ...lines])
  ].join("\n")
}

const title = (scenario: Scenario): string => {
  const { name, workload: { model, tokens, precision, globalBatch, sequence }, furtherWorkloads } = scenario
  return furtherWorkloads.length > 0
    ? `${name}: ${workloadsOf(scenario).map((one) => one.name).join(", then ")}`
    : `${name}: ${model.name}, ${formatQuantity(tokens, "tokens")} in ${precision}, ` +
      `${formatNumber(globalBatch)} × ${formatNumber(sequence)} a step`
}

/** The answer in a sentence or two. */
const headline = (recommendation: Recommendation): string => {
  const { status, layout, performance, programme, objective, limit } = recommendation
  if (status === "infeasible") return "Nothing that meets the limits can be built."
  if (layout === null || performance === null) {
    return `No plan was found before the search stopped (${limit}). It is not proven that there is none.`
  }
  const hbds = `${plural(layout.hbds, "HBD")} of ${layout.hbd.size} ${layout.accelerator}`
  const days = formatNumber(programme?.totalDays ?? performance.daysToTrain)
  const speed = `${formatQuantity(programme?.tokensPerS ?? performance.tokensPerS, "tokens/s")}, ` +
    `${programme === null ? "the whole run" : programme.runs.length === 2 ? "both runs" : `all ${programme.runs.length} runs`} ` +
    `in ${days} days`
  const name = objective.name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  const value = objective.unit === "tokens/s" || objective.unit === "days" || objective.value === null
    ? ""
    : ` (${name}: ${formatQuantity(objective.value, objective.unit)})`
  return `Build ${hbds}: ${speed}${value}. ${describeProof(recommendation)}`
}

const describeProof = ({ status, objective: { gap } }: Recommendation): string =>
  status === "optimal"
    ? "No candidate of the search space is better."
    : gap === null
    ? "How far from the best possible is not known."
    : `It is within ${formatPercent(gap)} of the best possible.`
