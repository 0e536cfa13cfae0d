/**
 * `slurm`: the tree of switches as `topology.conf` (https://slurm.schedmd.com/topology.conf.html) and, with a block for each
 * HBD, as `topology.yaml` (https://slurm.schedmd.com/topology.yaml.html, Slurm 25.05), which then stands for both: where it is
 * there, `topology.conf` is not read. Node lists of the cluster and of the job.
 */
import { stringify } from "yaml"
import type { Built, SitePlan } from "../planner/built.ts"
import { wireCluster } from "./cluster-wiring.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { hostlist, range } from "./hostlist.ts"
import { jobNodes } from "./job-nodes.ts"
import { leftOutLinks, nameRemarks } from "./site-remarks.ts"
import { type SwitchLine, treeOf } from "./slurm-tree.ts"

export function exportSlurm(source: ExportSource): Exported {
  const { built } = source
  const { host, hosts: hostsPerHbd } = built.block.hbd
  const trees = built.sites.map((plan) => treeOf(plan, wireCluster(plan)))
  const switches = [
    ...trees.flatMap((tree) => tree.switches),
    ...(trees.length === 1 ? [] : [{ name: "all-sites", switches: trees.map(({ root }) => root).join(",") }])
  ]
  const all = built.sites.map((plan) => nodesOf(plan, range(0, plan.hbds * hostsPerHbd))).join(",")
  return {
    files: {
      "topology.conf": switches.map(confLine).join("\n") + "\n",
      "topology.yaml": topologies(built, switches),
      "nodes.conf": [
        "# to be included by slurm.conf, with GresTypes=gpu",
        `NodeName=${all} Gres=gpu:${host.accelerators} State=UNKNOWN`,
        `PartitionName=train Nodes=${all} Default=YES State=UP`
      ].join("\n") + "\n",
      "job-nodes.txt": `${usedNodes(source)}\n`
    },
    remarks: [...new Set(trees.flatMap(({ remarks }) => remarks)), ...remarks(source)]
  }
}

const nodesOf = ({ slug }: SitePlan, numbers: ReadonlyArray<number>): string => hostlist(`${slug}-node-`, numbers)

const confLine = ({ name, ...below }: SwitchLine): string =>
  `SwitchName=${name} ${"nodes" in below ? `Nodes=${below.nodes}` : `Switches=${below.switches}`}`

/** The tree and the blocks; by default what places a job better: blocks where an HBD is several nodes. */
function topologies(built: Built, switches: ReadonlyArray<SwitchLine>): string {
  const { hosts } = built.block.hbd
  const tree = switches.map(({ name, ...below }) =>
    ({ switch: name, ..."nodes" in below ? { nodes: below.nodes } : { children: below.switches } }))
  return stringify([
    { topology: "fabric", cluster_default: !hasBlocks(built), tree: { switches: tree } },
    { topology: "hbd", cluster_default: hasBlocks(built), block: { block_sizes: [hosts], blocks: blocksOf(built) } }
  ])
}

const hasBlocks = ({ block: { hbd } }: Built): boolean => hbd.hosts > 1

/** A block for each HBD, numbered through all sites. */
function blocksOf({ sites, block: { hbd: { hosts } } }: Built) {
  return sites.flatMap((plan) => range(0, plan.hbds).map((hbd) => nodesOf(plan, range(hbd * hosts, hosts))))
    .map((nodes, i) => ({ block: `hbd-${i}`, nodes }))
}

/** Hosts of the mapping's ranks, site by site. */
function usedNodes(source: ExportSource): string {
  const { sites, block: { hbd: { hosts } } } = source.built
  const { hbds, nodesPerHbd } = jobNodes(source)
  return sites.flatMap((plan, i) => {
    const numbers = range(0, hbds[i]!).flatMap((hbd) => range(hbd * hosts, nodesPerHbd))
    return numbers.length === 0 ? [] : [nodesOf(plan, numbers)]
  }).join(",")
}

function remarks(source: ExportSource): ReadonlyArray<string> {
  const { layout, built, mapping } = source
  const { hosts } = built.block.hbd
  const { hbds, nodesPerHbd } = jobNodes(source)
  const used = hbds.reduce((sum, count) => sum + count, 0) * nodesPerHbd
  const [first, other] = hasBlocks(built) ? ["hbd", "fabric"] : ["fabric", "hbd"]
  return [
    "from Slurm 25.05 on topology.yaml holds the tree (fabric) and the blocks (hbd), and topology.conf is not read; " +
    `${first} is the default, a partition with Topology=${other} has the other`,
    "before 25.05 topology.conf has the tree alone, with TopologyPlugin=topology/tree",
    ...nameRemarks(built),
    ...(used < layout.hbds * hosts
      ? [`job-nodes.txt has the ${used} nodes of ${layout.hbds * hosts} that the ${mapping.world} ranks need`]
      : []),
    ...(hosts === 1 ? ["an HBD is one node here: the blocks of topology.yaml hold one node each"] : []),
    ...(layout.scaleOut !== null && layout.scaleOut.rails > 1
      ? ["a node stands under one leaf in Slurm's tree: the leaf of its first NIC stands for its leaves on all rails"]
      : []),
    ...(layout.scaleOut !== null && layout.scaleOut.planes > 1
      ? ["Slurm's tree has one plane: the first stands for all"]
      : []),
    ...leftOutLinks(source, "all-sites joins the trees of the sites as if in one hall, and blocks know nothing of sites"),
    "Slurm's tree has no bandwidths: oversubscription is left out",
    "CPUs and memory of a node are not in the plan: slurmd -C tells them"
  ]
}
