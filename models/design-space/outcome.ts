/** From a step and a use to the objective's value, and from bounds of both to a bound of it. */
import { worstValue } from "../../solvers/contract/gap.ts"
import type { Sense } from "../../solvers/contract/linear-program.ts"
import type { SiteUse } from "../facility/resource-use.ts"
import type { ObjectiveFunction, Outcome } from "./objective.ts"
import type { Scenario } from "./scenario.ts"

export interface OutcomeModel {
  readonly sense: Sense
  /** that a step trains */
  readonly tokens: number
  /** the fastest layout is the best: uses matter only as limits */
  readonly fastestOnly: boolean
  /** among layouts that are fast enough, the value is of the use alone, and less is better */
  readonly minimizesUse: boolean
  /** what the least of is built, among layouts that do the same */
  cost(use: SiteUse): number
  /** whether a step is short enough for the throughput floor */
  isFastEnough(stepS: number): boolean
  /** The longest step that the floor allows and, where only speed counts, that reaches a value; Infinity: any. */
  longestS(cutoff: number): number
  /** of a candidate; null where it misses the throughput floor */
  value(stepS: number, use: SiteUse): number | null
  /** No layout whose step takes at least `stepS` and that has at least `hbds` HBDs, each using at least `perHbd`, is better. */
  boundAt(stepS: number, perHbd: SiteUse, hbds: number): number
  /**
   * No layout is better whose step takes at least `floorS` seconds, and with N accelerators at least `stepOn(N)`, with up to
   * `most` HBDs of `size` accelerators, each using at least `perHbd`. `stepOn(N)` falls with N, and N · `stepOn(N)` rises.
   */
  bound(stepOn: (accelerators: number) => number, floorS: number, perHbd: SiteUse, size: number, most: number): number
}

/** `tokens` of a step; of a programme, whose step is the whole of it, those of all its runs. */
export function outcomeModel(
  scenario: Scenario, objective: ObjectiveFunction, tokens = scenario.workload.globalBatch * scenario.workload.sequence
): OutcomeModel {
  const { economics } = scenario
  const { throughputFloor } = objective
  const worst = worstValue(objective.sense)
  const ofUse = (tokensPerS: number, use: SiteUse, hbds: number): Outcome => {
    const capexUsd = use.capexUsd * hbds
    const maintenance = capexUsd * economics.maintenanceShare * economics.horizonYears
    return {
      tokensPerS,
      itPowerW: use.itPowerW * hbds,
      meterPowerW: use.meterPowerW * hbds,
      capexUsd,
      tcoUsd: capexUsd + maintenance + energyUsd(scenario, use.meterPowerW * hbds)
    }
  }
  const fastestOnly = objective.name === "maximizeThroughput" || objective.name === "minimizeTimeToTrain"
  const minimizesUse = objective.name === "minimizePower" || objective.name === "minimizeCapex"
  const meetsFloor = (stepS: number): boolean => tokens / stepS >= throughputFloor * (1 - 1e-12)
  return {
    sense: objective.sense,
    tokens,
    fastestOnly,
    minimizesUse,
    cost: (use) => {
      if (fastestOnly) return use.itPowerW
      const value = objective.value(ofUse(1, use, 1))
      return objective.sense === "minimize" ? value : -value
    },
    isFastEnough: meetsFloor,
    longestS: (cutoff) => {
      const allowedS = tokens / (throughputFloor * (1 - 1e-12))
      if (!fastestOnly || !Number.isFinite(cutoff)) return allowedS
      // tokens/s are inverse to the step, days proportional
      const inOneS = objective.value({ tokensPerS: tokens, itPowerW: 0, meterPowerW: 0, capexUsd: 0, tcoUsd: 0 })
      return Math.min(allowedS, objective.sense === "maximize" ? inOneS / cutoff : cutoff / inOneS)
    },
    value: (stepS, use) => (meetsFloor(stepS) ? objective.value(ofUse(tokens / stepS, use, 1)) : null),
    boundAt: (stepS, perHbd, hbds) =>
      meetsFloor(stepS) ? objective.value(ofUse(tokens / stepS, perHbd, hbds)) : worst,
    bound: (stepOn, floorS, perHbd, size, most) => {
      const fastest = Math.max(stepOn(most * size), floorS)
      if (!meetsFloor(fastest)) return worst
      if (fastestOnly) return objective.value(ofUse(tokens / fastest, perHbd, most))
      const least = leastHbds(most, (hbds) => meetsFloor(stepOn(hbds * size)))
      const stepS = minimizesUse ? fastest : stepOn(least * size)
      return objective.value(ofUse(tokens / stepS, perHbd, least))
    }
  }
}

/** The fewest HBDs that suffice, at least `least`, of at most `most`, which do. */
export function leastHbds(most: number, suffice: (hbds: number) => boolean, least = 1): number {
  let low = least
  let high = most
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (suffice(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function energyUsd(scenario: Scenario, meterPowerW: number): number {
  const { electricityUsdPerKWh, horizonYears } = scenario.economics
  return meterPowerW / 1000 * 8760 * horizonYears * electricityUsdPerKWh
}
