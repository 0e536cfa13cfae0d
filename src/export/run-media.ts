/** The medium of every link of a site: that of the run of cables which its rack starts. */
import { floorPlan, type PlacedRack } from "../../models/facility/floor-plan.ts"
import { hbdRackContents } from "../../models/facility/rack-plan.ts"
import type { SitePlan } from "../planner/built.ts"
import type { ClusterSwitch } from "./cluster-wiring.ts"

export interface RunMedia {
  /** by number of the host within its site */
  ofHost(host: number): string
  /** of the links that start at a switch, by its index */
  ofSwitch(at: number): string
}

/** Indices of `switches`: leaves by the hosts that they serve, so that those of one host stand together; then spines, cores. */
export function inRackOrder(switches: ReadonlyArray<ClusterSwitch>, firstHost: ReadonlyArray<number>): ReadonlyArray<number> {
  const tiers = ["leaf", "router", "spine", "core"]
  const order = (i: number): number => tiers.indexOf(switches[i]!.kind)
  return [...switches.keys()].sort((a, b) => order(a) - order(b) || firstHost[a]! - firstHost[b]! || a - b)
}

export function runMedia(
  { plant, hbds, counts, stand: { hbd } }: SitePlan, switches: ReadonlyArray<ClusterSwitch>, firstHost: ReadonlyArray<number>
): RunMedia {
  const { racks, runs } = floorPlan(plant, hbds, counts)
  const key = (bundle: string, { kind, number, slot }: Pick<PlacedRack, "kind" | "number" | "slot">) =>
    `${bundle} ${kind} ${number} ${slot}`
  const media = new Map(runs.map((run) => [key(run.bundle, run.from), run.medium]))
  const slots = hbdRackContents(plant.rule).flatMap(({ hosts }, slot) => Array.from({ length: hosts }, () => slot))
  const { hbdsPerRack } = plant.rule
  const uppers = racks.filter(({ kind }) => kind === "upper").length
  const leaves = racks.filter(({ kind }) => kind === "leaf").length
  const places = new Map<number, string>()
  const ordered = inRackOrder(switches, firstHost)
  const low = ordered.filter((at) => uppers === 0 || switches[at]!.kind === "leaf" || switches[at]!.kind === "router")
  const high = ordered.slice(low.length)
  for (const [kind, own, count] of [["leaf", low, leaves], ["upper", high, uppers]] as const) {
    own.forEach((at, position) => places.set(at, key("trunk", { kind, number: rackOf(position, own.length, count), slot: 0 })))
  }
  return {
    ofHost: (host) => {
      const number = Math.floor(host / hbd.hosts)
      const from = hbdsPerRack > 0
        ? { kind: "compute" as const, number: number - number % hbdsPerRack, slot: 0 }
        : { kind: "compute" as const, number, slot: slots[host % hbd.hosts]! }
      return media.get(key("endpoint", from))!
    },
    ofSwitch: (at) => media.get(places.get(at)!)!
  }
}

/** The rack of the device at a position when the first racks hold one more. */
function rackOf(position: number, devices: number, racks: number): number {
  const least = Math.floor(devices / racks)
  const fuller = devices % racks
  const before = fuller * (least + 1)
  return position < before ? Math.floor(position / (least + 1)) : fuller + Math.floor((position - before) / least)
}
