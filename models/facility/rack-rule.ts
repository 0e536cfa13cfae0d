/**
 * How many of what stand in one rack, as a rule of the design alone: the racks of N identical HBDs then follow
 * in closed form, at a cost that does not grow with N.
 *
 * The rule: HBDs that fit a rack share it whole. A larger HBD has racks of its own, adjacent, its hosts and
 * scale-up switches spread evenly over them, or hosts and switches in racks apart where that takes fewer.
 * Scale-out switches stand in network racks, leaves of one group (the leaves that one host reaches) together.
 * Rack power is held at the rack's input, management included.
 */
import type { CoolingClass } from "../hardware/facility.ts"
import type { Cooling } from "../hardware/part.ts"

/** Of one piece or one rack; power at the rack's input. */
export interface RackLoad {
  readonly powerW: number
  readonly rackUnits: number
  readonly weightKg: number
}

/** What stands in the racks of one HBD and in the network racks. */
export interface RackContents {
  readonly host: RackLoad
  readonly hosts: number
  /** hosts that each rack of the HBD holds, with their first-tier switches; null: as few racks as hold them all */
  readonly hostsTogether: number | null
  /** of one HBD; those on the hosts' boards are in the host's load */
  readonly scaleUpSwitch: RackLoad
  readonly scaleUpSwitches: number
  readonly opticalCircuitSwitch: RackLoad
  readonly opticalCircuitSwitches: number
  /** with modules in all its ports; null: no scale-out fabric */
  readonly networkSwitch: RackLoad | null
  /** leaves that the NICs of one host reach */
  readonly leafGroup: number
}

/** What a rack holds beside its own management, by what stands in it: air-cooled gear has less in a liquid class. */
export interface RackLimits {
  readonly host: RackLoad
  readonly network: RackLoad
  readonly service: RackLoad
}

export interface RackRule {
  readonly kind: "rule"
  readonly contents: RackContents
  readonly limits: RackLimits
  /** HBDs that share a rack; 0 where one HBD takes several */
  readonly hbdsPerRack: number
  /** 1 where HBDs share a rack */
  readonly racksPerHbd: number
  /** of them, racks of packet switches and of circuit switches apart; 0 where they stand among the hosts */
  readonly switchRacksPerHbd: number
  readonly circuitRacksPerHbd: number
  /** the fullest rack of one HBD when it takes several; of one HBD's whole content when it shares */
  readonly hbdPeakW: number
  readonly hostsPerRack: number
  readonly networkSwitchesPerRack: number
  /** leaves that stand together, and the racks they take */
  readonly leavesPerZone: number
  readonly leafRacksPerZone: number
}

export type RackResource = "cooling" | "power" | "rack units" | "weight" | "reach"

/** Why a design cannot stand in a class of racks. */
export interface RackRefusal {
  readonly kind: "refusal"
  readonly resource: RackResource
  readonly reason: string
  readonly required: number
  readonly limit: number
  readonly unit: string
}

/** Units of each rack kept for its management switch and patching. */
const RESERVED_UNITS = 2

/** Guards floor() against a quotient that rounding left just below a whole number. */
const SLACK = 1e-9

/**
 * Room of one rack for equipment of a cooling, from the class and the limit at its input; its own management is
 * taken off.
 */
export function rackLimit(
  coolingClass: CoolingClass, rackPowerKW: number, managementPowerW: number, cooling: Cooling
): RackLoad {
  const kW = cooling === "air" ? Math.min(rackPowerKW, coolingClass.airRackPowerMaxKW) : rackPowerKW
  return {
    powerW: kW * 1000 - managementPowerW,
    rackUnits: coolingClass.rackUnits - RESERVED_UNITS,
    weightKg: coolingClass.rackWeightMaxKg
  }
}

/** Air-cooled parts stand anywhere; what needs liquid needs a liquid or hybrid class. */
export function coolingServes(hall: Cooling, part: Cooling): boolean {
  return part === "air" || hall !== "air"
}

