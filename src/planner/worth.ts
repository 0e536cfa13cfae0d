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
  const { scenario } = main.problem
  const worths: Array<Worth> = []
  const byPath = new Map(rows.filter(({ limit }) => limit !== null).map((row) => [row.path, row]))
  for (const limit of statedLimits(scenario)) {
    const row = byPath.get(limit.path)
    if (row === undefined || limit.moreIsFreer !== true || typeof limit.value !== "number" || main.stopped()) continue
    const increment = roundIncrement(limit.value * share)
    const gain = async (value: number): Promise<number | null> => {
      const { built: other } = await solveBeside(main, withLimit(scenario, limit.path, value), built)
      if (other === null) return null
      const difference = other.judged.value - built.judged.value
      return main.problem.space.sense === "maximize" ? difference : -difference
    }
    const up = await gain(limit.value + increment)
    const down = slack(row, limit.value) >= increment || limit.value <= increment ? 0 : await gain(limit.value - increment)
    worths.push({
      path: limit.path,
      increment,
      worthUp: up === null ? null : Math.max(0, up),
      worthDown: limit.value <= increment || down === null ? null : Math.max(0, -down)
    })
  }
  return worths
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
