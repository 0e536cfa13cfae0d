/**
 * How far limits must give way: they are lifted, and the search minimises the share of each that a layout would need, that of
 * the worst of them. What it finds is the least move of one limit, or of several by one share, with its proof.
 */
import type { SiteUse } from "../facility/resource-use.ts"
import { type Limit, withLimit } from "./limit.ts"
import { allTokens, objectiveFunction } from "./objective.ts"
import { leastHbds, type OutcomeModel } from "./outcome.ts"
import type { Resource } from "./rows.ts"
import type { Scenario } from "./scenario.ts"

/** Limits that may give way. Plain data. */
export interface Stretch {
  /** of all that is built; limits in the resource's own unit, > 0 */
  readonly uses: ReadonlyArray<{ readonly resource: Resource; readonly limit: number }>
  /** tokens/s, > 0; null: no floor of throughput gives way */
  readonly floor: number | null
}

/** A number that a search can stretch, and by which move of it more has room. */
export interface NumericLimit extends Limit {
  readonly value: number
  readonly moreIsFreer: boolean
}

export function isNumeric(limit: Limit): limit is NumericLimit {
  return typeof limit.value === "number" && limit.value > 0 && limit.moreIsFreer !== null
}

/** The limit moved by a share of itself that is at least 1. */
export function stretchedTo({ value, moreIsFreer }: NumericLimit, share: number): number {
  return moreIsFreer ? value * share : value / share
}

/**
 * The scenario with the limits lifted, and what the search is to stretch; null where the share of one of them is not the same
 * for all that use as much: what holds at one of several sites, in one class of racks, or for a single rack.
 */
export function stretchQuestion(
  scenario: Scenario, limits: ReadonlyArray<NumericLimit>
): { readonly scenario: Scenario; readonly stretch: Stretch } | null {
  const uses: Array<Stretch["uses"][number]> = []
  let floor: number | null = null
  for (const limit of limits) {
    const rate = rateOf(scenario, limit)
    const use = rate === null ? useOf(scenario, limit) : null
    if (rate !== null) floor = Math.max(floor ?? 0, rate)
    else if (use !== null) uses.push(use)
    else return null
  }
  // a programme's search looks for the shortest time, or for the fewest HBDs, not for the best of both
  if (scenario.furtherWorkloads.length > 0 && floor !== null && uses.length > 0) return null
  const lifted = limits.reduce((rest, { path, lifted }) => withLimit(rest, path, lifted), scenario)
  return { scenario: lifted, stretch: { uses, floor } }
}

/** Tokens/s that a limit of time or throughput asks for; null for others. */
function rateOf(scenario: Scenario, { path, value }: NumericLimit): number | null {
  if (path !== "$.objective.throughputFloor" && path !== "$.objective.deadlineDays") return null
  const none = { ...scenario.objective, throughputFloor: null, deadlineDays: null }
  return objectiveFunction(withLimit({ ...scenario, objective: none }, path, value)).throughputFloor
}

function useOf({ sites }: Scenario, { path, value }: NumericLimit): Stretch["uses"][number] | null {
  if (path === "$.allSites.powerMW") return { resource: "meterPowerW", limit: value * 1e6 }
  if (path === "$.allSites.capitalUsd") return { resource: "capexUsd", limit: value }
  const [site, ...others] = sites
  if (site === undefined || others.length > 0) return null
  switch (path) {
    case "$.sites[0].power.limitMW":
      return { resource: site.power.at === "it" ? "itPowerW" : "meterPowerW", limit: value * 1e6 }
    case "$.sites[0].racks":
      return { resource: "racks", limit: value }
    case "$.sites[0].cooling[0].racks":
      return site.cooling.length === 1 ? { resource: "racks", limit: value } : null
    case "$.sites[0].floorM2":
      return { resource: "floorM2", limit: value }
    case "$.sites[0].capitalUsd":
      return { resource: "capexUsd", limit: value }
    case "$.sites[0].accelerators":
      return { resource: "accelerators", limit: value }
    default:
      return null
  }
}

/** Its values are shares: the largest of what is used over its limit, and of the floor over what is delivered. */
export function stretchOutcome(scenario: Scenario, { uses, floor }: Stretch): OutcomeModel {
  const { workload, furtherWorkloads } = scenario
  const tokens = furtherWorkloads.length === 0 ? workload.globalBatch * workload.sequence : allTokens(scenario)
  const { throughputFloor } = objectiveFunction(scenario)
  const allowedS = tokens / (throughputFloor * (1 - 1e-12))
  const fastestOnly = uses.length === 0
  const shareOfUse = (use: SiteUse): number =>
    uses.reduce((most, { resource, limit }) => Math.max(most, use[resource] / limit), 0)
  const shareOfTime = (stepS: number): number => (floor === null ? 0 : floor * stepS / tokens)
  return {
    sense: "minimize",
    tokens,
    fastestOnly,
    minimizesUse: false,
    cost: (use) => (fastestOnly ? use.itPowerW : shareOfUse(use)),
    isFastEnough: (stepS) => stepS <= allowedS,
    longestS: (cutoff) => (floor === null || !Number.isFinite(cutoff) ? allowedS : Math.min(allowedS, cutoff * tokens / floor)),
    value: (stepS, use) => (stepS <= allowedS ? Math.max(shareOfTime(stepS), shareOfUse(use)) : null),
    boundAt: (stepS, perHbd, hbds) =>
      stepS <= allowedS ? Math.max(shareOfTime(stepS), hbds * shareOfUse(perHbd)) : Infinity,
    bound: (stepOn, floorS, perHbd, size, most) => {
      const timeOf = (hbds: number): number => Math.max(stepOn(hbds * size), floorS)
      if (timeOf(most) > allowedS) return Infinity
      if (fastestOnly) return shareOfTime(timeOf(most))
      const perUse = shareOfUse(perHbd)
      const least = leastHbds(most, (hbds) => timeOf(hbds) <= allowedS)
      // more HBDs use more and take less time: best where the one share meets the other
      const even = leastHbds(most, (hbds) => hbds === most || hbds * perUse >= shareOfTime(timeOf(hbds)), least)
      const at = Math.max(even * perUse, shareOfTime(timeOf(even)))
      return even === least ? at : Math.min(at, shareOfTime(timeOf(even - 1)))
    }
  }
}
