/** What one more of a limited resource is worth, and one less costs: by solving again at a stated increment. */
import type { ResourceUse } from "../../models/design-space/recommendation.ts"
import { statedLimits, withLimit } from "../../models/design-space/limit.ts"
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
}

/** Prices the limits whose paths are among the rows. A limit that the plan leaves slack beyond the increment costs nothing. */
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
  const { scenario, searched: space } = main.problem
  const increment = roundIncrement(value * share)
  const gain = async (changed: number): Promise<number | null> => {
    const { built: other } = await solveBeside(main, withLimit(scenario, row.path, changed), built)
    if (other === null) return null
    const difference = other.judged.value - built.judged.value
    return space.sense === "maximize" ? difference : -difference
  }
  const isSlack = slack(row, value) >= increment
  const [up, down] = await Promise.all([
    gain(value + increment),
    value <= increment ? null : isSlack ? 0 : gain(value - increment)
  ])
  return {
    path: row.path,
    increment,
    worthUp: up === null ? null : Math.max(0, up),
    worthDown: down === null ? null : Math.max(0, -down)
  }
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
