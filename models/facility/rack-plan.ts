/** Racks of a site by pattern: how many racks stand with the same content, never one record a rack. */
import type { Plant, ScaleOutCounts } from "./plant.ts"
import { countAccelerators, countRacks, countSpareHosts, type RackCounts } from "./rack-counts.ts"
import type { RackRule } from "./rack-rule.ts"

export type RackKind = "compute" | "spare" | "leaf" | "upper" | "service"

/** Equal racks; counts and figures are of one of them, power at its input with its management. */
export interface RackPattern {
  readonly kind: RackKind
  readonly racks: number
  /** HBDs that it holds whole */
  readonly hbds: number
  readonly hosts: number
  readonly scaleUpSwitches: number
  readonly opticalCircuitSwitches: number
  readonly networkSwitches: number
  readonly powerW: number
  readonly rackUnits: number
  readonly weightKg: number
}

type Content = Pick<
  RackPattern, "hbds" | "hosts" | "scaleUpSwitches" | "opticalCircuitSwitches" | "networkSwitches"
>

const empty: Content = { hbds: 0, hosts: 0, scaleUpSwitches: 0, opticalCircuitSwitches: 0, networkSwitches: 0 }

/** The racks of `hbds` HBDs and their scale-out fabric (null: none), as `countRacks` counts them. */
export function packRacks(plant: Plant, hbds: number, scaleOut: ScaleOutCounts | null): ReadonlyArray<RackPattern> {
  const racks = countRacks(plant, hbds, scaleOut)
  const of = (kind: RackKind, racks: number, content: Content) => pattern(plant, kind, racks, content)
  return [
    ...computeContents(plant.rule, hbds).map(({ racks, content }) => of("compute", racks, content)),
    ...deal(countSpareHosts(plant, hbds), racks.spare)
      .map(({ racks, count }) => of("spare", racks, { ...empty, hosts: count })),
    ...networkPatterns(plant, racks, scaleOut),
    ...servicePattern(plant, racks.service, countAccelerators(plant, hbds))
  ].filter((pattern) => pattern.racks > 0)
}

/** Content of each of the racks of one HBD that takes several, in the order in which they stand. */
export function hbdRackContents(rule: RackRule): ReadonlyArray<Content> {
  const { contents, racksPerHbd, switchRacksPerHbd, circuitRacksPerHbd } = rule
  const apart = switchRacksPerHbd + circuitRacksPerHbd > 0
  const hostRacks = racksPerHbd - switchRacksPerHbd - circuitRacksPerHbd
  const share = (count: number, racks: number, at: number) =>
    at < 0 || at >= racks ? 0 : Math.floor((at + 1) * count / racks) - Math.floor(at * count / racks)
  return Array.from({ length: racksPerHbd }, (_, at) => ({
    ...empty,
    hosts: share(contents.hosts, hostRacks, at),
    scaleUpSwitches: apart
      ? share(contents.scaleUpSwitches, switchRacksPerHbd, at - hostRacks)
      : share(contents.scaleUpSwitches, racksPerHbd, at),
    opticalCircuitSwitches: apart
      ? share(contents.opticalCircuitSwitches, circuitRacksPerHbd, at - hostRacks - switchRacksPerHbd)
      : share(contents.opticalCircuitSwitches, racksPerHbd, at)
  }))
}

function computeContents(
  rule: RackRule, hbds: number
): ReadonlyArray<{ readonly racks: number; readonly content: Content }> {
  if (rule.hbdsPerRack === 0) {
    const kinds = new Map<string, { racks: number; content: Content }>()
    for (const content of hbdRackContents(rule)) {
      const key = JSON.stringify(content)
      const entry = kinds.get(key) ?? { racks: 0, content }
      entry.racks += hbds
      kinds.set(key, entry)
    }
    return [...kinds.values()]
  }
  const { contents } = rule
  const holding = (count: number) => ({
    ...empty, hbds: count, hosts: count * contents.hosts, scaleUpSwitches: count * contents.scaleUpSwitches,
    opticalCircuitSwitches: count * contents.opticalCircuitSwitches
  })
  const full = Math.floor(hbds / rule.hbdsPerRack)
  const rest = hbds - full * rule.hbdsPerRack
  return [
    { racks: full, content: holding(rule.hbdsPerRack) }, { racks: rest > 0 ? 1 : 0, content: holding(rest) }
  ]
}

function networkPatterns(
  plant: Plant, racks: RackCounts, scaleOut: ScaleOutCounts | null
): ReadonlyArray<RackPattern> {
  if (scaleOut === null) return []
  const { leaf, spine, core } = scaleOut
  const inLeafRacks = racks.upper === 0 ? leaf + spine + core : leaf
  const holding = (kind: RackKind, switches: number, racks: number) =>
    deal(switches, racks).map(({ racks, count }) => pattern(plant, kind, racks, { ...empty, networkSwitches: count }))
  return [...holding("leaf", inLeafRacks, racks.leaf), ...holding("upper", spine + core, racks.upper)]
}

function servicePattern(plant: Plant, racks: number, accelerators: number): ReadonlyArray<RackPattern> {
  if (racks === 0) return []
  const { allowances, servicePowerW } = plant
  const powerW = accelerators * servicePowerW / racks + allowances.managementPowerWPerRack
  return [{ kind: "service", racks, ...empty, powerW, rackUnits: 0, weightKg: 0 }]
}

function pattern({ rule, allowances }: Plant, kind: RackKind, racks: number, content: Content): RackPattern {
  const { host, scaleUpSwitch, opticalCircuitSwitch, networkSwitch } = rule.contents
  const sum = (figure: "powerW" | "rackUnits" | "weightKg") =>
    content.hosts * host[figure] + content.scaleUpSwitches * scaleUpSwitch[figure] +
    content.opticalCircuitSwitches * opticalCircuitSwitch[figure] +
    content.networkSwitches * (networkSwitch?.[figure] ?? 0)
  return {
    kind, racks, ...content,
    powerW: sum("powerW") + allowances.managementPowerWPerRack,
    rackUnits: sum("rackUnits"), weightKg: sum("weightKg")
  }
}

/** `count` pieces dealt evenly over racks: some hold one more. */
function deal(count: number, racks: number): ReadonlyArray<{ readonly racks: number; readonly count: number }> {
  if (racks === 0) return []
  const least = Math.floor(count / racks)
  const fuller = count - least * racks
  return [{ racks: fuller, count: least + 1 }, { racks: racks - fuller, count: least }]
}
