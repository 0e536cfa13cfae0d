/** Every row of a built candidate: what it uses, and the limit where there is one. */
import type { ResourceUse } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { breakoutOf } from "../../models/fabric/clos.ts"
import { type SiteUse, worstRackPowerW } from "../../models/facility/resource-use.ts"
import type { SiteRow } from "../../models/design-space/rows.ts"
import { scaleOutSpec } from "../../models/design-space/machine-of-design.ts"
import { type Built, sideBytes } from "./built.ts"

type Row = Omit<ResourceUse, "boundPrice" | "worthUp" | "worthDown" | "increment" | "range">

/** Site rows first, in their order; then racks, memory, ports and bandwidths. */
export function resourceRows(scenario: Scenario, built: Built): ReadonlyArray<Row> {
  return [...limitRows(built), memoryRow(scenario, built), ...bandwidthRows(built)]
}

/** Rows of what the sites limit. */
export function limitRows(built: Built): ReadonlyArray<Row> {
  return [...siteRowsOf(built), ...rackRows(built)]
}

function siteRowsOf({ sites, of: { total }, judged: { classUse }, bom }: Built): ReadonlyArray<Row> {
  const powerFigures = ["powerMaxW", "hostPowerMaxW", "powerPerEndMaxW", "powerPerEndW"]
  const estimates = (site: string | null) =>
    bom.filter((line) => site === null || line.site === site).flatMap((line) => line.estimates)
  const rowOf = (row: SiteRow, use: SiteUse, site: string | null): Row => ({
    name: row.name,
    path: row.path,
    unit: row.unit,
    used: use[row.resource] / row.scale,
    limit: row.limit === null ? null : row.limit / row.scale,
    estimated: row.resource === "capexUsd" ? estimates(site).some((field) => field.toLowerCase().includes("usd"))
      : row.resource.endsWith("PowerW") && estimates(site).some((field) => powerFigures.includes(field))
  })
  const names = new Set(total.map(({ name }) => name))
  return [
    ...sites.flatMap(({ site, stand, use }) =>
      stand.rows.filter(({ name }) => !names.has(name)).map((row) => rowOf(row, use, site))),
    ...total.map((row) => rowOf(row, classUse.use, null))
  ]
}

function rackRows({ sites }: Built): ReadonlyArray<Row> {
  return sites.flatMap(({ site, stand, hbds, plant, counts, use }) => {
    const { rackPowerKW, coolingClass, index } = stand.rackClass
    const base = `$.sites[${stand.site}].cooling[${index}]`
    const named = (name: string) => (sites.length === 1 ? name : `${name} at ${site}`)
    return [
      {
        name: named("fullest rack"), path: `${base}.rackPowerKW`, unit: "kW", estimated: false,
        used: worstRackPowerW(plant, hbds, counts) / 1000, limit: rackPowerKW
      },
      {
        name: named("rack units"), path: `${base}.class`, unit: "U", estimated: false,
        used: use.rackUnits, limit: use.racks * coolingClass.rackUnits
      }
    ]
  })
}

/** Of the run that needs most. */
function memoryRow(scenario: Scenario, { runs, block: { hbd } }: Built): Row {
  return {
    name: "memory per accelerator", path: "$.memoryHeadroom", unit: "GB", estimated: false,
    used: Math.max(...runs.map(({ step }) => step.memory.totalGB)),
    limit: (hbd.accelerator.memoryGB ?? 0) * (1 - scenario.memoryHeadroom)
  }
}

/**
 * Bytes of a step over its time, of the run that asks for most, against the nominal bandwidth; and ports of the fullest switch
 * against its radix.
 */
function bandwidthRows({ runs, step, of: { hbd, machine }, sites }: Built): ReadonlyArray<Row> {
  const bytes = sideRates(runs)
  const link = (name: string, path: string, sent: number, GBps: number): Row => ({
    name, path, unit: "GB/s", used: sent / 1e9, limit: GBps, estimated: false
  })
  const rows = [link("scale-up link", "$.search.scaleUpTopology", bytes.scaleUp, machine.scaleUp.GBps)]
  if (step.siteTraffic !== null && machine.scaleAcross !== null) {
    rows.push(link("link between sites", "$.links", step.siteTraffic.bytes / step.stepTimeS, machine.scaleAcross.GBps))
  }
  const fullest = sites.reduce((most, site) => (site.hbds > most.hbds ? site : most))
  const { scaleOut: design, fabric } = fullest
  if (design === null || fabric === null) return rows
  const { scaleOut } = machine
  rows.push(link("scale-out link", "$.search.nic", bytes.scaleOut, scaleOut.GBps))
  for (const { span, GBps } of scaleOut.taper) {
    rows.push(link(`scale-out beyond ${span} accelerators`, "$.search.oversubscription", bytes.scaleOut, GBps))
  }
  const spec = scaleOutSpec(hbd, design, fullest.hbds)
  const crossing = bytes.scaleOut * fullest.hbds * hbd.size / 2
  rows.push(link("scale-out bisection", "$.search.oversubscription", crossing, fabric.bisectionGbps / 8))
  if (fabric.kind === "switched") {
    const { endpointsPerLeaf, leafUplinks } = fabric.design
    rows.push({
      name: "leaf switch ports", path: "$.search.scaleOutSwitch", unit: "ports", estimated: false,
      used: endpointsPerLeaf / breakoutOf(spec) + leafUplinks, limit: spec.radix[0] ?? null
    })
  }
  return rows
}

/** Bytes per second of one accelerator by the fabric they cross, each the most of any run. */
function sideRates(runs: Built["runs"]): { readonly scaleUp: number; readonly scaleOut: number } {
  const rates = runs.map(({ step }) => ({ sent: sideBytes(step), stepS: step.stepTimeS }))
  return {
    scaleUp: Math.max(...rates.map(({ sent, stepS }) => sent.scaleUp / stepS)),
    scaleOut: Math.max(...rates.map(({ sent, stepS }) => sent.scaleOut / stepS))
  }
}
