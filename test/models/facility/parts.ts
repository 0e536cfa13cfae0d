/** Parts with round figures, so that sums can be done in the head; not facts. */
import type { Accelerator } from "../../../models/hardware/accelerator.ts"
import type { CoolingClass } from "../../../models/hardware/facility.ts"
import type { Interconnect } from "../../../models/hardware/interconnect.ts"
import type { Nic } from "../../../models/hardware/nic.ts"
import type { Part } from "../../../models/hardware/part.ts"
import type { Switch } from "../../../models/hardware/switch.ts"
import type { System } from "../../../models/hardware/system.ts"
import type { Design, HbdDesign, ScaleOutDesign } from "../../../models/design-space/layout.ts"
import type { Standing } from "../../../models/facility/plant.ts"

function part(id: string): Part {
  return {
    id, name: id, vendor: "test", notes: null, evidence: [], availability: { status: "shipping", date: null }
  }
}

export const accelerator: Accelerator = {
  ...part("accelerator"), family: "hopper", bf16Tflops: 1000, fp8Tflops: 2000, fp4Tflops: null, int8Tops: null,
  memoryGB: 80, memoryPhysicalGB: 80, memoryGBps: 3350, computeUnits: 132,
  powerMaxW: 700, powerTypicalW: null, powerIdleW: 70, scaleUpProtocol: "nvlink4", scaleUpGBps: 450, scaleUpLinks: 18,
  scaleUpTopologies: ["switched-1"], nativeHbd: 8, maxHbd: 256, sharedLanes: null, scaleOutGbps: 400,
  scaleOutMaxGbps: 400, priceUsd: 25_000, priceLowUsd: 20_000, priceHighUsd: 35_000
}

export const host: System = {
  ...part("host"), kind: "node", accelerator: "accelerator", accelerators: 8, block: null,
  hostPowerMaxW: 3000, hostPowerIdleW: 1000, hostMemoryGB: 2000, hostLinkGBps: 64, rackUnits: 8, weightKg: 130,
  cooling: "air", scaleUpSwitch: "on-board", scaleUpSwitches: 4, hostPriceUsd: 50_000, hostPriceLowUsd: 40_000,
  hostPriceHighUsd: 60_000, racks: null, scaleUpDomain: 8, referenceNic: null, referenceNicsPerAccelerator: null,
  referenceSwitch: null, publishedPowerMaxW: 10_200, publishedPowerTypicalW: null, publishedPriceUsd: null
}

export const onBoard: Switch = {
  ...part("on-board"), kind: "scale-up", protocols: ["nvlink4"], radix: [{ portGbps: 200, ports: 64 }],
  powerMaxW: 100, powerTypicalW: null, powerIdleW: 60, coPackagedOptics: false, crossbars: 1, onBoard: true, rackUnits: null,
  weightKg: null, latencyNs: 100, inNetworkReduction: true, cooling: "air", priceUsd: 1000, priceLowUsd: 800,
  priceHighUsd: 1500
}

export const tray: Switch = {
  ...onBoard, ...part("tray"), onBoard: false, rackUnits: 1, weightKg: 20, powerMaxW: 2000, powerIdleW: 1500,
  priceUsd: 20_000, priceLowUsd: 15_000, priceHighUsd: 30_000
}

export const box: Switch = {
  ...part("box"), kind: "scale-out", protocols: ["ethernet"], radix: [{ portGbps: 400, ports: 64 }],
  crossbars: 1, powerMaxW: 800, powerTypicalW: 700, powerIdleW: 500, coPackagedOptics: false, onBoard: false, rackUnits: 2,
  weightKg: 30, latencyNs: 500, inNetworkReduction: false, cooling: "air", priceUsd: 30_000, priceLowUsd: 20_000,
  priceHighUsd: 45_000
}

