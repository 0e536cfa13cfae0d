/**
 * The machines that published runs used: what the rows' accelerator names mean, in the performance model's
 * terms.
 */
import type { Accelerator, ScaleUpTopology } from "../../models/hardware/accelerator.ts"
import type { AcceleratorPerformance, FabricPerformance, Machine } from "../../models/performance/machine.ts"
import { powerCapRatio, siliconFamily } from "../../models/performance/silicon.ts"
import type { Measurement } from "./measurement.ts"

/** Catalogue ids of the names that rows use; a catalogue id is a name of its own. */
export const acceleratorNames: Readonly<Record<string, string>> = {
  "A100-40GB": "a100-40-sxm",
  "A100-80GB": "a100-80-sxm",
  H100: "h100-sxm",
  "H100-96GB-500W": "h100-96gb-500w",
  H800: "h800-sxm",
  H200: "h200-sxm",
  B200: "b200-sxm",
  B300: "b300-sxm",
  GB200: "gb200",
  GB300: "gb300",
  MI300X: "mi300x",
  MI325X: "mi325x",
  MI355X: "mi355x",
  "TPU-v4": "tpu-v4",
  "TPU-v5e": "tpu-v5e",
  "TPU-v5p": "tpu-v5p",
  "TPU-v6e": "tpu-v6e",
  "TPU-v7x(Ironwood)": "tpu-v7"
}

const makers = /^(nvidia|amdinstinct|google|aws|intel|huawei)/
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "").replace(makers, "")

/** The accelerator that a row names: as above, or by its catalogue id or name, however these are spelt. */
function namedAccelerator(name: string, accelerators: ReadonlyArray<Accelerator>): Accelerator | undefined {
  const id = acceleratorNames[name] ?? name
  const spelt = plain(id)
  return accelerators.find((entry) => entry.id === id)
    ?? accelerators.find((entry) => [entry.id, entry.id.replace(/-sxm$/, ""), entry.name].some((one) => plain(one) === spelt))
}

/** Extents of a whole pod's torus, by chip (cloud.google.com/tpu/docs/system-architecture). */
const podExtents: Readonly<Record<string, ReadonlyArray<number>>> = {
  "tpu-v4": [16, 16, 16],
  "tpu-v5e": [16, 16],
  "tpu-v5p": [16, 20, 28],
  "tpu-v6e": [16, 16],
  "tpu-v7": [16, 24, 24]
}

/** One-way latency of a message, s: a scale-up hop; NIC to NIC over two or three switches. */
const scaleUpLatencyS = 1e-6
const scaleOutLatencyS = 5e-6

/** GB/s to host memory, one direction: PCIe 5 x16, and the on-package link of Grace-class hosts. */
const pcieGBps = 50
const packageGBps = 225

/**
 * The catalogue's figures that the performance model uses, or null where one it cannot do without is missing.
 */
export function acceleratorPerformance(accelerator: Accelerator): AcceleratorPerformance | null {
  const { id, bf16Tflops, fp8Tflops, fp4Tflops, int8Tops, memoryGB, memoryGBps, computeUnits } = accelerator
  if (bf16Tflops === null || memoryGB === null || memoryGBps === null) return null
  return {
    id, bf16Tflops, fp8Tflops, fp4Tflops, int8Tops, memoryGB, memoryGBps, computeUnits,
    family: siliconFamily(accelerator),
    powerCapRatio: powerCapRatio(accelerator)
  }
}

function topologyKind(topology: ScaleUpTopology | undefined): FabricPerformance["topology"] {
  if (topology === undefined || topology.startsWith("switched")) return "switched"
  if (topology === "ring") return "ring"
  return topology.endsWith("full-mesh") ? "full-mesh" : "torus"
}

function scaleUpFabric(accelerator: Accelerator, GBps: number): FabricPerformance {
  const topology = topologyKind(accelerator.scaleUpTopologies[0])
  const dims = topology === "torus" ? podExtents[accelerator.id] ?? [accelerator.nativeHbd] : []
  const pairGBps = topology === "full-mesh" ? GBps / (accelerator.nativeHbd - 1)
    : topology === "torus" ? GBps / (2 * dims.length) : GBps
  return {
    GBps, latencyS: scaleUpLatencyS, topology, pairGBps, dims,
    inNetworkReduction: /^nvlink[4-9]$/.test(accelerator.scaleUpProtocol), taper: [], railOnly: false
  }
}

/** The machine a row ran on, or why it cannot be told. */
export function measuredMachine(row: Measurement, accelerators: ReadonlyArray<Accelerator>): Machine | string {
  const accelerator = namedAccelerator(row.accelerator, accelerators)
  if (accelerator === undefined) return `unknown accelerator ${row.accelerator}`
  const { id } = accelerator
  const performance = acceleratorPerformance(accelerator)
  if (performance === null || accelerator.scaleUpGBps === null) return `the catalogue lacks figures of ${id}`
  const nicGBps = (row.nicGbpsPerGpu ?? accelerator.scaleOutGbps ?? 0) / 8
  if (nicGBps === 0) return `scale-out bandwidth of ${id} is not known`
  return {
    accelerator: performance,
    hbdSize: typeof row.scaleUpDomain === "number" ? row.scaleUpDomain : accelerator.nativeHbd,
    scaleUp: scaleUpFabric(accelerator, accelerator.scaleUpGBps),
    scaleOut: {
      GBps: nicGBps, latencyS: scaleOutLatencyS, topology: "switched", pairGBps: nicGBps, dims: [],
      inNetworkReduction: false, taper: [], railOnly: false
    },
    scaleAcross: null,
    host: { memoryGB: 128, linkGBps: /^g[bh]\d/.test(id) ? packageGBps : pcieGBps }
  }
}
