/** How many HBDs the limits of a site leave room for, before it is known what joins them. */
import type { Plant } from "../facility/plant.ts"
import type { SiteUse } from "../facility/resource-use.ts"
import { leastUseOfHbds } from "../facility/use-bound.ts"
import { isWithin, mostHbds, type SiteRow } from "./rows.ts"

/** HBDs at the most, and the row that leaves room for no more. `plant` is of the HBDs alone, `useBound` per HBD. */
export function roomForHbds(
  rows: ReadonlyArray<SiteRow>, { plant, useBound }: { readonly plant: Plant; readonly useBound: SiteUse }
): { readonly most: number; readonly row: SiteRow | null } {
  const linear = mostHbds(rows, useBound)
  if (!Number.isFinite(linear.most)) return linear
  const most = largestThatFits(0, linear.most, (hbds) => isWithin(rows, leastUseOfHbds(plant, hbds)))
  if (most === linear.most) return linear
  const oneMore = leastUseOfHbds(plant, most + 1)
  return { most, row: rows.find((row) => !isWithin([row], oneMore)) ?? linear.row }
}

/** The largest number from `low`, which fits, to `high`, of which all below one that fits do; quick where it is near `high`. */
export function largestThatFits(low: number, high: number, fits: (count: number) => boolean): number {
  if (high <= low) return low
  let [least, most] = [high, high]
  for (let step = 1; least > low && !fits(least); step *= 2) {
    most = least - 1
    least = Math.max(low, least - step)
  }
  while (least < most) {
    const middle = Math.ceil((least + most) / 2)
    if (fits(middle)) least = middle
    else most = middle - 1
  }
  return least
}
