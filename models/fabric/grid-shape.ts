/** The extents of a grid that is left to be chosen: as equal as its number of routers divides. */

/** Factors of n into `count` extents, ascending, as equal as they divide. */
export function cubicDims(n: number, count: number): ReadonlyArray<number> {
  if (count === 1) return [n]
  let extent = Math.floor(Math.pow(n, 1 / count) + 1e-9)
  while (n % extent !== 0) extent--
  return [extent, ...cubicDims(n / extent, count - 1)].sort((a, b) => a - b)
}

/** Dimensions of an n-D full mesh that are considered: UB-Mesh has four (arXiv 2503.20377). */
const meshDimensions = [2, 3, 4] as const

/**
 * Shapes of a full mesh along every dimension, one for each number of dimensions, the fewest first: more of them need fewer
 * neighbours and more hops. A node of `innermost` is one full mesh, the first dimension where it divides n; 1: none.
 */
export function meshShapes(n: number, innermost: number): ReadonlyArray<ReadonlyArray<number>> {
  if (n <= innermost) return [[n]]
  const first = innermost > 1 && n % innermost === 0 ? [innermost] : []
  const rest = n / (first[0] ?? 1)
  return meshDimensions.map((count) => [...first, ...cubicDims(rest, count - first.length)])
    .filter((dims) => dims.every((extent) => extent > 1))
}

/** Routers that one router of a mesh is linked to. */
export function meshNeighbours(dims: ReadonlyArray<number>): number {
  return dims.reduce((sum, extent) => sum + extent - 1, 0)
}

/** The mesh of fewest dimensions in which a router has at most `neighbours`; null: none of n routers. */
export function fewestDims(n: number, innermost: number, neighbours: number): ReadonlyArray<number> | null {
  return meshShapes(n, innermost).find((dims) => meshNeighbours(dims) <= neighbours) ?? null
}

/** The mesh of fewest dimensions that has at least n routers of at most `neighbours`, its extents all but equal; null: none. */
export function nearestMesh(n: number, neighbours: number): ReadonlyArray<number> | null {
  const shapes = meshDimensions.map((count) => {
    const longer = Math.ceil(Math.pow(n, 1 / count) - 1e-9)
    const shorter = Array.from({ length: count }, (_, i) => i).findLast((few) => longer ** (count - few) * (longer - 1) ** few >= n)
    return Array.from({ length: count }, (_, i) => i < count - (shorter ?? 0) ? longer : longer - 1)
  })
  return shapes.find((dims) => meshNeighbours(dims) <= neighbours) ?? null
}

/** The most routers of at most `neighbours`, in as many dimensions as are considered. */
export function largestMesh(neighbours: number): ReadonlyArray<number> {
  const count = meshDimensions.at(-1)!
  return Array.from({ length: count }, (_, i) => 1 + Math.floor((neighbours + i) / count))
}
