/** The HBDs that can be built of an accelerator: of every host, size, topology and switch that may be chosen. */
import { meshNeighbours, meshShapes } from "../fabric/grid-shape.ts"
import { splitLanes } from "../fabric/scale-up.ts"
import type { Accelerator, ScaleUpTopology } from "../hardware/accelerator.ts"
import type { System } from "../hardware/system.ts"
import { endPowerW, nicFigures } from "../facility/part-figures.ts"
import { rackInputW } from "../facility/power-chain.ts"
import { designHbd, type LaneSplit, type SwitchChoice } from "./hbd-assembly.ts"
import type { HbdDesign } from "./layout.ts"
import { nicAttachments } from "./scale-out-designs.ts"
import type { Domain, Scenario } from "./scenario.ts"
import { createDropLog, type DropLog, type Hardware, missingFigure } from "./selection.ts"
import type { RackClass } from "./site-class.ts"

/** Every HBD design of the accelerator on the host, in racks of the class. */
export function enumerateHbdDesigns(
  scenario: Scenario,
  hardware: Hardware,
  accelerator: Accelerator,
  host: System,
  rackClass: RackClass,
  log: DropLog
): ReadonlyArray<HbdDesign> {
  const missing = missingFigure(host, ["hostPowerMaxW", "hostPriceUsd", "rackUnits"])
  if (missing !== null) {
    log.drop(`host without ${missing}`, host.id)
    return []
  }
  const designs: Array<HbdDesign> = []
  for (const lanes of laneSplits(accelerator)) {
    const attachedW = mostAttachedW(scenario, hardware, accelerator, host, lanes)
    for (const topology of accelerator.scaleUpTopologies) {
      if (!isIn(scenario.search.scaleUpTopology, topology)) continue
      for (const choice of switchChoices(scenario, hardware, accelerator, host, topology)) {
        for (const size of sizes(scenario, accelerator, host)) {
          for (const dims of shapes(topology, size, host, lanes)) {
            const asked = { scenario, hardware, accelerator, host, rackClass, lanes, topology, ...choice, size, dims, attachedW }
            designs.push(...designHbd(asked, log))
          }
        }
      }
    }
  }
  return designs
}

function laneSplits(accelerator: Accelerator): ReadonlyArray<LaneSplit> {
  const { scaleUpGBps, scaleUpLinks, sharedLanes } = accelerator
  if (scaleUpGBps === null || scaleUpLinks === null) return []
  if (sharedLanes === null) return [{ GBps: scaleUpGBps, links: scaleUpLinks, scaleOutMaxGbps: null }]
  const { lanes, laneGbps, scaleUpLanesMin, scaleOutLanesMin } = sharedLanes
  const productLanes = Math.round(scaleUpGBps * 8 / laneGbps)
  return [...new Set([productLanes, scaleUpLanesMin, lanes - scaleOutLanesMin])].flatMap((scaleUpLanes) => {
    const split = splitLanes(sharedLanes, scaleUpLanes)
    if (split === null) return []
    const links = Math.floor(scaleUpLinks * split.scaleUpGBps / scaleUpGBps + 1e-9)
    return [{ GBps: split.scaleUpGBps, links, scaleOutMaxGbps: split.scaleOutGbps }]
  })
}

/** The most that the NICs of one host draw with their cable ends, at the rack's input, W. */
function mostAttachedW(
  scenario: Scenario, hardware: Hardware, accelerator: Accelerator, host: System, { scaleOutMaxGbps }: LaneSplit
): number {
  const { interconnects } = hardware
  // a faster medium, broken out, is charged as if it carried one link
  const endW = (linkGbps: number) => interconnects.reduce((most, medium) =>
    medium.uses.includes("scale-out") && medium.gbps >= linkGbps && endPowerW(medium) > most ? endPowerW(medium) : most, 0)
  const perAccelerator = nicAttachments(scenario, hardware, accelerator, scaleOutMaxGbps, createDropLog())
    .map(({ nic, nicsPerAccelerator, planes, linkGbps }) =>
      nicsPerAccelerator * (nicFigures(nic).powerMaxW + planes * endW(linkGbps)))
  const watts = host.accelerators * Math.max(0, ...perAccelerator)
  return host.kind === "tray" ? rackInputW(watts, scenario.allowances) : watts
}

function switchChoices(
  scenario: Scenario,
  hardware: Hardware,
  accelerator: Accelerator,
  host: System,
  topology: ScaleUpTopology
): ReadonlyArray<SwitchChoice> {
  const speaking = hardware.switches.filter((box) => box.protocols.includes(accelerator.scaleUpProtocol))
  const none = { switch: null, onBoard: null, opticalCircuitSwitch: null }
  if (topology === "torus-3d-ocs") {
    return speaking.filter((box) => box.kind === "optical-circuit" && isIn(scenario.search.scaleUpSwitch, box.id))
      .map((box) => ({ ...none, opticalCircuitSwitch: box }))
  }
  if (topology !== "switched-1" && topology !== "switched-2") return [none]
  const onBoard = host.scaleUpSwitches > 0 ? hardware.switches.find((box) => box.id === host.scaleUpSwitch) ?? null : null
  if (topology === "switched-1" && onBoard !== null) return [{ ...none, switch: onBoard, onBoard }]
  return speaking.filter((box) => box.kind === "scale-up" && !box.onBoard && isIn(scenario.search.scaleUpSwitch, box.id))
    .map((box) => ({ ...none, switch: box, onBoard }))
}

/** Whole hosts whose number has no prime factor above 3 (and at most two 3s), the product's own size, and the largest. */
function sizes(scenario: Scenario, accelerator: Accelerator, host: System): ReadonlyArray<number> {
  const hostsMax = Math.floor(accelerator.maxHbd / host.accelerators)
  const hosts = new Set<number>([hostsMax, accelerator.nativeHbd / host.accelerators])
  for (const threes of [1, 3, 9]) for (let n = threes; n <= hostsMax; n *= 2) hosts.add(n)
  const asked = scenario.search.hbdSize
  const all = asked === null ? [...hosts].map((n) => n * host.accelerators) : asked
  return all.filter((size) => size >= 1 && size <= accelerator.maxHbd && size % host.accelerators === 0)
    .sort((a, b) => a - b)
}

/** The number of dimensions of an n-D full mesh is a decision; other shapes follow from their size. */
function shapes(
  topology: ScaleUpTopology, size: number, host: System, { links }: LaneSplit
): ReadonlyArray<ReadonlyArray<number>> {
  if (topology !== "nd-full-mesh") return [[]]
  const within = meshShapes(size, host.accelerators).filter((dims) => meshNeighbours(dims) <= links)
  return within.length === 0 ? [[]] : within
}

function isIn<A>(domain: Domain<A>, value: A): boolean {
  return domain === null || domain.includes(value)
}
