/** Every row of a built candidate: what it uses, and the limit where there is one. */
import type { ResourceUse } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { breakoutOf } from "../../models/fabric/clos.ts"
import { worstRackPowerW } from "../../models/facility/resource-use.ts"
import { scaleOutSpec } from "../../models/design-space/machine-of-design.ts"
import { type Built, sideBytes } from "./built.ts"

type Row = Omit<ResourceUse, "boundPrice" | "worthUp" | "worthDown" | "increment">

/** Site rows first, in their order; then racks, memory, ports and bandwidths. */
export function resourceRows(scenario: Scenario, built: Built): ReadonlyArray<Row> {
  return [...siteRowsOf(built), ...rackRows(built), memoryRow(scenario, built), ...bandwidthRows(built)]
}

function siteRowsOf({ of, judged: { classUse }, bom }: Built): ReadonlyArray<Row> {
  const powerFigures = ["powerMaxW", "hostPowerMaxW", "powerPerEndMaxW", "powerPerEndW"]
  const estimatedPower = bom.some((line) => line.estimates.some((field) => powerFigures.includes(field)))
  const estimatedPrice = bom.some((line) => line.estimates.some((field) => field.toLowerCase().includes("usd")))
  return of.rows.map((row) => ({
    name: row.name,
    path: row.path,
    unit: row.unit,
    used: classUse.use[row.resource] / row.scale,
    limit: row.limit === null ? null : row.limit / row.scale,
    estimated: row.resource === "capexUsd" ? estimatedPrice : row.resource.endsWith("PowerW") && estimatedPower
  }))
}

function rackRows({ member, candidate, counts, block, judged: { classUse } }: Built): ReadonlyArray<Row> {
  const { rackPowerKW, coolingClass, index } = block.rackClass
  const base = `$.sites[${block.site}].cooling[${index}]`
  return [
    {
      name: "fullest rack", path: `${base}.rackPowerKW`, unit: "kW", estimated: false,
      used: worstRackPowerW(member.plant, candidate.hbds, counts) / 1000, limit: rackPowerKW
    },
    {
      name: "rack units", path: `${base}.class`, unit: "U", estimated: false,
      used: classUse.use.rackUnits, limit: classUse.use.racks * coolingClass.rackUnits
    }
  ]
}

function memoryRow(scenario: Scenario, { step, block: { hbd } }: Built): Row {
  return {
    name: "memory per accelerator", path: "$.memoryHeadroom", unit: "GB", estimated: false,
    used: step.memory.totalGB, limit: (hbd.accelerator.memoryGB ?? 0) * (1 - scenario.memoryHeadroom)
  }
}

/** Bytes of a step over its time, against the nominal bandwidth; and ports of the fullest switch against its radix. */
function bandwidthRows({ step, of, member, fabric, candidate }: Built): ReadonlyArray<Row> {
  const bytes = sideBytes(step)
  const link = (name: string, path: string, sent: number, GBps: number): Row => ({
    name, path, unit: "GB/s", used: sent / step.stepTimeS / 1e9, limit: GBps, estimated: false
  })
  const rows = [link("scale-up link", "$.search.scaleUpTopology", bytes.scaleUp, of.machine.scaleUp.GBps)]
  if (member.scaleOut === null || fabric === null) return rows
  const { scaleOut } = of.machine
  rows.push(link("scale-out link", "$.search.nic", bytes.scaleOut, scaleOut.GBps))
  for (const { span, GBps } of scaleOut.taper) {
    rows.push(link(`scale-out beyond ${span} accelerators`, "$.search.oversubscription", bytes.scaleOut, GBps))
  }
  const spec = scaleOutSpec(of.hbd, member.scaleOut, candidate.hbds)
  const crossing = bytes.scaleOut / step.stepTimeS / 1e9 * candidate.hbds * of.hbd.size / 2
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
