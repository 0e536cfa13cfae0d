/**
 * Exact sizes of single switches, leaf–spine and leaf–spine–core fabrics. Every bundle of uplinks spreads
 * evenly over the next tier, so the switches of a tier divide the uplinks of the tier below, as in NVIDIA's
 * SuperPOD tables.
 */
import type { ClosDesign, ClosNetwork, FabricInfeasible, FabricSpec } from "./fabric.ts"
import { infeasible, radixOf } from "./fabric.ts"

/** Absorbs the rounding of fractional oversubscription (16/15 · 60 = 64). */
const slack = 1e-9

/** Endpoints that share one switch port. */
export function breakoutOf(spec: FabricSpec): number {
  return spec.linkGbps / spec.endpointGbps
}

/** Endpoints that a port serves whatever their speed: those that share it by breakout, or one. */
export function sharersOf(spec: FabricSpec): number {
  return Math.max(1, breakoutOf(spec))
}

/**
 * Divides `ports` between downlinks and uplinks so that down ≤ oversubscription · up and as many ports as
 * possible face down; then no more uplinks than those need.
 */
function splitPorts(ports: number, oversubscription: number): { readonly down: number; readonly up: number } {
  const balance = ports / (1 + oversubscription)
  const down = Math.max(
    ...[Math.floor(balance), Math.ceil(balance)].map((up) =>
      Math.min(ports - up, Math.floor(oversubscription * up + slack))
    )
  )
  return { down, up: Math.ceil(down / oversubscription - slack) }
}

/** Divisors of n, ascending. */
export function divisorsOf(n: number): ReadonlyArray<number> {
  const low: Array<number> = []
  const high: Array<number> = []
  for (let i = 1; i * i <= n; i++) {
    if (n % i !== 0) continue
    low.push(i)
    if (i * i !== n) high.unshift(n / i)
  }
  return [...low, ...high]
}

/** The fewest switches, at least `least`, over which a bundle of `uplinks` spreads evenly; null: none. */
function spreadOver(uplinks: number, least: number): number | null {
  return divisorsOf(uplinks).find((n) => n >= least - slack) ?? null
}

/**
 * Leaves that serve `endpoints` spread over rails: the first rails hold one endpoint more where it does not
 * divide.
 */
function countLeaves(endpoints: number, rails: number, homes: number, endpointsPerLeaf: number): number {
  const perRail = Math.floor(endpoints / rails)
  const longer = endpoints % rails
  const leaves = longer * Math.ceil((perRail + 1) / endpointsPerLeaf) +
    (rails - longer) * Math.ceil(perRail / endpointsPerLeaf)
  return homes * leaves
}

/** Rails inside one network: `rail-only` keeps one in each. */
function railsInside(spec: FabricSpec): number {
  return spec.topology === "rail-only" || spec.tiers === 1 ? 1 : spec.rails
}

function designLeaf(spec: FabricSpec): { readonly endpoints: number; readonly uplinks: number } | FabricInfeasible {
  const ports = radixOf(spec, 0)
  const breakout = breakoutOf(spec)
  const ratio = spec.tiers === 1 ? Infinity : spec.oversubscription[0] ?? 1
  if (spec.endpointsPerLeaf === null) {
    if (spec.tiers === 1) return { endpoints: ports * breakout, uplinks: 0 }
    const { down, up } = splitPorts(ports, ratio)
    if (down > 0) return { endpoints: down * breakout, uplinks: up }
    const least = 1 + Math.ceil(1 / ratio - slack) + spec.sparePorts
    return infeasible(`a leaf of ${ports} ports has none left for endpoints at ${ratio}:1`, `a radix of at least ${least}`)
  }
  const uplinks = Math.ceil(spec.endpointsPerLeaf / breakout / ratio - slack)
  const needed = Math.ceil(spec.endpointsPerLeaf / breakout) + uplinks
  if (needed <= ports) return { endpoints: spec.endpointsPerLeaf, uplinks }
  const { down } = spec.tiers === 1 ? { down: ports } : splitPorts(ports, ratio)
  return infeasible(
    `${spec.endpointsPerLeaf} endpoints on a leaf need ${needed} ports with their uplinks, it has ${ports}`,
    `at most ${down * breakout} endpoints per leaf, or a radix of ${needed + spec.sparePorts}`
  )
}

