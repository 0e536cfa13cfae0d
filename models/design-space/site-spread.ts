/** How the HBDs of a mapping are dealt to sites: whole replicas, or whole stages, to each. */
import type { Mapping } from "../performance/mapping.ts"
import { greatestCommonDivisor, type Inside, placeRanks } from "../performance/placement.ts"
import { crossingDimension } from "../performance/site-crossing.ts"

/** What a layout needs of HBDs. */
export interface HbdNeed {
  /** built in all */
  readonly hbds: number
  /** of them in use */
  readonly needed: number
  /** HBDs that must not be parted: `needed` is a multiple of it */
  readonly unit: number
}

/** HBDs of one site have nothing to part. */
export function needOnOneSite(hbds: number): HbdNeed {
  return { hbds, needed: hbds, unit: 1 }
}

const inside: Inside = { tp: 1, cp: 1, dp: 1, pp: 1, ep: 1, expertData: 1 }

/**
 * HBDs that must stand together: those of the replicas that share a set of experts where replicas lie on several sites, of a
 * stage where stages do; so what crosses is gradients and parameters, or messages between stages, and nothing else.
 */
export function siteUnit(mapping: Mapping, hbdSize: number): number {
  const { tp, cp, ep, etp, pp, dp, order } = mapping
  placeRanks(tp, cp, ep, etp, pp, dp, order === "tp-cp-dp-pp", hbdSize, inside)
  const model = (tp / inside.tp) * (cp / inside.cp)
  if (crossingDimension(mapping) === "pp") return model * (dp / inside.dp)
  const sharing = ep * etp / greatestCommonDivisor(tp * cp, ep * etp)
  return model * (pp / inside.pp) * sharing / greatestCommonDivisor(sharing, inside.dp)
}

/**
 * HBDs for each site: at least one unit each, then sites filled with whole units in `order`, then what is built beyond the
 * need where there is room; null where the `room` of the sites does not suffice.
 */
export function spreadHbds(
  { hbds, needed, unit }: HbdNeed, room: ReadonlyArray<number>, order: ReadonlyArray<number>
): ReadonlyArray<number> | null {
  const placed = room.map(() => unit)
  let left = needed - unit * room.length
  if (left < 0 || room.some((most) => most < unit)) return null
  for (const site of order) {
    const more = Math.min(left, Math.floor(room[site]! / unit) * unit - unit)
    placed[site]! += more
    left -= more
  }
  let spare = hbds - needed
  for (const site of order) {
    const more = Math.min(spare, room[site]! - placed[site]!)
    placed[site]! += more
    spare -= more
  }
  return left === 0 && spare === 0 ? placed : null
}
