import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { constantsFor } from "../../../models/performance/constants.ts"
import { createEvaluator, evaluateMapping } from "../../../models/performance/evaluator.ts"
import { explainStep } from "../../../models/performance/explanation.ts"
import type { Machine } from "../../../models/performance/machine.ts"
import { figure } from "../../../models/performance/step.ts"
import { parameterCount } from "../../../models/workload/parameters.ts"
import { anyMapping } from "./random-mapping.ts"
import { dense405b, deepseekV3, h100, mapping, workload } from "./subjects.ts"

const constants = constantsFor("hopper")
const joined = (GBps: number, sites = 2, latencyS = 1e-3): Machine => ({ ...h100, scaleAcross: { sites, GBps, latencyS } })
const work = workload(dense405b, 1024, 8192)
const sustained = constants.common.scaleOut

/** Replicas on the sites, and stages. */
const replicas = mapping({ tp: 8, pp: 16, dp: 16, order: "tp-cp-pp-dp" })
const stages = mapping({ tp: 8, pp: 16, dp: 16, order: "tp-cp-dp-pp" })

describe("what crosses between sites", () => {
  it("is gradients and parameters of one copy of the model, half of each to the other of two sites", () => {
    const { siteTraffic } = explainStep(work, joined(1000), replicas, constants)
    expect(siteTraffic?.dimension).toBe("dp")
    // gradients to their shards and parameters back, 2 bytes each; the fullest stage stands for all
    const parameters = parameterCount(dense405b).total
    expect(siteTraffic!.bytes / (2 * 2 * parameters / 2)).toBeGreaterThan(0.99)
    expect(siteTraffic!.bytes / (2 * 2 * parameters / 2)).toBeLessThan(1.1)
    expect(siteTraffic!.busyS).toBeCloseTo(siteTraffic!.bytes / (1000e9 * sustained), 9)
  })

  it("is every activation of the batch once each way where stages lie apart, whatever the replicas", () => {
    for (const dp of [8, 16, 32]) {
      const { siteTraffic } = explainStep(work, joined(1000), { ...stages, dp }, constants)
      expect(siteTraffic?.dimension).toBe("pp")
      expect(siteTraffic!.bytes / (2 * 1024 * 8192 * dense405b.hidden)).toBeCloseTo(1, 12)
    }
  })

  it("crosses as often as chunks are dealt", () => {
    const bytes = (vpp: number) => explainStep(work, joined(1000), { ...stages, pp: 8, vpp }, constants).siteTraffic!.bytes
    expect(bytes(3) / bytes(1)).toBeCloseTo(5, 12)
  })

  it("adds nothing to a step on one site, and never makes one shorter", () => {
    fc.assert(fc.property(
      anyMapping(deepseekV3), fc.integer({ min: 2, max: 6 }), fc.constantFrom(1, 50, 2000, 1e6), (subject, sites, GBps) => {
        const moe = workload(deepseekV3, 4096)
        const alone = explainStep(moe, h100, subject, constants)
        const across = explainStep(moe, joined(GBps, sites), subject, constants)
        expect(alone.siteTraffic).toBeNull()
        expect(across.stepTimeS).toBeGreaterThanOrEqual(alone.stepTimeS)
        expect(across.siteTraffic!.exposedS).toBeCloseTo(across.stepTimeS - alone.stepTimeS, 9)
        expect(across.memory).toEqual(alone.memory)
        const seconds = across.breakdown.reduce((sum, { timeS }) => sum + timeS, 0)
        expect(Math.abs(seconds / across.stepTimeS - 1)).toBeLessThan(1e-9)
      }), { numRuns: 200 })
  })

  it("is no slower over wider or shorter links", () => {
    fc.assert(fc.property(anyMapping(deepseekV3), (subject) => {
      const moe = workload(deepseekV3, 4096)
      const step = (machine: Machine) => explainStep(moe, machine, subject, constants).stepTimeS
      const here = step(joined(100))
      expect(step(joined(200))).toBeLessThanOrEqual(here * (1 + 1e-12))
      expect(step(joined(100, 2, 1e-5))).toBeLessThanOrEqual(here * (1 + 1e-12))
    }), { numRuns: 100 })
  })

  it("is the same in the hot path, to the last bit", () => {
    const moe = workload(deepseekV3, 4096)
    const machine = joined(400, 3)
    const evaluator = createEvaluator(moe, machine, constants)
    fc.assert(fc.property(anyMapping(deepseekV3), (subject) => {
      expect(evaluateMapping(evaluator, subject)).toBe(explainStep(moe, machine, subject, constants).stepTimeS)
      expect(evaluator.out[figure.stepS]).toBeGreaterThan(0)
    }), { numRuns: 200 })
  })
})