/** Largest number of endpoints that `leaves` leaves serve with full rails. */
function endpointsUnder(leaves: number, spec: FabricSpec, endpointsPerLeaf: number): number {
  const rails = railsInside(spec)
  return rails * Math.floor(leaves / (rails * spec.homes)) * endpointsPerLeaf
}

/** Ports, pods and limits of one network, whatever the number of endpoints. */
export function designClos(spec: FabricSpec): ClosDesign | FabricInfeasible {
  const leaf = designLeaf(spec)
  if ("kind" in leaf) return leaf
  const base = { endpointsPerLeaf: leaf.endpoints, leafUplinks: leaf.uplinks, maxPods: 1, spineUplinks: 0 }
  if (spec.tiers === 1) {
    return {
      ...base, leavesPerPod: spec.homes, spinesPerPod: 0, spineDownlinks: 0, maxEndpoints: leaf.endpoints
    }
  }
  if (spec.tiers === 2) {
    const leavesPerPod = radixOf(spec, 1)
    const maxEndpoints = endpointsUnder(leavesPerPod, spec, leaf.endpoints)
    return { ...base, leavesPerPod, spinesPerPod: leaf.uplinks, spineDownlinks: leavesPerPod, maxEndpoints }
  }
  return designPods(spec, base)
}

/** Separate networks of one plane: `rail-only` has one per rail. */
export function countNetworks(spec: FabricSpec): number {
  return spec.topology === "rail-only" ? spec.rails : 1
}

/** The design, if it holds the spec's endpoints. */
export function designReaching(spec: FabricSpec): ClosDesign | FabricInfeasible {
  const design = designClos(spec)
  if ("kind" in design) return design
  const most = countNetworks(spec) * design.maxEndpoints
  if (Math.ceil(spec.endpoints / countNetworks(spec)) <= design.maxEndpoints) return design
  const tiers = spec.topology === "single" ? undefined : ([2, 3] as const).find((tiers) => {
    const larger = tiers > spec.tiers ? designClos({ ...spec, tiers }) : design
    return !("kind" in larger) && countNetworks(spec) * larger.maxEndpoints >= spec.endpoints
  })
  const asked = spec.tiers === 1 ? "1 tier" : `${spec.tiers} tiers`
  const more = tiers === undefined ? "a larger radix or more planes of slower links" : `${tiers} tiers`
  return infeasible(
    most <= 0
      ? `a leaf for each of ${spec.rails} rails is more than ${asked} of this radix join`
      : `${spec.endpoints} endpoints are more than ${asked} of this radix reach`,
    most <= 0 ? `fewer rails, or ${more}` : `at most ${most} endpoints, or ${more}`
  )
}

function designPods(
  spec: FabricSpec,
  base: Pick<ClosDesign, "endpointsPerLeaf" | "leafUplinks">
): ClosDesign | FabricInfeasible {
  const ratio = spec.oversubscription[1] ?? 1
  const ports = radixOf(spec, 1)
  const split = splitPorts(ports, ratio)
  const most = Math.floor(split.down / spec.homes) * spec.homes
  const leavesPerPod = spec.endpointsPerPod === null
    ? most
    : countLeaves(spec.endpointsPerPod, railsInside(spec), spec.homes, base.endpointsPerLeaf)
  const spines = most <= 0 ? null : spreadOver(base.leafUplinks, leavesPerPod * base.leafUplinks / split.down)
  if (spines === null) {
    return infeasible(
      `a pod of ${leavesPerPod} leaves is more than a spine of ${ports} ports joins at ${ratio}:1`,
      `pods of at most ${endpointsUnder(most, spec, base.endpointsPerLeaf)} endpoints (${most} leaves), ` +
        "or a larger radix"
    )
  }
  const spineDownlinks = leavesPerPod * base.leafUplinks / spines
  const maxPods = radixOf(spec, 2)
  return {
    ...base, leavesPerPod, spinesPerPod: spines, spineDownlinks, maxPods,
    spineUplinks: Math.ceil(spineDownlinks / ratio - slack),
    maxEndpoints: spec.endpointsPerPod === null
      ? endpointsUnder(maxPods * leavesPerPod, spec, base.endpointsPerLeaf)
      : maxPods * spec.endpointsPerPod
  }
}

