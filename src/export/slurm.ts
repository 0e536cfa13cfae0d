/**
 * `slurm`: `topology.conf` for topology/tree (https://slurm.schedmd.com/topology.conf.html), `topology.yaml` with
 * one block per HBD for topology/block (https://slurm.schedmd.com/topology.yaml.html, Slurm 25.05), and node lists.
 */
import { stringify } from "yaml"
import { type ClusterWiring, hostName, slugOf, wireCluster } from "./cluster-wiring.ts"
import type { Built } from "../planner/built.ts"
import type { Exported, ExportSource } from "./export-source.ts"

export function exportSlurm(source: ExportSource): Exported {
  const { built, mapping } = source
  const { host, hosts: hostsPerHbd } = built.block.hbd
  const trees = built.sites.map((plan) => ({ site: plan.site, ...treeOf(plan.site, wireCluster(plan)) }))
  const all = built.sites.map(({ site, hbds }) => nodesOf(site, 0, hbds * hostsPerHbd)).join(",")
  const root = trees.length === 1 ? [] : [`SwitchName=all-sites Switches=${trees.map((tree) => tree.root).join(",")}`]
  return {
    files: {
      "topology.conf": [...trees.flatMap(({ lines }) => lines), ...root].join("\n") + "\n",
      "topology.yaml": stringify([{
        topology: "hbd", cluster_default: true, block: { block_sizes: [hostsPerHbd], blocks: blocksOf(built) }
      }]),
      "nodes.conf": [
        "# to be included by slurm.conf, with GresTypes=gpu",
        `NodeName=${all} Gres=gpu:${host.accelerators} State=UNKNOWN`,
        `PartitionName=train Nodes=${all} Default=YES State=UP`
      ].join("\n") + "\n",
      "job-nodes.txt": `${usedNodes(built, Math.ceil(mapping.world / mapping.ranksPerHbd))}\n`
    },
    remarks: [
      ...new Set(trees.flatMap(({ remarks }) => remarks)), ...treeless(source),
      "CPUs and memory of a node are not in the plan: slurmd -C tells them"
    ]
  }
}

function nodesOf(site: string, first: number, count: number): string {
  return hostlist(hostName(site, 0).slice(0, -1), range(first, count))
}

/** A block for each HBD, numbered through all sites. */
function blocksOf({ sites, block: { hbd: { hosts } } }: Built) {
  return sites.flatMap(({ site, hbds }) => range(0, hbds).map((hbd) => nodesOf(site, hbd * hosts, hosts)))
    .map((nodes, i) => ({ block: `hbd-${i}`, nodes }))
}

/** Hosts of the HBDs in use, site by site. */
function usedNodes({ sites, block: { hbd: { hosts } } }: Built, hbds: number): string {
  let left = hbds
  return sites.flatMap((plan) => {
    const used = Math.min(left, plan.hbds)
    left -= used
    return used === 0 ? [] : [nodesOf(plan.site, 0, used * hosts)]
  }).join(",")
}

function treeless({ layout, built }: ExportSource): ReadonlyArray<string> {
  return [
    ...(built.block.hbd.hosts === 1
      ? ["an HBD is one node here: the blocks of topology.yaml hold one node each"]
      : []),
    ...(layout.scaleOut !== null && layout.scaleOut.rails > 1
      ? ["a node stands under one leaf in Slurm's tree: the leaf of its first NIC stands for its leaves on all rails"]
      : []),
    ...(layout.scaleOut !== null && layout.scaleOut.planes > 1
      ? ["Slurm's tree has one plane: the first stands for all"]
      : []),
    "Slurm's tree has no bandwidths: oversubscription is left out"
  ]
}

interface Tree {
  readonly lines: ReadonlyArray<string>
  /** the switch above all others */
  readonly root: string
  readonly remarks: ReadonlyArray<string>
}

/** Hosts under leaves, leaves under the pod of their first spine, pods under one root. */
function treeOf(site: string, { hosts, switches, firstLeaf, firstUpper }: ClusterWiring): Tree {
  const node = `${slugOf(site)}-node-`
  if (firstLeaf.length === 0) {
    const root = `${slugOf(site)}-hbd`
    return { lines: [`SwitchName=${root} Nodes=${hostlist(node, range(0, hosts.length))}`], root, remarks: [] }
  }
  const leaves = groupBy(range(0, hosts.length), (host) => firstLeaf[host]!)
  const pods = groupBy([...leaves.keys()], (leaf) => firstUpper[leaf]!)
  const leafLines = [...leaves].map(([leaf, members]) =>
    `SwitchName=${switches[leaf]!.name} Nodes=${hostlist(node, members)}`)
  if (leaves.size === 1) return { lines: leafLines, root: switches[[...leaves.keys()][0]!]!.name, remarks: [] }
  const root = `${slugOf(site)}-root`
  const names = (members: ReadonlyArray<number>) => members.map((leaf) => switches[leaf]!.name).join(",")
  if (pods.size === 1) {
    const [[upper, members] = [-1, []]] = pods
    return {
      lines: [...leafLines, `SwitchName=${root} Switches=${names(members)}`],
      root,
      remarks: upper >= 0
        ? []
        : ["no switch joins the leaves: the root of the tree stands for the way through the HBDs"]
    }
  }
  const pod = `${slugOf(site)}-pod-`
  const podLines = [...pods.values()].map((members, i) => `SwitchName=${pod}${i} Switches=${names(members)}`)
  const top = `SwitchName=${root} Switches=${hostlist(pod, range(0, pods.size))}`
  return { lines: [...leafLines, ...podLines, top], root, remarks: [] }
}

function groupBy(
  members: ReadonlyArray<number>, keyOf: (member: number) => number
): ReadonlyMap<number, ReadonlyArray<number>> {
  const groups = new Map<number, Array<number>>()
  for (const member of members) {
    const group = groups.get(keyOf(member))
    if (group === undefined) groups.set(keyOf(member), [member])
    else group.push(member)
  }
  return groups
}

const range = (first: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => first + i)

/** Slurm's hostlist expression of ascending numbers behind a prefix: `hall-node-[0-3,8]`. */
export function hostlist(prefix: string, numbers: ReadonlyArray<number>): string {
  if (numbers.length === 1) return `${prefix}${numbers[0]}`
  const spans: Array<[number, number]> = []
  for (const number of numbers) {
    const last = spans.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else spans.push([number, number])
  }
  return `${prefix}[${spans.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",")}]`
}
