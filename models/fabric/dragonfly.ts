/** Exact sizes of dragonflies (Kim et al., ISCA 2008). Routers are numbered within a group, then by group. */
import { sharersOf } from "./clos.ts"
import type { DirectPlan, FabricInfeasible, FabricSpec, Hops } from "./fabric.ts"
import { infeasible, radixOf } from "./fabric.ts"

/**
 * Balanced (routers = 2 · globals = 2 · ports of endpoints) unless the spec says otherwise; global links spread over all
 * pairs.
 */
export function planDragonfly(spec: FabricSpec): DirectPlan | FabricInfeasible {
  const ports = radixOf(spec, 0)
  const balanced = Math.floor((ports + 1) / 4)
  const sharers = sharersOf(spec)
  const group = spec.dragonfly ?? { routers: 2 * balanced, endpoints: sharers * balanced, globals: balanced }
  const degree = group.routers - 1 + group.globals
  const needed = degree + Math.ceil(group.endpoints / sharers)
  if (group.endpoints < 1 || needed > ports) {
    return infeasible(
      balanced < 1
        ? `a router of ${ports} ports has none for an endpoint, a neighbour and another group`
        : `a router with ${group.endpoints} endpoints, ${group.routers - 1} local and ${group.globals} global links ` +
          `needs ${needed} ports, it has ${ports}`,
      balanced < 1
        ? `a radix of ${3 + spec.sparePorts}`
        : `${sharers * balanced} endpoints, ${2 * balanced} routers a group, ${balanced} global links`
    )
  }
  const globals = group.routers * group.globals
  const perGroup = group.routers * group.endpoints
  const maxEndpoints = (globals + 1) * perGroup
  const groups = Math.ceil(spec.endpoints / perGroup)
  if (groups > globals + 1) {
    return infeasible(
      `${spec.endpoints} endpoints need ${groups} groups, ${globals} global links of a group join ${globals + 1}`,
      `at most ${maxEndpoints} endpoints, or a larger radix`
    )
  }
  const { perPair, extra } = dealGlobals(groups, globals)
  const design = {
    dims: [group.routers, groups],
    routers: groups * group.routers,
    endpointsPerRouter: group.endpoints,
    globalsPerPair: perPair,
    extraGlobals: extra
  }
  return {
    design,
    degree,
    local: groups * group.routers * (group.routers - 1) / 2,
    global: groups * ((groups - 1) * perPair + extra) / 2,
    maxEndpoints,
    hops: dragonflyHops(groups, group.routers, group.globals)
  }
}

/** Links of every pair of groups, and each group's extra ones: one port stays free where their sum is odd. */
function dealGlobals(groups: number, globals: number): { readonly perPair: number; readonly extra: number } {
  if (groups === 1) return { perPair: 0, extra: 0 }
  const perPair = Math.floor(globals / (groups - 1))
  const extra = globals - perPair * (groups - 1)
  return { perPair, extra: extra * groups % 2 === 0 ? extra : extra - 1 }
}

/**
 * Two routers of different groups are neighbours, or one router apart where either has a link into the other's group, or
 * two. Shares of pairs from the mean number of links between two groups.
 */
function dragonflyHops(groups: number, routers: number, globals: number): Hops {
  const inGroup = 1 + (routers - 1) / routers
  if (groups === 1) return { max: Math.min(2, routers), mean: inGroup }
  const links = routers * globals / (groups - 1)
  const linked = Math.min(1, links / routers)
  const adjacent = Math.min(1, links / routers ** 2)
  const across = 2 * adjacent + 4 * (1 - linked) ** 2 + 3 * (1 - adjacent - (1 - linked) ** 2)
  const everyRouterLinked = Math.floor(links) >= routers
  return { max: everyRouterLinked ? 3 : 4, mean: inGroup / groups + across * (1 - 1 / groups) }
}
