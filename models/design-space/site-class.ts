/** Which class of rack a site gives a host. */
import { coolingServes } from "../facility/rack-rule.ts"
import type { CoolingClass } from "../hardware/facility.ts"
import type { System } from "../hardware/system.ts"
import type { Site } from "./scenario.ts"

/** Where a host's racks stand at a site. */
export interface RackClass {
  readonly coolingClass: CoolingClass
  readonly rackPowerKW: number
  readonly pue: number
  /** racks of this class; null: no limit of its own */
  readonly racks: number | null
  /** position in the site's list: the path of its limits */
  readonly index: number
}

/** The site's first class that can cool the host; null where there is none. */
export function rackClassFor(site: Site, host: System, classes: ReadonlyArray<CoolingClass>): RackClass | null {
  for (const [index, offered] of site.cooling.entries()) {
    const coolingClass = classes.find((one) => one.id === offered.class)
    if (coolingClass === undefined || !coolingServes(coolingClass.cooling, host.cooling)) continue
    return {
      coolingClass,
      rackPowerKW: offered.rackPowerKW ?? coolingClass.rackPowerMaxKW,
      pue: site.power.pue ?? (site.climate === null ? coolingClass.pue : coolingClass.pueByClimate[site.climate]),
      racks: offered.racks,
      index
    }
  }
  return null
}
