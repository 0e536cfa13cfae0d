/**
 * Times the hot functions of the facility model. Sizes sweep from one HBD to a gigawatt; every use is held against its bill of
 * materials before it is timed.
 */
import { billOfMaterials } from "../models/facility/bill-of-materials.ts"
import { defaultAllowances, defaultPriceRanges } from "../models/facility/defaults.ts"
import { countCables } from "../models/facility/cable-counts.ts"
import { preparePlant } from "../models/facility/plant.ts"
import { resourceUse } from "../models/facility/resource-use.ts"
import { boundResourceUse } from "../models/facility/use-bound.ts"
import { site } from "./reference-sites.ts"
import { measure, showTimes } from "./timing.ts"

/** `runs` samples of each function, times 40. */
export const benchFacility = (runs: number): void => {
  for (const [id, hbds] of [["dgx-h100", 1], ["dgx-h100", 4096], ["gb200-nvl72", 16], ["gb200-nvl72", 1024]] as const) {
    const { plant, scaleOut } = site(id, hbds)
    const billedW = billOfMaterials(plant, id, hbds, scaleOut, defaultPriceRanges)
      .reduce((sum, line) => sum + line.count * line.powerMaxW, 0)
    const usedW = resourceUse(plant, hbds, scaleOut)!.itPowerW
    if (Math.abs(billedW / usedW - 1) > 1e-9) throw new Error(`${id}: the bill draws ${billedW} W, not ${usedW} W`)
    const works: ReadonlyArray<readonly [string, () => unknown]> = [
      ["resourceUse", () => resourceUse(plant, hbds, scaleOut)],
      ["boundResourceUse", () => boundResourceUse(plant, scaleOut)],
      ["countCables", () => countCables(plant, hbds, scaleOut)],
      ["preparePlant", () => preparePlant(plant.design, plant.standing, defaultAllowances, plant.linksPerCable)],
      ["billOfMaterials", () => billOfMaterials(plant, id, hbds, scaleOut, defaultPriceRanges)]
    ]
    for (const [name, work] of works) {
      console.log(`${id} × ${hbds}`.padEnd(20), name.padEnd(20), showTimes(measure(40 * runs, work)), "ms")
    }
  }
}
