/**
 * What a grid of routers carries between the first and the second half of its endpoints. Routers are numbered so that the
 * halves meet at the grid's narrowest cut: across the longest extent of a torus, across the shortest of a full mesh.
 */
import type { FabricSpec } from "./fabric.ts"
import { injectedGbps } from "./fabric.ts"

/** Along every dimension a ring, or a full mesh. */
export type GridTopology = "torus" | "mesh"

/** The extents in the order of numbering, the first fastest. A ring of two has one link, as if it were twice as long. */
export function orderDims(topology: GridTopology, dims: ReadonlyArray<number>): ReadonlyArray<number> {
  const length = (extent: number) => topology === "torus" ? (extent === 2 ? 4 : extent) : extent === 1 ? -Infinity : -extent
  return [...dims].sort((a, b) => length(a) - length(b))
}

/** Links of a line of `extent` routers, in the torus a ring, between `on` of them and the others. */
function cutLine(topology: GridTopology, extent: number, on: number): number {
  if (topology === "mesh") return on * (extent - on)
  return on === 0 || on === extent ? 0 : Math.min(2, extent - 1)
}

/** Links between the first `routers` and the others of a grid whose extents are in the order of numbering. */
export function cutGrid(topology: GridTopology, dims: ReadonlyArray<number>, routers: number): number {
  let cut = 0
  let rest = routers
  let slab = dims.reduce((product, extent) => product * extent, 1)
  for (const extent of dims.toReversed()) {
    slab /= extent
    const whole = Math.floor(rest / slab)
    rest -= whole * slab
    cut += rest * cutLine(topology, extent, Math.min(extent, whole + 1)) + (slab - rest) * cutLine(topology, extent, whole)
  }
  return cut
}

/** Where a cut may be narrow near the router at which the halves meet: beside it, and at the ends of its slabs. */
function narrowPlaces(dims: ReadonlyArray<number>, meeting: number): ReadonlyArray<number> {
  let slab = 1
  const ends = dims.flatMap((extent) => {
    slab *= extent
    const before = Math.floor(meeting / slab) * slab
    return [before, before + slab]
  })
  return [meeting, meeting + 1, ...ends].filter((place) => place <= slab)
}

/** Gb/s of one plane, one direction. Endpoints are spread evenly: number e of E is on router ⌊e · routers / E⌋. */
export function bisectGrid(spec: FabricSpec, topology: GridTopology, dims: ReadonlyArray<number>): number {
  const routers = dims.reduce((product, extent) => product * extent, 1)
  if (spec.integratedRouters) return cutGrid(topology, dims, Math.floor(routers / 2)) * spec.linkGbps
  const { endpoints } = spec
  const half = Math.floor(endpoints / 2)
  const before = (place: number) => Math.ceil(place * endpoints / routers)
  const cuts = narrowPlaces(dims, Math.floor(half * routers / endpoints)).map((place) =>
    cutGrid(topology, dims, place) * spec.linkGbps + Math.abs(before(place) - half) * spec.endpointGbps
  )
  return Math.min(injectedGbps(spec), ...cuts)
}
