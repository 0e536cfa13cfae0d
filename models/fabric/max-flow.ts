/**
 * Maximum flow by Dinic's algorithm, and with it the bisection of a wiring: the measure that the formulas must
 * equal.
 */
import type { FabricSpec } from "./fabric.ts"
import type { Wiring } from "./wiring.ts"

/** A directed network; arc 2i+1 is the reverse of arc 2i. */
interface FlowNetwork {
  readonly nodes: number
  readonly head: Int32Array
  readonly next: Array<number>
  readonly to: Array<number>
  readonly room: Array<number>
}

function createNetwork(nodes: number): FlowNetwork {
  return { nodes, head: new Int32Array(nodes).fill(-1), next: [], to: [], room: [] }
}

function addArc(network: FlowNetwork, from: number, to: number, room: number, back: number): void {
  for (const [a, b, capacity] of [[from, to, room], [to, from, back]] as const) {
    network.next.push(network.head[a]!)
    network.to.push(b)
    network.room.push(capacity)
    network.head[a] = network.to.length - 1
  }
}

function levelsFrom(network: FlowNetwork, source: number): Int32Array {
  const level = new Int32Array(network.nodes).fill(-1)
  const queue = [source]
  level[source] = 0
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at]!
    for (let arc = network.head[node]!; arc >= 0; arc = network.next[arc]!) {
      const to = network.to[arc]!
      if (network.room[arc]! > 0 && level[to]! < 0) {
        level[to] = level[node]! + 1
        queue.push(to)
      }
    }
  }
  return level
}

function maxFlow(network: FlowNetwork, source: number, sink: number): number {
  let total = 0
  for (let level = levelsFrom(network, source); level[sink]! >= 0; level = levelsFrom(network, source)) {
    const arcOf = network.head.slice()
    const push = (node: number, most: number): number => {
      if (node === sink) return most
      for (; arcOf[node]! >= 0; arcOf[node] = network.next[arcOf[node]!]!) {
        const arc = arcOf[node]!
        const to = network.to[arc]!
        if (network.room[arc]! <= 0 || level[to] !== level[node]! + 1) continue
        const pushed = push(to, Math.min(most, network.room[arc]!))
        if (pushed === 0) continue
        network.room[arc]! -= pushed
        network.room[arc ^ 1]! += pushed
        return pushed
      }
      return 0
    }
    for (let pushed = push(source, Infinity); pushed > 0; pushed = push(source, Infinity)) total += pushed
  }
  return total
}

/**
 * Gb/s from the first half of the endpoints to the others; from the first half of the routers where endpoints route
 * themselves. Endpoints do not relay. For wirings of some thousand links: time grows faster than their number.
 */
export function measureBisection(spec: FabricSpec, wiring: Wiring): number {
  const nodes = wiring.nodeTier.length
  const [source, sink] = [nodes, nodes + 1]
  const network = createNetwork(nodes + 2)
  const ends = wiring.endpoints > 0 ? wiring.endpoints : nodes / spec.planes
  const half = Math.floor(ends / 2)
  for (let node = 0; node < (wiring.endpoints > 0 ? ends : nodes); node++) {
    const first = node % ends < half
    addArc(network, first ? source : node, first ? node : sink, Infinity, 0)
  }
  for (let link = 0; link < wiring.from.length; link++) {
    const [from, to] = [wiring.from[link]!, wiring.to[link]!]
    if (wiring.linkTier[link] !== 0) addArc(network, from, to, spec.linkGbps, spec.linkGbps)
    else if (from < half) addArc(network, from, to, spec.endpointGbps, 0)
    else addArc(network, to, from, spec.endpointGbps, 0)
  }
  return maxFlow(network, source, sink)
}
