/** The fabric of a site as Slurm's tree: hosts under leaves, leaves under pods or groups, those under one root. */
import type { SitePlan } from "../planner/built.ts"
import type { ClusterWiring } from "./cluster-wiring.ts"
import { hostlist, range } from "./hostlist.ts"

/** What is below a switch, as a hostlist expression. */
export type SwitchLine =
  | { readonly name: string; readonly nodes: string }
  | { readonly name: string; readonly switches: string }

export interface Tree {
  readonly switches: ReadonlyArray<SwitchLine>
  /** the switch above all others */
  readonly root: string
  readonly remarks: ReadonlyArray<string>
}

/** Pods are those of a leaf's first spine, in a dragonfly the groups of routers. */
export function treeOf({ slug, fabric }: SitePlan, { hosts, switches, firstLeaf, firstUpper }: ClusterWiring): Tree {
  const node = `${slug}-node-`
  if (firstLeaf.length === 0) {
    const root = `${slug}-hbd`
    return { switches: [{ name: root, nodes: hostlist(node, range(0, hosts.length)) }], root, remarks: [] }
  }
  const direct = fabric?.kind === "direct"
  const group = direct && fabric.topology === "dragonfly" ? fabric.design.dims[0]! : null
  const leaves = groupBy(range(0, hosts.length), (host) => firstLeaf[host]!)
  const lines = [...leaves].map(([leaf, members]) => ({ name: switches[leaf]!.name, nodes: hostlist(node, members) }))
  if (leaves.size === 1) return { switches: lines, root: lines[0]!.name, remarks: [] }
  const pods = groupBy([...leaves.keys()], (leaf) => group === null ? firstUpper[leaf]! : Math.floor(leaf / group))
  const root = `${slug}-root`
  const names = (members: ReadonlyArray<number>) => members.map((leaf) => switches[leaf]!.name).join(",")
  const remarks = direct
    ? [`routers are joined to each other: switches above them stand for ${group === null ? "those" : "their groups and"} links`]
    : pods.has(-1)
    ? ["no switch joins the leaves: the root of the tree stands for the way through the HBDs"]
    : []
  if (pods.size === 1) return { switches: [...lines, { name: root, switches: names([...leaves.keys()]) }], root, remarks }
  const pod = group === null ? `${slug}-pod-` : `${slug}-group-`
  return {
    switches: [
      ...lines, ...[...pods.values()].map((members, i) => ({ name: `${pod}${i}`, switches: names(members) })),
      { name: root, switches: hostlist(pod, range(0, pods.size)) }
    ],
    root, remarks
  }
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

