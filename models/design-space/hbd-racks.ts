/**
 * The racks that one HBD can come to: NICs and media are in its hosts' power, and how many racks it takes decides its media. So
 * media are chosen for each number of racks that some NIC makes of it, and a plant is refused where it comes to another
 * (`plant.ts`).
 */
import type { RackContents, RackRefusal, RackRule } from "../facility/rack-rule.ts"
import { rackRule, togetherOf } from "../facility/rack-rule.ts"
import type { HbdRacks } from "./layout.ts"

/** Racks of an HBD of these contents, and whether switches are among its hosts. */
export type Racking = Pick<HbdRacks, "hostsTogether"> & { readonly racks: number }

/** Power of a host to which it is told where the racks of its HBD become more, W. */
const stepW = 1

/** All that an HBD comes to as up to `extraW` is added to each of its hosts: the racks grow with it. */
export function rackingsUpTo({ contents, limits }: Pick<RackRule, "contents" | "limits">, extraW: number): ReadonlyArray<Racking> {
  const { host } = contents
  const at = (addedW: number) => {
    const heavier: RackContents = { ...contents, host: { ...host, powerW: host.powerW + addedW } }
    return rackingOf(rackRule(heavier, limits))
  }
  const found: Array<Racking> = []
  const search = (fromW: number, toW: number, from: Racking | null, to: Racking | null) => {
    if (from === null || isSame(from, to)) return
    if (toW - fromW <= stepW) {
      if (to !== null) found.push(to)
      return
    }
    const middleW = (fromW + toW) / 2
    const middle = at(middleW)
    search(fromW, middleW, from, middle)
    search(middleW, toW, middle, to)
  }
  const least = at(0)
  if (least !== null) found.push(least)
  search(0, extraW, least, at(extraW))
  return found
}

function rackingOf(rule: RackRule | RackRefusal): Racking | null {
  return rule.kind === "refusal" ? null : { racks: rule.racksPerHbd, hostsTogether: togetherOf(rule) }
}

export function isSame(a: Racking, b: Racking | null): boolean {
  return b !== null && a.racks === b.racks && a.hostsTogether === b.hostsTogether
}
