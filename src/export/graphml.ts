/**
 * `graphml`: the scale-out wiring as GraphML 1.0 (http://graphml.graphdrawing.org/specification.html), for yEd,
 * Gephi, NetworkX: hosts and switches with kind, HBD and plane, bundles of links with number, speed and medium.
 */
import { wireSites } from "./cluster-wiring.ts"
import { xmlText } from "./escaping.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { bundleLinks, drawingRemarks } from "./link-bundles.ts"
import { siteRemarks } from "./site-remarks.ts"

const namespace = "http://graphml.graphdrawing.org/xmlns"

const keys = [
  ["kind", "node", "string"], ["hbd", "node", "int"], ["plane", "node", "int"],
  ["links", "edge", "int"], ["Gbps", "edge", "double"], ["medium", "edge", "string"]
] as const

const data = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values).map(([key, value]) => `<data key="${key}">${xmlText(value)}</data>`).join("")

const node = (id: string, values: Readonly<Record<string, string | number>>): string =>
  `    <node id="${xmlText(id)}">${data(values)}</node>`

export function exportGraphml({ recommendation: { scenario }, built }: ExportSource): Exported {
  const { hosts, hostsPerHbd, switches, links } = wireSites(built)
  const lines = [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<graphml xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`,
    `  xsi:schemaLocation="${namespace} ${namespace}/1.0/graphml.xsd">`,
    `  <desc>${xmlText(scenario.name)}</desc>`,
    ...keys.map(([id, domain, type]) => `  <key id="${id}" for="${domain}" attr.name="${id}" attr.type="${type}"/>`),
    `  <graph id="wiring" edgedefault="undirected">`,
    ...hosts.map((host, i) => node(host, { kind: "host", hbd: Math.floor(i / hostsPerHbd) })),
    ...switches.map(({ name, kind, plane }) => node(name, plane === null ? { kind } : { kind, plane })),
    ...bundleLinks(links).map(({ from, to, links, Gbps, medium }) =>
      `    <edge source="${xmlText(from)}" target="${xmlText(to)}">${data({ links, Gbps, medium })}</edge>`),
    "  </graph>",
    "</graphml>"
  ]
  return { files: { "wiring.graphml": lines.join("\n") + "\n" }, remarks: [...drawingRemarks, ...siteRemarks(built)] }
}
