/**
 * What parallel groups add to a step when they lie on several sites. All ranks of a site share one link to each
 * other site, so what counts is what they send together; it comes after what the fabrics inside the sites take.
 */
import type { SiteLink } from "./link.ts"

/**
 * Seconds of an all-gather (or reduce-scatter) of a tensor of `bytes` among replicas on all sites, while
 * `sharers` groups with tensors of their own do the same: of every tensor each site sends its 1/s to each other.
 * An all-reduce is both.
 */
export function crossingGather(bytes: number, sharers: number, { sites, Bps, latencyS }: SiteLink): number {
  return bytes === 0 ? 0 : (bytes * sharers) / sites / Bps + latencyS
}

/** Seconds that a link is busy when `sharers` ranks each send `bytes` over it side by side. */
export function crossingWire(bytes: number, sharers: number, { Bps }: SiteLink): number {
  return (bytes * sharers) / Bps
}
