/** The sections of a report that judge the plan: what it uses, what it beats, what is proven and what is estimated. */
import type { Conflict, LayoutSummary, LimitMove, Recommendation, ResourceUse } from "../../models/design-space/recommendation.ts"
import { cut, formatCount, formatNumber, formatPercent, formatQuantity, formatSigned, table, wrap } from "./format.ts"
import { labelled, width } from "./plan-sections.ts"

const mostResources = 6

/** The limits that were priced, then the others, the fullest first; what has no limit is in nobody's way. */
export const resourceSection = ({ resources, objective, money, prices }: Recommendation): ReadonlyArray<string> => {
  const limited = resources.filter((resource) => resource.limit !== null)
    .toSorted((a, b) => Number(b.worthUp !== null) - Number(a.worthUp !== null) || fullness(b) - fullness(a))
    .slice(0, mostResources)
  const rows = limited.map((resource) => [
    `  ${resource.name}${resource.estimated ? " *" : ""}`,
    formatQuantity(resource.used, resource.unit),
    formatQuantity(resource.limit ?? 0, resource.unit),
    formatPercent(fullness(resource)),
    worthOf(resource, objective.unit)
  ])
  const header = ["  resource", "used", "limit", "full", "more of it is worth"]
  return [
    ...(rows.length === 0 ? [] : table([header, ...rows], [18, 11, 11, 7, 29])),
    ...labelledList("stays best", resources.flatMap(rangeOf)),
    ...(money === null ? [] : labelled("money", describeMoney(money))),
    ...(prices === null || !prices.matter ? [] : labelled("prices", prices.sentence))
  ]
}

const labelledList = (label: string, items: ReadonlyArray<string>): ReadonlyArray<string> =>
  items.length === 0 ? [] : labelled(label, items.join("; "))

/** Over what values of a limit, all else unchanged, there is no better plan. */
const rangeOf = ({ name, unit, range }: ResourceUse): ReadonlyArray<string> => {
  if (range === null) return []
  const { from, to, changesAt } = range
  const after = changesAt === null ? " or more" : `, a better one at ${formatQuantity(changesAt, unit)}`
  return [`${name} from ${formatQuantity(from, unit)} to ${formatQuantity(to, unit)}${after}`]
}

const describeMoney = (money: NonNullable<Recommendation["money"]>): string =>
  `${formatQuantity(money.capexUsd, "USD")} (${formatQuantity(money.capexLowUsd, "USD")}–` +
  `${formatQuantity(money.capexHighUsd, "USD")}), $${formatNumber(money.usdPerMillionTokens)} per M tokens, ` +
  `${formatNumber(money.averagePowerMW)} MW on average`

const fullness = ({ used, limit }: ResourceUse): number => limit === null || limit === 0 ? 0 : used / limit

