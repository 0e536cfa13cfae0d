/** A front on one screen of 80 columns: a line per plan, then where plans may still be hidden. */
import type { FrontPoint, ParetoFront, UncoveredBox } from "../planner/pareto.ts"
import { cut, formatCount, formatNumber, formatPercent, formatQuantity, table, wrap } from "./format.ts"
import { width } from "./plan-sections.ts"
import type { Style } from "./style.ts"

const columns = ["tokens/s", "IT MW", "meter MW", "capex", "accelerators", "mapping", "gap"]
const widths = [8, 6, 8, 8, 20, 18, 6] as const
const shownBoxes = 5

export const renderFront = (front: ParetoFront, style: Style): string => {
  const { points, uncovered, scenario, objectives } = front
  return [
    style.heading(cut(`${scenario.name}: the front of ${objectives.join(", ")}`, width)),
    ...wrap(headline(front), width),
    ...(points.length === 0 ? [] : [style.heading("Plans"), ...table([columns, ...points.map(pointRow)], widths)]),
    ...(uncovered.length === 0 ? [] : [style.heading("Not covered"), ...boxLines(front)])
  ].join("\n")
}

const headline = ({ status, limit, points, solves, throughputFloor, powerAt }: ParetoFront): string => {
  if (status === "infeasible") return "Nothing that meets the limits can be built."
  if (points.length === 0) return `No plan was found before the search stopped (${limit}).`
  const proof = points.some(({ gap }) => gap === null)
    ? "Not every plan is proven to be on it."
    : `Each is proven to be on it, to within ${formatPercent(Math.max(...points.map(({ gap }) => gap ?? 0)))}.`
  const rest = status === "complete" ? "There are no others." : `There may be others (stopped by: ${limit}).`
  const floor = throughputFloor > 0 ? `, of at least ${formatQuantity(throughputFloor, "tokens/s")}` : ""
  return `${points.length} plans of which none beats another in everything${floor}; power counts at the ` +
    `${powerAt === "it" ? "IT load" : "meter"}. ${proof} ${rest} ${formatNumber(solves)} searches.`
}

const pointRow = (point: FrontPoint): ReadonlyArray<string> => {
  const { tokensPerS, itPowerW, facilityPowerW, capexUsd, gap, recommendation } = point
  const { layout } = recommendation
  return [
    formatCount(tokensPerS).padStart(widths[0]!),
    formatNumber(itPowerW / 1e6),
    formatNumber(facilityPowerW / 1e6),
    formatQuantity(capexUsd, "USD"),
    layout === null ? "–" : `${layout.hbds} × ${layout.hbd.size} ${layout.accelerator}`,
    recommendation.programme === null ? shortMapping(recommendation.mapping) : `${shortMapping(recommendation.mapping)}, …`,
    gap === null ? "–" : formatPercent(gap)
  ]
}

/** `T8 P4 D160 b2`: degrees above one, and the micro-batch. */
const shortMapping = (mapping: FrontPoint["recommendation"]["mapping"]): string => {
  if (mapping === null) return "–"
  const { tp, cp, ep, pp, dp, microBatch } = mapping
  const degrees = ([["T", tp], ["C", cp], ["E", ep], ["P", pp], ["D", dp]] as const).filter(([, degree]) => degree > 1)
  return [...degrees, ["b", microBatch] as const].map(([name, degree]) => `${name}${degree}`).join(" ")
}

const boxLines = ({ uncovered, objectives }: ParetoFront): ReadonlyArray<string> => {
  const units = { throughput: "tokens/s", power: "W", capex: "USD" } as const
  const describe = ({ extent, share }: UncoveredBox): string =>
    objectives.map((objective) => {
      const { best = null, worst = null } = extent[objective] ?? {}
      const end = (value: number | null) => (value === null ? "any" : formatQuantity(value, units[objective]))
      return `${end(best)} to ${end(worst)}`
    }).join(", ") + ` (${formatPercent(share)})`
  const more = uncovered.length - shownBoxes
  return [
    ...wrap("Boxes in which another plan may lie, beside the range that the plans span (more with what is beyond it):", width),
    ...uncovered.slice(0, shownBoxes).flatMap((box) => wrap(describe(box), width, "  ")),
    ...(more > 0 ? [`  and ${formatNumber(more)} smaller`] : [])
  ]
}
