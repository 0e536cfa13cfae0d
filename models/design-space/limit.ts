/** The limits a scenario states, each by its path: what can be moved to ask what it is worth, or lifted to find a conflict. */
import type { Scenario } from "./scenario.ts"

export interface Limit {
  /** "$.sites[0].power.limitMW" */
  readonly path: string
  readonly value: unknown
  /** what stands there when the limit is lifted */
  readonly lifted: unknown
  readonly unit: string
  /** a higher number leaves more room; false: a lower one does; null: a choice, not a number */
  readonly moreIsFreer: boolean | null
}

/** No hall draws more: a power limit that never binds. */
const unlimitedMW = 1e9

/** No hall costs more: a limit of capital that never binds, but under which prices still matter. */
const unlimitedUsd = 1e18

/** Every limit that the scenario states, in its own order; domains of the search last. */
export function statedLimits(scenario: Scenario): ReadonlyArray<Limit> {
  return [
    ...scenario.sites.flatMap(siteLimits),
    number("$.allSites.powerMW", scenario.allSites.powerMW, "MW", true),
    { ...number("$.allSites.capitalUsd", scenario.allSites.capitalUsd, "USD", true), lifted: unlimitedUsd },
    number("$.objective.throughputFloor", scenario.objective.throughputFloor, "tokens/s", false),
    number("$.objective.deadlineDays", scenario.objective.deadlineDays, "days", true),
    ...domainLimits(scenario.search.mapping, "$.search.mapping"),
    ...domainLimits(scenario.search, "$.search")
  ].filter((limit) => limit.value !== null)
}

function siteLimits(site: Scenario["sites"][number], index: number): ReadonlyArray<Limit> {
  const base = `$.sites[${index}]`
  return [
    { ...number(`${base}.power.limitMW`, site.power.limitMW, "MW", true), lifted: unlimitedMW },
    number(`${base}.racks`, site.racks, "racks", true),
    number(`${base}.floorM2`, site.floorM2, "m2", true),
    { ...number(`${base}.capitalUsd`, site.capitalUsd, "USD", true), lifted: unlimitedUsd },
    number(`${base}.accelerators`, site.accelerators, "accelerators", true),
    ...site.cooling.flatMap((cooling, i) => [
      number(`${base}.cooling[${i}].racks`, cooling.racks, "racks", true),
      { ...number(`${base}.cooling[${i}].rackPowerKW`, cooling.rackPowerKW, "kW", true), lifted: 1e6 }
    ])
  ]
}

function number(path: string, value: number | null, unit: string, moreIsFreer: boolean): Limit {
  return { path, value, lifted: null, unit, moreIsFreer }
}

function domainLimits(domains: object, base: string): ReadonlyArray<Limit> {
  return Object.entries(domains)
    .filter(([, domain]) => Array.isArray(domain))
    .map(([name, value]) => ({ path: `${base}.${name}`, value, lifted: null, unit: "choice", moreIsFreer: null }))
}

/** The scenario with another value at a limit's path. */
export function withLimit(scenario: Scenario, path: string, value: unknown): Scenario {
  const keys = path.slice(1).match(/[^.[\]]+/g) ?? []
  return replaceAt(scenario, keys, value) as Scenario
}

function replaceAt(node: unknown, keys: ReadonlyArray<string>, value: unknown): unknown {
  const [key, ...rest] = keys
  if (key === undefined) return value
  if (Array.isArray(node)) return node.map((item, i) => (i === Number(key) ? replaceAt(item, rest, value) : item))
  const record = node as Readonly<Record<string, unknown>>
  return { ...record, [key]: replaceAt(record[key], rest, value) }
}
