/**
 * The limits of a scenario as rows: what each counts, where it stands in the scenario, and what a layout uses
 * of it.
 */
import type { SiteUse } from "../facility/resource-use.ts"
import type { Scenario, Site } from "./scenario.ts"
import type { RackClass } from "./site-class.ts"

/** What a site can limit; each ≥ 0, and none falls when HBDs are added. */
export type Resource = keyof Pick<
  SiteUse, "itPowerW" | "meterPowerW" | "racks" | "floorM2" | "capexUsd" | "accelerators"
>

/** A limit on one site's use. */
export interface SiteRow {
  /** unique within the scenario: resource, with the site's name where there are several */
  readonly name: string
  readonly resource: Resource
  /** of the limit in the scenario's own words */
  readonly path: string
  /** null: reported, not limited */
  readonly limit: number | null
  readonly unit: string
  /** the answer's unit over the row's own (MW of W) */
  readonly scale: number
}

const resources: ReadonlyArray<Pick<SiteRow, "resource" | "unit" | "scale"> & { readonly name: string }> = [
  { resource: "itPowerW", name: "IT power", unit: "MW", scale: 1e6 },
  { resource: "meterPowerW", name: "facility power", unit: "MW", scale: 1e6 },
  { resource: "racks", name: "racks", unit: "racks", scale: 1 },
  { resource: "floorM2", name: "floor", unit: "m2", scale: 1 },
  { resource: "capexUsd", name: "capital", unit: "MUSD", scale: 1e6 },
  { resource: "accelerators", name: "accelerators", unit: "accelerators", scale: 1 }
]

/** Rows of one site for designs whose racks stand in `rackClass`. */
export function siteRows(scenario: Scenario, index: number, rackClass: RackClass): ReadonlyArray<SiteRow> {
  const site = scenario.sites[index]!
  const own = resources.map(({ name, ...row }) => ({
    ...row,
    name: scenario.sites.length === 1 ? name : `${name} at ${site.name}`,
    ...limitOf(site, `$.sites[${index}]`, row.resource, rackClass)
  }))
  return [...own, ...totalRows(scenario)]
}

/** Rows that all sites share: each alone must keep within them, and so must their sum. */
export function totalRows({ allSites: { powerMW, capitalUsd } }: Scenario): ReadonlyArray<SiteRow> {
  const total = (resource: Resource, path: string, limit: number | null): ReadonlyArray<SiteRow> => {
    const { name, unit, scale } = resources.find((one) => one.resource === resource)!
    return limit === null ? [] : [{ name: `${name} of all sites`, resource, path, limit, unit, scale }]
  }
  return [
    ...total("meterPowerW", "$.allSites.powerMW", powerMW === null ? null : powerMW * 1e6),
    ...total("capexUsd", "$.allSites.capitalUsd", capitalUsd)
  ]
}

function limitOf(site: Site, base: string, resource: Resource, rackClass: RackClass): Pick<SiteRow, "path" | "limit"> {
  switch (resource) {
    case "itPowerW":
    case "meterPowerW": {
      const limited = (site.power.at === "it") === (resource === "itPowerW")
      return { path: `${base}.power.limitMW`, limit: limited ? site.power.limitMW * 1e6 : null }
    }
    case "racks": {
      const ofClass = rackClass.racks !== null && (site.racks === null || rackClass.racks < site.racks)
      return ofClass
        ? { path: `${base}.cooling[${rackClass.index}].racks`, limit: rackClass.racks }
        : { path: `${base}.racks`, limit: site.racks }
    }
    case "floorM2":
      return { path: `${base}.floorM2`, limit: site.floorM2 }
    case "capexUsd":
      return { path: `${base}.capitalUsd`, limit: site.capitalUsd }
    case "accelerators":
      return { path: `${base}.accelerators`, limit: site.accelerators }
  }
}

/** The rows with what a site's gateway takes off their limits; null: nothing. */
export function rowsBeside(rows: ReadonlyArray<SiteRow>, gateway: { readonly use: SiteUse } | null): ReadonlyArray<SiteRow> {
  if (gateway === null) return rows
  return rows.map((row) => (row.limit === null ? row : { ...row, limit: row.limit - gateway.use[row.resource] }))
}

/** Whether a use is within every row's limit. */
export function isWithin(rows: ReadonlyArray<SiteRow>, use: SiteUse): boolean {
  return rows.every((row) => row.limit === null || use[row.resource] <= row.limit)
}

/**
 * The most HBDs that per-HBD uses `perHbd`, all together less by a constant, leave room for: a bound on every layout when they
 * are lower bounds.
 */
export function mostHbds(
  rows: ReadonlyArray<SiteRow>, perHbd: SiteUse, less: SiteUse | null = null
): { readonly most: number; readonly row: SiteRow | null } {
  let most = Infinity
  let tightest: SiteRow | null = null
  for (const row of rows) {
    if (row.limit === null || perHbd[row.resource] <= 0) continue
    const count = (row.limit + (less?.[row.resource] ?? 0)) / perHbd[row.resource]
    if (count < most) {
      most = count
      tightest = row
    }
  }
  return { most: Math.max(0, Math.floor(most * (1 + 1e-12))), row: tightest }
}
