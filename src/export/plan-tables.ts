/** The plan as three tables: bill of materials, wiring list, rack elevations. */
import { type JointWiring, wireSites } from "./cluster-wiring.ts"
import type { Table } from "./csv-table.ts"
import type { ExportSource } from "./export-source.ts"
import { rackElevations } from "./rack-elevations.ts"
import { cableRemarks, siteRemarks, unplacedRemarks } from "./site-remarks.ts"

export interface PlanTables {
  readonly bom: Table
  readonly wiring: Table
  readonly racks: Table
}

export function planTables({ recommendation, built }: ExportSource): PlanTables {
  const wiring = wireSites(built)
  const racks = rackElevations(built, wiring)
  return { bom: bomTable(recommendation.bom), wiring: wiringTable(wiring), racks: rackTable(racks) }
}

/** What the three tables leave out. */
export function tableRemarks({ built }: ExportSource): ReadonlyArray<string> {
  return [
    "links inside an HBD are in the bill of materials by medium, not in the wiring list cable by cable",
    "cables have no lengths of their own: the floor plan gives them by bundle",
    ...cableRemarks(built), ...siteRemarks(built), ...unplacedRemarks(built)
  ]
}

const bomColumns = [
  "site", "side", "role", "part", "name", "count", "pue", "powerMaxW", "powerIdleW", "rackUnits", "weightKg", "priceUsd",
  "priceLowUsd", "priceHighUsd"
] as const

function bomTable(bom: ExportSource["recommendation"]["bom"]): Table {
  return {
    columns: [...bomColumns, "estimates"],
    rows: bom.map((line) => [...bomColumns.map((column) => line[column]), line.estimates.join(" ")])
  }
}

function wiringTable({ links }: JointWiring): Table {
  const columns = ["plane", "from", "fromPort", "to", "toPort", "Gbps", "medium", "cable"] as const
  return { columns, rows: links.map((link) => columns.map((column) => link[column])) }
}

function rackTable(racks: ReturnType<typeof rackElevations>): Table {
  return {
    columns: ["rack", "kind", "row", "xM", "unit", "units", "device", "role", "part"],
    rows: racks.flatMap((rack) => {
      const place = [rack.name, rack.kind, rack.row, rack.xM]
      return rack.devices.length === 0
        ? [[...place, null, null, null, null, null]]
        : rack.devices.map(({ unit, units, name, role, part }) => [...place, unit, units, name, role, part.id])
    })
  }
}
