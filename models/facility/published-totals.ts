/**
 * Predicted against published power of whole racks, pods and clusters: sums of parts held against totals that
 * were never summed. Where a part is an estimate, the value it would have to have for the total to come out.
 */
import type { Catalog } from "../hardware/catalog.ts"
import type { CountedLine } from "./bill-of-materials.ts"
import { estimatedFields } from "./part-figures.ts"
import type { Plant } from "./plant.ts"
import type { PlantLine } from "./plant-lines.ts"
import { isBehindShelf } from "./plant-lines.ts"
import type { ReferenceLinks } from "./reference-plant.ts"
import { referenceSite } from "./reference-plant.ts"

/**
 * What a published figure covers: racks of HBDs with their NICs; also the scale-out fabric; also storage and
 * management.
 */
export type Coverage = "racks" | "network" | "site"

export interface PublishedCase {
  /** system of the catalogue */
  readonly system: string
  readonly covers: Coverage
  /** HBDs in the published whole */
  readonly hbds: number
  readonly published: "publishedPowerMaxW" | "publishedPowerTypicalW"
  readonly links: ReferenceLinks
  /** the host's power is this very total less its parts: agreement shows nothing */
  readonly circular: boolean
}

export interface TotalCheck {
  readonly system: string
  readonly name: string
  readonly covers: Coverage
  readonly circular: boolean
  readonly predictedW: number
  readonly publishedW: number
  /** (predicted − published) / published */
  readonly error: number
  /** share of the predicted power that rests on estimates */
  readonly estimatedShare: number
  /** the estimate that carries most power, and what one would have to draw alone for the total to come out */
  readonly needed: { readonly name: string; readonly usedW: number; readonly neededW: number } | null
}

const cube = [{ medium: "ici-ocs-bidi-800", count: 13_824 }]

/** Published totals of the catalogue that are no mere sum of one node. */
export const publishedCases: ReadonlyArray<PublishedCase> = [
  { system: "dgx-superpod-h100-su", covers: "racks", hbds: 32, published: "publishedPowerMaxW", links: [], circular: true },
  { system: "dgx-superpod-b300-su", covers: "racks", hbds: 64, published: "publishedPowerMaxW", links: [], circular: true },
  { system: "gb200-nvl72", covers: "racks", hbds: 1, published: "publishedPowerMaxW", links: [], circular: false },
  { system: "gb200-nvl36x2", covers: "racks", hbds: 1, published: "publishedPowerMaxW", links: [], circular: false },
  { system: "gb200-superpod-su", covers: "site", hbds: 8, published: "publishedPowerMaxW", links: [], circular: false },
  { system: "gb300-nvl72", covers: "racks", hbds: 1, published: "publishedPowerMaxW", links: [], circular: false },
  { system: "vr-nvl72", covers: "racks", hbds: 1, published: "publishedPowerMaxW", links: [], circular: true },
  { system: "kyber-nvl144", covers: "racks", hbds: 1, published: "publishedPowerMaxW", links: [], circular: false },
  {
    system: "cloudmatrix384", covers: "network", hbds: 1, published: "publishedPowerMaxW",
    links: [{ medium: "ub-optical-400", count: 2688 }], circular: false
  },
  { system: "tpu-v7-superpod", covers: "racks", hbds: 1, published: "publishedPowerTypicalW", links: cube, circular: false }
]

/** Checks one case; null where the catalogue lacks what the case names. */
export function checkTotal(published: PublishedCase, catalog: Catalog): TotalCheck | null {
  const system = catalog.systems.find((one) => one.id === published.system)
  const publishedW = system?.[published.published] ?? null
  if (system === undefined || publishedW === null) return null
  const site = referenceSite(system, catalog, published.hbds, published.links)
  if (site === null) return null
  const lines = site.lines.filter(({ line }) => isCovered(line, published.covers))
  const predictedW = sumW(lines)
  const estimated = lines.filter(({ line }) => isEstimated(line))
  const heaviest = estimated.filter(({ line }) => line.part !== null)
    .sort((a, b) => b.count * b.line.powerMaxW - a.count * a.line.powerMaxW)[0]
  return {
    system: system.id, name: system.name, covers: published.covers, circular: published.circular,
    predictedW, publishedW, error: (predictedW - publishedW) / publishedW,
    estimatedShare: sumW(estimated) / predictedW,
    needed: heaviest === undefined ? null : neededPower(heaviest, site.plant, publishedW - predictedW)
  }
}

