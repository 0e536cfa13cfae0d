/**
 * Why nothing can be built: an irreducible set of limits, by a deletion filter (Chinneck & Dravnieks, 1991), and for each of
 * its numbers how far it alone would have to move, and all of them together.
 */
import type { Conflict, LimitMove } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { type Limit, statedLimits, withLimit } from "../../models/design-space/limit.ts"
import { type Main, solveBeside } from "./side-solve.ts"

/** Any candidate will do. */
const anyCandidate = { gap: Infinity, evaluations: 1_000_000 }

/** How closely a relaxation is told, relative. */
const precision = 0.02
const doublings = 24

export async function findConflict(main: Omit<Main, "limits">): Promise<Conflict> {
  const { problem: { scenario }, stopped } = main
  // what is not proven infeasible counts as feasible, so that no limit is cleared of blame without a proof
  const isFeasible = async (question: Scenario): Promise<boolean> =>
    (await solveBeside({ ...main, limits: anyCandidate }, question)).status !== "infeasible"
  let lifted = scenario
  const members: Array<Limit> = []
  for (const limit of statedLimits(scenario)) {
    if (stopped()) break
    const without = withLimit(lifted, limit.path, limit.lifted)
    if (await isFeasible(without)) members.push(limit)
    else lifted = without
  }
  const relaxations: Array<Conflict["relaxations"][number]> = []
  for (const limit of members) {
    const to = stopped() ? null : await leastMove(scenario, limit, isFeasible)
    if (to !== null) relaxations.push({ path: limit.path, from: limit.value as number, to, unit: limit.unit })
  }
  return {
    members: members.map(({ path, value, unit }) => ({ path, limit: describeLimit(value, unit) })),
    relaxations,
    together: stopped() ? [] : await leastTogether(scenario, members, isFeasible)
  }
}

function describeLimit(value: unknown, unit: string): string {
  return typeof value === "number" ? `${value} ${unit}` : JSON.stringify(value)
}

/** All numbers of the set moved by one share, the least that suffices to within `precision`. */
async function leastTogether(
  scenario: Scenario, members: ReadonlyArray<Limit>, isFeasible: (question: Scenario) => Promise<boolean>
): Promise<ReadonlyArray<LimitMove>> {
  const movesBy = (factor: number): ReadonlyArray<LimitMove> =>
    members.flatMap(({ path, value, unit, moreIsFreer }) =>
      typeof value !== "number" || moreIsFreer === null || value <= 0 ? []
        : [{ path, from: value, to: moreIsFreer ? value * factor : value / factor, unit }])
  const holds = (factor: number) =>
    isFeasible(movesBy(factor).reduce((moved, { path, to }) => withLimit(moved, path, to), scenario))
  let near = 1
  let far = 2
  if (movesBy(far).length === 0) return []
  for (let i = 0; !(await holds(far)); i++) {
    if (i === doublings) return []
    near = far
    far *= 2
  }
  while (far / near > 1 + precision) {
    const middle = Math.sqrt(near * far)
    if (await holds(middle)) far = middle
    else near = middle
  }
  return movesBy(far)
}

/** The value nearest to the limit's own at which the scenario, otherwise unchanged, can be met; null: at none. */
async function leastMove(
  scenario: Scenario, limit: Limit, isFeasible: (question: Scenario) => Promise<boolean>
): Promise<number | null> {
  if (typeof limit.value !== "number" || limit.moreIsFreer === null || limit.value <= 0) return null
  const holds = (value: number) => isFeasible(withLimit(scenario, limit.path, value))
  const factor = limit.moreIsFreer ? 2 : 0.5
  let near = limit.value
  let far = near * factor
  for (let i = 0; !(await holds(far)); i++) {
    if (i === doublings) return null
    near = far
    far *= factor
  }
  while (Math.abs(far - near) > precision * Math.abs(far)) {
    const middle = (near + far) / 2
    if (await holds(middle)) far = middle
    else near = middle
  }
  return Number(far.toPrecision(3)) >= far === limit.moreIsFreer ? Number(far.toPrecision(3)) : far
}
