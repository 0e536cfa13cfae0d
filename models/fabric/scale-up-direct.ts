/** Scale-up fabrics without switches: full mesh, ring, torus and n-dimensional full mesh of accelerators. */
import { degreeAlong, measureGrid } from "./direct.ts"
import { infeasible } from "./fabric.ts"
import type { GridTopology } from "./grid-bisection.ts"
import { cubicDims, fewestDims } from "./grid-shape.ts"
import type { RackLines, Reach, ScaleUpBundle, ScaleUpResult, ScaleUpSpec } from "./scale-up.ts"

/** `dims` of the grid that the accelerators form; a ring and a full mesh have one. */
function gridOf(spec: ScaleUpSpec): ReadonlyArray<number> {
  if (spec.dims.length > 0) return spec.dims
  if (spec.topology === "nd-full-mesh") {
    return fewestDims(spec.accelerators, spec.acceleratorsPerNode, spec.links) ?? [spec.accelerators]
  }
  if (spec.topology === "torus-2d") return cubicDims(spec.accelerators, 2)
  return spec.topology === "torus-3d" ? cubicDims(spec.accelerators, 3) : [spec.accelerators]
}

/**
 * An even number of parallel links goes to every neighbour; links that do not divide stay dark. The first
 * dimension is the innermost: nodes and racks hold whole lines, planes and cubes of the grid.
 */
export function sizeDirectScaleUp(spec: ScaleUpSpec): ScaleUpResult {
  const dims = gridOf(spec)
  const family = spec.topology === "ring" || spec.topology.startsWith("torus") ? "torus" : "mesh"
  const grid = measureGrid(family, dims, spec.accelerators)
  const parallel = Math.floor(spec.links / grid.degree)
  if (grid.routers !== spec.accelerators) {
    return infeasible(`${dims.join("×")} is not ${spec.accelerators} accelerators`, `${grid.routers} accelerators`)
  }
  if (parallel === 0) {
    return infeasible(
      `${spec.links} links of an accelerator do not reach its ${grid.degree} neighbours`,
      family === "torus" ? "fewer dimensions" : `extents with at most ${spec.links} neighbours in all`
    )
  }
  const pairGBps = spec.GBps / spec.links * parallel
  return {
    kind: "scale-up",
    topology: spec.topology,
    accelerators: spec.accelerators,
    planes: 1,
    switches: { first: 0, second: 0, circuit: 0, total: 0 },
    bundles: bundlesByReach(spec, dims, family, parallel),
    GBps: pairGBps * grid.degree,
    pairGBps,
    bisectionGBps: grid.cut * pairGBps,
    crossGBps: pairGBps * grid.degree,
    hops: grid.distance,
    dims,
    acceleratorsPerLeaf: 1,
    maxAccelerators: largestGrid(spec, dims.length)
  }
}

/**
 * Null: a torus has no limit of its own. A full mesh of m dimensions is largest when its neighbours divide
 * evenly.
 */
function largestGrid(spec: ScaleUpSpec, dimensions: number): number | null {
  if (spec.topology === "full-mesh") return spec.links + 1
  if (spec.topology !== "nd-full-mesh") return null
  const each = Math.floor(spec.links / dimensions)
  const longer = spec.links % dimensions
  return (each + 2) ** longer * (each + 1) ** (dimensions - longer)
}

function bundlesByReach(
  spec: ScaleUpSpec,
  dims: ReadonlyArray<number>,
  family: GridTopology,
  parallel: number
): ReadonlyArray<ScaleUpBundle> {
  const totals: Record<Reach, number> = { board: 0, rack: 0, "cross-rack": 0 }
  const crossing: Array<RackLines | null> = []
  let inner = 1
  for (const extent of dims) {
    const lines = spec.accelerators / extent * parallel
    const within = (group: number) => linksWithin(family, extent, positionsIn(group, inner, inner * extent, spec.accelerators))
    const onBoard = within(spec.acceleratorsPerNode)
    const inRack = Math.max(onBoard, within(spec.acceleratorsPerRack))
    const outside = lines * (linksAlong(family, extent) - inRack)
    totals.board += lines * onBoard
    totals.rack += lines * (inRack - onBoard)
    totals["cross-rack"] += outside
    if (outside > 0) crossing.push(rackLines(spec, family, inner, extent, outside))
    inner *= extent
  }
  const known = crossing.filter((lines) => lines !== null)
  return (["board", "rack", "cross-rack"] as const).map((reach) => ({
    kind: "direct" as const, reach, links: totals[reach],
    ...(reach === "cross-rack" && known.length === crossing.length ? { lines: known } : {})
  })).filter((bundle) => bundle.links > 0)
}

/** Positions of a line of stride `inner` that each group of accelerators holds; 0 where groups cut lines at different places. */
function positionsIn(group: number, inner: number, outer: number, all: number): number {
  const isAligned = group % inner === 0 && (outer === all || group % outer === 0 || outer % group === 0)
  return isAligned ? group / inner : 0
}

/** The racks that links along a dimension join; null where racks hold parts of its lines in no order. */
function rackLines(
  { acceleratorsPerRack: perRack, accelerators }: ScaleUpSpec, family: GridTopology, inner: number, extent: number, links: number
): RackLines | null {
  if (perRack === 0) return null
  const ring = family === "torus"
  const outer = inner * extent
  if (inner % perRack === 0) return { stride: inner / perRack, extent, ring, links }
  return perRack % inner === 0 && (outer % perRack === 0 || outer === accelerators)
    ? { stride: 1, extent: Math.ceil(outer / perRack), ring, links }
    : null
}

function linksAlong(family: GridTopology, extent: number): number {
  return extent * degreeAlong(family, extent) / 2
}

/** Links of one line of `extent` that stay inside blocks of `block` neighbours. */
function linksWithin(family: GridTopology, extent: number, block: number): number {
  if (block >= extent) return linksAlong(family, extent)
  if (block < 2) return 0
  const rest = extent % block
  const whole = Math.floor(extent / block)
  if (family === "torus") return whole * (block - 1) + Math.max(0, rest - 1)
  return whole * block * (block - 1) / 2 + rest * (rest - 1) / 2
}
