/**
 * Scenarios small enough for brute force: a few HBDs of one accelerator, a few values per dimension of the
 * mapping.
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"
import { uniformInt } from "pure-rand/distribution/uniformInt"
import { enumerateBlocks } from "../../../models/design-space/blocks.ts"
import { mappingDomain } from "../../../models/design-space/mapping-domain.ts"
import type { MappingDomains, ObjectiveName, Scenario, Site } from "../../../models/design-space/scenario.ts"
import { createDropLog, type Hardware } from "../../../models/design-space/selection.ts"
import type { ModelShape } from "../../../models/workload/model-shape.ts"

export interface Draw {
  /** 0 … count − 1 */
  below(count: number): number
  of<A>(items: ReadonlyArray<A>): A
  /** up to `most` different ones, in their order, at least one */
  some<A>(items: ReadonlyArray<A>, most: number): ReadonlyArray<A>
}

export function drawFrom(seed: number): Draw {
  const random = xoroshiro128plus(seed)
  const below = (count: number) => uniformInt(random, 0, count - 1)
  return {
    below,
    of: (items) => items[below(items.length)]!,
    some: (items, most) => {
      const chosen = new Set(Array.from({ length: 1 + below(most) }, () => below(items.length)))
      return items.filter((_, i) => chosen.has(i))
    }
  }
}

const unlimited = { racks: null, floorM2: null, capitalUsd: null }

/** A scenario cut down at random; null where the hardware leaves no block. `model` null: its own. */
export function cutDown(scenario: Scenario, hardware: Hardware, model: ModelShape | null, draw: Draw): Scenario | null {
  const accelerator = draw.of(hardware.accelerators)
  const hosts = hardware.systems.filter((system) => system.accelerator === accelerator.id)
  const site = { ...scenario.sites[0]!, ...unlimited, power: { limitMW: 1000, at: "meter" as const, pue: null } }
  const one: Scenario = {
    ...scenario, sites: [{ ...site, cooling: site.cooling.map((cooling) => ({ ...cooling, racks: null })) }], links: [],
    objective: { ...scenario.objective, name: "maximizeThroughput", throughputFloor: null, deadlineDays: null },
    search: {
      ...scenario.search, accelerator: [accelerator.id], host: hosts.map((host) => host.id).slice(0, 1), hbds: null
    }
  }
  const blocks = enumerateBlocks(one, hardware, createDropLog())
  const sizes = [...new Set(blocks.map(({ hbd }) => hbd.size))].filter((size) => size <= 16)
  if (sizes.length === 0) return null
  const hbdSize = draw.some(sizes, 2)
  const shape = model ?? scenario.workload.model
  const workload = {
    ...scenario.workload, model: shape, sequence: draw.of([2048, 4096, 8192]), globalBatch: 4 + draw.below(40)
  }
  const scaleOutSwitches = hardware.switches.filter((part) => part.kind === "scale-out")
  const fewest = Math.max(...hbdSize)
  return {
    ...one,
    workload,
    ...sitesOf(one.sites[0]!, fewest, draw),
    memoryHeadroom: draw.of([0, 0.1, 0.1, 0.6]),
    search: {
      ...one.search, hbdSize,
      scaleOutSwitch: [draw.of(scaleOutSwitches).id], scaleOutTiers: draw.some([1, 2], 2),
      nicsPerAccelerator: [1], planes: [1], oversubscription: draw.some([1, 2], 2),
      railOptimized: draw.some([true, false], 2),
      mapping: smallDomains({ ...one, workload }, draw)
    }
  }
}

/** One site with room for at least `fewest` accelerators, or two such sites joined by a link of some width. */
function sitesOf(site: Site, fewest: number, draw: Draw): Pick<Scenario, "sites" | "links"> {
  if (draw.below(2) === 0) return { sites: [{ ...site, accelerators: fewest + draw.below(64) }], links: [] }
  const sites = [
    { ...site, accelerators: fewest + draw.below(24) },
    { ...site, name: "other", power: { ...site.power, pue: 1.9 }, accelerators: fewest + draw.below(24) }
  ]
  const between = [sites[0]!.name, sites[1]!.name] as const
  return { sites, links: [{ between, Gbps: draw.of([3200, 12_800, 800_000]), distanceKm: draw.of([2, 80, 900]) }] }
}

/** Combinations of a mapping at the most, replicas and interleaving not counted. */
const combinations = 600

function smallDomains(scenario: Scenario, draw: Draw): MappingDomains {
  const free = mappingDomain(scenario.search.mapping, scenario.workload)
  const few = <A>(items: ReadonlyArray<A>) => draw.some(items, 2)
  const domains = {
    tp: few(free.tp.filter((tp) => tp <= 16)), cp: few(free.cp), ep: few(free.ep.filter((ep) => ep <= 64)),
    etp: few(free.etp),
    pp: few(free.pp.filter((pp) => pp <= 12)), microBatch: few(free.microBatch),
    sequenceParallel: few(free.sequenceParallel),
    recompute: draw.some(free.recompute, 3), shardingStage: draw.some(free.shardingStage, 4),
    shardingGroup: few(free.shardingGroup), offload: draw.some(free.offload, 3), order: few(free.order)
  }
  const names = Object.keys(domains) as Array<keyof typeof domains>
  const size = () => names.reduce((product, name) => product * domains[name].length, 1)
  while (size() > combinations) {
    const name = draw.of(names)
    Object.assign(domains, { [name]: domains[name].slice(0, 1 + draw.below(domains[name].length)) })
  }
  return { ...domains, vpp: draw.below(2) === 0 ? [1, 2] : [1], dp: null }
}

const floored: ReadonlyArray<ObjectiveName> = [
  "maximizeThroughputPerWatt", "maximizeThroughputPerDollar", "minimizePower", "minimizeCapex"
]

/** The scenario with another objective, its floor a share of the throughput that is known to be reached. */
export function withObjective(scenario: Scenario, tokensPerS: number, draw: Draw): Scenario {
  const name = draw.of(floored)
  const throughputFloor = tokensPerS * draw.of([0.2, 0.5, 0.8, 1 - 1e-9])
  return { ...scenario, objective: { ...scenario.objective, name, throughputFloor } }
}
