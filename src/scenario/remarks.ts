/** What is odd in a valid scenario: it can be answered, but perhaps not as its author thinks. */
import { type Scenario, workloadsOf } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"

/** One line each, with its path; empty when nothing is odd. */
export const remarksOn = (scenario: Scenario, catalog: Catalog): ReadonlyArray<string> => [
  ...unavailableParts(scenario, catalog),
  ...endlessSearch(scenario),
  ...shortRun(scenario),
  ...impossibleMapping(scenario)
]

const unavailableParts = ({ search, catalog: selection }: Scenario, catalog: Catalog): ReadonlyArray<string> => {
  const parts = [
    ...catalog.accelerators, ...catalog.systems, ...catalog.switches, ...catalog.nics, ...catalog.interconnects
  ]
  const named = ["accelerator", "host", "scaleUpSwitch", "nic", "scaleOutSwitch", "medium"] as const
  const unavailable = parts.filter((part) => !selection.availability.includes(part.availability.status))
  return named.flatMap((decision) =>
    unavailable.filter((part) => search[decision]?.includes(part.id))
      .map(({ id, availability: { status, date } }) =>
        `$.search.${decision}: ${id} is ${status}${date === null ? "" : ` (${date})`}, and used because it is named`)
  )
}

const endlessSearch = ({ limits }: Scenario): ReadonlyArray<string> =>
  limits.timeS === null && limits.evaluations === null && limits.gap === 0
    ? ["$.limits: no time, no evaluations and no gap: the search ends only with the proof"]
    : []

const shortRun = (scenario: Scenario): ReadonlyArray<string> =>
  workloadsOf(scenario).flatMap(({ tokens, globalBatch, sequence }, i, { length }) =>
    tokens < 1000 * globalBatch * sequence
      ? [`${length === 1 ? "$.workload" : `$.workloads[${i}]`}.tokens: ` +
        `fewer than 1,000 steps of ${globalBatch} × ${sequence} tokens`]
      : [])

/** Degrees that are fixed to one value each need at least their product of accelerators. */
const impossibleMapping = ({ search: { mapping }, sites }: Scenario): ReadonlyArray<string> => {
  const least = (["tp", "cp", "pp", "dp"] as const)
    .reduce((product, degree) => product * Math.min(...(mapping[degree] ?? [1])), 1)
  const room = sites.reduce((sum, site) => sum + (site.accelerators ?? Infinity), 0)
  return least > room ? [`$.search.mapping: tp · cp · pp · dp is at least ${least}, the sites hold ${room}`] : []
}
