/**
 * `slurm`: `topology.conf` for topology/tree (https://slurm.schedmd.com/topology.conf.html), `topology.yaml` with
 * one block per HBD for topology/block (https://slurm.schedmd.com/topology.yaml.html, Slurm 25.05), and node lists.
 */
import { stringify } from "yaml"
import { type ClusterWiring, hostName, slugOf, wireCluster } from "./cluster-wiring.ts"
import type { Exported, ExportSource } from "./export-source.ts"

export function exportSlurm(source: ExportSource): Exported {
  const { built, layout, mapping } = source
  const wiring = wireCluster(built)
  const { host } = built.block.hbd
  const nodes = (first: number, count: number) => hostlist(hostName(built.site, 0).slice(0, -1), range(first, count))
  const all = nodes(0, wiring.hosts.length)
  const used = nodes(0, Math.ceil(mapping.world / mapping.ranksPerHbd) * wiring.hostsPerHbd)
  const tree = treeOf(built.site, wiring)
  return {
    files: {
      "topology.conf": tree.lines.join("\n") + "\n",
      "topology.yaml": stringify([{
        topology: "hbd", cluster_default: true,
        block: {
          block_sizes: [wiring.hostsPerHbd],
          blocks: range(0, layout.hbds).map((hbd) => ({
            block: `hbd-${hbd}`, nodes: nodes(hbd * wiring.hostsPerHbd, wiring.hostsPerHbd)
          }))
        }
      }]),
      "nodes.conf": [
        "# to be included by slurm.conf, with GresTypes=gpu",
        `NodeName=${all} Gres=gpu:${host.accelerators} State=UNKNOWN`,
        `PartitionName=train Nodes=${all} Default=YES State=UP`
      ].join("\n") + "\n",
      "job-nodes.txt": `${used}\n`
    },
    remarks: [
      ...tree.remarks, ...treeless(source), "CPUs and memory of a node are not in the plan: slurmd -C tells them"
    ]
  }
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
  readonly remarks: ReadonlyArray<string>
}

/** Hosts under leaves, leaves under the pod of their first spine, pods under one root. */
function treeOf(site: string, { hosts, switches, firstLeaf, firstUpper }: ClusterWiring): Tree {
  const node = `${slugOf(site)}-node-`
  if (firstLeaf.length === 0) {
    return { lines: [`SwitchName=${slugOf(site)}-hbd Nodes=${hostlist(node, range(0, hosts.length))}`], remarks: [] }
  }
  const leaves = groupBy(range(0, hosts.length), (host) => firstLeaf[host]!)
  const pods = groupBy([...leaves.keys()], (leaf) => firstUpper[leaf]!)
  const leafLines = [...leaves].map(([leaf, members]) =>
    `SwitchName=${switches[leaf]!.name} Nodes=${hostlist(node, members)}`)
  if (leaves.size === 1) return { lines: leafLines, remarks: [] }
  const names = (members: ReadonlyArray<number>) => members.map((leaf) => switches[leaf]!.name).join(",")
  if (pods.size === 1) {
    const [[upper, members] = [-1, []]] = pods
    return {
      lines: [...leafLines, `SwitchName=${slugOf(site)}-root Switches=${names(members)}`],
      remarks: upper >= 0
        ? []
        : ["no switch joins the leaves: the root of the tree stands for the way through the HBDs"]
    }
  }
  const pod = `${slugOf(site)}-pod-`
  const podLines = [...pods.values()].map((members, i) => `SwitchName=${pod}${i} Switches=${names(members)}`)
  const root = `SwitchName=${slugOf(site)}-root Switches=${hostlist(pod, range(0, pods.size))}`
  return { lines: [...leafLines, ...podLines, root], remarks: [] }
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
