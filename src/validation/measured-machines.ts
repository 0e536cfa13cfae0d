/** The machines that published runs used: what the rows' accelerator names mean, in the performance model's terms. */
import type { AcceleratorPerformance, FabricPerformance, Machine } from "../../models/performance/machine.ts"
import type { Measurement } from "./measurement.ts"

/** An accelerator as its datasheet states it, with its scale-up fabric. Bandwidths one direction, FLOP/s dense. */
interface MeasuredAccelerator {
  readonly performance: AcceleratorPerformance
  readonly scaleUpGBps: number
  readonly scaleUpTopology: FabricPerformance["topology"]
  readonly dims: ReadonlyArray<number>
  readonly inNetworkReduction: boolean
  readonly domain: number
  /** scale-out of the reference system where a row does not state its own, Gb/s */
  readonly nicGbps: number
}

function accelerator(
  id: string, family: string,
  tflops: { bf16: number; fp8?: number; fp4?: number; int8?: number },
  memoryGB: number, memoryGBps: number, computeUnits: number | null, powerCapRatio = 1
): AcceleratorPerformance {
  return {
    id, family, bf16Tflops: tflops.bf16, fp8Tflops: tflops.fp8 ?? null, fp4Tflops: tflops.fp4 ?? null,
    int8Tops: tflops.int8 ?? null, memoryGB, memoryGBps, computeUnits, powerCapRatio
  }
}

function switched(
  performance: AcceleratorPerformance, scaleUpGBps: number, domain: number, nicGbps: number, inNetworkReduction: boolean
): MeasuredAccelerator {
  return { performance, scaleUpGBps, scaleUpTopology: "switched", dims: [], inNetworkReduction, domain, nicGbps }
}

function torus(
  performance: AcceleratorPerformance, scaleUpGBps: number, dims: ReadonlyArray<number>, nicGbps: number
): MeasuredAccelerator {
  const domain = dims.reduce((product, extent) => product * extent, 1)
  return { performance, scaleUpGBps, scaleUpTopology: "torus", dims, inNetworkReduction: false, domain, nicGbps }
}

const a100 = { bf16: 312, int8: 624 }
const h100 = { bf16: 989.4, fp8: 1978.9, int8: 1978.9 }
const b200 = { bf16: 2250, fp8: 4500, fp4: 9000, int8: 4500 }
const gb200 = { bf16: 2450, fp8: 4900, fp4: 9800, int8: 4900 }

/** Vendors' datasheets; TPUs: cloud.google.com/tpu/docs/system-architecture. */
const accelerators: Readonly<Record<string, MeasuredAccelerator>> = {
  "A100-40GB": switched(accelerator("A100-40GB", "ampere", a100, 40, 1555, 108), 300, 8, 200, false),
  "A100-80GB": switched(accelerator("A100-80GB", "ampere", a100, 80, 2039, 108), 300, 8, 200, false),
  H100: switched(accelerator("H100", "hopper", h100, 80, 3350, 132), 450, 8, 400, true),
  "H100-96GB-500W": switched(
    accelerator("H100-96GB-500W", "hopper", h100, 96, 2400, 132, 500 / 700), 450, 8, 400, true
  ),
  H800: switched(accelerator("H800", "hopper", h100, 80, 3350, 132), 200, 8, 400, true),
  H200: switched(accelerator("H200", "hopper", h100, 141, 4800, 132), 450, 8, 400, true),
  B200: switched(accelerator("B200", "blackwell", b200, 180, 8000, 148), 900, 8, 400, true),
  B300: switched(
    accelerator("B300", "blackwell", { ...b200, fp4: 14000, int8: 153.5 }, 270, 8000, 148), 900, 8, 800, true
  ),
  GB200: switched(accelerator("GB200", "blackwell", gb200, 186, 8000, 152), 900, 72, 400, true),
  GB300: switched(
    accelerator("GB300", "blackwell", { ...gb200, fp4: 15000, int8: 165 }, 278, 8000, 152), 900, 72, 800, true
  ),
  MI300X: {
    ...switched(accelerator("MI300X", "cdna3", { bf16: 1307, fp8: 2615, int8: 2615 }, 192, 5300, 304), 448, 8, 400, false),
    scaleUpTopology: "full-mesh"
  },
  MI355X: {
    ...switched(
      accelerator("MI355X", "cdna4", { bf16: 2516, fp8: 5033, fp4: 10066, int8: 5033 }, 288, 8000, 256), 537, 8, 400, false
    ),
    scaleUpTopology: "full-mesh"
  },
  "TPU-v4": torus(accelerator("TPU-v4", "tpu", { bf16: 275, int8: 275 }, 32, 1200, null), 300, [16, 16, 16], 25),
  "TPU-v5e": torus(accelerator("TPU-v5e", "tpu", { bf16: 197, int8: 394 }, 16, 819, null), 200, [16, 16], 25),
  "TPU-v5p": torus(accelerator("TPU-v5p", "tpu", { bf16: 459, int8: 918 }, 95, 2765, null), 600, [16, 20, 28], 50),
  "TPU-v6e": torus(accelerator("TPU-v6e", "tpu", { bf16: 918, int8: 1836 }, 32, 1640, null), 448, [16, 16], 100),
  "TPU-v7x(Ironwood)": torus(
    accelerator("TPU-v7x", "tpu", { bf16: 2307, fp8: 4614 }, 192, 7380, null), 600, [16, 24, 24], 100
  )
}

/** Names that rows may use. */
export const measuredAccelerators: ReadonlyArray<string> = Object.keys(accelerators)

/** One-way latency of a message, s: NVLink through one switch; NIC to NIC over two or three switches. */
const scaleUpLatencyS = 1e-6
const scaleOutLatencyS = 5e-6

function fabric(
  GBps: number, latencyS: number, topology: FabricPerformance["topology"], dims: ReadonlyArray<number>,
  pairGBps: number, inNetworkReduction: boolean
): FabricPerformance {
  return { GBps, latencyS, topology, pairGBps, dims, inNetworkReduction, taper: [], railOnly: false }
}

/** The machine a row ran on, or null for an accelerator that is not known. */
export function measuredMachine(row: Measurement): Machine | null {
  const entry = accelerators[row.accelerator]
  if (entry === undefined) return null
  const hbdSize = typeof row.scaleUpDomain === "number" ? row.scaleUpDomain : entry.domain
  const pairs = entry.scaleUpTopology === "full-mesh" ? entry.scaleUpGBps / (entry.domain - 1) : entry.scaleUpGBps
  const pairGBps = entry.scaleUpTopology === "torus" ? entry.scaleUpGBps / (2 * entry.dims.length) : pairs
  const nicGBps = (row.nicGbpsPerGpu ?? entry.nicGbps) / 8
  return {
    accelerator: entry.performance,
    hbdSize,
    scaleUp: fabric(
      entry.scaleUpGBps, scaleUpLatencyS, entry.scaleUpTopology, entry.dims, pairGBps, entry.inNetworkReduction
    ),
    scaleOut: fabric(nicGBps, scaleOutLatencyS, "switched", [], nicGBps, false),
    scaleAcross: null,
    host: { memoryGB: 128, linkGBps: entry.domain > 8 && entry.scaleUpTopology === "switched" ? 180 : 25 }
  }
}
