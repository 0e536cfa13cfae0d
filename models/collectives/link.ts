/** What a group of accelerators can use of a fabric, by its topology. */
import type { FabricPerformance } from "../performance/machine.ts"

/**
 * A communicating group: how many of its members share an HBD, over how many HBDs, and the ranks it stretches
 * over.
 */
export interface Group {
  readonly inside: number
  readonly outside: number
  /** ranks from the first member to the last: which level of a tapered fabric it crosses */
  readonly span: number
}

/** Members of a group, inside HBDs and across. */
export function members({ inside, outside }: Group): number {
  return inside * outside
}

/**
 * One side's sustained figures for a collective: payload bytes/s of one accelerator and latency of one hop,
 * s.
 */
export interface Link {
  readonly fabric: FabricPerformance
  readonly efficiency: number
  readonly hopS: number
}

/** Sustained figures of the links between sites: of the narrowest and of the longest. */
export interface SiteLink {
  readonly sites: number
  /** payload bytes/s of a whole link, one direction */
  readonly Bps: number
  readonly latencyS: number
}

/** All fabrics and the cost of starting a collective. */
export interface Links {
  readonly up: Link
  readonly out: Link
  /** null on one site */
  readonly across: SiteLink | null
  readonly startS: number
}

/** Payload bytes/s of one accelerator into a fabric, untapered and over all its links. */
export function payloadRate({ fabric, efficiency }: Pick<Link, "fabric" | "efficiency">): number {
  return fabric.GBps * 1e9 * efficiency
}

/** Of the faster of its fabrics. */
export function fastestPayload({ up, out }: Links): number {
  return Math.max(payloadRate(up), payloadRate(out))
}

/**
 * Members of a group of `members` along an axis of `extent`, where `reach` fill the axes before it; the last axis perhaps in part.
 */
function filledExtent(extent: number, reach: number, members: number): number {
  return Math.min(extent, Math.ceil(members / reach))
}

/**
 * Payload bytes/s of one accelerator in a ring or a halving over `members` neighbours. Switched: its whole
 * bandwidth. Full mesh: its links to the members, along every axis that they fill. Torus: the axes that the
 * group fills, its share of a partly filled one left out.
 */
export function neighbourRate({ fabric, efficiency }: Link, members: number): number {
  const all = payloadRate({ fabric, efficiency })
  const { topology, dims } = fabric
  if (topology === "full-mesh") {
    const neighbours = dims.length === 0 ? members - 1 : neighboursAlong(dims, members)
    return Math.min(all, neighbours * fabric.pairGBps * 1e9 * efficiency)
  }
  if (topology !== "torus" || dims.length === 0) return all
  return (all * filledAxes(dims, members)) / dims.length
}

function neighboursAlong(dims: ReadonlyArray<number>, members: number): number {
  let neighbours = 0
  for (let axis = 0, reach = 1; axis < dims.length && reach < members; reach *= dims[axis++]!) {
    neighbours += filledExtent(dims[axis]!, reach, members) - 1
  }
  return neighbours
}

/** Axes that a group fills, the innermost first. */
function filledAxes(dims: ReadonlyArray<number>, members: number): number {
  let axis = 0
  for (let reach = 1; axis < dims.length && reach < members; axis++) reach *= dims[axis]!
  return axis
}

/**
 * Payload bytes/s of one accelerator when all `members` talk to all. Direct topologies pay for hops: a ring
 * of n has n/4 of them in the mean, a torus the sum over its axes; a full mesh one along every axis but for
 * the members that are level with it.
 */
export function allToAllRate(link: Link, members: number): number {
  const { topology, dims } = link.fabric
  const rate = neighbourRate(link, members)
  if (topology === "ring") return rate / Math.max(1, members / 4)
  if (topology === "switched") return rate
  let hops = 0
  for (let axis = 0, reach = 1; axis < dims.length && reach < members; reach *= dims[axis++]!) {
    const extent = filledExtent(dims[axis]!, reach, members)
    hops += topology === "torus" ? extent / 4 : (extent - 1) / extent
  }
  return rate / Math.max(1, hops)
}

/**
 * The same on a fabric that tapers: what is left where groups of `span` accelerators talk among each other.
 */
export function taperedRate(link: Link, span: number): number {
  let rate = link.fabric.GBps
  for (const level of link.fabric.taper) {
    if (span > level.span) rate = Math.min(rate, level.GBps)
  }
  return rate * 1e9 * link.efficiency
}

/** One pair's payload bytes/s. */
export function pairRate(link: Link): number {
  return Math.min(link.fabric.pairGBps, link.fabric.GBps) * 1e9 * link.efficiency
}
