/** Why a choice is not the answer: the best plan with it beside the best plan without, and where they part. */
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { workloadsOf } from "../../models/design-space/scenario.ts"
import { formatNumber, formatPercent, formatQuantity, formatSeconds, formatSigned, table, wrap } from "./format.ts"
import { width } from "./plan-sections.ts"
import { conflictSections } from "./proof-sections.ts"
import type { Style } from "./style.ts"

/** `answer`: of the scenario as it is; `chosen`: of the scenario with the choice fixed. */
export const renderExplanation = (answer: Recommendation, chosen: Recommendation, style: Style): string => {
  const sections: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ...conflictSections(chosen.conflict),
    ["Plans", planTable(answer, chosen)],
    [`Where the time of a step${answer.programme === null ? "" : ` of ${answer.programme.runs[0]?.name}`} goes`,
      timeTable(answer, chosen)],
    ["Resources", resourceTable(answer, chosen)]
  ]
  return [
    ...wrap(verdict(answer, chosen), width),
    ...sections.filter(([, lines]) => lines.length > 0).flatMap(([title, lines]) => [style.heading(title), ...lines])
  ].join("\n")
}

const verdict = (answer: Recommendation, chosen: Recommendation): string => {
  const { unit, sense, value } = answer.objective
  const other = chosen.objective.value
  if (chosen.status === "infeasible") return "With this choice nothing that meets the limits can be built."
  if (other === null) return `No plan with this choice was found before the search stopped (${chosen.limit}).`
  if (value === null) return `This choice gives ${formatQuantity(other, unit)}; without it nothing was found.`
  const gain = (sense === "maximize" ? other - value : value - other) / Math.abs(value)
  if (Math.abs(gain) <= 1e-9) return `This choice is as good as the answer: ${formatQuantity(other, unit)}.`
  const both = `${formatQuantity(other, unit)} instead of ${formatQuantity(value, unit)}`
  if (gain > 0) return `This choice is better than what the search found: ${both}. Give the search more time.`
  return `With this choice: ${both}, ${formatPercent(-gain)} worse. ${proofOf(chosen, value)}`
}

/** Whether the choice is proven worse, or only worse as far as the search went. */
const proofOf = ({ objective: { bound, sense, unit } }: Recommendation, value: number): string =>
  bound !== null && (sense === "maximize" ? bound < value : bound > value)
    ? `No plan with it can do better than ${formatQuantity(bound, unit)}.`
    : "That it cannot do better is not proven."

type PlanRow = readonly [string, (plan: Recommendation) => string | number | undefined]

const columns = [26, 17, 17, 17]

const planTable = (answer: Recommendation, chosen: Recommendation): ReadonlyArray<string> => {
  const rows = ([
    ["accelerator", ({ layout }) => layout?.accelerator],
    ["accelerators", ({ layout }) => layout?.accelerators],
    ["HBD", ({ layout }) => layout?.hbd.size],
    ["scale-out Gb/s each", ({ layout }) => layout?.scaleOut?.GbpsPerAccelerator],
    ["tiers", ({ layout }) => layout?.scaleOut?.tiers],
    ...workloadsOf(answer.scenario).flatMap(({ name }, i, { length }) => mappingRows(length === 1 ? null : name, i))
  ] satisfies ReadonlyArray<PlanRow>)
    .map(([name, of]) => [`  ${name}`, String(of(answer) ?? "–"), String(of(chosen) ?? "–")])
  return chosen.layout === null ? [] : table([["", "answer", "choice"], ...rows], columns)
}

/** Of several runs each under its name, with its days; null: the only one. */
const mappingRows = (name: string | null, i: number): ReadonlyArray<PlanRow> => {
  const of = (plan: Recommendation) => plan.programme?.runs[i]?.mapping ?? plan.mapping
  return [
    ...(name === null ? [] : [[`days of ${name}`, (plan: Recommendation) => daysOf(plan, i)] as const]),
    ["TP × PP × DP", (plan) => {
      const mapping = of(plan)
      return mapping === null ? undefined : `${mapping.tp} × ${mapping.pp} × ${mapping.dp}`
    }],
    ["EP", (plan) => of(plan)?.ep],
    ["recompute", (plan) => of(plan)?.recompute]
  ]
}

const daysOf = ({ programme }: Recommendation, i: number): string | undefined => {
  const run = programme?.runs[i]
  return run === undefined ? undefined : formatNumber(run.days)
}

const timeTable = (answer: Recommendation, chosen: Recommendation): ReadonlyArray<string> => {
  if (answer.performance === null || chosen.performance === null) return []
  const timesOf = ({ performance }: Recommendation) =>
    new Map((performance?.breakdown ?? []).map(({ name, timeS }) => [name, timeS]))
  const [ours, theirs] = [timesOf(answer), timesOf(chosen)]
  const causes = [...new Set([...ours.keys(), ...theirs.keys()])]
    .map((name) => ({ name, a: ours.get(name) ?? 0, b: theirs.get(name) ?? 0 }))
    .filter(({ a, b }) => a !== b)
    .toSorted((one, other) => Math.abs(other.b - other.a) - Math.abs(one.b - one.a))
  const row = (name: string, a: number, b: number) =>
    [`  ${name}`, formatSeconds(a), formatSeconds(b), signedSeconds(b - a)]
  return table([
    ["", "answer", "choice", "difference"],
    row("step", answer.performance.stepTimeS, chosen.performance.stepTimeS),
    ...causes.slice(0, 7).map(({ name, a, b }) => row(name, a, b))
  ], columns)
}

const signedSeconds = (seconds: number): string => `${seconds < 0 ? "−" : "+"}${formatSeconds(Math.abs(seconds))}`

const resourceTable = (answer: Recommendation, chosen: Recommendation): ReadonlyArray<string> => {
  const rows = chosen.resources.flatMap(({ name, path, unit, used }) => {
    const ours = answer.resources.find((resource) => resource.name === name && resource.path === path)
    if (ours === undefined || ours.used === used) return []
    const difference = formatSigned(used - ours.used, unit)
    return [[`  ${name}`, formatQuantity(ours.used, unit), formatQuantity(used, unit), difference]]
  })
  return rows.length === 0 ? [] : table([["", "answer", "choice", "difference"], ...rows], columns)
}
