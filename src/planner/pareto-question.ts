/** A step of the ε-constraint method as a scenario: one objective, the others as limits of sites and a floor. */
import { mappingsOf } from "../../models/design-space/programme-space.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Built } from "./built.ts"
import type { Costs } from "./pareto-boxes.ts"

export const frontObjectives = ["throughput", "power", "capex"] as const
export type FrontObjective = (typeof frontObjectives)[number]

/** A limit met exactly is met after its way through the scenario's units, too. */
const rounding = 1e-12

/** Figures of a plan, smaller better: tokens/s with a minus, W where the limit holds, USD. */
export function costsOf(
  scenario: Scenario, objectives: ReadonlyArray<FrontObjective>, { tokensPerS, judged: { classUse: { use } } }: Built
): Costs {
  const power = countsAtMeter(scenario) ? use.meterPowerW : use.itPowerW
  const costs = { throughput: -tokensPerS, power, capex: use.capexUsd }
  return objectives.map((objective) => costs[objective])
}

/** The least of objective `which` with no cost above its ceiling; Infinity: no ceiling but the scenario's own. */
export function askFor(
  scenario: Scenario, objectives: ReadonlyArray<FrontObjective>, which: number, ceilings: Costs
): Scenario {
  const ceiling = (objective: FrontObjective): number => {
    const cost = ceilings[objectives.indexOf(objective)] ?? Infinity
    return cost + Math.abs(cost) * rounding
  }
  const name = { throughput: "maximizeThroughput", power: "minimizePower", capex: "minimizeCapex" } as const
  const floor = Math.max(scenario.objective.throughputFloor ?? 0, -ceiling("throughput"))
  return {
    ...scenario,
    objective: {
      ...scenario.objective,
      name: name[objectives[which]!],
      power: countsAtMeter(scenario) ? "meter-provisioned" : "it-provisioned",
      throughputFloor: floor > 0 ? floor : null
    },
    ...withCeilings(scenario, ceiling("power") / 1e6, ceiling("capex"))
  }
}

/** Power counts where the site's limit holds; of several sites at their meters. */
function countsAtMeter({ sites }: Scenario): boolean {
  return sites.length > 1 || sites[0]!.power.at === "meter"
}

/** The limits of the one site, or of all together, lowered to the ceilings. */
function withCeilings(
  { sites, allSites }: Scenario, powerMW: number, capitalUsd: number
): Pick<Scenario, "sites" | "allSites"> {
  const least = (limit: number | null, ceiling: number) => finiteOrNull(Math.min(limit ?? Infinity, ceiling))
  const [site] = sites
  if (sites.length > 1) {
    return {
      sites,
      allSites: { powerMW: least(allSites.powerMW, powerMW), capitalUsd: least(allSites.capitalUsd, capitalUsd) }
    }
  }
  return {
    allSites,
    sites: [{
      ...site!,
      power: { ...site!.power, limitMW: Math.min(site!.power.limitMW, powerMW) },
      capitalUsd: least(site!.capitalUsd, capitalUsd)
    }]
  }
}

/**
 * The scenario with the decisions of a plan, as far as they tell it from every other with the same figures. Several runs share
 * the domains of their mappings.
 */
export function decidedAs(scenario: Scenario, { block: { hbd, stands }, member: { scaleOut }, candidate }: Built): Scenario {
  const mappings = mappingsOf(candidate).map(({ sharding, ...mapping }) =>
    ({ ...mapping, shardingStage: sharding.stage, shardingGroup: sharding.group }))
  const names = Object.keys(mappings[0]!) as ReadonlyArray<keyof Scenario["search"]["mapping"]>
  const mapping = Object.fromEntries(names.map((name) => [name, [...new Set(mappings.map((one) => one[name]))]])) as
    unknown as Scenario["search"]["mapping"]
  return {
    ...scenario,
    search: {
      ...scenario.search,
      accelerator: [hbd.accelerator.id],
      host: [hbd.host.id],
      hbdSize: [hbd.size],
      nic: scaleOut === null ? scenario.search.nic : [scaleOut.nic.id],
      sites: [stands.length],
      hbds: [candidate.hbds],
      mapping
    }
  }
}

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
