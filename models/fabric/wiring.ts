/** The explicit graph of a sized fabric: every node, port and link, in flat typed arrays. */
import { breakoutOf, sharersOf } from "./clos.ts"
import { extraOffsets } from "./dragonfly-bisection.ts"
import type { ClosDesign, ClosNetwork, DirectSize, FabricSize, FabricSpec, SwitchedSize } from "./fabric.ts"
import { radixOf } from "./fabric.ts"

/** 0: endpoint, 1: leaf or router, 2: spine, 3: core. */
export type NodeTier = 0 | 1 | 2 | 3

/**
 * Endpoints are nodes 0 … endpoints − 1. A switch port has `breakout` slots: a link of an endpoint takes one, a
 * link between switches all of them. Link i joins `from[i]` (the lower tier) to `to[i]`.
 */
export interface Wiring {
  readonly endpoints: number
  readonly breakout: number
  readonly nodeTier: Uint8Array
  readonly nodePlane: Uint16Array
  /**
   * network of the plane that the switch belongs to: one, or one per rail (`rail-only`), or per home without
   * spines
   */
  readonly nodeNetwork: Uint32Array
  /** slots of the node: ports × breakout; of an endpoint, its links */
  readonly nodeSlots: Uint32Array
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly fromSlot: Uint32Array
  readonly toSlot: Uint32Array
  /** 0: endpoint, 1: leaf–spine or local, 2: spine–core or global */
  readonly linkTier: Uint8Array
}

/** Wires a fabric that `sizeFabric` sized from the same spec. */
export function wireFabric(spec: FabricSpec, size: FabricSize): Wiring {
  return size.kind === "switched" ? wireClos(spec, size) : wireDirect(spec, size)
}

/** Fills the arrays; hands out nodes, and slots of each node in order. */
class Loom {
  readonly wiring: Wiring
  private nodes = 0
  private links = 0
  private readonly nextSlot: Uint32Array

  constructor(nodes: number, links: number, endpoints: number, breakout: number) {
    this.nextSlot = new Uint32Array(nodes)
    this.wiring = {
      endpoints,
      breakout,
      nodeTier: new Uint8Array(nodes),
      nodePlane: new Uint16Array(nodes),
      nodeNetwork: new Uint32Array(nodes),
      nodeSlots: new Uint32Array(nodes),
      from: new Uint32Array(links),
      to: new Uint32Array(links),
      fromSlot: new Uint32Array(links),
      toSlot: new Uint32Array(links),
      linkTier: new Uint8Array(links)
    }
  }

  /** Adds `count` nodes alike and returns the first. */
  add(count: number, tier: NodeTier, plane: number, network: number, slots: number): number {
    const first = this.nodes
    this.nodes += count
    this.wiring.nodeTier.fill(tier, first, this.nodes)
    this.wiring.nodePlane.fill(plane, first, this.nodes)
    this.wiring.nodeNetwork.fill(network, first, this.nodes)
    this.wiring.nodeSlots.fill(slots, first, this.nodes)
    return first
  }

  link(from: number, to: number, tier: 0 | 1 | 2): void {
    const i = this.links++
    const { wiring } = this
    wiring.from[i] = from
    wiring.to[i] = to
    wiring.fromSlot[i] = this.takeSlot(from, tier)
    wiring.toSlot[i] = this.takeSlot(to, tier)
    wiring.linkTier[i] = tier
  }

  private takeSlot(node: number, tier: 0 | 1 | 2): number {
    const { breakout } = this.wiring
    const next = this.nextSlot[node]!
    const slot = tier === 0 ? next : Math.ceil(next / breakout) * breakout
    this.nextSlot[node] = slot + (tier === 0 ? 1 : breakout)
    return slot
  }
}

function wireClos(spec: FabricSpec, size: SwitchedSize): Wiring {
  const { endpointLeaf, leafSpine, spineCore } = size.links
  const breakout = breakoutOf(spec)
  const loom = new Loom(
    spec.endpoints + size.switches.total, endpointLeaf + leafSpine + spineCore, spec.endpoints, breakout
  )
  loom.add(spec.endpoints, 0, 0, 0, spec.planes * spec.homes)
  for (let plane = 0; plane < spec.planes; plane++) {
    size.networks.forEach((network, i) => {
      // rail-only deals endpoints to its networks in turn; else one network has them all
      const stride = size.networks.length
      wireNetwork(loom, spec, size.design, network, plane, i, (e) => e * stride + i)
    })
  }
  return loom.wiring
}