/** The rule of a design in a class of racks, or why it cannot stand there. */
export function rackRule(contents: RackContents, limits: RackLimits): RackRule | RackRefusal {
  const { host, network } = limits
  // a part that is not there has no load and is refused by nothing
  const refusal = refuse("one host", contents.host, host) ??
    refuse("one scale-up switch", contents.scaleUpSwitch, host) ??
    refuse("one optical circuit switch", contents.opticalCircuitSwitch, host) ??
    (contents.networkSwitch === null ? null : refuse("one scale-out switch", contents.networkSwitch, network))
  if (refusal !== null) return refusal
  const hbd = contents.hostsTogether === null ? hbdRule(contents, host) : togetherRule(contents, contents.hostsTogether, host)
  return "kind" in hbd ? hbd : { kind: "rule", contents, limits, ...hbd, ...networkRule(contents, network) }
}

/** As many hosts in each rack as are asked for, and their packet switches; circuit switches among them or apart. */
function togetherRule(contents: RackContents, hostsTogether: number, limit: RackLoad): HbdRule | RackRefusal {
  const racks = contents.hosts / hostsTogether
  if (racks === 1) {
    const rule = hbdRule(contents, limit)
    return rule.racksPerHbd === 1 ? rule : refuse("one HBD", mixed(contents, 1), limit)!
  }
  const all = mixed(contents, racks)
  const hosts = mixed({ ...contents, opticalCircuitSwitches: 0 }, racks)
  const common = { hbdsPerRack: 0, switchRacksPerHbd: 0, hostsPerRack: capacity(contents.host, limit) }
  if (capacity(all, limit) >= 1) return { ...common, racksPerHbd: racks, circuitRacksPerHbd: 0, hbdPeakW: all.powerW }
  const circuitRacksPerHbd = racksOf(contents.opticalCircuitSwitch, contents.opticalCircuitSwitches, limit)
  if (circuitRacksPerHbd === 0 || capacity(hosts, limit) < 1) {
    return refuse(`${hostsTogether} hosts of one HBD with their switches`, hosts, limit)!
  }
  const circuitsW = peakOf(contents.opticalCircuitSwitch, contents.opticalCircuitSwitches, circuitRacksPerHbd)
  return {
    ...common, racksPerHbd: racks + circuitRacksPerHbd, circuitRacksPerHbd, hbdPeakW: Math.max(hosts.powerW, circuitsW)
  }
}

type HbdRule = Pick<
  RackRule, "hbdsPerRack" | "racksPerHbd" | "switchRacksPerHbd" | "circuitRacksPerHbd" | "hbdPeakW" | "hostsPerRack"
>

function hbdRule(contents: RackContents, limit: RackLoad): HbdRule {
  const whole = mixed(contents, 1)
  const hostsPerRack = capacity(contents.host, limit)
  const hbdsPerRack = capacity(whole, limit)
  const together = { switchRacksPerHbd: 0, circuitRacksPerHbd: 0, hostsPerRack }
  if (hbdsPerRack >= 1) return { hbdsPerRack, racksPerHbd: 1, hbdPeakW: whole.powerW, ...together }
  const hostRacks = Math.ceil(contents.hosts / hostsPerRack)
  const switchRacksPerHbd = racksOf(contents.scaleUpSwitch, contents.scaleUpSwitches, limit)
  const circuitRacksPerHbd = racksOf(contents.opticalCircuitSwitch, contents.opticalCircuitSwitches, limit)
  const apart = hostRacks + switchRacksPerHbd + circuitRacksPerHbd
  const spread = evenRacks(contents, limit)
  if (spread !== null && spread <= apart) {
    return { hbdsPerRack: 0, racksPerHbd: spread, hbdPeakW: mixed(contents, spread).powerW, ...together }
  }
  const hbdPeakW = Math.max(
    Math.ceil(contents.hosts / hostRacks) * contents.host.powerW,
    peakOf(contents.scaleUpSwitch, contents.scaleUpSwitches, switchRacksPerHbd),
    peakOf(contents.opticalCircuitSwitch, contents.opticalCircuitSwitches, circuitRacksPerHbd)
  )
  return { hbdsPerRack: 0, racksPerHbd: apart, hbdPeakW, hostsPerRack, switchRacksPerHbd, circuitRacksPerHbd }
}