export const nic: Nic = {
  ...part("nic"), protocols: ["ethernet"], totalGbps: 400, ports: [{ portGbps: 400, ports: 1 }], integrated: false,
  accelerators: null, powerMaxW: 25, powerIdleW: 15, priceUsd: 1500, priceLowUsd: 1200, priceHighUsd: 2000
}

export const optics: Interconnect = {
  ...part("optics"), kind: "single-mode", gbps: 400, reachM: 500, powerPerEndMaxW: 10, powerPerEndW: 9,
  pricePerEndUsd: 400, pricePerCableUsd: 50, priceLowFactor: 0.5, priceHighFactor: 2, latencyNsPerM: 5,
  latencyPerEndNs: 100, transceivers: true, uses: ["scale-up", "scale-out"]
}

export const copper: Interconnect = {
  ...optics, ...part("copper"), kind: "dac", reachM: 2, powerPerEndMaxW: 0.1, powerPerEndW: 0.1, pricePerEndUsd: null,
  pricePerCableUsd: 100, transceivers: false
}

/** Between copper and optics in reach; dearer than either in power, between them in price. */
export const activeCopper: Interconnect = {
  ...copper, ...part("active-copper"), kind: "aec", reachM: 7, powerPerEndMaxW: 11, powerPerEndW: 10, pricePerCableUsd: 300
}

/** Between them too, at less power than optics and more money. */
export const shortOptics: Interconnect = {
  ...optics, ...part("short-optics"), kind: "multimode", reachM: 30, powerPerEndMaxW: 6, powerPerEndW: 5, pricePerEndUsd: 500
}

export const backplane: Interconnect = {
  ...copper, ...part("backplane"), kind: "backplane", reachM: 1.5, powerPerEndMaxW: 0, powerPerEndW: 0,
  pricePerCableUsd: 10
}

export const coolingClass: CoolingClass = {
  ...part("hall"), cooling: "air", rackPowerMaxKW: 45, airRackPowerMaxKW: 45, rackUnits: 42, rackWeightMaxKg: 1400, pue: 1.3, pueLow: 1.2,
  pueHigh: 1.5, pueByClimate: { cold: 1.25, temperate: 1.3, warm: 1.35, hot: 1.45 }, floorM2PerRack: 2.5
}

export const standing: Standing = { coolingClass, rackPowerKW: 45, pue: 1.3, liquidLoop: false, pues: { air: 1.3, liquid: 1.3 } }

/** A node is an HBD: eight accelerators on four on-board switches. */
export const nodeHbd: HbdDesign = {
  accelerator, host, hosts: 1, size: 8, topology: "switched-1", tiers: 1, switch: onBoard,
  switches: { l1: 4, l2: 0, opticalCircuit: 0 }, opticalCircuitSwitch: null, planes: 4, onBoardSwitch: null, GBps: 450,
  performance: {
    GBps: 450, latencyS: 1e-6, topology: "switched", pairGBps: 450, dims: [], inNetworkReduction: true, taper: [],
    railOnly: false
  },
  links: [{ medium: backplane, count: 144, joins: "one" }], racks: null, scaleOutMaxGbps: null
}

/** `hosts` nodes, or trays behind a power shelf, on switch trays outside them. */
export function trayHbd(
  hosts: number, trays: number, medium: Interconnect, kind: "node" | "tray" = "node"
): HbdDesign {
  return {
    ...nodeHbd, host: { ...host, kind, scaleUpSwitch: null, scaleUpSwitches: 0 }, hosts, size: 8 * hosts, switch: tray,
    switches: { l1: trays, l2: 0, opticalCircuit: 0 }, links: [{ medium, count: 144 * hosts, joins: "any" }]
  }
}

export const scaleOut: ScaleOutDesign = {
  nic, nicsPerAccelerator: 1, topology: "clos", switch: box, tiers: 2, rails: 8, planes: 1, oversubscription: [1],
  linkGbps: 400, endpointMedia: [optics], trunkMedia: [optics]
}

export const design: Design = { hbd: nodeHbd, scaleOut }
