/** Presolve, second part: every HBD that can be built at a site, with its limits and what one of it uses at least. */
import { missingFigures } from "../facility/missing-figures.ts"
import { type Plant, preparePlant } from "../facility/plant.ts"
import { leastOfEach, type SiteUse } from "../facility/resource-use.ts"
import { boundResourceUse } from "../facility/use-bound.ts"
import type { Accelerator } from "../hardware/accelerator.ts"
import type { System } from "../hardware/system.ts"
import { enumerateHbdDesigns } from "./hbd-designs.ts"
import type { HbdDesign } from "./layout.ts"
import { performanceFigures } from "./machine-of-design.ts"
import { roomForHbds } from "./hbd-room.ts"
import { mostHbds, rowsBeside, type SiteRow, siteRows, totalRows } from "./rows.ts"
import type { Scenario } from "./scenario.ts"
import { type DropLog, type Hardware, missingFigure } from "./selection.ts"
import { maySpan, type SiteCrossing, siteCrossings } from "./site-crossings.ts"
import { type RackClass, rackClassFor } from "./site-class.ts"

/** An HBD design at one site, its scale-out still open. */
export interface HbdStand {
  readonly site: number
  readonly hbd: HbdDesign
  readonly rackClass: RackClass
  readonly rows: ReadonlyArray<SiteRow>
  /** without scale-out, so a lower bound for every one */
  readonly plant: Plant
  readonly useBound: SiteUse
  /** HBDs that the limits leave room for at the most */
  readonly hbdsBound: number
}

/** An HBD design on one site, or on several that are joined. */
export interface HbdBlock {
  readonly name: string
  readonly hbd: HbdDesign
  /** one for each of its sites, in the scenario's order */
  readonly stands: ReadonlyArray<HbdStand>
  /** null on one site */
  readonly crossing: SiteCrossing | null
  /** per HBD, wherever it stands */
  readonly useBound: SiteUse
  readonly hbdsBound: number
}

/** Every HBD design on every set of sites that a layout may span, single sites first. `designsOf` may remember designs. */
export function enumerateBlocks(
  scenario: Scenario, hardware: Hardware, log: DropLog, designsOf: typeof enumerateHbdDesigns = enumerateHbdDesigns
): ReadonlyArray<HbdBlock> {
  const stands = scenario.sites.map((_, site) =>
    searchedAccelerators(scenario, hardware, log).flatMap((accelerator) =>
      hostsOf(scenario, hardware, accelerator, log).flatMap((host) => {
        const rackClass = rackClassFor(scenario.sites[site]!, host, hardware.coolingClasses)
        if (rackClass !== null) {
          const designs = designsOf(scenario, hardware, accelerator, host, rackClass, log)
          return standsOf(scenario, site, designs, rackClass, log)
        }
        log.drop(`no ${host.cooling} cooling at ${scenario.sites[site]!.name}`, host.id)
        return []
      })
    )
  )
  const crossings = siteCrossings(scenario, hardware, log)
  return [
    ...(maySpan(scenario, 1) ? stands.flat().map((stand) => blockOf(scenario, [stand], null)) : []),
    ...crossings.flatMap((crossing) => blocksAcross(scenario, stands, crossing, log))
  ]
}

/** The designs that stand at all sites of a crossing, with room for one HBD and the crossing's own equipment at each. */
function blocksAcross(
  scenario: Scenario, stands: ReadonlyArray<ReadonlyArray<HbdStand>>, crossing: SiteCrossing, log: DropLog
): ReadonlyArray<HbdBlock> {
  const [first, ...others] = crossing.sites
  const byDesign = others.map((site) => new Map(stands[site]!.map((stand) => [designKey(stand.hbd), stand])))
  return stands[first!]!.flatMap((stand) => {
    const key = designKey(stand.hbd)
    const elsewhere = byDesign.flatMap((designs) => designs.get(key) ?? [])
    if (elsewhere.length < others.length) return []
    const block = blockOf(scenario, [stand, ...elsewhere], crossing)
    if (hbdsAtSites(block.stands, crossing).every((room) => room >= 1)) return [block]
    log.drop("one HBD with the routers between sites is more than a site allows", block.name)
    return []
  })
}

