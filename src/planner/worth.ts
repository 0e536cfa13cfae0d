/** By solving again: what one more of a limited resource is worth, what one less costs, over what range the plan is the best. */
import type { LimitRange, ResourceUse } from "../../models/design-space/recommendation.ts"
import { statedLimits, withLimit } from "../../models/design-space/limit.ts"
import type { Built } from "./built.ts"
import { farthest, idleLimits, type PricedLimit, rangeOf } from "./limit-range.ts"
import { type Main, solveBeside } from "./side-solve.ts"

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

/**
 * Prices the limits whose paths are among the rows. One that the plan leaves slack beyond the increment costs nothing; of all
 * such together it is asked first whether more of them would change anything.
 */
export async function priceLimits(
  main: Main, built: Built, rows: ReadonlyArray<Pick<ResourceUse, "path" | "used" | "limit">>
): Promise<ReadonlyArray<Worth>> {
  if (main.stopped()) return []
  const byPath = new Map(rows.filter(({ limit }) => limit !== null).map((row) => [row.path, row]))
  const limits = statedLimits(main.problem.scenario).flatMap(({ path, moreIsFreer, value }): ReadonlyArray<PricedLimit> => {
    const row = byPath.get(path)
    if (row === undefined || row.limit === null || moreIsFreer !== true || typeof value !== "number") return []
    return [{ path, value, used: row.used / row.limit * value, limit: row.limit, increment: roundIncrement(value * share) }]
  })
  const slack = limits.filter(isSlack)
  const idle = idleLimits(main, built, slack)
  return Promise.all(limits.map(async (limit) =>
    slack.includes(limit) && (await idle).includes(limit) ? idleWorth(limit) : priceLimit(main, built, limit)))
}

const isSlack = ({ value, used, increment }: PricedLimit): boolean => value - used >= increment

/** Of what is slack and would change nothing were there twice as much of it. */
function idleWorth({ path, value, used, increment }: PricedLimit): Worth {
  return { path, increment, worthUp: 0, worthDown: 0, range: { from: Math.min(value, used), to: farthest * value, changesAt: null } }
}

async function priceLimit(main: Main, built: Built, limit: PricedLimit): Promise<Worth> {
  const { path, value, increment } = limit
  const at = (changed: number, asking: Main) => solveBeside(asking, withLimit(main.problem.scenario, path, changed), built)
  // the optimum there answers for the range, too
  const [more, less] = await Promise.all([
    at(value + increment, main.isProven ? { ...main, limits: { ...main.limits, gap: 0 } } : main),
    value <= increment || isSlack(limit) ? null : at(value - increment, main)
  ])
  const gain = more.built === null ? null : gainOver(main, built, more.built)
  // stopped before its proof, what was not found may still be there
  const isKnown = gain !== null && (gain > 0 || (more.gap !== null && more.gap <= main.limits.gap))
  return {
    path,
    increment,
    worthUp: isKnown ? Math.max(0, gain) : null,
    worthDown: isSlack(limit) ? 0 : less === null || less.built === null ? null : Math.max(0, -gainOver(main, built, less.built)),
    range: main.isProven ? await rangeOf(main, built, limit, more) : null
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
