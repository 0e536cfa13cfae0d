/**
 * What joins the halls of a layout: at each end of a link a router with a module for each fibre, a line system where the
 * modules are coherent, and short modules from the router into the hall's fabric. Fibre and its amplifiers on the
 * way are the scenario's: no count of them is known here.
 */
import type { Allowances } from "../design-space/scenario.ts"
import { chooseMedium } from "../fabric/media.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Part } from "../hardware/part.ts"
import type { Switch } from "../hardware/switch.ts"
import { type BomLine, buildingLine, priceRangeOf } from "./bill-of-materials.ts"
import {
  endFigures, endPowerW, estimatedFields, type PartFigures, type PieceFigures, switchFigures
} from "./part-figures.ts"
import type { Standing } from "./plant.ts"
import { allowanceLines, type AllowanceRanges } from "./plant-lines.ts"
import { meterPowerW } from "./power-chain.ts"
import { rackLimit } from "./rack-rule.ts"
import type { SiteUse } from "./resource-use.ts"

/** A link between two sites. */
export interface LinkSpan {
  /** Gb/s one direction */
  readonly Gbps: number
  readonly distanceKm: number
}

/** What a link is built of: the parts, and how many of them stand at each of its ends. */
export interface LinkBuild {
  readonly medium: Interconnect
  readonly modules: number
  readonly router: Switch
  readonly routers: number
  /** null where the modules light the fibre themselves */
  readonly lineSystem: Switch | null
  readonly lineSystems: number
  /** from the routers into the hall's fabric: as many cables as modules, a module at each end of a cable */
  readonly hallMedium: Interconnect
  /** one way, both ends and the fibre, s */
  readonly latencyS: number
}

/** Longest cable from a hall's routers to its fabric, m: a guess, by which a medium is chosen. */
const hallCableM = 300

const isKnown = (part: Switch): boolean => part.powerMaxW !== null && part.priceUsd !== null && part.rackUnits !== null

/** The build of least power, then of least price; null where the catalogue has no medium that reaches. */
export function buildLink(
  { Gbps, distanceKm }: LinkSpan, interconnects: ReadonlyArray<Interconnect>, switches: ReadonlyArray<Switch>
): LinkBuild | null {
  const across = switches.filter((part) => part.kind === "scale-across" && isKnown(part))
  const portsOf = (part: Switch, gbps: number) => part.radix.find(({ portGbps }) => portGbps === gbps)?.ports ?? 0
  const boxes = (protocol: string, gbps: number) =>
    across.filter((part) => part.protocols.includes(protocol) && portsOf(part, gbps) > 0)
  const builds = interconnects.filter((medium) =>
    medium.uses.includes("scale-across") && medium.reachM >= distanceKm * 1000 &&
    endPowerW(medium) > 0 && medium.pricePerEndUsd !== null
  ).flatMap((medium) => {
    const modules = Math.ceil(Gbps / medium.gbps)
    const hallMedium = chooseMedium(interconnects, { gbps: medium.gbps, lengthM: hallCableM, use: "scale-out" })
    const isCoherent = medium.kind === "coherent"
    const lines = isCoherent ? boxes("coherent", medium.gbps) : [null]
    if (hallMedium === null || !(endPowerW(hallMedium) > 0) || hallMedium.pricePerEndUsd === null) return []
    return boxes("ethernet", medium.gbps).flatMap((router) => lines.map((lineSystem): LinkBuild => ({
      medium, modules, router, routers: Math.ceil(2 * modules / portsOf(router, medium.gbps)),
      lineSystem, lineSystems: lineSystem === null ? 0 : Math.ceil(modules / portsOf(lineSystem, medium.gbps)),
      hallMedium,
      latencyS: 1e-9 * (
        medium.latencyNsPerM * distanceKm * 1000 + 2 * (medium.latencyPerEndNs ?? 0) +
        2 * (router.latencyNs ?? 0) + 2 * (lineSystem?.latencyNs ?? 0)
      )
    })))
  })
  return builds.reduce<LinkBuild | null>((best, build) => (best === null || isLess(build, best) ? build : best), null)
}