function networkRule({ networkSwitch, leafGroup }: RackContents, limit: RackLoad) {
  if (networkSwitch === null) return { networkSwitchesPerRack: 0, leavesPerZone: 0, leafRacksPerZone: 0 }
  const networkSwitchesPerRack = capacity(networkSwitch, limit)
  const groups = Math.floor(networkSwitchesPerRack / leafGroup)
  return groups > 0
    ? { networkSwitchesPerRack, leavesPerZone: groups * leafGroup, leafRacksPerZone: 1 }
    : { networkSwitchesPerRack, leavesPerZone: leafGroup, leafRacksPerZone: Math.ceil(leafGroup / networkSwitchesPerRack) }
}

/**
 * The least number of racks over which one HBD, spread evenly, keeps every rack within its limits; null: none
 * does.
 */
function evenRacks(contents: RackContents, limit: RackLoad): number | null {
  const whole = mixed(contents, 1)
  const most = contents.hosts + contents.scaleUpSwitches + contents.opticalCircuitSwitches
  const least = Math.max(1, Math.ceil(Math.max(
    whole.powerW / limit.powerW, whole.rackUnits / limit.rackUnits, whole.weightKg / limit.weightKg) - SLACK))
  for (let racks = least; racks <= most; racks++) {
    if (capacity(mixed(contents, racks), limit) >= 1) return racks
  }
  return null
}

/** The fullest of `racks` racks over which one HBD is spread evenly. */
function mixed(contents: RackContents, racks: number): RackLoad {
  const hosts = Math.ceil(contents.hosts / racks)
  const switches = Math.ceil(contents.scaleUpSwitches / racks)
  const optical = Math.ceil(contents.opticalCircuitSwitches / racks)
  const sum = (of: (load: RackLoad) => number) =>
    hosts * of(contents.host) + switches * of(contents.scaleUpSwitch) + optical * of(contents.opticalCircuitSwitch)
  return { powerW: sum((l) => l.powerW), rackUnits: sum((l) => l.rackUnits), weightKg: sum((l) => l.weightKg) }
}

function capacity(load: RackLoad, limit: RackLoad): number {
  return Math.floor(SLACK + Math.min(
    limit.powerW / load.powerW, limit.rackUnits / load.rackUnits, limit.weightKg / load.weightKg))
}

function racksOf(load: RackLoad, count: number, limit: RackLoad): number {
  return count === 0 ? 0 : Math.ceil(count / capacity(load, limit))
}

function peakOf(load: RackLoad, count: number, racks: number): number {
  return racks === 0 ? 0 : Math.ceil(count / racks) * load.powerW
}

function refuse(what: string, load: RackLoad, limit: RackLoad): RackRefusal | null {
  const refusal = (resource: "power" | "rack units" | "weight", required: number, room: number, unit: string) => ({
    kind: "refusal" as const, resource, required, limit: room, unit,
    reason: `${what} needs ${required.toFixed(1)} ${unit}, a rack has room for ${room.toFixed(1)} ${unit}`
  })
  if (load.powerW > limit.powerW) return refusal("power", load.powerW / 1000, limit.powerW / 1000, "kW")
  if (load.rackUnits > limit.rackUnits) return refusal("rack units", load.rackUnits, limit.rackUnits, "U")
  if (load.weightKg > limit.weightKg) return refusal("weight", load.weightKg, limit.weightKg, "kg")
  return null
}
