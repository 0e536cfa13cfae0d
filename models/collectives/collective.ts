/**
 * Seconds of a collective over both fabrics. A message cut into chunks and pipelined over h hops of latency
 * a, with the best chunk, takes (√(bytes/rate) + √(h·a))² (Hockney's model, optimal segments: Thakur,
 * Rabenseifner, Gropp, IJHPCA 2005).
 */
import type { Group, Links } from "./link.ts"
import { allToAllRate, members, neighbourRate, pairRate, taperedRate } from "./link.ts"

/** A pipelined transfer: s on the wire, s of latency along its hops. */
function pipelined(wireS: number, latencyS: number): number {
  return wireS + latencyS + 2 * Math.sqrt(wireS * latencyS)
}

/**
 * Wire time of one ring pass of `bytes`: every HBD's boundary is crossed by all its members' links side by
 * side.
 */
function ringWireTime(group: Group, bytes: number, links: Links): number {
  const n = members(group)
  const up = group.inside > 1 ? (bytes * (n - 1)) / n / neighbourRate(links.up, group.inside) : 0
  if (group.outside === 1) return up
  const crossing = (bytes * (group.outside - 1)) / group.outside
  return Math.max(up, crossing / (group.inside * taperedRate(links.out, group.span)))
}

/** HBDs beyond which doubling, at four hops a level, is quicker than the ring: n − 1 > 4·log₂ n. */
const ringHbdsMost = 17

/**
 * Latency of a ring pass; many HBDs are joined by recursive doubling instead (NCCL's PAT, 2.23), whichever is
 * less.
 */
function passLatency(group: Group, links: Links): number {
  const up = (group.inside - 1) * (links.up.hopS + links.up.fabric.latencyS)
  const hops = group.outside <= ringHbdsMost ? group.outside - 1 : 4 * Math.log2(group.outside)
  return up + hops * (links.out.hopS + links.out.fabric.latencyS)
}

/** All-gather of a tensor of `bytes`, or reduce-scatter of it: each rank holds 1/n before, or after. */
export function gatherTime(group: Group, bytes: number, links: Links): number {
  if (members(group) <= 1 || bytes <= 0) return 0
  return links.startS + pipelined(ringWireTime(group, bytes, links), passLatency(group, links))
}

/**
 * All-reduce: ring (two passes), or reduction in the switches where the whole group shares a fabric that has
 * it.
 */
export function reduceTime(group: Group, bytes: number, links: Links): number {
  if (members(group) <= 1 || bytes <= 0) return 0
  const ring = links.startS
    + pipelined(2 * ringWireTime(group, bytes, links), 2 * passLatency(group, links))
  if (group.outside > 1 || !links.up.fabric.inNetworkReduction) return ring
  // NVLS: each byte goes up to the switch once and comes down once, at three quarters of the ring's payload rate
  const wire = bytes / (0.75 * neighbourRate(links.up, group.inside))
  const hop = links.up.hopS + links.up.fabric.latencyS
  return Math.min(ring, links.startS + pipelined(wire, 4 * hop))
}

/**
 * All-to-all in which each rank sends `bytes` in all, `remoteShare` of it to other HBDs, inside the HBD at
 * `efficiency` of the links' payload rate (plain point-to-point messages reach less of it than a dispatcher
 * that packs them).
 */
export function exchangeTime(
  group: Group, bytes: number, remoteShare: number, efficiency: number, links: Links
): number {
  const n = members(group)
  if (n <= 1 || bytes <= 0) return 0
  const near = group.inside > 1 ? (bytes * (group.inside - 1)) / group.inside / allToAllRate(links.up, group.inside) : 0
  const far = group.outside > 1 ? (bytes * remoteShare) / taperedRate(links.out, group.span) : 0
  const latency = (group.inside > 1 ? links.up.hopS + links.up.fabric.latencyS : 0)
    + (group.outside > 1 ? links.out.hopS + links.out.fabric.latencyS : 0)
  return links.startS + pipelined(Math.max(near / efficiency, far), latency)
}

/** One message between two ranks, inside an HBD or across. */
export function messageTime(bytes: number, crosses: boolean, span: number, links: Links): number {
  const link = crosses ? links.out : links.up
  const rate = crosses ? taperedRate(links.out, span) : pairRate(links.up)
  return links.startS + bytes / rate + link.hopS + link.fabric.latencyS
}

/**
 * Parameters of `bytes` sent out by one broadcast per shard, each pipelined along the ring: what stacks
 * without a flat parameter buffer do instead of an all-gather. It grows with the number of shards, for each
 * pays the ring's latency.
 */
export function broadcastsTime(group: Group, bytes: number, links: Links): number {
  const n = members(group)
  if (n <= 1 || bytes <= 0) return 0
  const wire = ringWireTime(group, bytes, links) / n
  const hops = (group.inside - 1) * (links.up.hopS + links.up.fabric.latencyS)
    + (group.outside - 1) * (links.out.hopS + links.out.fabric.latencyS)
  return n * (links.startS + pipelined(wire, hops))
}

/**
 * Share of a token's copies that a rank sends to other HBDs. A plain all-to-all sends every copy; a
 * dispatcher that sends a token once per HBD and fans it out inside sends to the distinct HBDs that its
 * `topK` experts lie on (DeepEP).
 */
export function remoteShare(group: Group, topK: number, deduplicated: boolean): number {
  const others = group.outside - 1
  if (others === 0) return 0
  if (!deduplicated) return others / group.outside
  const reached = others * (1 - (1 - 1 / group.outside) ** topK)
  return reached / topK
}
