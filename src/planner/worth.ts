/** By solving again: what one more of a limited resource is worth, what one less costs, over what range the plan is the best. */
import type { LimitRange, ResourceUse } from "../../models/design-space/recommendation.ts"
import { statedLimits, withLimit } from "../../models/design-space/limit.ts"
import { relativeMargin } from "../../solvers/contract/gap.ts"
import type { Built } from "./built.ts"
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

/** How closely the end of a range is told, as a share of the limit. */
const rangePrecision = 0.01

/**
 * Prices the limits whose paths are among the rows. A limit that the plan leaves slack beyond the increment costs nothing;
 * beside a large problem it is not asked what more of it is worth, nor for ranges.
 */
export async function priceLimits(
  main: Main, built: Built, rows: ReadonlyArray<Pick<ResourceUse, "path" | "used" | "limit">>
): Promise<ReadonlyArray<Worth>> {
  if (main.stopped()) return []
  const byPath = new Map(rows.filter(({ limit }) => limit !== null).map((row) => [row.path, row]))
  const questions = statedLimits(main.problem.scenario).flatMap(({ path, moreIsFreer, value }) => {
    const row = byPath.get(path)
    if (row === undefined || moreIsFreer !== true || typeof value !== "number") return []
    return [priceLimit(main, built, row, value)]
  })
  return Promise.all(questions)
}

async function priceLimit(
  main: Main, built: Built, row: Pick<ResourceUse, "path" | "used" | "limit">, value: number
): Promise<Worth> {
  const { scenario } = main.problem
  const increment = roundIncrement(value * share)
  const gain = async (changed: number): Promise<number | null> => {
    const { built: other, gap } = await solveBeside(main, withLimit(scenario, row.path, changed), built)
    if (other === null) return null
    const found = gainOver(main, built, other)
    // stopped before its proof, what was not found may still be there
    return found <= 0 && changed > value && (gap === null || gap > main.limits.gap) ? null : found
  }
  const isSlack = slack(row, value) >= increment
  const [up, down] = await Promise.all([
    main.isLarge && isSlack ? null : gain(value + increment),
    value <= increment ? null : isSlack ? 0 : gain(value - increment)
  ])
  return {
    path: row.path,
    increment,
    worthUp: up === null ? null : Math.max(0, up),
    worthDown: down === null ? null : Math.max(0, -down),
    range: main.isProven && !main.isLarge ? await rangeOf(main, built, row, value, value + increment) : null
  }
}

function gainOver({ problem: { searched } }: Main, built: Built, other: Built): number {
  const difference = other.judged.value - built.judged.value
  return searched.sense === "maximize" ? difference : -difference
}

/**
 * A tighter limit leaves less to choose from, so the plan is the best down to what it uses. A wider one leaves more, so what is
 * better at one value is so at every greater one: the end is found by halving.
 */
async function rangeOf(
  main: Main, built: Built, row: Pick<ResourceUse, "path" | "used" | "limit">, value: number, near: number
): Promise<LimitRange | null> {
  const from = Math.min(value, value - slack(row, value))
  const exactly = { ...main, limits: { ...main.limits, gap: 0 } }
  const isBetterAt = async (limit: number): Promise<boolean | null> => {
    if (main.stopped()) return null
    const { status, built: other } = await solveBeside(exactly, withLimit(main.problem.scenario, row.path, limit), built)
    if (other !== null && gainOver(main, built, other) > relativeMargin * Math.abs(built.judged.value)) return true
    return status === "optimal" ? false : null
  }
  let to = value
  let changesAt = Infinity
  for (const asked of [near, 2 * value]) {
    const isBetter = changesAt < Infinity ? true : await isBetterAt(asked)
    if (isBetter === null) return null
    if (!isBetter) to = asked
    else changesAt = Math.min(changesAt, asked)
  }
  if (changesAt === Infinity) return { from, to, changesAt: null }
  while (changesAt - to > rangePrecision * value) {
    const middle = (to + changesAt) / 2
    const isBetter = await isBetterAt(middle)
    if (isBetter === null) return null
    if (isBetter) changesAt = middle
    else to = middle
  }
  return { from, to, changesAt }
}

/** Of a row, in the unit of its limit's own statement. */
function slack({ used, limit }: Pick<ResourceUse, "used" | "limit">, stated: number): number {
  return limit === null ? Infinity : (limit - used) / limit * stated
}

/** To one, two or five times a power of ten. */
function roundIncrement(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const leading = value / power
  return power * (leading < 1.5 ? 1 : leading < 3.5 ? 2 : leading < 7.5 ? 5 : 10)
}
