/** Sizes any scale-out fabric: exact switches, links, cables, bisection and reach, totals over planes and rails. */
import { bisectNetwork } from "./bisection.ts"
import { bundleLinks, sumBundles } from "./bundles.ts"
import { breakoutOf, countNetworks, designReaching, sizeClosNetwork } from "./clos.ts"
import { bisectDirect, planDirect } from "./direct.ts"
import type {
  ClosDesign, ClosNetwork, DirectSize, DirectTopology, FabricInfeasible, FabricSize, FabricSpec, Hops, LinkKind,
  SwitchedSize, SwitchedTopology
} from "./fabric.ts"
import { infeasible, isDirect } from "./fabric.ts"

/**
 * The exact size of a fabric, or why it cannot be built and what could. Numbers of the spec are positive,
 * integers where they count. More endpoints never need fewer switches or links, except where `dims` are left to
 * be chosen.
 */
export function sizeFabric(spec: FabricSpec): FabricSize | FabricInfeasible {
  const breakout = breakoutOf(spec)
  if (!Number.isInteger(breakout) && (breakout > 1 || !isDirect(spec.topology))) {
    return infeasible(
      `a port of ${spec.linkGbps} Gb/s does not break out into links of ${spec.endpointGbps} Gb/s`,
      `endpoint links of ${spec.linkGbps} Gb/s divided by an integer`
    )
  }
  return isDirect(spec.topology) ? sizeDirect(spec, spec.topology) : sizeSwitched(spec, spec.topology)
}

/** The fewest tiers that hold the spec's endpoints; null: not even three do, or the spec cannot be built at all. */
export function smallestTiers(spec: FabricSpec): 1 | 2 | 3 | null {
  if (spec.topology === "single" || isDirect(spec.topology)) return 1
  const tiers = ([1, 2, 3] as const).find((tiers) => sizeFabric({ ...spec, tiers }).kind !== "infeasible")
  return tiers ?? null
}

function sizeSwitched(spec: FabricSpec, topology: SwitchedTopology): SwitchedSize | FabricInfeasible {
  const design = designReaching(spec)
  if ("kind" in design) return design
  const parts = countNetworks(spec)
  // the share of network i of the first n endpoints, dealt in turn: the networks come in few sizes
  const share = (n: number, i: number) => Math.ceil((n - i) / parts)
  const half = Math.floor(spec.endpoints / 2)
  const known = new Map<string, { readonly network: ClosNetwork; readonly bisectionGbps: number }>()
  const sized = Array.from({ length: Math.min(parts, spec.endpoints) }, (_, i) => {
    const [endpoints, first] = [share(spec.endpoints, i), share(half, i)]
    const key = `${endpoints} ${first}`
    const before = known.get(key)
    if (before !== undefined) return before
    const network = sizeClosNetwork(spec, design, endpoints)
    const size = { network, bisectionGbps: bisectNetwork(spec, design, network, first) }
    known.set(key, size)
    return size
  })
  const networks = sized.map(({ network }) => network)
  const counts = addCounts(networks.map((network) => countNetwork(spec, design, network)), spec.planes)
  return {
    kind: "switched",
    topology,
    tiers: spec.tiers,
    endpoints: spec.endpoints,
    ...counts,
    ...countCables(spec, counts.links),
    bisectionGbps: spec.planes * sized.reduce((sum, size) => sum + size.bisectionGbps, 0),
    maxEndpoints: parts * design.maxEndpoints,
    hops: closHops(spec, networks),
    design,
    networks
  }
}

type Counts = Pick<SwitchedSize, "switches" | "links">

function countNetwork(spec: FabricSpec, design: ClosDesign, network: ClosNetwork): Counts {
  const spine = network.fullPods * network.spinesPerPod + network.lastPodSpines
  const core = network.coreGroups * network.coresPerGroup
  return {
    switches: { leaf: network.leaves, spine, core, total: network.leaves + spine + core },
    links: {
      endpointLeaf: network.endpoints * spec.homes,
      leafSpine: network.leaves * design.leafUplinks,
      spineCore: spine * design.spineUplinks
    }
  }
}

function addCounts(parts: ReadonlyArray<Counts>, planes: number): Counts {
  const sum = (count: (part: Counts) => number) => planes * parts.reduce((total, part) => total + count(part), 0)
  return {
    switches: {
      leaf: sum((p) => p.switches.leaf), spine: sum((p) => p.switches.spine), core: sum((p) => p.switches.core),
      total: sum((p) => p.switches.total)
    },
    links: {
      endpointLeaf: sum((p) => p.links.endpointLeaf), leafSpine: sum((p) => p.links.leafSpine),
      spineCore: sum((p) => p.links.spineCore)
    }
  }
}

function countCables(spec: FabricSpec, links: Readonly<Partial<Record<LinkKind, number>>>) {
  const bundles = Object.entries(links).map(([kind, n]) => bundleLinks(spec, kind as LinkKind, n, true))
  return { bundles, ...sumBundles(bundles) }
}

/** Pairs are taken in the same network: what a rail-only fabric joins. Blocks count as evenly filled. */
function closHops(spec: FabricSpec, networks: ReadonlyArray<ClosNetwork>): Hops {
  const { endpoints, leaves, fullPods, lastPodLeaves } = networks[0]!
  const pods = fullPods + (lastPodLeaves > 0 ? 1 : 0)
  const blocks = leaves / spec.homes
  // share of the other endpoints that are in the same of `n` blocks
  const within = (n: number) => Math.max(0, endpoints / n - 1) / Math.max(1, endpoints - 1)
  const [sameLeaf, samePod] = [blocks > 1 ? within(blocks) : 1, pods > 1 ? within(pods) : 1]
  return {
    max: blocks <= 1 ? 1 : pods > 1 ? 5 : 3,
    mean: sameLeaf + 3 * (samePod - sameLeaf) + 5 * (1 - samePod)
  }
}

function sizeDirect(spec: FabricSpec, topology: DirectTopology): DirectSize | FabricInfeasible {
  const plan = planDirect(spec)
  if ("kind" in plan) return plan
  const { design } = plan
  const router = spec.integratedRouters ? 0 : spec.planes * design.routers
  const links = {
    endpointRouter: spec.integratedRouters ? 0 : spec.planes * spec.endpoints,
    local: spec.planes * plan.local,
    global: spec.planes * plan.global
  }
  return {
    kind: "direct",
    topology,
    endpoints: spec.endpoints,
    switches: { router, total: router },
    links,
    ...countCables(spec, links),
    bisectionGbps: spec.planes * bisectDirect(spec, plan),
    maxEndpoints: plan.maxEndpoints,
    hops: plan.hops,
    design
  }
}
