/**
 * What a Clos network carries between the first and the second half of its endpoints. Uplinks spread evenly, so
 * parallel switches act as one fat node, and matching traffic from the leaves upwards is a maximum flow.
 */
import { breakoutOf } from "./clos.ts"
import type { ClosDesign, ClosNetwork, FabricSpec } from "./fabric.ts"

/** Neighbouring leaves alike: on each, `a` endpoint links of the first half and `b` of the second. */
interface LeafRun {
  readonly leaves: number
  readonly a: number
  readonly b: number
}

/** Traffic of either half that still looks for its counterpart, in links between switches. */
interface Unmet {
  readonly a: number
  readonly b: number
}

/** Flow from the `first` endpoints of one network of one plane to its others, Gb/s one direction. */
export function bisectNetwork(spec: FabricSpec, design: ClosDesign, network: ClosNetwork, first: number): number {
  const breakout = breakoutOf(spec)
  const { leafUplinks, spineUplinks } = design
  let met = 0
  const above: Array<Unmet> = []
  podRuns(spec, design, network, first).forEach((runs, pod) => {
    const leaves = runs.map(({ leaves, a, b }) => {
      const both = Math.min(a, b)
      met += leaves * both / breakout
      return {
        a: leaves * Math.min((a - both) / breakout, leafUplinks),
        b: leaves * Math.min((b - both) / breakout, leafUplinks)
      }
    })
    const spines = pod < network.fullPods ? network.spinesPerPod : network.lastPodSpines
    const { both, rest } = meet(leaves)
    met += both
    above.push({ a: Math.min(rest.a, spines * spineUplinks), b: Math.min(rest.b, spines * spineUplinks) })
  })
  return (met + meet(above).both) * spec.linkGbps
}

function meet(parts: ReadonlyArray<Unmet>): { readonly both: number; readonly rest: Unmet } {
  const a = parts.reduce((sum, part) => sum + part.a, 0)
  const b = parts.reduce((sum, part) => sum + part.b, 0)
  const both = Math.min(a, b)
  return { both, rest: { a: a - both, b: b - both } }
}

/**
 * The leaves of each pod. Pods of a stated size hold their own leaf groups; else pods are cut from one row of
 * leaves.
 */
function podRuns(
  spec: FabricSpec,
  design: ClosDesign,
  network: ClosNetwork,
  first: number
): ReadonlyArray<ReadonlyArray<LeafRun>> {
  const { endpoints, rails } = network
  const runs = (all: number, ofFirst: number) => leafRuns(all, ofFirst, rails, spec.homes, design.endpointsPerLeaf)
  if (spec.tiers < 3) return [runs(endpoints, first)]
  const size = spec.endpointsPerPod
  if (size === null) return cutRuns(runs(endpoints, first), design.leavesPerPod)
  return Array.from({ length: Math.ceil(endpoints / size) }, (_, pod) => {
    const all = Math.min(size, endpoints - pod * size)
    return runs(all, Math.min(all, Math.max(0, first - pod * size)))
  })
}

/** Leaves in wiring order: groups of one leaf per rail and home, endpoints dealt to the rails in turn. */
function leafRuns(endpoints: number, first: number, rails: number, homes: number, perLeaf: number) {
  const group = rails * perLeaf
  const before = Math.floor(first / group)
  const mixed = Math.min(group, endpoints - before * group)
  const after = endpoints - before * group - mixed
  const whole = Math.floor(after / group)
  return [
    { leaves: before * rails * homes, a: perLeaf, b: 0 },
    ...groupRuns(mixed, first - before * group, rails, homes),
    { leaves: whole * rails * homes, a: 0, b: perLeaf },
    ...groupRuns(after - whole * group, 0, rails, homes)
  ].filter((run) => run.leaves > 0)
}

function groupRuns(endpoints: number, first: number, rails: number, homes: number): ReadonlyArray<LeafRun> {
  const cuts = [0, first % rails, endpoints % rails, rails].sort((x, y) => x - y)
  return cuts.slice(1).map((to, i) => {
    const from = cuts[i]!
    const all = Math.ceil((endpoints - from) / rails)
    const a = Math.ceil((first - from) / rails)
    return { leaves: all > 0 ? (to - from) * homes : 0, a, b: all - a }
  })
}

function cutRuns(runs: ReadonlyArray<LeafRun>, leavesPerPod: number): ReadonlyArray<ReadonlyArray<LeafRun>> {
  const pods: Array<Array<LeafRun>> = []
  let room = 0
  for (const run of runs) {
    for (let left = run.leaves; left > 0;) {
      if (room === 0) {
        pods.push([])
        room = leavesPerPod
      }
      const leaves = Math.min(left, room)
      pods[pods.length - 1]!.push({ ...run, leaves })
      left -= leaves
      room -= leaves
    }
  }
  return pods
}