/** What the plan gains, where it was solved again; else what the relaxation says it can gain at most. */
const worthOf = ({ worthUp, increment, unit, boundPrice, limit }: ResourceUse, objectiveUnit: string): string => {
  const short = objectiveUnit.replace(/ \(.*/, "")
  if (worthUp !== null && increment !== null) {
    const step = increment === 1 ? unit.replace(/s$/, "") : formatQuantity(increment, unit)
    return worthUp === 0 ? "nothing" : `${formatSigned(worthUp, short)} per ${step}`
  }
  if (boundPrice === null || limit === null) return ""
  return boundPrice === 0 ? "nothing" : `≤ ${formatQuantity(Math.abs(boundPrice) * limit / 100, short)} per 1 %`
}

const mostAlternatives = 5

/** The plan beside what its vendor would have built and the runner-ups: what each would give up, and gain. */
export const besideSection = (recommendation: Recommendation): ReadonlyArray<string> => {
  const { baseline, alternatives, layout, performance, programme, resources, money } = recommendation
  const others = [...(baseline === null ? [] : [{ ...baseline, kind: "vendor's own design" }]), ...alternatives.slice(0, mostAlternatives)]
  if (layout === null || performance === null || money === null || others.length === 0) return []
  const itPowerMW = resources.filter(({ name }) => name.startsWith("IT power")).reduce((sum, { used }) => sum + used, 0)
  const { tokensPerS } = programme ?? performance
  const difference = (other: number, own: number) => formatDifference(other / own - 1)
  const rows = others.map((other) => [
    `  ${other.kind}`, describeKind(other.layout), difference(other.tokensPerS, tokensPerS),
    difference(other.itPowerMW, itPowerMW), difference(other.capexUsd, money.capexUsd)
  ])
  const own = [
    "  this plan", describeKind(layout), formatCount(tokensPerS), formatQuantity(itPowerMW, "MW"),
    formatQuantity(money.capexUsd, "USD")
  ]
  const notes = others.flatMap(({ kind, why }) => {
    const [, note] = why.split("; ")
    return note === undefined ? [] : wrap(`${kind}: ${note}`, width, "  ")
  })
  return [...table([["", "", "tokens/s", "IT power", "capital"], own, ...rows], [23, 27, 8, 9, 9]), ...notes]
}

/** `+3.1 %`, `−9 %`, `=` where nothing of it is seen. */
const formatDifference = (share: number): string =>
  Math.abs(share) < 0.0005 ? "=" : `${share < 0 ? "−" : "+"}${formatPercent(Math.abs(share))}`

const describeKind = ({ hbds, hbd: { size }, accelerator, scaleOut }: LayoutSummary): string =>
  `${formatNumber(hbds)} × ${size} ${accelerator}` + (scaleOut === null ? "" : `, ${formatNumber(scaleOut.GbpsPerAccelerator)}G`)

export const proofSection = ({ status, limit, objective, check, dropped }: Recommendation): ReadonlyArray<string> => {
  const { value, bound, gap, unit } = objective
  const left = dropped.reduce((sum, { count }) => sum + count, 0)
  const reasons = dropped.slice(0, 2).map(({ reason, count }) => `${reason} (${count})`)
  return [
    ...labelled("status", limit === null ? status : `${status}, stopped by ${limit}`),
    ...labelled("bound", bound === null
      ? "nothing proven"
      : `no candidate is better than ${formatQuantity(bound, unit)}` +
        (value === null || gap === null ? "" : `; gap ${gap <= 1e-9 ? "0" : formatPercent(gap)}`)),
    ...labelled("check", `${check.rows} rows recomputed, largest violation ${formatNumber(check.maxViolation)}`),
    ...(left === 0 ? [] : labelled("left out", cut(
      `${formatNumber(left)} entries: ${reasons.join(", ")}`,
      width - 16
    )))
  ]
}

/** What rests on figures that nobody published. */
export const estimateSection = ({ provenance, performance }: Recommendation): ReadonlyArray<string> => {
  const parts = [...new Set(provenance.estimates.map((estimate) => estimate.part))]
  const derived = performance?.evidence === "derived"
    ? wrap("The performance of this accelerator is derived from its relatives, not fitted on it.", width, "  ")
    : []
  if (parts.length === 0) return derived
  const count = provenance.estimates.length
  const shown = parts.slice(0, 6).join(", ") + (parts.length > 6 ? ", …" : "")
  const sentence =
    `${count} figures of ${parts.length} parts (${shown}) are estimates; --json lists each with its method.`
  return [...derived, ...wrap(sentence, width, "  ")]
}

/** Why nothing can be built, and what would have to give: sections with their titles. */
export const conflictSections = (conflict: Conflict | null): ReadonlyArray<readonly [string, ReadonlyArray<string>]> => {
  const { members, relaxations, together } = conflict ?? { members: [], relaxations: [], together: [] }
  return [
    ["These limits cannot hold together", members.flatMap(({ path, limit }) => wrap(`${path}: ${limit}`, width, "  "))],
    ["Any one of these would be enough", relaxations.flatMap(describeMove)],
    ["All of these together, each by the same share, too", together.flatMap(describeMove)]
  ]
}

const describeMove = ({ path, from, to, bound, unit }: LimitMove): ReadonlyArray<string> => {
  const proof = bound === null ? "; not proven to be the least"
    : Math.abs(to - bound) <= 1e-3 * to ? "" : `; nothing nearer than ${formatQuantity(bound, unit)} would do`
  return wrap(`${path}: from ${formatQuantity(from, unit)} to ${formatQuantity(roundedAway(from, to), unit)}${proof}`, width, "  ")
}

/** To the digits that are shown, on the side of `to` that suffices. */
const roundedAway = (from: number, to: number): number => {
  const unit = 10 ** (Math.floor(Math.log10(to)) - 2)
  const steps = to / unit
  return (to > from ? Math.ceil(steps * (1 - 1e-9)) : Math.floor(steps * (1 + 1e-9))) * unit
}
