/**
 * What a dragonfly carries between the first and the second half of its endpoints. Groups of one half stay whole: a
 * group's own mesh is wider than what leads out of it. The group in which the halves meet is cut between its routers.
 */
import type { DirectDesign, FabricSpec } from "./fabric.ts"
import { injectedGbps } from "./fabric.ts"

/**
 * Offsets (in groups) of the links that a group has beyond its even share. A regular circulant graph: both
 * directions of each offset, and the opposite group where their number is odd.
 */
export function extraOffsets(groups: number, extra: number): ReadonlyArray<number> {
  const half = Math.floor((groups - 1) / 2)
  const offsets = Array.from({ length: Math.floor(extra / 2) }, (_, i) => half - i)
  return extra % 2 === 1 ? [...offsets, groups / 2] : offsets
}

/** The groups that a group's global links lead to, in the order in which the wiring deals them to its routers. */
function peersOf(design: DirectDesign, group: number): ReadonlyArray<number> {
  const groups = design.dims[1] ?? 1
  const peers: Array<number> = []
  for (let other = 0; other < groups; other++) {
    if (other !== group) for (let link = 0; link < design.globalsPerPair; link++) peers.push(other)
  }
  for (const offset of extraOffsets(groups, design.extraGlobals)) {
    const [before, after] = [(group - offset + groups) % groups, (group + offset) % groups]
    if (2 * offset === groups) peers.push(after)
    else if (before < group) peers.push(before, after)
    else peers.push(after, before)
  }
  return peers
}

/** Gb/s of one plane, one direction: the narrowest of the cuts that a partly filled last group leaves to choose. */
export function bisectDragonfly(spec: FabricSpec, design: DirectDesign): number {
  const [routers = 1, groups = 1] = design.dims
  const middle = Math.floor(Math.floor(spec.endpoints / 2) / (routers * design.endpointsPerRouter))
  const inOrder = Uint8Array.from({ length: groups }, (_, group) => group < middle ? 0 : 1)
  const peers = peersOf(design, middle)
  const cuts = [cutBetween(spec, design, inOrder, middle, peers)]
  if (groups - 1 > middle) {
    const lastInFirst = inOrder.slice()
    lastInFirst[groups - 1] = 0
    const inLast = spec.endpoints - (groups - 1) * routers * design.endpointsPerRouter
    cuts.push(inLast * spec.endpointGbps + cutBetween(spec, design, lastInFirst, middle, peers))
  }
  return Math.min(injectedGbps(spec), ...cuts)
}

/** The cut between groups of side 0 and of side 1, the routers of the middle group where they cost least. */
function cutBetween(
  spec: FabricSpec, design: DirectDesign, sides: Uint8Array, middle: number, peers: ReadonlyArray<number>
): number {
  return countCrossing(design, sides, middle) * spec.linkGbps + cutGroup(spec, design, sides, middle, peers)
}

/** Global links between the sides, those of the middle group apart. */
function countCrossing(design: DirectDesign, sides: Uint8Array, middle: number): number {
  const groups = sides.length
  const second = sides.reduce((sum, side, group) => group === middle ? sum : sum + side, 0)
  let crossing = (groups - 1 - second) * second * design.globalsPerPair
  for (const offset of extraOffsets(groups, design.extraGlobals)) {
    const links = 2 * offset === groups ? offset : groups
    for (let a = 0; a < links; a++) {
      const b = (a + offset) % groups
      if (a !== middle && b !== middle && sides[a] !== sides[b]) crossing++
    }
  }
  return crossing
}

/** Gb/s cut at the middle group: its routers differ in endpoints and global links, all their pairs are linked. */
function cutGroup(
  spec: FabricSpec, design: DirectDesign, sides: Uint8Array, middle: number, peers: ReadonlyArray<number>
): number {
  const routers = design.dims[0] ?? 1
  const perRouter = design.endpointsPerRouter
  const half = Math.floor(spec.endpoints / 2)
  const first = middle * routers * perRouter
  const within = (endpoint: number, upTo: number) => Math.min(perRouter, Math.max(0, upTo - endpoint))
  const inSecond = new Float64Array(routers)
  const moved = new Float64Array(routers)
  for (let router = 0; router < routers; router++) {
    const endpoint = first + router * perRouter
    const ofFirst = within(endpoint, half)
    const ofSecond = within(endpoint, spec.endpoints) - ofFirst
    inSecond[router] = ofFirst * spec.endpointGbps
    moved[router] = (ofSecond - ofFirst) * spec.endpointGbps
  }
  peers.forEach((peer, link) => {
    const router = link % routers
    if (sides[peer] === 0) inSecond[router]! += spec.linkGbps
    moved[router]! += (sides[peer] === 0 ? -1 : 1) * spec.linkGbps
  })
  moved.sort()
  let cut = inSecond.reduce((sum, gbps) => sum + gbps, 0)
  let least = cut
  for (let onFirst = 1; onFirst <= routers; onFirst++) {
    cut += moved[onFirst - 1]!
    least = Math.min(least, cut + onFirst * (routers - onFirst) * spec.linkGbps)
  }
  return least
}
