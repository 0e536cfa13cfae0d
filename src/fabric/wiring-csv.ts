/** The wiring of a fabric as a list of cables' ends, one link a line, for whoever pulls them. */
import type { Wiring } from "../../models/fabric/wiring.ts"

const names = ["endpoint", "leaf", "spine", "core"] as const
const directNames = ["endpoint", "router", "router", "router"] as const

/** `leaf-3`: numbered from 0 within its tier, over all planes. */
const nameNodes = (wiring: Wiring, direct: boolean): ReadonlyArray<string> => {
  const next = [0, 0, 0, 0]
  return Array.from(wiring.nodeTier, (tier) => `${(direct ? directNames : names)[tier]}-${next[tier]!++}`)
}

/** Port, and channel of a port that is broken out: `5` or `5/1`. */
const portOf = (slot: number, breakout: number, broken: boolean): string =>
  broken && breakout > 1 ? `${Math.floor(slot / breakout)}/${slot % breakout}` : String(Math.floor(slot / breakout))

export const renderWiringCsv = (wiring: Wiring, direct: boolean): string => {
  const nodes = nameNodes(wiring, direct)
  const lines = ["plane,from,fromPort,to,toPort"]
  for (let link = 0; link < wiring.from.length; link++) {
    const [from, to] = [wiring.from[link]!, wiring.to[link]!]
    const endpoint = wiring.linkTier[link] === 0
    const fromPort = endpoint ? String(wiring.fromSlot[link]) : portOf(wiring.fromSlot[link]!, wiring.breakout, false)
    const toPort = portOf(wiring.toSlot[link]!, wiring.breakout, endpoint)
    lines.push(`${wiring.nodePlane[to]},${nodes[from]},${fromPort},${nodes[to]},${toPort}`)
  }
  return lines.join("\n") + "\n"
}
