/**
 * Over what range of a limit the plan is the best. More leaves more to choose from: what is better with so much of some limits is
 * so with more, and what is proven for so much holds for less.
 */
import type { LimitRange } from "../../models/design-space/recommendation.ts"
import { withLimit } from "../../models/design-space/limit.ts"
import { isWorseBeyondMargin } from "../../solvers/contract/gap.ts"
import type { Built } from "./built.ts"
import { resourceRows } from "./resources.ts"
import { knownOf, type Main, type SideAnswer, type SideLimits } from "./side-solve.ts"

/** A limit of a resource and what the plan uses of it. */
export interface PricedLimit {
  readonly path: string
  /** as the scenario states it, the unit of `used` and `increment` */
  readonly value: number
  readonly used: number
  readonly increment: number
  /** in the unit of the resource's row */
  readonly limit: number
}

/** How closely the end of a range is told, as a share of the limit. */
const rangePrecision = 0.01

/** Up to how much of a limit is looked, as a multiple of it. */
export const farthest = 2

/** A limit met exactly is met after its way through the scenario's units, too. */
const rounding = 1e-12

/** Work of a question whether what it starts from can be built. */
const startOnly: SideLimits = { gap: Infinity, evaluations: 1 }

/** What is better than the plan, or a proof that nothing is; neither: not known. */
interface Comparison {
  readonly better: Built | null
  readonly isProven: boolean
}

/** A limit moved. */
interface Move {
  readonly limit: PricedLimit
  readonly to: number
}

/**
 * Of the limits those that change nothing were there `farthest` times as much of all of them: one search asks for all. Where
 * something is better, what it needs most of is left out, and the others are asked about again.
 */
export async function idleLimits(
  main: Main, plan: Built, limits: ReadonlyArray<PricedLimit>
): Promise<ReadonlyArray<PricedLimit>> {
  if (!main.isProven || limits.length === 0) return []
  const { better, isProven } = await compareAt(main, plan, limits.map((limit) => ({ limit, to: farthest * limit.value })))
  if (isProven) return limits
  if (better === null) return []
  const shareOf = (limit: PricedLimit) => needOf(main, better, limit) / limit.value
  const scarcest = limits.reduce((most, limit) => (shareOf(limit) > shareOf(most) ? limit : most))
  return idleLimits(main, plan, limits.filter((limit) => limit !== scarcest))
}

/** `more`: the exact answer with the limit's increment more. Null: not known at these limits of work. */
export async function rangeOf(main: Main, plan: Built, limit: PricedLimit, more: SideAnswer): Promise<LimitRange | null> {
  const { value, used, increment } = limit
  const from = Math.min(value, used)
  let to = value
  let asked = value + increment
  let found = compare(main, plan, more)
  if (found.isProven) {
    to = asked
    asked = farthest * value
    found = await compareAt(main, plan, [{ limit, to: asked }])
    if (found.isProven) return { from, to: asked, changesAt: null }
  }
  let changesAt = asked
  // little below what something better needs there is seldom anything better; where there is, farther below
  let step = rangePrecision * value
  while (found.better !== null || found.isProven) {
    if (found.better === null) to = asked
    else changesAt = await leastFor(main, plan, found.better, { limit, to: asked }, to)
    if (changesAt - to <= rangePrecision * value * (1 + rounding)) return { from, to, changesAt }
    asked = Math.max((to + changesAt) / 2, changesAt - step)
    step *= 2
    found = await compareAt(main, plan, [{ limit, to: asked }])
  }
  return null
}

/** Whether anything is better than the plan where limits are moved: the search ends with the first that is. */
async function compareAt(main: Main, plan: Built, moves: ReadonlyArray<Move>): Promise<Comparison> {
  const scenario = moves.reduce((rest, { limit, to }) => withLimit(rest, limit.path, to), main.problem.scenario)
  const limits = { ...main.limits, gap: 0 }
  return compare(main, plan, await main.answer({ scenario, limits, known: knownOf(plan), until: plan.judged.value }))
}

function compare({ problem: { searched } }: Main, plan: Built, { status, built }: SideAnswer): Comparison {
  const isBetter = built !== null && isWorseBeyondMargin(searched.sense, plan.judged.value, built.judged.value)
  return { better: isBetter ? built : null, isProven: !isBetter && status === "optimal" }
}

/** The least of a limit with which what is better where it is moved is still so, by its own use; more than `above`. */
async function leastFor(main: Main, plan: Built, better: Built, { limit, to }: Move, above: number): Promise<number> {
  const need = Math.max(above, needOf(main, better, limit) * (1 + rounding))
  if (need >= to) return to
  const scenario = withLimit(main.problem.scenario, limit.path, need)
  const there = await main.answer({ scenario, limits: startOnly, known: knownOf(better) })
  return compare(main, plan, there).better === null ? to : need
}

/** What a candidate uses of a limit, in its unit. */
function needOf({ problem: { scenario } }: Main, built: Built, { path, value, limit }: PricedLimit): number {
  const used = resourceRows(scenario, built).filter((row) => row.path === path && row.limit !== null).map((row) => row.used)
  return Math.max(0, ...used) / limit * value
}
