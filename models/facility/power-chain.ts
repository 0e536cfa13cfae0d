/**
 * From devices to the meter: device power at a load, loss of the racks' power shelves, loss of distribution,
 * PUE. Limits hold for the provisioned maximum (`resourceUse`); energy, cost and carbon follow the load.
 */
import type { Allowances } from "../design-space/scenario.ts"
import type { BomLine, BomSide } from "./bill-of-materials.ts"

/** How busy each part of the plant is, averaged over a step, 0–1. */
export interface PlantLoad {
  /** share of the step in which the accelerators compute */
  readonly accelerator: number
  /** traffic over capacity */
  readonly scaleUp: number
  readonly scaleOut: number
}

export interface SitePower {
  readonly itW: number
  readonly meterW: number
}

/**
 * Power of a fully busy accelerator and its host over their provisioned maximum: an 8 × H100 node rated 10.2 kW
 * drew at most 8.4 kW in training with the GPUs near full use (Latif et al., "Single-Node Power Demand During
 * AI Training", IEEE Access 2025; arXiv 2412.08602).
 */
export const BUSY_SHARE_OF_MAX = 8.4 / 10.2

/** One line's power at a load, W of one piece: linear from idle to the power it draws when busy. */
export function powerAtLoad(line: Pick<BomLine, "side" | "powerMaxW" | "powerIdleW">, load: PlantLoad): number {
  const busyW = Math.max(line.powerIdleW, line.powerMaxW * busyShare(line.side))
  return line.powerIdleW + loadOf(line.side, load) * (busyW - line.powerIdleW)
}

/** Power at the rack's input of a device that draws `deviceW` behind its power shelves, W. */
export function rackInputW(deviceW: number, allowances: Pick<Allowances, "rackPowerLoss">): number {
  return deviceW / (1 - allowances.rackPowerLoss)
}

/**
 * IT power at the utility meter, W. A PUE by its definition holds the distribution; `distributionLoss` is
 * beside it.
 */
export function meterPowerW(itW: number, allowances: Pick<Allowances, "distributionLoss">, pue: number): number {
  return itW / (1 - allowances.distributionLoss) * pue
}

/** Average power of a plant at a load, over its sites. */
export function averagePower(
  bom: ReadonlyArray<BomLine>, load: PlantLoad, allowances: Pick<Allowances, "distributionLoss">
): SitePower {
  let itW = 0
  let meterW = 0
  for (const line of bom) {
    const lineW = line.count * powerAtLoad(line, load)
    itW += lineW
    meterW += meterPowerW(lineW, allowances, line.pue)
  }
  return { itW, meterW }
}

function busyShare(side: BomSide): number {
  return side === "accelerator" || side === "host" ? BUSY_SHARE_OF_MAX : 1
}

function loadOf(side: BomSide, load: PlantLoad): number {
  switch (side) {
    case "accelerator": case "host": return load.accelerator
    case "scale-up": return load.scaleUp
    case "scale-out": case "scale-across": return load.scaleOut
    case "allowance": return 1
  }
}
