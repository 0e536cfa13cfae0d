/** The nodes that a mapping runs on: of every HBD in use the first, as many as its ranks need. */
import { siteUnit, spreadHbds } from "../../models/design-space/site-spread.ts"
import type { ExportSource } from "./export-source.ts"

export interface JobNodes {
  /** of each HBD in use */
  readonly nodesPerHbd: number
  readonly ranksPerNode: number
  /** HBDs in use of each site, its first: whole replicas or stages, as the plan deals them */
  readonly hbds: ReadonlyArray<number>
}

export function jobNodes({ built, mapping }: Pick<ExportSource, "built" | "mapping">): JobNodes {
  const { hbd } = built.block
  const ranksPerNode = Math.min(hbd.host.accelerators, mapping.ranksPerHbd)
  const needed = Math.ceil(mapping.world / mapping.ranksPerHbd)
  const room = built.sites.map(({ hbds }) => hbds)
  const unit = siteUnit(mapping, hbd.size)
  return {
    nodesPerHbd: Math.ceil(mapping.ranksPerHbd / ranksPerNode), ranksPerNode,
    hbds: (room.length > 1 ? spreadHbds({ hbds: needed, needed, unit }, room, [...room.keys()]) : null) ?? fill(needed, room)
  }
}

function fill(needed: number, room: ReadonlyArray<number>): ReadonlyArray<number> {
  let left = needed
  return room.map((most) => {
    const used = Math.min(left, most)
    left -= used
    return used
  })
}
