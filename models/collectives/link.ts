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

/**
 * Payload bytes/s of one accelerator in a ring or a halving over `members` neighbours. Switched: its whole
 * bandwidth. Full mesh: its links to the members. Torus: the axes that the group fills, its share of a partly
 * filled one left out.
 */
export function neighbourRate(link: Link, members: number): number {
  const { fabric } = link
  const all = fabric.GBps * 1e9 * link.efficiency
  if (fabric.topology === "full-mesh") {
    return Math.min(all, (members - 1) * fabric.pairGBps * 1e9 * link.efficiency)
  }
  if (fabric.topology !== "torus" || fabric.dims.length === 0) return all
  let reach = 1
  let axes = 0
  for (const extent of fabric.dims) {
    if (reach >= members) break
    reach *= extent
    axes += 1
  }
  return (all * axes) / fabric.dims.length
}

/**
 * Payload bytes/s of one accelerator when all `members` talk to all. Direct topologies pay for hops: a ring
 * of n has n/4 of them in the mean, a torus the sum over its axes; a full mesh has one, over the links to the
 * members.
 */
export function allToAllRate(link: Link, members: number): number {
  const { fabric } = link
  const rate = neighbourRate(link, members)
  if (fabric.topology === "ring") return rate / Math.max(1, members / 4)
  if (fabric.topology !== "torus") return rate
  let hops = 0
  let reach = 1
  for (const extent of fabric.dims) {
    if (reach >= members) break
    hops += Math.min(extent, Math.ceil(members / reach)) / 4
    reach *= extent
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
