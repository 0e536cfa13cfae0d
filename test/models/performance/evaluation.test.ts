import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { constantsFor } from "../../../models/performance/constants.ts"
import { createEvaluator, evaluateMapping } from "../../../models/performance/evaluator.ts"
import { explainStep } from "../../../models/performance/explanation.ts"
import type { Machine } from "../../../models/performance/machine.ts"
import type { Mapping } from "../../../models/performance/mapping.ts"
import { figure } from "../../../models/performance/step.ts"
import { dense405b, deepseekV3, gpt3, h100, mapping, switched, workload } from "./subjects.ts"
import { anyMapping } from "./random-mapping.ts"

const constants = constantsFor("hopper")
const explain = (subject: Mapping, machine: Machine = h100, work = workload(gpt3, 1536, 2048)) =>
  explainStep(work, machine, subject, constants)

describe("explained and hot path", () => {
  it.each([[gpt3, 1536], [deepseekV3, 4096]] as const)("agree to the last bit on $name", (model, batch) => {
    const work = workload(model, batch)
    const evaluator = createEvaluator(work, h100, constants)
    fc.assert(fc.property(anyMapping(model), (subject) => {
      const stepS = evaluateMapping(evaluator, subject)
      const explained = explainStep(work, h100, subject, constants)
      expect(stepS).toBe(explained.stepTimeS)
      expect(evaluator.out[figure.totalBytes]! / 1e9).toBe(explained.memory.totalGB)
    }), { numRuns: 400 })
  })

  it("explain the whole step: the waterfall and the memory add up", () => {
    const work = workload(deepseekV3, 4096)
    fc.assert(fc.property(anyMapping(deepseekV3), (subject) => {
      const { stepTimeS, breakdown, memory } = explainStep(work, h100, subject, constants)
      const seconds = breakdown.reduce((sum, { timeS }) => sum + timeS, 0)
      expect(Math.abs(seconds / stepTimeS - 1)).toBeLessThan(1e-9)
      const { totalGB: _, ...parts } = memory
      const sum = Object.values(parts).reduce((a, b) => a + b, 0)
      expect(Math.abs(sum / memory.totalGB - 1)).toBeLessThan(1e-12)
      for (const { timeS } of breakdown) expect(timeS).toBeGreaterThanOrEqual(-1e-9 * stepTimeS)
    }), { numRuns: 200 })
  })
})

describe("a step", () => {
  it("is never faster than its arithmetic at peak", () => {
    fc.assert(fc.property(anyMapping(gpt3), (subject) => {
      const { mfu } = explain(subject)
      expect(mfu).toBeGreaterThan(0)
      expect(mfu).toBeLessThan(1)
    }), { numRuns: 200 })
  })

  it("is no slower with faster fabrics or lower latency", () => {
    const better: ReadonlyArray<Machine> = [
      { ...h100, scaleUp: switched(900, 1e-6) },
      { ...h100, scaleOut: switched(100, 5e-6) },
      { ...h100, scaleOut: switched(50, 1e-6) }
    ]
    fc.assert(fc.property(anyMapping(deepseekV3), fc.constantFrom(...better), (subject, machine) => {
      const work = workload(deepseekV3, 4096)
      const here = explain(subject, h100, work).stepTimeS
      expect(explain(subject, machine, work).stepTimeS).toBeLessThanOrEqual(here * (1 + 1e-12))
    }), { numRuns: 200 })
  })

  it("pays for recomputation in time and saves memory with it", () => {
    const [none, selective, full] = (["none", "selective", "full"] as const).map((recompute) =>
      explain(mapping({ recompute }), h100, workload(dense405b, 1024)))
    expect(selective!.stepTimeS).toBeGreaterThan(none!.stepTimeS)
    expect(full!.stepTimeS).toBeGreaterThan(selective!.stepTimeS)
    expect(full!.memory.activationsGB).toBeLessThan(none!.memory.activationsGB)
  })

  it("counts a padded batch as a loss, not as work", () => {
    const even = explain(mapping(), h100, workload(gpt3, 512, 2048))
    const padded = explain(mapping(), h100, workload(gpt3, 500, 2048))
    expect(padded.stepTimeS).toBe(even.stepTimeS)
    expect(padded.breakdown.find(({ name }) => name === "batch padding")!.timeS).toBeGreaterThan(0)
    expect(padded.mfu).toBeLessThan(even.mfu)
  })

  it("shards optimiser, gradients and parameters stage by stage", () => {
    const memory = ([0, 1, 2, 3] as const).map((stage) =>
      explain(mapping({ sharding: { stage, group: "all" } })).memory)
    expect(memory[1]!.optimizerGB).toBeCloseTo(memory[0]!.optimizerGB / 16, 6)
    expect(memory[2]!.gradientsGB).toBeCloseTo(memory[1]!.gradientsGB / 16, 6)
    expect(memory[3]!.parametersGB).toBeCloseTo(memory[2]!.parametersGB / 16, 6)
  })

  it("names the fabric that each dimension lies on", () => {
    const fabrics = explain(mapping()).traffic.map(({ dimension, fabric }) => [dimension, fabric])
    expect(fabrics).toEqual([
      ["tp", "scale-up"], ["cp", "none"], ["ep", "none"], ["pp", "scale-out"], ["dp", "scale-out"]
    ])
  })

  it.each([
    "ampere", "hopper", "blackwell", "rubin", "cdna3", "cdna4", "cdna5", "cdna-next", "tpu", "tpu-v6", "trainium",
    "gaudi", "ascend", "unheard-of"
  ])("can be evaluated on %s silicon", (family) => {
    const machine = { ...h100, accelerator: { ...h100.accelerator, family } }
    const { mfu, evidence } = explainStep(workload(gpt3, 1536), machine, mapping(), constantsFor(family))
    expect(mfu).toBeGreaterThan(0.1)
    expect(evidence).toBe(["ampere", "hopper", "blackwell", "tpu", "tpu-v6"].includes(family) ? "fitted" : "derived")
  })
})