function wireNetwork(
  loom: Loom,
  spec: FabricSpec,
  design: ClosDesign,
  network: ClosNetwork,
  plane: number,
  index: number,
  endpointOf: (e: number) => number
): void {
  const slots = (tier: 0 | 1 | 2) => radixOf(spec, tier) * loom.wiring.breakout
  const leaf = loom.add(network.leaves, 1, plane, index, slots(0))
  if (spec.tiers === 1) {
    for (let home = 0; home < spec.homes; home++) loom.wiring.nodeNetwork[leaf + home] = index * spec.homes + home
  }
  for (let e = 0; e < network.endpoints; e++) {
    for (let home = 0; home < spec.homes; home++) {
      loom.link(endpointOf(e), leaf + leafOf(spec, design, network.rails, e, home), 0)
    }
  }
  const pods = Array.from({ length: network.fullPods + (network.lastPodLeaves > 0 ? 1 : 0) }, (_, pod) => {
    const full = pod < network.fullPods
    const count = full ? network.spinesPerPod : network.lastPodSpines
    const first = loom.add(count, 2, plane, index, slots(1))
    const leaves = full ? design.leavesPerPod : network.lastPodLeaves
    const firstLeaf = leaf + pod * design.leavesPerPod
    for (let l = firstLeaf; l < firstLeaf + leaves; l++) {
      for (let up = 0; up < design.leafUplinks; up++) loom.link(l, first + up % count, 1)
    }
    return { first, count }
  })
  const core = loom.add(network.coreGroups * network.coresPerGroup, 3, plane, index, slots(2))
  if (network.coreGroups > 0) wireCores(loom, design, network, pods, core)
}

/** Spines of a pod. */
interface PodSpines {
  readonly first: number
  readonly count: number
}

/** Equal shares of every pod's spines to each group of cores, uplinks dealt to the group's cores in turn. */
function wireCores(
  loom: Loom,
  design: ClosDesign,
  network: ClosNetwork,
  pods: ReadonlyArray<PodSpines>,
  core: number
): void {
  for (const { first, count } of pods) {
    const perGroup = count / network.coreGroups
    for (let spine = 0; spine < count; spine++) {
      const group = core + Math.floor(spine / perGroup) * network.coresPerGroup
      for (let up = 0; up < design.spineUplinks; up++) loom.link(first + spine, group + up % network.coresPerGroup, 2)
    }
  }
}

/** Endpoints are dealt to the rails in turn; leaves stand in groups of one per rail and home. */
function leafOf(spec: FabricSpec, design: ClosDesign, rails: number, endpoint: number, home: number): number {
  const podSize = spec.tiers === 3 && spec.endpointsPerPod !== null ? spec.endpointsPerPod : Infinity
  const pod = podSize === Infinity ? 0 : Math.floor(endpoint / podSize)
  const inPod = podSize === Infinity ? endpoint : endpoint % podSize
  const group = Math.floor(Math.floor(inPod / rails) / design.endpointsPerLeaf)
  return pod * design.leavesPerPod + (group * rails + inPod % rails) * spec.homes + home
}

function wireDirect(spec: FabricSpec, size: DirectSize): Wiring {
  const { endpointRouter, local, global } = size.links
  const { routers, endpointsPerRouter } = size.design
  const separate = !spec.integratedRouters
  // a dragonfly grows by groups, each filled before the next; a grid is built whole
  const routerOf = (endpoint: number) =>
    Math.floor(size.topology === "dragonfly" ? endpoint / endpointsPerRouter : endpoint * routers / spec.endpoints)
  const breakout = sharersOf(spec)
  const nodes = (separate ? spec.endpoints : 0) + spec.planes * routers
  const loom = new Loom(nodes, endpointRouter + local + global, separate ? spec.endpoints : 0, breakout)
  if (separate) loom.add(spec.endpoints, 0, 0, 0, spec.planes)
  for (let plane = 0; plane < spec.planes; plane++) {
    const first = loom.add(routers, 1, plane, 0, radixOf(spec, 0) * breakout)
    if (separate) {
      for (let e = 0; e < spec.endpoints; e++) loom.link(e, first + routerOf(e), 0)
    }
    if (size.topology === "dragonfly") wireDragonfly(loom, size, first)
    else wireGrid(loom, size, first)
  }
  return loom.wiring
}

function wireGrid(loom: Loom, size: DirectSize, first: number): void {
  const { dims, routers } = size.design
  let stride = 1
  for (const extent of dims) {
    for (let router = 0; router < routers; router++) {
      const at = Math.floor(router / stride) % extent
      const neighbour = (to: number) => first + router + (to - at) * stride
      if (size.topology !== "torus") {
        for (let to = at + 1; to < extent; to++) loom.link(first + router, neighbour(to), 1)
      } else if (extent > 2 || at + 1 < extent) {
        loom.link(first + router, neighbour((at + 1) % extent), 1)
      }
    }
    stride *= extent
  }
}

function wireDragonfly(loom: Loom, size: DirectSize, first: number): void {
  const { dims, globalsPerPair, extraGlobals } = size.design
  const [routers = 1, groups = 1] = dims
  const nextGlobal = new Uint32Array(groups)
  const endOf = (group: number) => first + group * routers + nextGlobal[group]!++ % routers
  for (let group = 0; group < groups; group++) {
    for (let a = 0; a < routers; a++) {
      for (let b = a + 1; b < routers; b++) loom.link(first + group * routers + a, first + group * routers + b, 1)
    }
  }
  for (let a = 0; a < groups; a++) {
    for (let b = a + 1; b < groups; b++) {
      for (let i = 0; i < globalsPerPair; i++) loom.link(endOf(a), endOf(b), 2)
    }
  }
  for (const offset of extraOffsets(groups, extraGlobals)) {
    const links = 2 * offset === groups ? offset : groups
    for (let a = 0; a < links; a++) loom.link(endOf(a), endOf((a + offset) % groups), 2)
  }
}
