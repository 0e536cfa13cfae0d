/**
 * A vendor's assembly as a design of this program: its block, its switches, and the least scale-out that joins
 * its NICs.
 */
import { completeFabricSpec } from "../fabric/fabric.ts"
import { sizeFabric } from "../fabric/sizing.ts"
import type { MediumCount, ScaleOutDesign } from "../design-space/layout.ts"
import type { Catalog } from "../hardware/catalog.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"
import type { CountedLine } from "./bill-of-materials.ts"
import { countLines } from "./bill-of-materials.ts"
import { defaultAllowances } from "./defaults.ts"
import type { Plant, ScaleOutCounts } from "./plant.ts"
import { preparePlant, scaleOutCounts } from "./plant.ts"
import type { PlantDesign } from "./plant-lines.ts"

/** A number of HBDs of a vendor's system with the fabric that joins them. */
export interface ReferenceSite {
  readonly plant: Plant
  readonly hbds: number
  readonly scaleOut: ScaleOutCounts | null
  readonly lines: ReadonlyArray<CountedLine>
}

/** Cables of one HBD that leave its boards, by medium id. */
export type ReferenceLinks = ReadonlyArray<{ readonly medium: string; readonly count: number }>

/**
 * `hbds` HBDs of a system of the catalogue in the first cooling class that holds them, with default allowances.
 * Null: the catalogue lacks a part, no class holds it, or the system's switch cannot join them in three tiers.
 */
export function referenceSite(
  system: System, catalog: Catalog, hbds: number, links: ReferenceLinks
): ReferenceSite | null {
  const counts = links.flatMap(({ medium, count }) =>
    catalog.interconnects.filter((one) => one.id === medium).map((one) => ({ medium: one, count, joins: "any" as const })))
  const design = referencePlant(system, catalog, counts)
  const plant = design === null ? null : standAnywhere(design, catalog)
  if (plant === null) return null
  const scaleOut = referenceFabric(plant, hbds)
  if (scaleOut === null && plant.design.scaleOut !== null) return null
  return { plant, hbds, scaleOut, lines: countLines(plant, hbds, scaleOut) }
}

/**
 * The design of a system (a node, or a rack or pod with its block); null: the catalogue lacks a part it names.
 */
function referencePlant(
  system: System, catalog: Catalog, links: ReadonlyArray<MediumCount>
): PlantDesign | null {
  const host = system.block === null ? system : catalog.systems.find((one) => one.id === system.block)
  const accelerator = catalog.accelerators.find((one) => one.id === system.accelerator)
  if (host === undefined || accelerator === undefined) return null
  const hosts = system.scaleUpDomain / host.accelerators
  const onBoard = findSwitch(catalog, host.scaleUpSwitch)
  const outer = system.scaleUpSwitch === host.scaleUpSwitch ? null : findSwitch(catalog, system.scaleUpSwitch)
  const outers = outer === null ? 0 : system.scaleUpSwitches * system.scaleUpDomain / system.accelerators
  const boards = onBoard === null ? 0 : hosts * host.scaleUpSwitches
  const circuit = outer?.kind === "optical-circuit"
  const packets = circuit ? 0 : outers
  return {
    hbd: {
      accelerator, host, hosts, size: system.scaleUpDomain, tiers: boards > 0 && packets > 0 ? 2 : 1,
      switch: circuit ? onBoard : outer ?? onBoard, onBoardSwitch: onBoard,
      switches: {
        l1: boards > 0 ? boards : packets, l2: boards > 0 ? packets : 0, opticalCircuit: circuit ? outers : 0
      },
      opticalCircuitSwitch: circuit ? outer : null, links, racks: null
    },
    scaleOut: referenceScaleOut(system, host, catalog)
  }
}

function referenceScaleOut(system: System, host: System, catalog: Catalog): ScaleOutDesign | null {
  const nic = catalog.nics.find((one) => one.id === system.referenceNic)
  const box = findSwitch(catalog, system.referenceSwitch)
  if (nic === undefined || box === null || system.referenceNicsPerAccelerator === null) return null
  const medium = opticsAt(catalog, nic.totalGbps)
  if (medium === null) return null
  return {
    nic, nicsPerAccelerator: system.referenceNicsPerAccelerator, topology: "clos", switch: box, tiers: 2,
    rails: host.accelerators * system.referenceNicsPerAccelerator, planes: 1, oversubscription: [1],
    linkGbps: nic.totalGbps, endpointMedia: [medium], trunkMedia: [medium]
  }
}

function standAnywhere(design: PlantDesign, catalog: Catalog): Plant | null {
  for (const coolingClass of catalog.coolingClasses) {
    const standing = {
      coolingClass, rackPowerKW: coolingClass.rackPowerMaxKW, pue: coolingClass.pue, liquidLoop: false,
      pues: { air: coolingClass.pue, liquid: coolingClass.pue }
    }
    const plant = preparePlant(design, standing, defaultAllowances)
    if (plant.kind === "plant") return plant
  }
  return null
}

/** The fewest tiers that join the NICs of `hbds` HBDs. */
function referenceFabric({ design: { scaleOut }, nicsPerHbd }: Plant, hbds: number): ScaleOutCounts | null {
  if (scaleOut === null) return null
  const radix = scaleOut.switch.radix.find((one) => one.portGbps === scaleOut.linkGbps)?.ports ?? 0
  for (const tiers of [1, 2, 3] as const) {
    const size = sizeFabric(completeFabricSpec({
      topology: tiers === 1 ? "single" : "clos", endpoints: hbds * nicsPerHbd, radix: [radix],
      linkGbps: scaleOut.linkGbps, tiers, rails: tiers === 1 ? 1 : scaleOut.rails
    }))
    if (size.kind !== "infeasible") return scaleOutCounts(size)
  }
  return null
}

/** Single-mode modules of a speed, the shortest reach first. */
function opticsAt(catalog: Catalog, gbps: number): Interconnect | null {
  return catalog.interconnects
    .filter((one) => one.kind === "single-mode" && one.uses.includes("scale-out") && one.gbps === gbps)
    .sort((a, b) => a.reachM - b.reachM)[0] ?? null
}

function findSwitch(catalog: Catalog, id: string | null): Switch | null {
  return catalog.switches.find((one) => one.id === id) ?? null
}
