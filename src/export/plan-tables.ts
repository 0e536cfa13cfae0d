/** The plan as three tables: bill of materials, wiring list, rack elevations. */
import type { ClusterWiring } from "./cluster-wiring.ts"
import { wireCluster } from "./cluster-wiring.ts"
import type { Table } from "./csv-table.ts"
import type { ExportSource } from "./export-source.ts"
import { rackElevations } from "./rack-elevations.ts"

export interface PlanTables {
  readonly bom: Table
  readonly wiring: Table
  readonly racks: Table
}

export function planTables({ recommendation, built }: ExportSource): PlanTables {
  const wirings = built.sites.map(wireCluster)
  const racks = built.sites.flatMap((site, i) => rackElevations(site, wirings[i]!))
  return { bom: bomTable(recommendation.bom), wiring: wiringTable(wirings), racks: rackTable(racks) }
}

/** What the three tables leave out. */
export const tableRemarks = [
  "links inside an HBD are in the bill of materials by medium, not in the wiring list cable by cable",
  "cables have no lengths of their own: the floor plan gives them by bundle"
]

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

function wiringTable(wirings: ReadonlyArray<ClusterWiring>): Table {
  const columns = ["plane", "from", "fromPort", "to", "toPort", "Gbps", "medium"] as const
  return { columns, rows: wirings.flatMap(({ links }) => links.map((link) => columns.map((column) => link[column]))) }
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