function isLess(a: LinkBuild, b: LinkBuild): boolean {
  const [left, right] = [a, b].map((build) => [sumOf(build, "powerMaxW"), sumOf(build, "priceUsd")] as const)
  return left![0] < right![0] || (left![0] === right![0] && left![1] < right![1])
}

function sumOf(build: LinkBuild, figure: "powerMaxW" | "priceUsd"): number {
  return endLines(build).reduce((sum, { figures, count }) => sum + count * figures[figure], 0)
}

interface EndLine {
  readonly role: string
  readonly part: Part
  readonly figures: PartFigures
  readonly count: number
}

/** What stands at one end. */
function endLines(build: LinkBuild): ReadonlyArray<EndLine> {
  const { medium, modules, router, routers, lineSystem, lineSystems, hallMedium } = build
  return [
    { role: "router between sites", part: router, figures: switchFigures(router, false), count: routers },
    { role: "long-haul module", part: medium, figures: endFigures(medium), count: modules },
    ...(lineSystem === null ? [] : [
      { role: "line system", part: lineSystem, figures: switchFigures(lineSystem, false), count: lineSystems }
    ]),
    { role: "transceiver, router to fabric", part: hallMedium, figures: endFigures(hallMedium), count: 2 * modules }
  ]
}

/** What one site has for the ends of its links, whatever the HBDs there. */
export interface Gateway {
  readonly lines: ReadonlyArray<BomLine>
  readonly use: SiteUse
}

/** The bill of one site for the ends of its links, their racks among it, and what it comes to. */
export function prepareGateway(
  site: string, builds: ReadonlyArray<LinkBuild>, standing: Standing, allowances: Allowances, ranges: AllowanceRanges
): Gateway {
  const { coolingClass, rackPowerKW, pue } = standing
  const boxes = boxLines(site, builds, pue)
  const room = rackLimit(coolingClass, rackPowerKW, allowances.managementPowerWPerRack, "air")
  const racks = Math.ceil(Math.max(
    sum(boxes, "rackUnits") / room.rackUnits, sum(boxes, "powerMaxW") / room.powerW, sum(boxes, "weightKg") / room.weightKg
  ))
  const lines = [...boxes, ...rackLines(site, racks, allowances, pue, ranges)]
  const itPowerW = sum(lines, "powerMaxW")
  const meterW = meterPowerW(itPowerW, allowances, pue)
  const all = [...lines, ...buildingLine(site, allowances.buildingUsdPerMW, meterW, ranges)]
  return {
    lines: all,
    use: {
      itPowerW, meterPowerW: meterW, racks, rackUnits: sum(all, "rackUnits"), weightKg: sum(all, "weightKg"),
      floorM2: racks * coolingClass.floorM2PerRack, capexUsd: sum(all, "priceUsd"), accelerators: 0
    }
  }
}

function sum(lines: ReadonlyArray<BomLine>, figure: keyof PieceFigures): number {
  return lines.reduce((total, line) => total + line.count * line[figure], 0)
}

function boxLines(site: string, builds: ReadonlyArray<LinkBuild>, pue: number): ReadonlyArray<BomLine> {
  const lines = new Map<string, BomLine>()
  for (const { role, part, figures: { fields, ...figures }, count } of builds.flatMap(endLines)) {
    const key = `${role} ${part.id}`
    lines.set(key, {
      site, side: "scale-across", role, part: part.id, name: part.name, count: (lines.get(key)?.count ?? 0) + count, pue,
      ...figures, estimates: estimatedFields(part, fields)
    })
  }
  return [...lines.values()]
}

function rackLines(
  site: string, racks: number, allowances: Allowances, pue: number, ranges: AllowanceRanges
): ReadonlyArray<BomLine> {
  return allowanceLines(allowances).filter(({ driver, quantity }) => driver === "rack" && quantity > 0).map((line) => {
    const { side, role, name, powerMaxW, powerIdleW, rackUnits, weightKg, priceUsd } = line
    return {
      site, side, role, part: null, name, count: racks, pue, powerMaxW, powerIdleW, rackUnits, weightKg, priceUsd,
      ...priceRangeOf(line, ranges), estimates: ["powerMaxW", "priceUsd"]
    }
  })
}
