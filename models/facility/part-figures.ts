/** What one part draws, weighs, occupies and costs: the figures a bill line needs, read from a catalogue entry. */
import type { Accelerator } from "../hardware/accelerator.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Nic } from "../hardware/nic.ts"
import type { Part } from "../hardware/part.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"

/** Of one piece. NaN: unknown, and whatever it is summed into is unknown too (`missingFigures` names it beforehand). */
export interface PartFigures {
  readonly powerMaxW: number
  readonly powerIdleW: number
  readonly rackUnits: number
  readonly weightKg: number
  readonly priceUsd: number
  readonly priceLowUsd: number
  readonly priceHighUsd: number
  /** fields that rest on an estimate, by their name in the catalogue */
  readonly estimates: ReadonlyArray<string>
}

/**
 * Idle over maximum power where no idle figure is public. Accelerator: H100 about 70 of 700 W; host: fans and CPUs at rest;
 * NIC: ConnectX-7 15 of 25 W; switch: QM9700 600 of 783 W, 7060X6 539 of 900 W.
 */
const IDLE_SHARE = { accelerator: 0.12, host: 0.4, nic: 0.6, switch: 0.7 }

/** Range of a price published without one: street and analyst prices differ by 20–40 %. */
const PRICE_RANGE = { low: 0.7, high: 1.4 }

/** Weight where none is public, kg per rack unit: DGX H100 16.3, B200 14.2, QM9700 14.8; GB200 NVL72 28 with its manifolds. */
const KG_PER_UNIT = { air: 16, hybrid: 28, liquid: 28 }

export function acceleratorFigures(part: Accelerator): PartFigures {
  return {
    ...power(part.powerMaxW, part.powerIdleW, IDLE_SHARE.accelerator),
    rackUnits: 0,
    weightKg: 0,
    ...price(part.priceUsd, part.priceLowUsd, part.priceHighUsd),
    estimates: [
      ...estimatedFields(part, ["powerMaxW", "powerIdleW", "priceUsd"]),
      ...assumed(part.powerIdleW, "powerIdleW")
    ]
  }
}

/** Its weight includes accelerators, NICs and on-board switches; its power and price do not. */
export function hostFigures(part: System): PartFigures {
  const rackUnits = known(part.rackUnits)
  return {
    ...power(part.hostPowerMaxW, part.hostPowerIdleW, IDLE_SHARE.host),
    rackUnits,
    weightKg: part.weightKg ?? rackUnits * KG_PER_UNIT[part.cooling],
    ...price(part.hostPriceUsd, part.hostPriceLowUsd, part.hostPriceHighUsd),
    estimates: [
      ...estimatedFields(part, ["hostPowerMaxW", "hostPowerIdleW", "hostPriceUsd", "rackUnits", "weightKg"]),
      ...assumed(part.hostPowerIdleW, "hostPowerIdleW"), ...assumed(part.weightKg, "weightKg")
    ]
  }
}

/** An integrated NIC without a power or price of its own is in the accelerator's. */
export function nicFigures(part: Nic): PartFigures {
  const inside = part.integrated ? 0 : null
  return {
    ...power(part.powerMaxW ?? inside, part.powerIdleW ?? inside, IDLE_SHARE.nic),
    rackUnits: 0,
    weightKg: 0,
    ...price(part.priceUsd ?? inside, part.priceLowUsd, part.priceHighUsd),
    estimates: [
      ...estimatedFields(part, ["powerMaxW", "powerIdleW", "priceUsd"]),
      ...assumed(part.powerIdleW ?? inside, "powerIdleW")
    ]
  }
}

/** A switch on a host's board stands in the host's rack units and weight. */
export function switchFigures(part: Switch, onBoard: boolean): PartFigures {
  const rackUnits = onBoard ? 0 : known(part.rackUnits)
  return {
    ...power(part.powerMaxW, part.powerIdleW, IDLE_SHARE.switch),
    rackUnits,
    weightKg: onBoard ? 0 : part.weightKg ?? rackUnits * KG_PER_UNIT.air,
    ...price(part.priceUsd, part.priceLowUsd, part.priceHighUsd),
    estimates: [
      ...estimatedFields(part, ["powerMaxW", "powerIdleW", "priceUsd", ...(onBoard ? [] : ["rackUnits", "weightKg"])]),
      ...assumed(part.powerIdleW, "powerIdleW"), ...(onBoard ? [] : assumed(part.weightKg, "weightKg"))
    ]
  }
}

/** Sold whole, heads on: its ends are no parts of their own. Else each end is a module or a co-packaged engine. */
export function isWholeCable(part: Interconnect): boolean {
  return !part.transceivers && part.kind !== "cpo"
}

/** One end of a medium that is no whole cable. Light is on whether or not data flows: idle is maximum. */
export function endFigures(part: Interconnect): PartFigures {
  const powerW = endPowerW(part)
  return {
    powerMaxW: powerW, powerIdleW: powerW, rackUnits: 0, weightKg: 0,
    ...mediumPrice(part, part.pricePerEndUsd ?? (part.transceivers ? null : 0)),
    estimates: estimatedFields(part, ["powerPerEndMaxW", "powerPerEndW", "pricePerEndUsd"])
  }
}

/** What is pulled: a whole cable with the power of both heads, or the fibre alone (0 USD where the modules' price holds it). */
export function cableFigures(part: Interconnect): PartFigures {
  const whole = isWholeCable(part)
  const powerW = whole ? 2 * endPowerW(part) : 0
  const priceUsd = part.pricePerCableUsd ?? (whole ? null : 0)
  return {
    powerMaxW: powerW, powerIdleW: powerW, rackUnits: 0, weightKg: 0,
    ...mediumPrice(part, priceUsd === null ? null : priceUsd + (whole ? 2 * (part.pricePerEndUsd ?? 0) : 0)),
    estimates: estimatedFields(part, ["pricePerCableUsd", ...(whole ? ["powerPerEndMaxW", "powerPerEndW"] : [])])
  }
}

/** Provisioned power of one end, W: the maximum, else the typical figure; NaN when neither is known. */
export function endPowerW(part: Interconnect): number {
  return known(part.powerPerEndMaxW ?? part.powerPerEndW)
}

/** Fields of `names` whose figure is no source's own: recalled, estimated, or the scenario's. */
function estimatedFields(part: Part, names: ReadonlyArray<string>): ReadonlyArray<string> {
  const estimated = part.evidence.filter((evidence) =>
    evidence.verification === "recalled" || evidence.verification === "estimated" || evidence.verification === "scenario")
  return names.filter((name) => estimated.some((evidence) => evidence.fields.includes(name)))
}

function assumed(value: number | null, field: string): ReadonlyArray<string> {
  return value === null ? [field] : []
}

function power(max: number | null, idle: number | null, idleShare: number) {
  const powerMaxW = known(max)
  return { powerMaxW, powerIdleW: idle ?? powerMaxW * idleShare }
}

function price(value: number | null, low: number | null, high: number | null) {
  const priceUsd = known(value)
  return {
    priceUsd,
    priceLowUsd: low ?? priceUsd * PRICE_RANGE.low,
    priceHighUsd: high ?? priceUsd * PRICE_RANGE.high
  }
}

function mediumPrice(part: Interconnect, value: number | null) {
  const usd = known(value)
  return price(value, usd * (part.priceLowFactor ?? PRICE_RANGE.low), usd * (part.priceHighFactor ?? PRICE_RANGE.high))
}

function known(value: number | null): number {
  return value ?? Number.NaN
}
