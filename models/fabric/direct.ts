/**
 * Exact sizes of direct topologies: torus, full mesh, n-dimensional full mesh (UB-Mesh, arXiv 2503.20377) and
 * dragonfly (Kim et al., ISCA 2008). Grid coordinates and groups are numbered with the first dimension fastest.
 */
import type { DirectDesign, FabricInfeasible, FabricSpec, Hops } from "./fabric.ts"
import { infeasible, radixOf } from "./fabric.ts"
import { cubicDims, fewestDims } from "./grid-shape.ts"

/** A direct topology before its endpoints are counted; all figures of one plane. */
export interface DirectPlan {
  readonly design: DirectDesign
  /** links of one router to others */
  readonly degree: number
  readonly local: number
  readonly global: number
  /** links between both halves of the routers */
  readonly cut: number
  readonly maxEndpoints: number
  readonly hops: Hops
}

/** Plans the direct topology of a spec, whatever its planes. */
export function planDirect(spec: FabricSpec): DirectPlan | FabricInfeasible {
  return spec.topology === "dragonfly" ? planDragonfly(spec) : planGrid(spec)
}

/** Links of one router along a dimension of `extent`: a ring of two is one link. */
export function degreeAlong(topology: GridTopology, extent: number): number {
  return topology === "torus" ? Math.min(2, extent - 1) : extent - 1
}

/** Along every dimension a ring, or a full mesh. */
export type GridTopology = "torus" | "mesh"

/** A grid of routers: neighbours of one, links in all, links between both halves, links that routes pass. */
export interface Grid {
  readonly routers: number
  readonly degree: number
  readonly links: number
  readonly cut: number
  readonly distance: Hops
}

/**
 * Measures the grid of extents `dims`. The mean distance is that between two endpoints of `endpoints` spread
 * evenly.
 */
export function measureGrid(topology: GridTopology, dims: ReadonlyArray<number>, endpoints: number): Grid {
  const routers = dims.reduce((product, extent) => product * extent, 1)
  const sum = (f: (extent: number) => number) => dims.reduce((total, extent) => total + f(extent), 0)
  const degree = sum((extent) => degreeAlong(topology, extent))
  const torus = topology === "torus"
  const longest = (extent: number) => torus ? Math.floor(extent / 2) : Math.min(1, extent - 1)
  const mean = (extent: number) => torus ? Math.floor(extent * extent / 4) / extent : (extent - 1) / extent
  const toOthers = endpoints / Math.max(1, endpoints - 1)
  return {
    routers,
    degree,
    links: routers * degree / 2,
    cut: torus ? cutTorus(dims) : cutMesh(dims),
    distance: { max: sum(longest), mean: sum(mean) * toOthers }
  }
}

function planGrid(spec: FabricSpec): DirectPlan | FabricInfeasible {
  const dims = spec.dims.length > 0 ? spec.dims : chooseDims(spec)
  if ("kind" in dims) return dims
  const grid = measureGrid(spec.topology === "torus" ? "torus" : "mesh", dims, spec.endpoints)
  const { routers, degree } = grid
  const ports = radixOf(spec, 0)
  const perRouter = spec.integratedRouters ? 1 : Math.ceil(spec.endpoints / routers)
  const most = spec.integratedRouters ? 1 : ports - degree
  if (most < 1 || degree > ports) {
    return infeasible(
      `a router of ${dims.join("×")} has ${degree} neighbours and no port left of ${ports} for an endpoint`,
      `a radix of ${degree + 1}, or routers in the endpoints (integrated) at a radix of ${degree}`
    )
  }
  if (perRouter > most || routers * perRouter < spec.endpoints) {
    return infeasible(
      `${spec.endpoints} endpoints on ${routers} routers need ${Math.ceil(spec.endpoints / routers)} on each, ` +
        `ports allow ${most}`,
      `at most ${routers * most} endpoints, or larger dims`
    )
  }
  const own = spec.integratedRouters ? 0 : 1
  return {
    design: { dims, routers, endpointsPerRouter: perRouter, globalsPerPair: 0, extraGlobals: 0 },
    degree,
    local: grid.links,
    global: 0,
    cut: grid.cut,
    maxEndpoints: routers * most,
    hops: { max: own + grid.distance.max, mean: own + grid.distance.mean }
  }
}

/**
 * One endpoint a router: the most cubic torus, the n-D full mesh of fewest dimensions, the full mesh. A full mesh of more
 * endpoints than its ports join has several on each router: the fewest routers that uniform traffic does not choke.
 */
