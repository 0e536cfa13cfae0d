/**
 * Over what range of a limit the plan is the best. More leaves more to choose from: what is better with so much of some limits is
 * so with more, and what is proven for so much holds for less.
 */
import type { LimitRange } from "../../models/design-space/recommendation.ts"
import { isWorseBeyondMargin } from "../../solvers/contract/gap.ts"
import type { Built } from "./built.ts"
import { limitRows } from "./resources.ts"
import { type Known, knownOf, type Main, type SideAnswer, type SideLimits } from "./side-solve.ts"
import { boundsWithin, type LimitValues, type Widest, withLimits } from "./widest.ts"

/** A limit of a resource and what the plan uses of it. */
export interface PricedLimit {
  readonly path: string
  /** as the scenario states it, the unit of `used` and `increment` */
  readonly value: number
  readonly used: number
  readonly increment: number
  /** that unit over the one of the resource's row */
  readonly scale: number
}

/** What questions about limits start from: the main one, its answer, and what is known of all of them. */
export interface LimitDesk {
  readonly main: Main
  readonly plan: Built
  readonly widest: Widest | null
}

/** How closely the end of a range is told, as a share of the limit. */
const rangePrecision = 0.01

/** Up to how much of a limit is looked, as a multiple of it. */
export const farthest = 2

/** A limit met exactly is met after its way through the scenario's units, too. */
const rounding = 1e-12

/** Work of a question whether what it starts from can be built. */
export const startOnly: SideLimits = { gap: Infinity, evaluations: 1 }

/** Work of a question that ends with the optimum. */
export const toTheEnd = ({ limits }: Main): SideLimits => ({ ...limits, gap: 0 })

/** What is better than the plan, or a proof that nothing is; neither: not known. */
interface Comparison {
  readonly better: Better | null
  readonly isProven: boolean
}

interface Better {
  readonly built: Built
  readonly known: Known
}

/** Asks with other values of limits; `until` something better than that value is met. */
export function askWith(
  { main, plan, widest }: LimitDesk, values: LimitValues, limits: SideLimits, { known = knownOf(plan), until }: {
    readonly known?: Known; readonly until?: number
  } = {}
): Promise<SideAnswer> {
  const scenario = withLimits(main.problem.scenario, values)
  return main.answer({ scenario, limits, known, until, blockBounds: boundsWithin(widest, values) })
}

/**
 * Asks of all limits at once whether anything is better were there `farthest` times as much of each. Where something is, what it
 * needs most of is left out, and the others are asked about again. `isProven`: nothing is, with those that are left.
 */
export async function withoutScarce(
  desk: LimitDesk, limits: ReadonlyArray<PricedLimit>, work: SideLimits
): Promise<{ readonly left: ReadonlyArray<PricedLimit>; readonly isProven: boolean }> {
  let left = limits
  while (left.length > 0) {
    const { better, isProven } = await compareWith(desk, new Map(left.map(({ path, value }) => [path, farthest * value])), work)
    if (better === null) return { left, isProven }
    const shareOf = (limit: PricedLimit) => needOf(better, limit) / limit.value
    const scarcest = left.reduce((most, limit) => (shareOf(limit) > shareOf(most) ? limit : most))
    left = left.filter((limit) => limit !== scarcest)
  }
  return { left, isProven: false }
}

/** `more`: the exact answer with the limit's increment more. Null: not known at these limits of work. */
export async function rangeOf(desk: LimitDesk, limit: PricedLimit, more: SideAnswer): Promise<LimitRange | null> {
  const { path, value, used, increment } = limit
  const compareAt = (to: number) => compareWith(desk, new Map([[path, to]]), toTheEnd(desk.main))
  const from = Math.min(value, used)
  let to = value
  let asked = value + increment
  let found = compare(desk, more)
  if (found.isProven) {
    to = asked
    asked = farthest * value
    found = await compareAt(asked)
    if (found.isProven) return { from, to: asked, changesAt: null }
  }
  let changesAt = asked
  // little below what something better needs there is seldom anything better; where there is, farther below
  let step = rangePrecision * value
  while (found.better !== null || found.isProven) {
    if (found.better === null) to = asked
    else changesAt = await leastFor(desk, found.better, limit, { above: to, most: asked })
    if (changesAt - to <= rangePrecision * value * (1 + rounding)) return { from, to, changesAt }
    asked = Math.max((to + changesAt) / 2, changesAt - step)
    step *= 2
    found = await compareAt(asked)
  }
  return null
}

/** Whether anything is better than the plan with other values of limits: the search ends with the first that is. */
async function compareWith(desk: LimitDesk, values: LimitValues, work: SideLimits): Promise<Comparison> {
  return compare(desk, await askWith(desk, values, work, { until: desk.plan.judged.value }))
}

function compare({ main: { problem: { searched } }, plan }: LimitDesk, { status, built, known }: SideAnswer): Comparison {
  const isBetter = built !== null && isWorseBeyondMargin(searched.sense, plan.judged.value, built.judged.value)
  return { better: isBetter && known !== null ? { built, known } : null, isProven: !isBetter && status === "optimal" }
}

/** With how much of a limit, by its own use, a candidate is still better than the plan: more than `above`; with `most` it is. */
async function leastFor(
  desk: LimitDesk, better: Better, limit: PricedLimit, { above, most }: { readonly above: number; readonly most: number }
): Promise<number> {
  const need = needOf(better, limit)
  for (const asked of [need, need * (1 + rounding)]) {
    if (asked <= above || asked >= most) continue
    const there = await askWith(desk, new Map([[limit.path, asked]]), startOnly, { known: better.known })
    if (compare(desk, there).better !== null) return asked
  }
  return most
}

/** What a candidate uses of a limit, in its unit. */
function needOf({ built }: Better, { path, scale }: PricedLimit): number {
  const used = limitRows(built).filter((row) => row.path === path && row.limit !== null).map((row) => row.used)
  return Math.max(0, ...used) * scale
}
