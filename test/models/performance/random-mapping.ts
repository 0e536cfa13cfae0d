/** Random valid mappings. */
import fc from "fast-check"
import { validateMapping } from "../../../models/performance/validity.ts"
import type { Mapping } from "../../../models/performance/mapping.ts"
import type { ModelShape } from "../../../models/workload/model-shape.ts"
import { h100, workload } from "./subjects.ts"

const power = (most: number) => fc.integer({ min: 0, max: most }).map((exponent) => 2 ** exponent)

/** Mappings of a batch of 4,096 sequences that break no rule; some with odd degrees. */
export function anyMapping(model: ModelShape, globalBatch = 1536): fc.Arbitrary<Mapping> {
  const experts = model.moe === null ? fc.constant(1) : power(8)
  return fc.record({
    tp: power(5), cp: power(2), ep: experts, etp: fc.constant(1),
    pp: fc.oneof(power(5), fc.integer({ min: 1, max: 20 })), vpp: power(2),
    dp: fc.oneof(power(8), fc.integer({ min: 1, max: 96 })), microBatch: power(2), sequenceParallel: fc.boolean(),
    recompute: fc.constantFrom("none" as const, "selective" as const, "full" as const),
    sharding: fc.record({
      stage: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
      group: fc.constantFrom("all" as const, "hbd" as const)
    }),
    offload: fc.constantFrom("none" as const, "optimizer" as const, "activations" as const),
    order: fc.constantFrom("tp-cp-dp-pp" as const, "tp-cp-pp-dp" as const)
  }).filter((mapping) => validateMapping(workload(model, globalBatch), h100, mapping).length === 0)
}
