import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import type { Accelerator } from "../../../models/hardware/accelerator.ts"
import { constantsFor } from "../../../models/performance/constants.ts"
import { modernExecution } from "../../../models/performance/execution.ts"
import { gemmTime, waveEfficiency } from "../../../models/performance/kernels.ts"
import { peakTflops, powerCapRatio, sustainedSilicon } from "../../../models/performance/silicon.ts"
import type { Silicon } from "../../../models/performance/silicon.ts"
import type { Precision } from "../../../models/workload/training.ts"
import { acceleratorPerformance } from "../../../src/validation/measured-machines.ts"
import { h100 } from "./subjects.ts"

const readJson = (path: string) => JSON.parse(readFileSync(new URL(`../../../instances/${path}`, import.meta.url), "utf8"))

const accelerators: ReadonlyArray<Accelerator> = readJson("catalog/accelerators.json").entries
const published: ReadonlyArray<{ readonly id: string; readonly tflops?: Readonly<Record<string, number>> }> =
  readJson("published/kernels.json")

const siliconOf = (id: string, precision: Precision): Silicon => {
  const performance = acceleratorPerformance(accelerators.find((entry) => entry.id === id)!)!
  const { common, family } = constantsFor(performance.family)
  return sustainedSilicon(performance, precision, modernExecution, common, family)
}

describe("GEMM rates against published ones", () => {
  it.each<readonly [string, string, Precision]>([
    ["azure-gemm-a100", "a100-80-sxm", "bf16"],
    ["azure-gemm-h100-fp8", "h100-sxm", "fp8"],
    ["azure-gemm-h200-fp8", "h200-sxm", "fp8"],
    ["azure-gemm-gb200-fp8", "gb200", "fp8"]
  ])("%s: large square ones within 20 %%", (entry, id, precision) => {
    const silicon = siliconOf(id, precision)
    const { common } = constantsFor("hopper")
    for (const [size, tflops] of Object.entries(published.find((one) => one.id === entry)!.tflops!)) {
      const n = Number(size)
      if (!(n >= 4096)) continue
      const seconds = gemmTime(n, n, n, 1, silicon.linearFlops, silicon.operandBytes, 2, silicon, common)
      const ratio = (2 * n ** 3) / seconds / (tflops * 1e12)
      expect(ratio).toBeGreaterThan(0.8)
      expect(ratio).toBeLessThan(1.2)
    }
  })
})

describe("kernels", () => {
  const { common, family } = constantsFor("hopper")
  const silicon = sustainedSilicon(h100.accelerator, "bf16", modernExecution, common, family)

  it("fill the device best when tiles come in whole waves", () => {
    expect(waveEfficiency(128 * 12, 128 * 11, 1, silicon, common)).toBeCloseTo(1, 12)
    expect(waveEfficiency(128 * 12, 128 * 12, 1, silicon, common)).toBeLessThan(0.85)
    expect(waveEfficiency(100, 100, 1, { ...silicon, computeUnits: null }, common)).toBeCloseTo((100 / 128) ** 2, 12)
  })

  it("are bound by memory where a matrix is thin", () => {
    const bytes = 2 * (16384 + 16384 * 16384 + 16384)
    expect(gemmTime(1, 16384, 16384, 1, silicon.bf16Flops, 2, 2, silicon, common))
      .toBeGreaterThanOrEqual(bytes / silicon.memoryBps)
  })

  it("run in the next wider precision that the silicon has", () => {
    expect(peakTflops(h100.accelerator, "nvfp4")).toBe(1979)
    expect(peakTflops({ ...h100.accelerator, fp8Tflops: null }, "mxfp8")).toBe(989)
    expect(sustainedSilicon(h100.accelerator, "nvfp4", modernExecution, common, family).operandBytes).toBe(1)
  })

  it("clock lower where power is capped, never higher", () => {
    const cap = (powerMaxW: number | null) => powerCapRatio({ family: "hopper", powerMaxW, bf16Tflops: 989 })
    expect(cap(700)).toBeCloseTo(1, 2)
    expect(cap(500)).toBeCloseTo(0.714, 2)
    expect(cap(1400)).toBe(1)
    expect(cap(null)).toBe(1)
  })
})