function blockOf(scenario: Scenario, stands: ReadonlyArray<HbdStand>, crossing: SiteCrossing | null): HbdBlock {
  // alike but for lengths: as slow as where its racks stand farthest apart
  const { hbd } = stands.reduce((slowest, stand) =>
    stand.hbd.performance.latencyS > slowest.hbd.performance.latencyS ? stand : slowest)
  const sites = stands.map(({ site }) => scenario.sites[site]!.name).join(" and ")
  const lit = crossing === null || crossing.litShare === 1 ? "" : `, ${100 * crossing.litShare} % of the links lit`
  const useBound = stands.map((stand) => stand.useBound).reduce(leastOfEach)
  return {
    name: `${nameOf(hbd)} at ${sites}${lit}`, hbd, stands, crossing, useBound,
    hbdsBound: Math.min(hbdsAtSites(stands, crossing).reduce((sum, room) => sum + room, 0), mostHbds(totalRows(scenario), useBound).most)
  }
}

/** HBDs that each site leaves room for beside what joins it to the others, by bounds. */
export function hbdsAtSites(stands: ReadonlyArray<HbdStand>, crossing: SiteCrossing | null): ReadonlyArray<number> {
  return stands.map((stand, i) => roomForHbds(rowsBeside(stand.rows, crossing?.gateways[i] ?? null), stand).most)
}

/** Tells the designs of a site apart. */
function nameOf({
  size, accelerator, host, topology, performance: { dims }, switch: box, scaleOutMaxGbps, racks
}: HbdDesign): string {
  const details = [
    dims.length > 1 ? `${topology} ${dims.join("×")}` : topology,
    ...(box === null ? [] : [box.id]),
    ...(racks === null || racks.most === 1 ? []
      : [`${racks.most} racks${racks.hostsTogether === null ? "" : ` of ${racks.hostsTogether} hosts`}`]),
    ...(scaleOutMaxGbps === null ? [] : [`${scaleOutMaxGbps} Gb/s left`])
  ]
  return `${size} × ${accelerator.id} in ${host.id} (${details.join(", ")})`
}

/** Designs that are the same thing to buy and to compute with, wherever they stand. */
export function designKey(hbd: HbdDesign): string {
  const { accelerator, host, size, topology, tiers, planes, GBps, scaleOutMaxGbps, switches, links, racks } = hbd
  return JSON.stringify([
    accelerator.id, host.id, size, topology, tiers, switches, planes, GBps,
    hbd.switch?.id, hbd.onBoardSwitch?.id, hbd.opticalCircuitSwitch?.id,
    scaleOutMaxGbps, racks?.hostsTogether, links.map(({ medium, count, joins }) => [medium.id, count, joins])
  ])
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

function standsOf(
  scenario: Scenario, site: number, designs: ReadonlyArray<HbdDesign>, rackClass: RackClass, log: DropLog
): ReadonlyArray<HbdStand> {
  const rows = siteRows(scenario, site, rackClass)
  return designs.flatMap((hbd) => {
    const stand = standOf(scenario, site, hbd, rackClass, rows, log)
    return stand === null ? [] : [stand]
  })
}

function standOf(
  scenario: Scenario, site: number, hbd: HbdDesign, rackClass: RackClass, rows: ReadonlyArray<SiteRow>, log: DropLog
): HbdStand | null {
  const name = nameOf(hbd)
  const [missing] = missingFigures({ hbd, scaleOut: null })
  if (missing !== undefined) {
    log.drop(`part without ${missing.field}`, missing.id)
    return null
  }
  const plant = preparePlant({ hbd, scaleOut: null }, rackClass, scenario.allowances)
  if (plant.kind === "refusal") {
    log.drop(`${plant.resource} of a ${rackClass.coolingClass.name} rack`, name)
    return null
  }
  const useBound = boundResourceUse(plant, null)
  const { most, row } = roomForHbds(rows, { plant, useBound })
  if (most < 1) {
    log.drop(`one HBD is more than ${row?.path} allows`, name)
    return null
  }
  return { site, hbd, rackClass, rows, plant, useBound, hbdsBound: most }
}
