/**
 * Random plants for properties: node HBDs and HBDs of many hosts, with every allowance, behind a two-tier
 * fabric or none.
 */
import * as fc from "fast-check"
import type { Design } from "../../../models/design-space/layout.ts"
import type { Allowances } from "../../../models/design-space/scenario.ts"
import type { Plant, ScaleOutCounts } from "../../../models/facility/plant.ts"
import { preparePlant } from "../../../models/facility/plant.ts"
import { activeCopper, copper, nodeHbd, optics, scaleOut, shortOptics, standing, trayHbd } from "./parts.ts"

export function ready(design: Design, allowances: Allowances, linksPerCable = { endpoint: 1, fabric: 1 }): Plant {
  const plant = preparePlant(design, standing, allowances, linksPerCable)
  if (plant.kind === "refusal") throw new Error(plant.reason)
  return plant
}

/** A fabric of 64-port switches: counts that grow with the endpoints, and what they never undercut; of one tier its routers are joined among themselves. */
export function closCounts(plant: Plant, hbds: number): ScaleOutCounts | null {
  if (plant.design.scaleOut === null) return null
  const links = hbds * plant.nicsPerHbd * plant.design.scaleOut.planes
  const leaf = Math.ceil(links / 32)
  const { tiers } = plant.design.scaleOut
  const uppers = tiers === 1 ? { spine: 0, core: 0, coreLinks: 0 }
    : tiers === 3 ? { spine: leaf, core: Math.ceil(leaf / 2), coreLinks: leaf * 32 }
    : { spine: Math.ceil(leaf / 2), core: 0, coreLinks: 0 }
  return { leaf, endpointLinks: links, trunkLinks: leaf * (tiers === 1 ? 16 : 32), ...uppers }
}

export function closBound(plant: Plant): ScaleOutCounts | null {
  if (plant.design.scaleOut === null) return null
  const links = plant.nicsPerHbd * plant.design.scaleOut.planes
  const { tiers } = plant.design.scaleOut
  const uppers = tiers === 1 ? { spine: 0, core: 0, coreLinks: 0 }
    : tiers === 3 ? { spine: links / 32, core: links / 64, coreLinks: links }
    : { spine: links / 64, core: 0, coreLinks: 0 }
  return { leaf: links / 32, endpointLinks: links, trunkLinks: tiers === 1 ? links / 2 : links, ...uppers }
}

const allowances = fc.record({
  storagePowerWPerAccelerator: fc.integer({ min: 0, max: 100 }),
  storageUsdPerAccelerator: fc.integer({ min: 0, max: 3000 }),
  frontEndPowerWPerAccelerator: fc.integer({ min: 0, max: 60 }),
  frontEndUsdPerAccelerator: fc.integer({ min: 0, max: 2000 }),
  managementPowerWPerRack: fc.integer({ min: 0, max: 400 }),
  managementUsdPerRack: fc.integer({ min: 0, max: 9000 }),
  serviceRacksPerAccelerator: fc.constantFrom(0, 1 / 256, 0.013),
  spareShare: fc.constantFrom(0, 0.01, 0.05, 0.3),
  rackUsd: fc.integer({ min: 0, max: 20_000 }),
  buildingUsdPerMW: fc.constantFrom(0, 1.5e7),
  rackPowerLoss: fc.constantFrom(0, 0.03, 0.06),
  distributionLoss: fc.constantFrom(0, 0.04)
})

/** Reaches across any hall of the tests. */
const farOptics = { ...optics, reachM: 20_000 }

const ladders = fc.subarray([copper, activeCopper, shortOptics]).map((media) => [...media, farOptics])

const designsOf = (hosts: fc.Arbitrary<number>) => fc.record({
  hosts,
  trays: fc.integer({ min: 0, max: 40 }),
  medium: fc.constantFrom(optics, copper),
  kind: fc.constantFrom("node" as const, "tray" as const),
  planes: fc.constantFrom(1, 2, 4),
  rails: fc.constantFrom(1, 8),
  joined: fc.boolean(),
  tiers: fc.constantFrom(1 as const, 2 as const, 3 as const),
  endpointMedia: ladders,
  trunkMedia: ladders,
  coPackagedOptics: fc.boolean()
}).map(({ hosts, trays, medium, kind, planes, rails, joined, tiers, coPackagedOptics, ...ladders }): Design => ({
  hbd: trays === 0 ? nodeHbd : trayHbd(hosts, Math.max(trays, Math.ceil(hosts / 10)), medium, kind),
  scaleOut: joined
    ? {
      ...scaleOut, planes, rails, tiers, topology: tiers === 1 ? "dragonfly" : "clos",
      // no copper goes into a switch that holds its optics
      ...(coPackagedOptics ? { endpointMedia: [farOptics], trunkMedia: [farOptics] } : ladders),
      switch: { ...scaleOut.switch, coPackagedOptics }
    }
    : null
}))

const plantsOf = (hosts: fc.Arbitrary<number>) => fc.record({
  design: designsOf(hosts), allowances,
  linksPerCable: fc.record({ endpoint: fc.constantFrom(1, 2), fabric: fc.constantFrom(1, 2, 4) })
}).map(({ design, allowances, linksPerCable }) => ready(design, allowances, linksPerCable))

export const plants = plantsOf(fc.integer({ min: 1, max: 20 }))

/** With HBDs that take more than a row of racks. */
export const widePlants = plantsOf(fc.integer({ min: 160, max: 700 }))

export const counts = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20_000 }))
