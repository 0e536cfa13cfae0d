/**
 * Exact sizes of direct topologies: torus, full mesh, n-dimensional full mesh (UB-Mesh, arXiv 2503.20377) and
 * dragonfly. Grid coordinates are numbered with the first dimension fastest.
 */
import { sharersOf } from "./clos.ts"
import { planDragonfly } from "./dragonfly.ts"
import { bisectDragonfly } from "./dragonfly-bisection.ts"
import type { DirectPlan, FabricInfeasible, FabricSpec, Hops } from "./fabric.ts"
import { infeasible, radixOf } from "./fabric.ts"
import type { GridTopology } from "./grid-bisection.ts"
import { bisectGrid, cutGrid, orderDims } from "./grid-bisection.ts"
import { cubicDims, fewestDims, largestMesh, nearestMesh } from "./grid-shape.ts"

/** Plans the direct topology of a spec, whatever its planes. */
export function planDirect(spec: FabricSpec): DirectPlan | FabricInfeasible {
  return spec.topology === "dragonfly" ? planDragonfly(spec) : planGrid(spec)
}

/** What the first half of the endpoints sends to the second, Gb/s of one plane. */
export function bisectDirect(spec: FabricSpec, { design }: DirectPlan): number {
  if (spec.topology === "dragonfly") return bisectDragonfly(spec, design)
  return bisectGrid(spec, gridOf(spec), design.dims)
}

function gridOf({ topology }: FabricSpec): GridTopology {
  return topology === "torus" ? "torus" : "mesh"
}

/** Links of one router along a dimension of `extent`: a ring of two is one link. */
export function degreeAlong(topology: GridTopology, extent: number): number {
  return topology === "torus" ? Math.min(2, extent - 1) : extent - 1
}

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
    cut: cutGrid(topology, orderDims(topology, dims), Math.floor(routers / 2)),
    distance: { max: sum(longest), mean: sum(mean) * toOthers }
  }
}

function planGrid(spec: FabricSpec): DirectPlan | FabricInfeasible {
  const topology = gridOf(spec)
  const chosen = spec.dims.length > 0 ? spec.dims : chooseDims(spec)
  if ("kind" in chosen) return chosen
  const dims = orderDims(topology, chosen)
  const grid = measureGrid(topology, dims, spec.endpoints)
  const { routers, degree } = grid
  const ports = radixOf(spec, 0)
  const perRouter = spec.integratedRouters ? 1 : Math.ceil(spec.endpoints / routers)
  const most = spec.integratedRouters ? 1 : (ports - degree) * sharersOf(spec)
  if (most < 1 || degree > ports) {
    return infeasible(
      `a router of ${dims.join("×")} has ${degree} neighbours and no port left of ${ports} for an endpoint`,
      `a radix of ${degree + 1 + spec.sparePorts}, or routers in the endpoints (integrated) at a radix of ` +
        `${degree + spec.sparePorts}`
    )
  }
  if (spec.integratedRouters && spec.endpoints !== routers) {
    return infeasible(
      `${dims.join("×")} are ${routers} endpoints that route themselves, not ${spec.endpoints}`,
      `${routers} endpoints, or dims whose product is ${spec.endpoints}`
    )
  }
  if (perRouter > most) {
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
    if (routers * Math.min(routers, ports - routers + 1) * sharersOf(spec) >= endpoints) return [routers]
  }
  return [Math.floor((ports + 1) / 2)]
}

function noMesh(endpoints: number, neighbours: number): FabricInfeasible {
  const dims = nearestMesh(endpoints, neighbours)
  const most = largestMesh(neighbours).reduce((product, extent) => product * extent, 1)
  return infeasible(
    `no full mesh of 2 to 4 dimensions has ${endpoints} routers of ${neighbours} neighbours at most`,
    dims === null
      ? `at most ${most} endpoints, one a router; a larger radix, or dims with several endpoints on each router`
      : `dims of ${dims.join("×")}`
  )
}
