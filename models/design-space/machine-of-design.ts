/** What the performance model sees of a design. Designs that look alike to it share a class, and their mapping search. */
import { completeFabricSpec, type FabricSize, type FabricSpec } from "../fabric/fabric.ts"
import { powerCapRatio, siliconFamily } from "../performance/silicon.ts"
import { cableLatencyNs, rungOf } from "../fabric/media.ts"
import { describeFabricPerformance } from "../fabric/performance.ts"
import type { Accelerator } from "../hardware/accelerator.ts"
import type { FabricPerformance, Machine } from "../performance/machine.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import { fabricSpecOf } from "./scale-out-designs.ts"

/** Of an HBD that stands alone: nothing crosses to another, so no bandwidth is ever asked of it. */
const noFabric: FabricPerformance = {
  GBps: 0, latencyS: 0, topology: "switched", pairGBps: 0, dims: [], inNetworkReduction: false, taper: [], railOnly: false
}

/** Figures the performance model cannot do without. */
export const performanceFigures = ["bf16Tflops", "memoryGB", "memoryGBps", "scaleUpGBps"] as const

/**
 * `scaleOut` is null for a single HBD, otherwise how the fabric of the design looks at its largest; `scaleAcross` null on one
 * site.
 */
export function machineOf(
  hbd: HbdDesign, scaleOut: FabricPerformance | null, scaleAcross: Machine["scaleAcross"] = null
): Machine {
  const { hostMemoryGB, hostLinkGBps, accelerators } = hbd.host
  return {
    accelerator: acceleratorPerformance(hbd.accelerator),
    hbdSize: hbd.size,
    scaleUp: hbd.performance,
    scaleOut: scaleOut ?? noFabric,
    scaleAcross,
    host: hostMemoryGB === null || hostLinkGBps === null
      ? null
      : { memoryGB: hostMemoryGB / accelerators, linkGBps: hostLinkGBps }
  }
}

function acceleratorPerformance(accelerator: Accelerator): Machine["accelerator"] {
  const { bf16Tflops, memoryGB, memoryGBps } = accelerator
  if (bf16Tflops === null || memoryGB === null || memoryGBps === null) {
    throw new RangeError(`${accelerator.id} lacks a figure that presolve should have asked for`)
  }
  const { id, fp8Tflops, fp4Tflops, int8Tops, computeUnits } = accelerator
  return {
    id, family: siliconFamily(accelerator), bf16Tflops, fp8Tflops, fp4Tflops, int8Tops, memoryGB, memoryGBps, computeUnits,
    powerCapRatio: powerCapRatio(accelerator)
  }
}

/** The spec of a design's fabric for `hbds` HBDs. */
export function scaleOutSpec(hbd: HbdDesign, design: ScaleOutDesign, hbds: number): FabricSpec {
  return completeFabricSpec(fabricSpecOf(design, hbds * hbd.size * design.nicsPerAccelerator))
}

/**
 * Length by which the latency of a cable between switches is judged, m: a mapping is judged once for all numbers of HBDs, so
 * not by the cables of one hall; at 5 ns a metre it hardly matters.
 */
const trunkLatencyM = 50

/** How a sized fabric looks to its accelerators. */
export function scaleOutPerformance(design: ScaleOutDesign, spec: FabricSpec, size: FabricSize): FabricPerformance {
  const { trunkMedia } = design
  const medium = trunkMedia[rungOf(trunkMedia, trunkLatencyM)] ?? trunkMedia.at(-1)!
  return describeFabricPerformance(spec, size, design.nicsPerAccelerator, {
    switchLatencyNs: design.switch.latencyNs ?? 0,
    endpointLatencyNs: 0,
    cableLatencyNs: cableLatencyNs(medium, Math.min(trunkLatencyM, medium.reachM)),
    inNetworkReduction: design.switch.inNetworkReduction
  })
}
