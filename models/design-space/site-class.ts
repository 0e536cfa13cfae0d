/** Which class of rack a site gives a host. */
import type { Standing } from "../facility/plant.ts"
import { coolingServes } from "../facility/rack-rule.ts"
import type { CoolingClass } from "../hardware/facility.ts"
import type { Cooling } from "../hardware/part.ts"
import type { System } from "../hardware/system.ts"
import type { Site } from "./scenario.ts"

/** Where a host's racks stand at a site. */
export interface RackClass extends Standing {
  /** whose PUE it is that air, or the loop, cools at */
  readonly pueClasses: { readonly air: CoolingClass; readonly liquid: CoolingClass }
  /** racks of this class; null: no limit of its own */
  readonly racks: number | null
  /** position in the site's list: the path of its limits */
  readonly index: number
}

/** Where what is cooled by air stands at a site; null where no class is known. */
export function standingFor(site: Site, classes: ReadonlyArray<CoolingClass>): Standing | null {
  return classFor(site, "air", classes)
}

/** The class of a host's racks; null where none can cool it. */
export function rackClassFor(site: Site, host: System, classes: ReadonlyArray<CoolingClass>): RackClass | null {
  return classFor(site, host.cooling, classes)
}

/**
 * The site's first class that is made for a cooling, else the first that can take it (air-cooled parts in a liquid
 * hall).
 */
function classFor(site: Site, cooling: Cooling, classes: ReadonlyArray<CoolingClass>): RackClass | null {
  const offers = site.cooling.flatMap((offered, index) => {
    const coolingClass = classes.find((one) => one.id === offered.class)
    return coolingClass !== undefined && coolingServes(coolingClass.cooling, cooling) ? [{ offered, index, coolingClass }] : []
  })
  const chosen = offers.find(({ coolingClass }) => coolingClass.cooling === cooling) ?? offers[0]
  if (chosen === undefined) return null
  const { offered, index, coolingClass } = chosen
  const pueClasses = pueClassesOf(coolingClass, offers.map((offer) => offer.coolingClass), classes)
  const pues = { air: pueOf(site, pueClasses.air), liquid: pueOf(site, pueClasses.liquid) }
  return {
    coolingClass,
    rackPowerKW: offered.rackPowerKW ?? coolingClass.rackPowerMaxKW,
    pue: cooling === "air" ? pues.air : pues.liquid,
    liquidLoop: offers.some((offer) => offer.coolingClass.cooling !== "air"),
    pues,
    pueClasses,
    racks: offered.racks,
    index
  }
}

/**
 * A liquid class takes the heat of what is made for it. What is cooled by air there, as network switches and services are in any
 * hall, is as in the site's class of air, or as in the catalogue's first where the site names none.
 */
function pueClassesOf(
  own: CoolingClass, offered: ReadonlyArray<CoolingClass>, classes: ReadonlyArray<CoolingClass>
): RackClass["pueClasses"] {
  const isAir = ({ cooling }: CoolingClass) => cooling === "air"
  const air = isAir(own) ? own : offered.find(isAir) ?? classes.find(isAir) ?? own
  return { air, liquid: isAir(own) ? offered.find((one) => !isAir(one)) ?? own : own }
}

/** The site's own, else that of its climate, else the class's. */
function pueOf({ power, climate }: Site, { pue, pueByClimate }: CoolingClass): number {
  return power.pue ?? (climate === null ? pue : pueByClimate[climate])
}
