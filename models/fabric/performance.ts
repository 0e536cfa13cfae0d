/** From the size of a fabric to what the performance model asks of it: bandwidth, latency, taper. */
import type { FabricPerformance } from "../performance/machine.ts"
import { breakoutOf } from "./clos.ts"
import type { DirectSize, FabricSize, FabricSpec, LinkKind, SwitchedSize } from "./fabric.ts"
import type { ScaleUpSize } from "./scale-up.ts"

/** What latency is made of, and what the switches can do. */
export interface FabricTiming {
  /** of one switch, port to port, ns */
  readonly switchLatencyNs: number
  /** both ends together: NIC or port logic, driver and protocol, ns */
  readonly endpointLatencyNs: number
  /** a cable with what its ends add (retimer, DSP, FEC), ns */
  readonly cableLatencyNs: number
  readonly inNetworkReduction: boolean
}

/** Time of an empty message over `switches` switches, s. */
export function pathLatencyS(timing: FabricTiming, switches: number): number {
  const ns = timing.endpointLatencyNs + switches * timing.switchLatencyNs + (switches + 1) * timing.cableLatencyNs
  return ns * 1e-9
}

/** Kinds of the links that the longest of the shortest routes passes. */
export function longestRoute(size: FabricSize): ReadonlyArray<LinkKind> {
  const switches = size.hops.max
  if (size.kind === "switched") {
    const up = (["endpointLeaf", "leafSpine", "spineCore"] as const).slice(0, (switches + 1) / 2)
    return [...up, ...up.toReversed()]
  }
  const separate = size.links.endpointRouter > 0
  const locals = switches - (separate ? 1 : 0) - (size.links.global > 0 ? 1 : 0)
  const inside = [
    ...(size.links.global > 0 ? ["global"] as const : []),
    ...Array.from({ length: locals }, () => "local" as const)
  ]
  return separate ? ["endpointRouter", ...inside, "endpointRouter"] : inside
}

/**
 * A scale-out fabric as its accelerators see it, with `endpointsPerAccelerator` NICs each. Latency is that of
 * the mean route; in a torus, whose collectives talk to neighbours, that of one hop.
 */
export function describeFabricPerformance(
  spec: FabricSpec,
  size: FabricSize,
  endpointsPerAccelerator: number,
  timing: FabricTiming
): FabricPerformance {
  const GBps = endpointsPerAccelerator * spec.planes * spec.homes * spec.endpointGbps / 8
  const torus = size.kind === "direct" && size.topology === "torus"
  const base = {
    GBps,
    latencyS: pathLatencyS(timing, torus ? 2 : size.hops.mean),
    inNetworkReduction: timing.inNetworkReduction,
    railOnly: spec.topology === "rail-only"
  }
  if (size.kind === "switched") {
    const taper = taperClos(spec, size, endpointsPerAccelerator)
    return { ...base, topology: "switched", pairGBps: GBps, dims: [], taper: scaleTaper(taper, GBps) }
  }
  const linkGBps = endpointsPerAccelerator * spec.planes * spec.linkGbps / 8
  if (torus) {
    const pairGBps = Math.min(GBps, linkGBps)
    return { ...base, topology: "torus", pairGBps, dims: size.design.dims, taper: [] }
  }
  const taper = taperDirect(spec, size, endpointsPerAccelerator)
  const alone = size.topology === "full-mesh" && size.design.endpointsPerRouter === 1
  return {
    ...base,
    topology: alone ? "full-mesh" : "switched",
    pairGBps: alone ? Math.min(GBps, linkGBps) : GBps,
    dims: [],
    taper: alone ? [] : scaleTaper(taper, GBps)
  }
}

/** Share of the bandwidth that leaves a group of `span` accelerators. */
interface Share {
  readonly span: number
  readonly share: number
}

/** Each level passes what the narrowest below it passes. */
function scaleTaper(shares: ReadonlyArray<Share>, GBps: number): FabricPerformance["taper"] {
  let narrowest = 1
  return shares.flatMap(({ span, share }) => {
    if (share >= narrowest) return []
    narrowest = share
    return [{ span, GBps: GBps * share }]
  })
}

function taperClos(spec: FabricSpec, size: SwitchedSize, endpointsPerAccelerator: number): ReadonlyArray<Share> {
  const { design, networks } = size
  const network = networks[0]
  if (network === undefined || spec.tiers === 1) return []
  const breakout = breakoutOf(spec)
  const perGroup = design.endpointsPerLeaf * spec.rails
  const leafShare = design.leafUplinks * breakout / design.endpointsPerLeaf
  const leaf = network.leaves > network.rails * spec.homes
    ? [{ span: Math.floor(perGroup / endpointsPerAccelerator), share: leafShare }]
    : []
  if (network.fullPods + (network.lastPodLeaves > 0 ? 1 : 0) < 2) return leaf
  const pods = size.topology === "rail-only" ? spec.rails : 1
  const podEndpoints = spec.endpointsPerPod ?? design.leavesPerPod / spec.homes * design.endpointsPerLeaf
  const podShare = design.spinesPerPod * design.spineUplinks * breakout / (podEndpoints * spec.homes)
  return [...leaf, { span: Math.floor(podEndpoints * pods / endpointsPerAccelerator), share: podShare }]
}

/** Uniform traffic: a router (a dragonfly's group) sends to all others over the links it has to them. */
function taperDirect(spec: FabricSpec, size: DirectSize, endpointsPerAccelerator: number): ReadonlyArray<Share> {
  const { dims, endpointsPerRouter, globalsPerPair, extraGlobals } = size.design
  const [first = 1, groups = 1] = dims
  const dragonfly = size.topology === "dragonfly"
  const inGroup = dragonfly ? first * endpointsPerRouter : endpointsPerRouter
  const out = dragonfly
    ? (groups - 1) * globalsPerPair + extraGlobals
    : dims.reduce((sum, extent) => sum + extent - 1, 0)
  const away = 1 - inGroup / Math.max(spec.endpoints, inGroup)
  if (away === 0) return []
  const share = out * spec.linkGbps / (inGroup * spec.endpointGbps * away)
  return [{ span: Math.floor(inGroup / endpointsPerAccelerator), share: Math.min(1, share) }]
}

/** A scale-up fabric as the accelerators of its HBD see it. */
export function describeScaleUpPerformance(size: ScaleUpSize, timing: FabricTiming): FabricPerformance {
  const switched = size.topology === "switched-1" || size.topology === "switched-2"
  const ring = size.topology === "ring"
  const mesh = size.topology === "full-mesh" || size.topology === "nd-full-mesh"
  return {
    GBps: size.GBps,
    latencyS: pathLatencyS(timing, switched ? size.hops.mean : 0),
    topology: switched ? "switched" : ring ? "ring" : mesh ? "full-mesh" : "torus",
    pairGBps: size.pairGBps,
    dims: switched ? [] : size.dims,
    inNetworkReduction: switched && timing.inNetworkReduction,
    taper: size.crossGBps < size.GBps ? [{ span: size.acceleratorsPerLeaf, GBps: size.crossGBps }] : [],
    railOnly: false
  }
}
