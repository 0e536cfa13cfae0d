/**
 * The racks that one HBD can come to: NICs and media are in its hosts' power, and how many racks it takes decides its media. So
 * media are chosen for each number of racks that some NIC makes of it, and a plant is refused where it comes to another
 * (`plant.ts`).
 */
import { rackRule, type RackRule } from "../facility/rack-rule.ts"

/** Power of a host to which it is told where the racks of its HBD become more, W. */
const stepW = 1

/** All numbers of racks that an HBD comes to as up to `extraW` is added to each of its hosts, rising. */
export function racksUpTo({ contents, limits }: Pick<RackRule, "contents" | "limits">, extraW: number): ReadonlyArray<number> {
  const { host } = contents
  /** Infinity: more than a rack holds */
  const at = (addedW: number) => {
    const rule = rackRule({ ...contents, host: { ...host, powerW: host.powerW + addedW } }, limits)
    return rule.kind === "refusal" ? Infinity : rule.racksPerHbd
  }
  const found: Array<number> = []
  const search = (fromW: number, toW: number, from: number, to: number) => {
    if (from === to) return
    if (toW - fromW <= stepW) {
      found.push(to)
      return
    }
    const middleW = (fromW + toW) / 2
    const middle = at(middleW)
    search(fromW, middleW, from, middle)
    search(middleW, toW, middle, to)
  }
  const least = at(0)
  found.push(least)
  search(0, extraW, least, at(extraW))
  return found.filter(Number.isFinite)
}

/** Numbers of racks, from `racks` to twice as many, over which so many hosts are spread without a difference. */
export function evenRacks(hosts: number, racks: number): ReadonlyArray<number> {
  return Array.from({ length: racks === 1 ? 1 : racks + 1 }, (_, more) => racks + more).filter((even) => hosts % even === 0)
}
