/**
 * Checks a wiring against what was asked, from the graph alone: ports, degrees, counts, rails, connectivity,
 * even bundles.
 */
import type { FabricSize, FabricSpec } from "./fabric.ts"
import { isDirect } from "./fabric.ts"
import type { Wiring } from "./wiring.ts"

/** Mistakes of a wiring in words; none when it is as meant. */
export function checkWiring(spec: FabricSpec, size: FabricSize, wiring: Wiring): ReadonlyArray<string> {
  return [
    ...checkSlots(wiring),
    ...checkCounts(size, wiring),
    ...checkEndpoints(spec, wiring),
    ...checkConnections(wiring),
    ...(size.kind === "switched" ? checkEvenness(wiring) : [])
  ]
}

/** No slot of a port is used twice, none beyond the radix. */
function checkSlots(wiring: Wiring): ReadonlyArray<string> {
  const { nodeSlots, from, to, fromSlot, toSlot, linkTier, breakout } = wiring
  const first = new Uint32Array(nodeSlots.length + 1)
  nodeSlots.forEach((slots, node) => {
    first[node + 1] = first[node]! + slots
  })
  const used = new Uint8Array(first[nodeSlots.length]!)
  const mistakes: Array<string> = []
  const use = (node: number, slot: number, width: number) => {
    if (slot + width > nodeSlots[node]!) {
      mistakes.push(`node ${node} has no slot ${slot + width - 1}`)
      return
    }
    for (let i = slot; i < slot + width; i++) {
      if (used[first[node]! + i]!++ > 0) mistakes.push(`node ${node}: slot ${i} twice`)
    }
  }
  for (let link = 0; link < from.length; link++) {
    const width = linkTier[link] === 0 ? 1 : breakout
    use(from[link]!, fromSlot[link]!, width)
    use(to[link]!, toSlot[link]!, width)
  }
  return mistakes
}

function checkCounts(size: FabricSize, wiring: Wiring): ReadonlyArray<string> {
  const nodes = [0, 0, 0, 0]
  const links = [0, 0, 0]
  for (const tier of wiring.nodeTier) nodes[tier]!++
  for (const tier of wiring.linkTier) links[tier]!++
  const [wantedNodes, wantedLinks]: readonly [ReadonlyArray<number>, ReadonlyArray<number>] = size.kind === "switched"
    ? [
      [size.endpoints, size.switches.leaf, size.switches.spine, size.switches.core],
      [size.links.endpointLeaf, size.links.leafSpine, size.links.spineCore]
    ]
    : [
      [wiring.endpoints, wiring.nodeTier.length - wiring.endpoints, 0, 0],
      [size.links.endpointRouter, size.links.local, size.links.global]
    ]
  const differ = (what: string, found: ReadonlyArray<number>, wanted: ReadonlyArray<number>) =>
    found.flatMap((n, tier) => n === wanted[tier] ? [] : [`${n} ${what} of tier ${tier}, not ${wanted[tier]}`])
  return [...differ("nodes", nodes, wantedNodes), ...differ("links", links, wantedLinks)]
}

/**
 * Every endpoint has its links into every plane, on different switches; a leaf of several rails serves one
 * only.
 */
function checkEndpoints(spec: FabricSpec, wiring: Wiring): ReadonlyArray<string> {
  const mistakes: Array<string> = []
  const railOf = new Int32Array(wiring.nodeTier.length).fill(-1)
  const links = new Uint32Array(wiring.endpoints)
  const pairs = new Set<number>()
  const separate = spec.tiers > 1 || spec.topology === "rail-only"
  for (let link = 0; link < wiring.from.length; link++) {
    if (wiring.linkTier[link] !== 0) continue
    const [endpoint, leaf] = [wiring.from[link]!, wiring.to[link]!]
    links[endpoint]!++
    const pair = endpoint * wiring.nodeTier.length + leaf
    if (pairs.has(pair)) mistakes.push(`endpoint ${endpoint} has two links to switch ${leaf}`)
    pairs.add(pair)
    const [plane, home] = [Math.floor(wiring.fromSlot[link]! / spec.homes), wiring.fromSlot[link]! % spec.homes]
    const network = spec.topology === "rail-only" ? endpoint % spec.rails : 0
    const wanted = spec.tiers === 1 && !isDirect(spec.topology) ? network * spec.homes + home : network
    if (wiring.nodePlane[leaf] !== plane) mistakes.push(`endpoint ${endpoint}: port of plane ${plane} in another`)
    if (wiring.nodeNetwork[leaf] !== wanted) mistakes.push(`endpoint ${endpoint} is not in network ${wanted}`)
    const rail = railInPod(spec, endpoint)
    if (separate && spec.rails > 1 && railOf[leaf] !== -1 && railOf[leaf] !== rail) {
      mistakes.push(`switch ${leaf} serves rails ${railOf[leaf]} and ${rail}`)
    }
    railOf[leaf] = rail
  }
  links.forEach((n, endpoint) => {
    if (n !== spec.planes * spec.homes) mistakes.push(`endpoint ${endpoint} has ${n} links`)
  })
  return mistakes
}

function railInPod(spec: FabricSpec, endpoint: number): number {
  const inPod = spec.tiers === 3 && spec.endpointsPerPod !== null && spec.topology === "clos"
    ? endpoint % spec.endpointsPerPod
    : endpoint
  return inPod % spec.rails
}

/** Switches of one network of one plane hang together; no link joins two networks or two planes. */
function checkConnections(wiring: Wiring): ReadonlyArray<string> {
  const { nodeTier, nodePlane, nodeNetwork, from, to, linkTier } = wiring
  const parent = Uint32Array.from(nodeTier, (_, node) => node)
  const rootOf = (node: number) => {
    while (parent[node] !== node) node = parent[node] = parent[parent[node]!]!
    return node
  }
  for (let link = 0; link < from.length; link++) {
    if (linkTier[link] !== 0) parent[rootOf(from[link]!)] = rootOf(to[link]!)
  }
  const roots = new Map<string, number>()
  const owners = new Map<number, string>()
  const mistakes: Array<string> = []
  for (let node = wiring.endpoints; node < nodeTier.length; node++) {
    const network = `plane ${nodePlane[node]} network ${nodeNetwork[node]}`
    const root = rootOf(node)
    if ((roots.get(network) ?? root) !== root) mistakes.push(`${network} is in pieces at node ${node}`)
    if ((owners.get(root) ?? network) !== network) mistakes.push(`${network} is joined to ${owners.get(root)}`)
    roots.set(network, root)
    owners.set(root, network)
  }
  return mistakes
}

/** A switch has equally many links to each switch of the next tier that it is joined to. */
function checkEvenness(wiring: Wiring): ReadonlyArray<string> {
  const bundles = new Map<number, number>()
  const nodes = wiring.nodeTier.length
  for (let link = 0; link < wiring.from.length; link++) {
    if (wiring.linkTier[link] === 0) continue
    const key = wiring.from[link]! * nodes + wiring.to[link]!
    bundles.set(key, (bundles.get(key) ?? 0) + 1)
  }
  const widths = new Map<number, number>()
  const mistakes: Array<string> = []
  for (const [key, width] of bundles) {
    const lower = Math.floor(key / nodes)
    if ((widths.get(lower) ?? width) !== width) mistakes.push(`switch ${lower} spreads its uplinks unevenly`)
    widths.set(lower, width)
  }
  return mistakes
}
