/**
 * What one part draws, weighs, occupies and costs: the figures a bill line needs, read from a catalogue entry.
 */
import type { Accelerator } from "../hardware/accelerator.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Nic } from "../hardware/nic.ts"
import type { Part } from "../hardware/part.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"

/**
 * Of one piece. NaN: unknown, and whatever it is summed into is unknown too (`missingFigures` names it
 * beforehand).
 */
export interface PieceFigures {
  /** provisioned maximum, W */
  readonly powerMaxW: number
  readonly powerIdleW: number
  readonly rackUnits: number
  readonly weightKg: number
  /** value and range */
  readonly priceUsd: number
  readonly priceLowUsd: number
  readonly priceHighUsd: number
}

export interface PartFigures extends PieceFigures {
  /** catalogue fields that were read */
  readonly fields: ReadonlyArray<string>
}

/**
 * Idle over maximum power where no idle figure is public. Accelerator: H100 about 70 of 700 W; host: fans and
 * CPUs at rest; NIC: ConnectX-7 15 of 25 W; switch: QM9700 600 of 783 W, 7060X6 539 of 900 W.
 */
const IDLE_SHARE = { accelerator: 0.12, host: 0.4, nic: 0.6, switch: 0.7 }

/** Range of a price published without one: street and analyst prices differ by 20–40 %. */
export const PRICE_RANGE = { low: 0.7, high: 1.4 }

/**
 * Weight where none is public, kg per rack unit: DGX H100 16.3, B200 14.2, QM9700 14.8; GB200 NVL72 28 with its
 * manifolds.
 */
const KG_PER_UNIT = { air: 16, hybrid: 28, liquid: 28 }

const FIELDS = {
  device: ["powerMaxW", "powerIdleW", "priceUsd"],
  host: ["hostPowerMaxW", "hostPowerIdleW", "hostPriceUsd", "rackUnits", "weightKg"],
  box: ["powerMaxW", "powerIdleW", "priceUsd", "rackUnits", "weightKg"],
  end: ["powerPerEndMaxW", "pricePerEndUsd"],
  fibre: ["pricePerCableUsd"],
  wholeCable: ["powerPerEndMaxW", "pricePerCableUsd"]
}

export function acceleratorFigures(part: Accelerator): PartFigures {
  return figures(
    part.powerMaxW, part.powerIdleW, IDLE_SHARE.accelerator, 0, 0,
    part.priceUsd, part.priceLowUsd, part.priceHighUsd, FIELDS.device
  )
}

/** Its weight includes accelerators, NICs and on-board switches; its power and price do not. */
export function hostFigures(part: System): PartFigures {
  return figures(
    part.hostPowerMaxW, part.hostPowerIdleW, IDLE_SHARE.host,
    part.rackUnits, part.weightKg ?? known(part.rackUnits) * KG_PER_UNIT[part.cooling],
    part.hostPriceUsd, part.hostPriceLowUsd, part.hostPriceHighUsd, FIELDS.host
  )
}

/** An integrated NIC without a power or price of its own is in the accelerator's. */
export function nicFigures(part: Nic): PartFigures {
  const inside = part.integrated ? 0 : null
  return figures(
    part.powerMaxW ?? inside, part.powerIdleW ?? inside, IDLE_SHARE.nic, 0, 0,
    part.priceUsd ?? inside, part.priceLowUsd, part.priceHighUsd, FIELDS.device
  )
}

/** A switch on a host's board stands in the host's rack units and weight. */
export function switchFigures(part: Switch, onBoard: boolean): PartFigures {
  return figures(
    part.powerMaxW, part.powerIdleW, IDLE_SHARE.switch,
    onBoard ? 0 : part.rackUnits, onBoard ? 0 : part.weightKg ?? known(part.rackUnits) * KG_PER_UNIT[part.cooling],
    part.priceUsd, part.priceLowUsd, part.priceHighUsd, onBoard ? FIELDS.device : FIELDS.box
  )
}

/**
 * Sold whole, heads on: its ends are no parts of their own. Else each end is a module or a co-packaged engine.
 */
export function isWholeCable(part: Interconnect): boolean {
  return !part.transceivers && part.kind !== "cpo"
}

/** One end of a medium that is no whole cable. Light is on whether or not data flows: idle is maximum. */
export function endFigures(part: Interconnect): PartFigures {
  return mediumFigures(part, endPowerW(part), part.pricePerEndUsd ?? (part.transceivers ? null : 0), FIELDS.end)
}

/**
 * What is pulled: a whole cable with the power of both heads, or the fibre alone (0 USD where the modules'
 * price holds it).
 */
export function cableFigures(part: Interconnect): PartFigures {
  return isWholeCable(part)
    ? mediumFigures(part, 2 * endPowerW(part), part.pricePerCableUsd, FIELDS.wholeCable)
    : mediumFigures(part, 0, part.pricePerCableUsd ?? 0, FIELDS.fibre)
}

/** Factors of a medium's price, low and high. */
export function mediumPriceRange(part: Interconnect): { readonly low: number; readonly high: number } {
  return { low: part.priceLowFactor ?? PRICE_RANGE.low, high: part.priceHighFactor ?? PRICE_RANGE.high }
}

/** Provisioned power of one end, W: the maximum, else the typical figure; NaN when neither is known. */
export function endPowerW(part: Interconnect): number {
  return known(part.powerPerEndMaxW ?? part.powerPerEndW)
}

/**
 * Of the fields read, those that rest on no source: recalled, estimated, the scenario's, or a stand-in for an
 * unknown.
 */
export function estimatedFields(part: Part, fields: ReadonlyArray<string>): ReadonlyArray<string> {
  const estimated = part.evidence.filter(({ verification }) =>
    verification === "recalled" || verification === "estimated" || verification === "scenario")
  return fields.filter((field) =>
    Reflect.get(part, field) === null || estimated.some((evidence) => evidence.fields.includes(field)))
}

function mediumFigures(
  part: Interconnect, powerW: number, priceUsd: number | null, fields: ReadonlyArray<string>
): PartFigures {
  const usd = known(priceUsd)
  const { low, high } = mediumPriceRange(part)
  return figures(powerW, powerW, 1, 0, 0, priceUsd, usd * low, usd * high, fields)
}

function figures(
  powerMax: number | null, powerIdle: number | null, idleShare: number, rackUnits: number | null, weightKg: number,
  price: number | null, priceLow: number | null, priceHigh: number | null, fields: ReadonlyArray<string>
): PartFigures {
  const powerMaxW = known(powerMax)
  const priceUsd = known(price)
  return {
    powerMaxW,
    powerIdleW: powerIdle ?? powerMaxW * idleShare,
    rackUnits: known(rackUnits),
    weightKg,
    priceUsd,
    priceLowUsd: priceLow ?? priceUsd * PRICE_RANGE.low,
    priceHighUsd: priceHigh ?? priceUsd * PRICE_RANGE.high,
    fields
  }
}

function known(value: number | null): number {
  return value ?? Number.NaN
}