function chooseDims(spec: FabricSpec): ReadonlyArray<number> | FabricInfeasible {
  const { endpoints } = spec
  if (spec.topology === "torus") return cubicDims(endpoints, 3)
  const ports = radixOf(spec, 0)
  const neighbours = spec.integratedRouters ? ports : ports - 1
  if (spec.topology === "nd-full-mesh") return fewestDims(endpoints, 1, neighbours) ?? noMesh(endpoints, neighbours)
  if (spec.integratedRouters || endpoints - 1 <= neighbours) return [endpoints]
  for (let routers = 1; routers <= ports; routers++) {
    if (routers * Math.min(routers, ports - routers + 1) >= endpoints) return [routers]
  }
  return [Math.floor((ports + 1) / 2)]
}

/** The next larger number of routers that has a shape is at most a few primes away; beyond twice as many none is looked for. */
function noMesh(endpoints: number, neighbours: number): FabricInfeasible {
  let larger: ReadonlyArray<number> | null = null
  for (let routers = endpoints + 1; larger === null && routers <= 2 * endpoints; routers++) {
    larger = fewestDims(routers, 1, neighbours)
  }
  return infeasible(
    `no full mesh of 2 to 4 dimensions has ${endpoints} routers of ${neighbours} neighbours at most`,
    larger === null ? "a larger radix, or dims with several endpoints on each router" : `dims of ${larger.join("×")}`
  )
}

/** Links between the halves of a torus; an odd extent leaves a slab in the middle, halved along the next. */
function cutTorus(dims: ReadonlyArray<number>): number {
  let slab = dims.reduce((product, extent) => product * extent, 1)
  let cut = 0
  for (const extent of [...dims].sort((a, b) => b - a)) {
    slab /= extent
    cut += slab * degreeAlong("torus", extent)
    if (extent % 2 === 0) break
  }
  return cut
}

function cutMesh(dims: ReadonlyArray<number>): number {
  const routers = dims.reduce((product, extent) => product * extent, 1)
  return Math.min(
    ...dims.filter((extent) => extent > 1)
      .map((extent) => routers / extent * Math.floor(extent / 2) * Math.ceil(extent / 2)),
    routers * routers
  )
}

/**
 * Balanced (routers = 2 · globals = 2 · endpoints) unless the spec says otherwise; global links spread over all
 * pairs.
 */
function planDragonfly(spec: FabricSpec): DirectPlan | FabricInfeasible {
  const ports = radixOf(spec, 0)
  const balanced = Math.floor((ports + 1) / 4)
  const group = spec.dragonfly ?? { routers: 2 * balanced, endpoints: balanced, globals: balanced }
  const degree = group.routers - 1 + group.globals
  if (group.endpoints < 1 || degree + group.endpoints > ports) {
    return infeasible(
      balanced < 1
        ? `a router of ${ports} ports has none for an endpoint, a neighbour and another group`
        : `a router with ${group.endpoints} endpoints, ${group.routers - 1} local and ${group.globals} global links ` +
          `needs ${degree + group.endpoints} ports, it has ${ports}`,
      balanced < 1
        ? "a radix of 3"
        : `${balanced} endpoints, ${2 * balanced} routers a group, ${balanced} global links`
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
  return {
    design: {
      dims: [group.routers, groups],
      routers: groups * group.routers,
      endpointsPerRouter: group.endpoints,
      globalsPerPair: perPair,
      extraGlobals: extra
    },
    degree,
    local: groups * group.routers * (group.routers - 1) / 2,
    global: groups * ((groups - 1) * perPair + extra) / 2,
    cut: groups === 1 ? cutMesh([group.routers]) : cutDragonfly(groups, perPair, extra),
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
 * Offsets (in groups) of the links that a group has beyond its even share. A regular circulant graph: both
 * directions of each offset, and the opposite group where their number is odd.
 */
export function extraOffsets(groups: number, extra: number): ReadonlyArray<number> {
  const half = Math.floor((groups - 1) / 2)
  const offsets = Array.from({ length: Math.floor(extra / 2) }, (_, i) => half - i)
  return extra % 2 === 1 ? [...offsets, groups / 2] : offsets
}

/** Links between the halves of the groups, each group whole. */
function cutDragonfly(groups: number, perPair: number, extra: number): number {
  const [a, b] = [Math.floor(groups / 2), Math.ceil(groups / 2)]
  return extraOffsets(groups, extra).reduce(
    (cut, offset) => cut + (2 * offset === groups ? a : 2 * Math.min(offset, a)),
    a * b * perPair
  )
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
