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

/** Extents that a group of `members` fills, the innermost axis first, the last one perhaps in part. */
function filledExtents(dims: ReadonlyArray<number>, members: number): ReadonlyArray<number> {
  const filled: Array<number> = []
  let reach = 1
  for (const extent of dims) {
    if (reach >= members) break
    filled.push(Math.min(extent, Math.ceil(members / reach)))
    reach *= extent
  }
  return filled
}

/**
 * Payload bytes/s of one accelerator in a ring or a halving over `members` neighbours. Switched: its whole
 * bandwidth. Full mesh: its links to the members, along every axis that they fill. Torus: the axes that the
 * group fills, its share of a partly filled one left out.
 */
export function neighbourRate(link: Link, members: number): number {
  const { fabric } = link
  const all = fabric.GBps * 1e9 * link.efficiency
  if (fabric.topology === "full-mesh") {
    const axes = fabric.dims.length === 0 ? [members] : filledExtents(fabric.dims, members)
    const neighbours = axes.reduce((sum, extent) => sum + extent - 1, 0)
    return Math.min(all, neighbours * fabric.pairGBps * 1e9 * link.efficiency)
  }
  if (fabric.topology !== "torus" || fabric.dims.length === 0) return all
  return (all * filledExtents(fabric.dims, members).length) / fabric.dims.length
}

/**
 * Payload bytes/s of one accelerator when all `members` talk to all. Direct topologies pay for hops: a ring
 * of n has n/4 of them in the mean, a torus the sum over its axes; a full mesh one along every axis but for
 * the members that are level with it.
 */
export function allToAllRate(link: Link, members: number): number {
  const { fabric } = link
  const rate = neighbourRate(link, members)
  if (fabric.topology === "ring") return rate / Math.max(1, members / 4)
  if (fabric.topology === "switched") return rate
  const hopsAlong = (extent: number) => fabric.topology === "torus" ? extent / 4 : (extent - 1) / extent
  const hops = filledExtents(fabric.dims, members).reduce((sum, extent) => sum + hopsAlong(extent), 0)
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
