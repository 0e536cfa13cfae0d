/** Which racks of an HBD its cables join, and how far those stand apart: the same in whatever hall it stands. */
import type { RacksJoined } from "../design-space/layout.ts"
import { cableLengthM, hbdCell, hbdSpanM, RACK_WIDTH_M } from "./floor-grid.ts"

/** Two racks of an HBD by their place in it, and the share of the cables that join them; both the same: within one. */
export interface RackPair {
  readonly from: number
  readonly to: number
  readonly share: number
}

/** Shares sum to 1. */
export function joinedRacks(racks: number, joins: RacksJoined): ReadonlyArray<RackPair> {
  if (racks === 1 || joins === "one") return [{ from: 0, to: 0, share: 1 }]
  if (joins === "any") return evenly(allPairs(racks), 1)
  const links = joins.reduce((sum, lines) => sum + lines.links, 0)
  return joins.flatMap(({ stride, extent, ring, links: own }) => {
    const pairs: Array<readonly [number, number]> = []
    for (let from = 0; from < racks; from++) {
      const position = Math.floor(from / stride) % extent
      const most = ring ? Math.min(1, extent - 1 - position) : extent - 1 - position
      for (let step = 1; step <= most; step++) pairs.push([from, from + step * stride])
      if (ring && extent > 2 && position === 0) pairs.push([from, from + (extent - 1) * stride])
    }
    return evenly(pairs, own / links)
  })
}

function allPairs(racks: number): ReadonlyArray<readonly [number, number]> {
  return Array.from({ length: racks }, (_, from) => from)
    .flatMap((from) => Array.from({ length: racks - 1 - from }, (_, step) => [from, from + 1 + step] as const))
}

function evenly(pairs: ReadonlyArray<readonly [number, number]>, share: number): ReadonlyArray<RackPair> {
  return pairs.map(([from, to]) => ({ from, to, share: share / pairs.length }))
}

/** No cable that joins these racks of an HBD is longer, m; where any two are joined, nor in one of fewer racks. */
export function longestJoinM(racks: number, joins: RacksJoined, rowPitchM: number): number {
  const { columns } = hbdCell(racks)
  if (joins === "any") return cableLengthM(hbdSpanM(racks, rowPitchM))
  return joinedRacks(racks, joins).reduce((most, { from, to }) => {
    const across = Math.abs(from % columns - to % columns) * RACK_WIDTH_M
    const rowsM = Math.abs(Math.floor(from / columns) - Math.floor(to / columns)) * rowPitchM
    return Math.max(most, cableLengthM(across + rowsM))
  }, 0)
}