/** One network of `endpoints` ≤ `design.maxEndpoints`. */
export function sizeClosNetwork(spec: FabricSpec, design: ClosDesign, endpoints: number): ClosNetwork {
  const rails = railsInside(spec)
  const { fullPods, lastPodLeaves } = countPods(spec, design, endpoints, rails)
  const leaves = fullPods * design.leavesPerPod + lastPodLeaves
  const network = { endpoints, rails, leaves, fullPods, lastPodLeaves }
  if (spec.tiers === 1) return { ...network, spinesPerPod: 0, lastPodSpines: 0, coreGroups: 0, coresPerGroup: 0 }
  const needed = lastPodLeaves * design.leafUplinks / design.spineDownlinks
  if (spec.tiers === 2) {
    const spines = fullPods > 0 ? design.spinesPerPod : 0
    const lastPodSpines = lastPodLeaves > 0 ? spreadOver(design.leafUplinks, needed) ?? 0 : 0
    return { ...network, spinesPerPod: spines, lastPodSpines, coreGroups: 0, coresPerGroup: 0 }
  }
  const top = chooseTop(design, radixOf(spec, 2), fullPods, lastPodLeaves > 0 ? needed : 0)
  return { ...network, spinesPerPod: fullPods > 0 ? design.spinesPerPod : 0, ...top }
}

function countPods(spec: FabricSpec, design: ClosDesign, endpoints: number, rails: number) {
  if (spec.tiers === 3 && spec.endpointsPerPod !== null) {
    const rest = endpoints % spec.endpointsPerPod
    return {
      fullPods: Math.floor(endpoints / spec.endpointsPerPod),
      lastPodLeaves: countLeaves(rest, rails, spec.homes, design.endpointsPerLeaf)
    }
  }
  const leaves = countLeaves(endpoints, rails, spec.homes, design.endpointsPerLeaf)
  return { fullPods: Math.floor(leaves / design.leavesPerPod), lastPodLeaves: leaves % design.leavesPerPod }
}

type Top = Pick<ClosNetwork, "lastPodSpines" | "coreGroups" | "coresPerGroup">

/**
 * Spines of the partial pod and the cores, the fewest switches together. Cores stand in groups: a group joins
 * an equal share of every pod's spines, and each of those spreads its uplinks evenly over the group. Taking the
 * least total over a set that only shrinks as the pod fills keeps the size monotone in the endpoints.
 */
function chooseTop(design: ClosDesign, coreRadix: number, fullPods: number, needed: number): Top {
  let best: Top | null = null
  let bestTotal = Infinity
  const candidates = needed === 0
    ? [0]
    : divisorsOf(design.leafUplinks).filter((n) => n >= needed - slack && n <= design.spinesPerPod)
  for (const lastPodSpines of candidates) {
    const spines = fullPods * design.spinesPerPod + lastPodSpines
    for (const coreGroups of divisorsOf(lastPodSpines === 0 ? design.spinesPerPod : lastPodSpines)) {
      if (fullPods > 0 && design.spinesPerPod % coreGroups !== 0) continue
      const coresPerGroup = spreadOver(design.spineUplinks, spines / coreGroups * design.spineUplinks / coreRadix)
      if (coresPerGroup === null) continue
      const total = lastPodSpines + coreGroups * coresPerGroup
      if (total < bestTotal) {
        bestTotal = total
        best = { lastPodSpines, coreGroups, coresPerGroup }
      }
    }
  }
  if (best === null) throw new Error(`no even core for ${fullPods} pods and ${needed} spines of a partial one`)
  return best
}
