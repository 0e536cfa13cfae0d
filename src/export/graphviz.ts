/**
 * `graphviz`: the scale-out wiring in the DOT language (https://graphviz.org/doc/info/lang.html), an undirected graph
 * of hosts and switches; the hosts of an HBD share a cluster.
 */
import { type ClusterSwitch, wireSites } from "./cluster-wiring.ts"
import { oneLine } from "./escaping.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { bundleLinks, drawingRemarks } from "./link-bundles.ts"
import { siteRemarks } from "./site-remarks.ts"

const quote = (text: string): string => `"${oneLine(text).replaceAll("\\", "\\\\").replaceAll(`"`, `\\"`)}"`

export function exportGraphviz({ recommendation: { scenario }, layout, built }: ExportSource): Exported {
  const { hosts, hostsPerHbd, switches, links } = wireSites(built)
  const hbds = Array.from({ length: layout.hbds }, (_, hbd) => hosts.slice(hbd * hostsPerHbd, (hbd + 1) * hostsPerHbd))
  const lines = [
    `graph ${quote(scenario.name)} {`,
    `  label=${quote(`${layout.hbds} HBDs of ${layout.hbd.size} ${layout.accelerator}`)};`,
    "  rankdir=BT; nodesep=0.1; ranksep=2;",
    `  node [shape=box, style=filled, fillcolor="#e8f0fe"];`,
    ...hbds.map((members, hbd) =>
      `  subgraph "cluster_hbd_${hbd}" { label="HBD ${hbd}"; ${members.map((host) => `${quote(host)};`).join(" ")} }`),
    ...switches.map(({ name, kind }) => `  ${quote(name)} [fillcolor=${quote(fill[kind])}];`),
    ...bundleLinks(links).map(({ from, to, links, Gbps, medium }) =>
      `  ${quote(from)} -- ${quote(to)} [label=${quote(`${links} × ${Gbps}G`)}, tooltip=${quote(medium)}];`),
    "}"
  ]
  return { files: { "wiring.dot": lines.join("\n") + "\n" }, remarks: [...drawingRemarks, ...siteRemarks(built)] }
}

const fill: Readonly<Record<ClusterSwitch["kind"], string>> = {
  leaf: "#d9ead3", spine: "#fff2cc", core: "#f4cccc", router: "#d9ead3", gateway: "#d9d2e9"
}
