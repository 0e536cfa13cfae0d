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
    const change = async (value: number): Promise<number | null> => {
      const { built: other, answer } = await solveBeside(main, withLimit(scenario, limit.path, value), built)
      return other === null || answer.status === "noSolution" ? null : Math.abs(other.judged.value - built.judged.value)
    }
    const slack = (row.limit! - row.used) / row.limit! * limit.value
    worths.push({
      path: limit.path,
      increment,
      worthUp: await change(limit.value + increment),
      worthDown: slack >= increment ? 0 : limit.value <= increment ? null : await change(limit.value - increment)
    })
  }
  return worths
}

/** To one, two or five times a power of ten. */
function roundIncrement(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const leading = value / power
  return power * (leading < 1.5 ? 1 : leading < 3.5 ? 2 : leading < 7.5 ? 5 : 10)
}
