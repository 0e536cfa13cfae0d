/** Plans of many mappings, as the planner allows them, over the two plans that the exports are tested on. */
import { type Mapping } from "../../models/performance/mapping.ts"
import { validateMapping } from "../../models/performance/validity.ts"
import type { ModelShape } from "../../models/workload/model-shape.ts"
import type { Precision } from "../../models/workload/training.ts"
import type { ExportSource } from "../../src/export/export-source.ts"
import { densePlan, expertPlan } from "./exported-plans.ts"

export interface Variant {
  readonly mapping: Partial<Mapping>
  readonly microBatches: number
  readonly model?: Partial<ModelShape>
  readonly precision?: Precision
  /** HBDs that data parallelism and context parallelism span together */
  readonly outside?: number
}

/** The plan with another mapping; data-parallel and pipeline ranks lie on the scale-out fabric. */
export function vary(base: ExportSource, { mapping: other, microBatches, model, precision, outside = 1 }: Variant): ExportSource {
  const { recommendation, built } = base
  const mapping = { ...base.mapping, ...other, microBatches }
  const { tp, cp, pp, dp, microBatch } = mapping
  const { workload } = recommendation.scenario
  const world = tp * cp * pp * dp
  const { placement } = built.step
  return {
    ...base,
    layout: { ...base.layout, accelerators: Math.max(base.layout.accelerators, world) },
    mapping: { ...mapping, world },
    built: {
      ...built,
      step: { ...built.step, placement: { ...placement, data: { ...placement.data, inside: cp * dp / outside, outside } } }
    },
    recommendation: {
      ...recommendation,
      split: {
        ...recommendation.split!,
        dimensions: recommendation.split!.dimensions.map((one) =>
          ({ ...one, fabric: one.dimension === "tp" ? "scale-up" as const : "scale-out" as const }))
      },
      scenario: {
        ...recommendation.scenario,
        workload: {
          ...workload, model: { ...workload.model, ...model }, globalBatch: microBatches * microBatch * dp,
          precision: precision ?? workload.precision
        }
      }
    }
  }
}

const allowed = ({ mapping, built, recommendation }: ExportSource): boolean =>
  validateMapping(recommendation.scenario.workload, built.of.machine, mapping).length === 0

const product = <T extends Readonly<Record<string, ReadonlyArray<unknown>>>>(axes: T) =>
  Object.entries(axes).reduce<ReadonlyArray<object>>(
    (some, [name, values]) => some.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))), [{}]
  ) as ReadonlyArray<{ readonly [K in keyof T]: T[K][number] }>

const precisions: ReadonlyArray<Precision> = [
  "bf16", "fp16", "fp8", "fp8-delayed", "fp8-rowwise", "fp8-blockwise", "mxfp8", "nvfp4"
]

/** Stages and micro-batches, layers that divide and layers that do not, with and without a prediction module. */
export const pipelined: ReadonlyArray<ExportSource> = product({
  base: [densePlan, expertPlan], layers: [32, 61, 80, 126], mtpLayers: [0, 1], pp: [2, 3, 4, 9, 16, 20], vpp: [1, 2, 3, 11],
  microBatches: [1, 3, 5, 7, 10, 25, 256]
}).map(({ base, layers, mtpLayers, pp, vpp, microBatches }, i) => vary(base, {
  model: { layers, mtpLayers }, microBatches, precision: precisions[i % precisions.length]!,
  mapping: { pp, vpp, tp: 1, cp: 1, ep: 1, etp: 1, dp: 2, microBatch: 1 + i % 2, sequenceParallel: false }
})).filter((plan, i) => allowed(plan) && i % 3 === 0)

/** Degrees of every kind, sharding stages and groups, offload, orders. */
export const sharded: ReadonlyArray<ExportSource> = product({
  base: [densePlan, expertPlan], tp: [1, 2, 8], cp: [1, 2], ep: [1, 2, 8], etp: [1, 2, 4], dp: [2, 8], pp: [1, 4],
  stage: [0, 1, 2, 3] as const
}).map(({ base, tp, cp, ep, etp, dp, pp, stage }, i) => vary(base, {
  // other periods than those of the axes, so that everything meets everything
  microBatches: 8, precision: precisions[i % 11 % precisions.length]!, outside: [1, 2, cp * dp][i % 5 % 3]!,
  mapping: {
    tp, cp, ep, etp, dp, pp, vpp: 1, microBatch: 1, sequenceParallel: tp > 1 && i % 17 > 5,
    sharding: { stage, group: i % 19 > 9 ? "hbd" : "all" },
    offload: (["none", "optimizer", "activations"] as const)[i % 7 % 3]!,
    recompute: (["none", "selective", "full"] as const)[i % 13 % 3]!,
    order: i % 9 > 4 ? "tp-cp-pp-dp" : "tp-cp-dp-pp"
  }
})).filter((plan, i) => allowed(plan) && i % 3 === 0)
