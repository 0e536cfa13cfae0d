/** Presolve, second part: every HBD that can be built at a site, with its limits and what one of it uses at least. */
import { missingFigures } from "../facility/missing-figures.ts"
import { type Plant, preparePlant } from "../facility/plant.ts"
import { boundResourceUse, type SiteUse } from "../facility/resource-use.ts"
import type { Accelerator } from "../hardware/accelerator.ts"
import type { System } from "../hardware/system.ts"
import { enumerateHbdDesigns } from "./hbd-designs.ts"
import type { HbdDesign } from "./layout.ts"
import { performanceFigures } from "./machine-of-design.ts"
import { mostHbds, type SiteRow, siteRows } from "./rows.ts"
import type { Scenario } from "./scenario.ts"
import { type DropLog, type Hardware, missingFigure } from "./selection.ts"
import { type RackClass, rackClassFor } from "./site-class.ts"

/** An HBD design at a site, its scale-out still open. */
export interface HbdBlock {
  readonly name: string
  readonly hbd: HbdDesign
  readonly site: number
  readonly rackClass: RackClass
  readonly rows: ReadonlyArray<SiteRow>
  /** without scale-out, so a lower bound for every one */
  readonly plant: Plant
  readonly useBound: SiteUse
  /** HBDs that the limits leave room for at the most */
  readonly hbdsBound: number
}

export function enumerateBlocks(scenario: Scenario, hardware: Hardware, log: DropLog): ReadonlyArray<HbdBlock> {
  return scenario.sites.flatMap((_, site) =>
    searchedAccelerators(scenario, hardware, log).flatMap((accelerator) =>
      hostsOf(scenario, hardware, accelerator, log).flatMap((host) => blocksAt(scenario, hardware, site, accelerator, host, log))
    )
  )
}

function searchedAccelerators(scenario: Scenario, hardware: Hardware, log: DropLog): ReadonlyArray<Accelerator> {
  const { accelerator: asked } = scenario.search
  return hardware.accelerators.filter((accelerator) => {
    if (asked !== null && !asked.includes(accelerator.id)) return false
    const missing = missingFigure(accelerator, [...performanceFigures, "powerMaxW", "scaleUpLinks"])
    if (missing !== null) log.drop(`accelerator without ${missing}`, accelerator.id)
    return missing === null
  })
}

function hostsOf(
  scenario: Scenario, hardware: Hardware, accelerator: Accelerator, log: DropLog
): ReadonlyArray<System> {
  const { host: asked } = scenario.search
  const hosts = hardware.systems.filter((system) =>
    (system.kind === "node" || system.kind === "tray") && system.accelerator === accelerator.id &&
    (asked === null || asked.includes(system.id))
  )
  if (hosts.length === 0) log.drop("accelerator without a host", accelerator.id)
  return hosts
}

function blocksAt(
  scenario: Scenario, hardware: Hardware, site: number, accelerator: Accelerator, host: System, log: DropLog
): ReadonlyArray<HbdBlock> {
  const rackClass = rackClassFor(scenario.sites[site]!, host, hardware.coolingClasses)
  if (rackClass === null) {
    log.drop(`no ${host.cooling} cooling at ${scenario.sites[site]!.name}`, host.id)
    return []
  }
  const rows = siteRows(scenario, site, rackClass)
  return enumerateHbdDesigns(scenario, hardware, accelerator, host, rackClass, log).flatMap((hbd) => {
    const block = blockOf(scenario, site, hbd, rackClass, rows, log)
    return block === null ? [] : [block]
  })
}

/** Tells the designs of a site apart. */
function nameOf({
  size, accelerator, host, topology, performance: { dims }, switch: box, scaleOutMaxGbps
}: HbdDesign): string {
  const details = [
    dims.length > 1 ? `${topology} ${dims.join("×")}` : topology,
    ...(box === null ? [] : [box.id]),
    ...(scaleOutMaxGbps === null ? [] : [`${scaleOutMaxGbps} Gb/s left`])
  ]
  return `${size} × ${accelerator.id} in ${host.id} (${details.join(", ")})`
}

function blockOf(
  scenario: Scenario, site: number, hbd: HbdDesign, rackClass: RackClass, rows: ReadonlyArray<SiteRow>, log: DropLog
): HbdBlock | null {
  const name = nameOf(hbd)
  const [missing] = missingFigures({ hbd, scaleOut: null })
  if (missing !== undefined) {
    log.drop(`part without ${missing.field}`, missing.id)
    return null
  }
  const { coolingClass, rackPowerKW, pue } = rackClass
  const plant = preparePlant({ hbd, scaleOut: null }, { coolingClass, rackPowerKW, pue }, scenario.allowances)
  if (plant.kind === "refusal") {
    log.drop(`${plant.resource} of a ${coolingClass.name} rack`, name)
    return null
  }
  const useBound = boundResourceUse(plant, null)
  const { most, row } = mostHbds(rows, useBound)
  if (most < 1) {
    log.drop(`one HBD is more than ${row?.path} allows`, name)
    return null
  }
  return { name, hbd, site, rackClass, rows, plant, useBound, hbdsBound: most }
}
