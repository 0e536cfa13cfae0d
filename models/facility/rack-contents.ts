/**
 * What the lines of a plant weigh on a rack: one host, one scale-up switch, one scale-out switch with its
 * modules.
 */
import type { ScaleOutDesign } from "../design-space/layout.ts"
import type { FabricSpec } from "../fabric/fabric.ts"
import type { Switch } from "../hardware/switch.ts"
import { endPowerW } from "./part-figures.ts"
import type { PlantDesign, PlantLine } from "./plant-lines.ts"
import type { RackContents, RackLoad } from "./rack-rule.ts"

/** Links that one pulled cable or one module carries. */
export type LinksPerCable = FabricSpec["linksPerCable"]

/**
 * Power of scale-up modules and cables goes half to each end; of scale-out links, to the host only its NICs'
 * ends.
 */
export function rackContents(
  { hbd, scaleOut }: PlantDesign, lines: ReadonlyArray<PlantLine>, linksPerCable: LinksPerCable
): RackContents {
  const perHbd = lines.filter((line) => line.driver === "hbd")
  const host = perHbd.find((line) => line.role === "host")
  const box = perHbd.find((line) => line.role === "scale-up switch")
  const circuit = perHbd.find((line) => line.role === "optical circuit switch")
  const linksW = sumPowerW(perHbd.filter((line) => hbd.links.some(({ medium }) => medium === line.part)))
  const atSwitchesW = box === undefined ? 0 : linksW / 2
  const hostsW = sumPowerW(perHbd.filter((line) => line !== box && line !== circuit)) - atSwitchesW
  return {
    host: load(host, hostsW / hbd.hosts + nicEndsW(hbd.host.accelerators, scaleOut, lines, linksPerCable)),
    hosts: hbd.hosts,
    hostsTogether: hbd.racks?.hostsTogether ?? null,
    scaleUpSwitch: load(box, box === undefined ? 0 : box.powerMaxW + atSwitchesW / box.quantity),
    scaleUpSwitches: box?.quantity ?? 0,
    opticalCircuitSwitch: load(circuit, circuit?.powerMaxW ?? 0),
    opticalCircuitSwitches: circuit?.quantity ?? 0,
    networkSwitch: scaleOut === null ? null : networkLoad(scaleOut, lines, linksPerCable),
    leafGroup: scaleOut === null ? 1 : scaleOut.rails * scaleOut.planes
  }
}

function sumPowerW(lines: ReadonlyArray<PlantLine>): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.powerMaxW, 0)
}

function load(line: PlantLine | undefined, powerW: number): RackLoad {
  return { powerW, rackUnits: line?.rackUnits ?? 0, weightKg: line?.weightKg ?? 0 }
}

/** Power of one host's ends of scale-out links, W: its modules, or half of its cables; of the medium that draws most. */
function nicEndsW(
  accelerators: number, scaleOut: ScaleOutDesign | null, lines: ReadonlyArray<PlantLine>, { endpoint }: LinksPerCable
): number {
  if (scaleOut === null) return 0
  const endW = Math.max(...scaleOut.endpointMedia.map((medium, rung) =>
    lines.find((line) => line.driver === "endpointModule" && line.rung === rung)?.powerMaxW ?? endPowerW(medium)))
  return accelerators * scaleOut.nicsPerAccelerator * Math.ceil(scaleOut.planes / endpoint) * endW
}

/** One scale-out switch with the modules that draw most in all its ports; none where it holds its optics. */
function networkLoad(
  { switch: box, endpointMedia, trunkMedia, linkGbps }: ScaleOutDesign, lines: ReadonlyArray<PlantLine>,
  { endpoint, fabric }: LinksPerCable
): RackLoad {
  const leaf = lines.find((line) => line.driver === "leaf")
  const trunkGbps = trunkMedia[0]!.gbps
  const endsW = box.coPackagedOptics ? 0 : Math.max(
    portsHeld(box, linkGbps) / endpoint * Math.max(...endpointMedia.map(endPowerW)),
    portsHeld(box, trunkGbps / fabric) / fabric * Math.max(...trunkMedia.map(endPowerW))
  )
  return load(leaf, (leaf?.powerMaxW ?? 0) + endsW)
}

/** Ports of a speed: where none is listed, as many as its capacity holds. */
export function portsHeld(box: Switch, gbps: number): number {
  const listed = box.radix.find((entry) => entry.portGbps === gbps)
  if (listed !== undefined) return listed.ports
  const capacityGbps = Math.max(...box.radix.map((entry) => entry.portGbps * entry.ports))
  return Math.floor(capacityGbps / gbps)
}
