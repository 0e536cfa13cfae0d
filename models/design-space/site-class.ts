/** Which class of rack a site gives a host. */
import type { Standing } from "../facility/plant.ts"
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

/** Where what is cooled by air stands at a site, whatever its racks are cooled by; null where no class is known. */
export function standingFor(site: Site, classes: ReadonlyArray<CoolingClass>): Standing | null {
  for (const offered of site.cooling) {
    const coolingClass = classes.find((one) => one.id === offered.class)
    if (coolingClass === undefined) continue
    return {
      coolingClass, rackPowerKW: offered.rackPowerKW ?? coolingClass.rackPowerMaxKW, pue: pueOf(site, coolingClass)
    }
  }
  return null
}

/** The site's first class that can cool the host; null where there is none. */
export function rackClassFor(site: Site, host: System, classes: ReadonlyArray<CoolingClass>): RackClass | null {
  for (const [index, offered] of site.cooling.entries()) {
    const coolingClass = classes.find((one) => one.id === offered.class)
    if (coolingClass === undefined || !coolingServes(coolingClass.cooling, host.cooling)) continue
    return {
      coolingClass,
      rackPowerKW: offered.rackPowerKW ?? coolingClass.rackPowerMaxKW,
      pue: pueOf(site, coolingClass),
      racks: offered.racks,
      index
    }
  }
  return null
}

/** The site's own, else that of its climate, else the class's. */
function pueOf({ power, climate }: Site, { pue, pueByClimate }: CoolingClass): number {
  return power.pue ?? (climate === null ? pue : pueByClimate[climate])
}