/** What one piece of a line would have to draw, in the catalogue's terms: before the loss of power shelves. */
function neededPower(
  { line, count }: CountedLine, { design, allowances }: Plant, missingW: number
): TotalCheck["needed"] {
  const own = isBehindShelf(line, design.hbd.host) ? 1 - allowances.rackPowerLoss : 1
  return { name: line.name, usedW: line.powerMaxW * own, neededW: (line.powerMaxW + missingW / count) * own }
}

export interface AllInCase {
  readonly system: string
  /** published fact of the catalogue, and its figure in kW an accelerator (`whole`: of all together, in MW) */
  readonly fact: string
  readonly figure: string
  readonly accelerators: number
  readonly whole: boolean
  /** scale-out switch where it was another than the system's reference */
  readonly switch: string | null
}

export interface AllInCheck {
  readonly name: string
  readonly fact: string
  readonly accelerators: number
  /** provisioned, per accelerator, with network, storage and management */
  readonly itKW: number
  /** published at the meter */
  readonly publishedKW: number
  /** that the published figure and ours imply together */
  readonly impliedPue: number
}

const survey = { fact: "allin-power", accelerators: 4608, whole: false, switch: null }

/** Published power at the meter of an accelerator with all that belongs to it. */
export const allInCases: ReadonlyArray<AllInCase> = [
  { ...survey, system: "dgx-h100", figure: "h100Kw" },
  { ...survey, system: "dgx-b200", figure: "b200Kw" },
  { ...survey, system: "dgx-b300", figure: "b300Kw" },
  { ...survey, system: "gb200-nvl72", figure: "gb200Kw" },
  { ...survey, system: "gb300-nvl72", figure: "gb300Kw" },
  { ...survey, system: "mi300x-8", figure: "mi300xKw" },
  { ...survey, system: "mi325x-8", figure: "mi325xKw" },
  { ...survey, system: "mi355x-8", figure: "mi355xKw" },
  {
    system: "dgx-h100", fact: "xai-colossus", figure: "facilityPowerMW", accelerators: 100_000, whole: true,
    switch: "sn5600"
  },
  {
    system: "dgx-h100", fact: "infra-econ-10k", figure: "facilityMW", accelerators: 10_000, whole: true,
    switch: "qm9700"
  }
]

/**
 * Published all-in power against ours at the racks: what PUE the two imply. Null: the catalogue lacks what the
 * case names.
 */
export function checkAllIn(published: AllInCase, catalog: Catalog): AllInCheck | null {
  const { accelerators, whole } = published
  const system = catalog.systems.find((one) => one.id === published.system)
  const fact = catalog.facilities.find((one) => one.id === published.fact)
  const value = fact?.figures[published.figure]
  if (system === undefined || fact === undefined || value === undefined) return null
  const built = { ...system, referenceSwitch: published.switch ?? system.referenceSwitch }
  const site = referenceSite(built, catalog, Math.ceil(accelerators / system.scaleUpDomain), [])
  if (site === null) return null
  const bought = site.lines.reduce((sum, { line, count }) => line.side === "accelerator" ? sum + count : sum, 0)
  const itKW = sumW(site.lines) / bought / 1000
  const publishedKW = whole ? value * 1000 / accelerators : value
  return { name: system.name, fact: fact.name, accelerators, itKW, publishedKW, impliedPue: publishedKW / itKW }
}

function isCovered(line: PlantLine, covers: Coverage): boolean {
  if (line.side === "allowance") return covers === "site"
  return covers !== "racks" || line.side !== "scale-out" || line.role === "nic"
}

function isEstimated({ part, fields }: PlantLine): boolean {
  return part === null || estimatedFields(part, fields).some((field) => field.endsWith("MaxW"))
}

function sumW(lines: ReadonlyArray<CountedLine>): number {
  return lines.reduce((sum, { line, count }) => sum + count * line.powerMaxW, 0)
}
