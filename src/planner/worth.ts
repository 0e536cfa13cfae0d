/** By solving again: what one more of a limited resource is worth, what one less costs, over what range the plan is the best. */
import type { LimitRange, ResourceUse } from "../../models/design-space/recommendation.ts"
import { statedLimits } from "../../models/design-space/limit.ts"
import type { Built } from "./built.ts"
import { askWith, farthest, type LimitDesk, type PricedLimit, rangeOf, startOnly, toTheEnd, withoutScarce } from "./limit-range.ts"
import type { Main, SideLimits } from "./side-solve.ts"
import { findWidest } from "./widest.ts"

/** A change of a limit that a planner would ask for: five per cent, in a round number. */
const share = 0.05

export interface Worth {
  readonly path: string
  /** in the unit of the limit as the scenario states it */
  readonly increment: number
  /** gain of the objective, ≥ 0; null: not known at these limits of work */
  readonly worthUp: number | null
  /** loss of the objective, ≥ 0; null: nothing can be built, or not known */
  readonly worthDown: number | null
  readonly range: LimitRange | null
}

/** What is to be priced, and what is known beforehand. */
export interface LimitQuestions extends LimitDesk {
  readonly limits: ReadonlyArray<PricedLimit>
  /** of which more may well change nothing */
  readonly slack: ReadonlyArray<PricedLimit>
}

/** The limits whose paths are among the rows. */
export async function limitQuestions(
  main: Main, plan: Built, rows: ReadonlyArray<Pick<ResourceUse, "path" | "used" | "limit">>
): Promise<LimitQuestions> {
  const byPath = new Map(rows.filter(({ limit }) => limit !== null).map((row) => [row.path, row]))
  const limits = statedLimits(main.problem.scenario).flatMap(({ path, moreIsFreer, value }): ReadonlyArray<PricedLimit> => {
    const row = byPath.get(path)
    if (row === undefined || row.limit === null || moreIsFreer !== true || typeof value !== "number") return []
    const scale = value / row.limit
    return [{ path, value, used: row.used * scale, scale, increment: roundIncrement(value * share) }]
  })
  if (!main.isProven) return { main, plan, limits, slack: [], widest: null }
  const { left: slack } = await withoutScarce({ main, plan, widest: null }, limits.filter(isSlack), startOnly)
  const most = (limit: PricedLimit) => (slack.includes(limit) ? farthest * limit.value : limit.value + limit.increment)
  const named = limits.filter(({ path }) => !path.endsWith(".rackPowerKW"))
  return { main, plan, limits, slack, widest: findWidest(main, plan, new Map(named.map((limit) => [limit.path, most(limit)]))) }
}

/** A limit that the plan leaves slack beyond the increment costs nothing; of those, more is asked about together. */
export async function priceLimits(questions: LimitQuestions): Promise<ReadonlyArray<Worth>> {
  const { main, limits, slack } = questions
  if (main.stopped()) return []
  const idle = withoutScarce(questions, slack, toTheEnd(main))
  return Promise.all(limits.map(async (limit) => {
    const { left, isProven } = slack.includes(limit) ? await idle : { left: [], isProven: false }
    return isProven && left.includes(limit) ? idleWorth(limit) : priceLimit(questions, limit)
  }))
}

const isSlack = ({ value, used, increment }: PricedLimit): boolean => value - used >= increment

/** Of what is slack and would change nothing were there twice as much of it. */
function idleWorth({ path, value, used, increment }: PricedLimit): Worth {
  return { path, increment, worthUp: 0, worthDown: 0, range: { from: Math.min(value, used), to: farthest * value, changesAt: null } }
}

async function priceLimit(desk: LimitDesk, limit: PricedLimit): Promise<Worth> {
  const { main, plan } = desk
  const { path, value, increment } = limit
  const at = (changed: number, work: SideLimits) => askWith(desk, new Map([[path, changed]]), work)
  // the optimum there answers for the range, too
  const [more, less] = await Promise.all([
    at(value + increment, main.isProven ? toTheEnd(main) : main.limits),
    value <= increment || isSlack(limit) ? null : at(value - increment, main.limits)
  ])
  const gain = more.built === null ? null : gainOver(main, plan, more.built)
  // stopped before its proof, what was not found may still be there
  const isKnown = gain !== null && (gain > 0 || (more.gap !== null && more.gap <= main.limits.gap))
  const worthDown = less === null || less.built === null ? null : Math.max(0, -gainOver(main, plan, less.built))
  return {
    path,
    increment,
    worthUp: isKnown ? Math.max(0, gain) : null,
    worthDown: value <= increment ? null : isSlack(limit) ? 0 : worthDown,
    range: main.isProven ? await rangeOf(desk, limit, more) : null
  }
}

function gainOver({ problem: { searched } }: Main, built: Built, other: Built): number {
  const difference = other.judged.value - built.judged.value
  return searched.sense === "maximize" ? difference : -difference
}

/** To one, two or five times a power of ten. */
function roundIncrement(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const leading = value / power
  return power * (leading < 1.5 ? 1 : leading < 3.5 ? 2 : leading < 7.5 ? 5 : 10)
}
