/**
 * `netbox`: CSV for NetBox's bulk import (https://github.com/netbox-community/netbox, fields of
 * netbox/dcim/forms/bulk_import.py, NetBox 4.x), to be imported in the order of the files' numbers: sites,
 * manufacturers, roles, device types, racks, devices, interfaces, cables.
 */
import type { MediumKind } from "../../models/hardware/interconnect.ts"
import type { Part } from "../../models/hardware/part.ts"
import { uniqueSlugs } from "../identity/slugs.ts"
import { type ClusterLink, wireSites } from "./cluster-wiring.ts"
import { type Cell, renderCsv } from "./csv-table.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { type RackDevice, rackElevations } from "./rack-elevations.ts"
import { cableRemarks, siteRemarks } from "./site-remarks.ts"

type Row = ReadonlyArray<Cell>

const csv = (columns: ReadonlyArray<string>, rows: ReadonlyArray<Row>): string => renderCsv({ columns, rows })

export function exportNetbox({ built, recommendation: { scenario } }: ExportSource): Exported {
  const wiring = wireSites(built)
  const racks = rackElevations(built, wiring)
  const devices = racks.flatMap(({ name, site, devices }) => devices.map((device) => ({ ...device, rack: name, site })))
  const parts = new Map(devices.map((device) => [device.part.id, device]))
  const kinds = mediumKinds(built)
  const named = (kind: string, all: ReadonlyArray<string>) => {
    const names = [...new Set(all)]
    return uniqueSlugs(names, kind).map((slug, i) => [names[i]!, slug])
  }
  return {
    files: {
      "1-sites.csv": csv(["name", "slug", "status", "description"], 
        built.sites.map(({ site, slug }) => [site, slug, "planned", scenario.name])),
      "2-manufacturers.csv": csv(["name", "slug"], named("manufacturer", [...parts.values()].map(({ part }) => part.vendor))),
      "3-device-roles.csv": csv(["name", "slug", "color"],
        named("role", devices.map(({ role }) => role)).map((row) => [...row, "9e9e9e"])),
      "4-device-types.csv": csv(
        ["manufacturer", "model", "slug", "u_height", "is_full_depth", "weight", "weight_unit"],
        [...parts.values()].map(({ part, units }) => typeRow(part, units))
      ),
      "5-racks.csv": csv(["site", "name", "status", "width", "u_height"],
        racks.map(({ site, name, rackUnits }) => [site, name, "planned", 19, rackUnits])),
      "6-devices.csv": csv(
        ["name", "role", "manufacturer", "device_type", "status", "site", "rack", "position", "face"],
        devices.map(deviceRow)
      ),
      "7-interfaces.csv": csv(["device", "name", "type", "speed", "enabled"], interfaceRows(wiring.links)),
      "8-cables.csv": csv(
        [
          "side_a_device", "side_a_type", "side_a_name", "side_b_device", "side_b_type", "side_b_name",
          "type", "status", "label"
        ],
        wiring.links.map((link) => [
          link.from, "dcim.interface", link.fromPort, link.to, "dcim.interface", link.toPort,
          cableTypes[kinds.get(link.medium)!], "planned", `${link.medium} ${link.cable}`
        ])
      )
    },
    remarks: [
      "links inside an HBD have no cables in NetBox: the plan counts them, it does not list them",
      "an interface is of type other with its speed: the form of its module is the medium's, which labels the cable",
      "a channel of a port that is broken out is an interface of its own, as port/channel, with a cable of its own",
      ...cableRemarks(built),
      "power feeds, addresses and cable lengths are not in the plan",
      ...siteRemarks(built)
    ]
  }
}

function mediumKinds({ member: { scaleOut }, block: { crossing } }: ExportSource["built"]): ReadonlyMap<string, MediumKind> {
  const media = [
    ...(scaleOut === null ? [] : [...scaleOut.endpointMedia, ...scaleOut.trunkMedia]),
    ...(crossing?.links ?? []).flatMap(({ build }) => [build.medium, build.hallMedium])
  ]
  return new Map(media.map((medium) => [medium.id, medium.kind]))
}

const cableTypes: Readonly<Record<MediumKind, string | null>> = {
  backplane: null, dac: "dac-passive", acc: "dac-active", aec: "dac-active", aoc: "aoc", multimode: "mmf",
  "single-mode": "smf", lpo: "smf", lro: "smf", cpo: "smf", coherent: "smf"
}

/** NetBox counts racks in half units. */
const halfUnits = (units: number): number => Math.ceil(units * 2) / 2

function typeRow(part: Part, units: number): Row {
  const weightKg = (part as { readonly weightKg?: number | null }).weightKg ?? null
  return [part.vendor, part.name, part.id, halfUnits(units), true, weightKg, weightKg === null ? null : "kg"]
}

function deviceRow(device: RackDevice & { readonly rack: string; readonly site: string }): Row {
  const { name, role, part, site, rack, unit, units } = device
  const mounted = units > 0
  return [name, role, part.vendor, part.name, "planned", site, rack, mounted ? unit : null, mounted ? "front" : null]
}

/** Speed in kbit/s, as NetBox keeps it. */
function interfaceRows(links: ReadonlyArray<ClusterLink>): ReadonlyArray<Row> {
  const end = (device: string, name: string, Gbps: number): Row => [device, name, "other", Gbps * 1e6, true]
  return links.flatMap(({ from, fromPort, to, toPort, Gbps }) => [end(from, fromPort, Gbps), end(to, toPort, Gbps)])
}
