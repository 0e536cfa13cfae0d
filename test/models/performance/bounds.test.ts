import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { arithmeticWork, boundByAccelerators } from "../../../models/performance/bounds.ts"
import { constantsFor } from "../../../models/performance/constants.ts"
import { createEvaluator, evaluateMapping } from "../../../models/performance/evaluator.ts"
import type { Evaluator } from "../../../models/performance/evaluator.ts"
import type { Machine } from "../../../models/performance/machine.ts"
import type { Mapping } from "../../../models/performance/mapping.ts"
import { validateMapping } from "../../../models/performance/validity.ts"
import type { ModelShape } from "../../../models/workload/model-shape.ts"
import { anyMapping } from "./random-mapping.ts"
import { deepseekV3, gpt3, h100, switched, workload } from "./subjects.ts"

const constants = constantsFor("hopper")
const evaluatorOf = (model: ModelShape, machine: Machine = h100): Evaluator =>
  createEvaluator(workload(model, 1536), machine, constants)

const worldOf = ({ tp, cp, pp, dp }: Mapping): number => tp * cp * pp * dp

/** Larger of the bounds over the step, on as many accelerators or more. */
function tightness(evaluator: Evaluator, mapping: Mapping, more = 1): number {
  const accelerators = worldOf(mapping) * more
  const bound = Math.max(boundByAccelerators(evaluator, accelerators), arithmeticWork(evaluator) / accelerators)
  return bound / evaluateMapping(evaluator, mapping)
}

/** Neighbours of a mapping: one degree doubled or halved, one flag turned. */
function neighbours(mapping: Mapping): Mapping[] {
  const degrees = ["tp", "cp", "ep", "pp", "vpp", "dp", "microBatch"] as const
  return [
    ...degrees.flatMap((name) => [
      { ...mapping, [name]: mapping[name] * 2 }, { ...mapping, [name]: Math.max(1, mapping[name] / 2) }
    ]),
    { ...mapping, sequenceParallel: !mapping.sequenceParallel },
    { ...mapping, recompute: "none" as const },
    { ...mapping, sharding: { ...mapping.sharding, stage: 3 as const } },
    { ...mapping, sharding: { ...mapping.sharding, stage: 0 as const } },
    { ...mapping, order: mapping.order === "tp-cp-dp-pp" ? "tp-cp-pp-dp" : "tp-cp-dp-pp" }
  ]
}

/** Climbs on bound over value from `start`; returns the summit's ratio. */
function climb(evaluator: Evaluator, model: ModelShape, start: Mapping): number {
  let here = start
  let ratio = tightness(evaluator, here)
  for (;;) {
    const better = neighbours(here)
      .filter((next) => validateMapping(workload(model, 1536), h100, next).length === 0)
      .map((next) => ({ next, ratio: tightness(evaluator, next) }))
      .reduce((best, candidate) => candidate.ratio > best.ratio ? candidate : best, { next: here, ratio })
    if (better.ratio <= ratio) return ratio
    here = better.next
    ratio = better.ratio
  }
}

describe.each([gpt3, deepseekV3])("bounds on $name", (model) => {
  const evaluator = evaluatorOf(model)

  it("are below every step, for the mapping's own replicas and for more", () => {
    fc.assert(fc.property(anyMapping(model), fc.integer({ min: 1, max: 8 }), (mapping, factor) => {
      expect(tightness(evaluator, mapping)).toBeLessThanOrEqual(1)
      expect(tightness(evaluator, mapping, factor)).toBeLessThanOrEqual(1)
    }), { numRuns: 300 })
  })

  it("withstand hill climbing on bound over value", () => {
    fc.assert(fc.property(anyMapping(model), (start) => {
      expect(climb(evaluator, model, start)).toBeLessThanOrEqual(1)
    }), { numRuns: 12 })
  }, 120_000)

  it("hold on a better machine for what runs on a lesser one", () => {
    const ideal: Machine = {
      ...h100, hbdSize: 512, scaleUp: switched(900, 5e-7), scaleOut: switched(200, 1e-6)
    }
    const best = evaluatorOf(model, ideal)
    fc.assert(fc.property(anyMapping(model), (mapping) => {
      expect(boundByAccelerators(best, worldOf(mapping))).toBeLessThanOrEqual(evaluateMapping(evaluator, mapping))
    }), { numRuns: 150 })
  })
})
