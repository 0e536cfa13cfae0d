/** What every export starts from: a recommendation with a plan, and the plan worked out again from the catalogue. */
import type { LayoutSummary, Recommendation } from "../../models/design-space/recommendation.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { Built } from "../planner/built.ts"
import { performanceSummary, splitSummary } from "../planner/summary.ts"
import { rebuildPlan } from "./rebuilt-plan.ts"

export interface ExportSource {
  readonly recommendation: Recommendation
  readonly layout: LayoutSummary
  readonly mapping: NonNullable<Recommendation["mapping"]>
  readonly built: Built
}

/** Files of one target by name, and what of the plan the target cannot say. */
export interface Exported {
  readonly files: Readonly<Record<string, string | Uint8Array>>
  readonly remarks: ReadonlyArray<string>
}

/** Why a recommendation has nothing to export. */
export interface NothingToExport {
  readonly found: string
  readonly expected: string
}

export function exportSource(recommendation: Recommendation, catalog: Catalog): ExportSource | NothingToExport {
  const { layout, mapping, status } = recommendation
  if (layout === null || mapping === null) {
    return { found: `status ${status}, no plan`, expected: "a recommendation with a plan" }
  }
  const { scenario, programme } = recommendation
  const built = rebuildPlan({ scenario, programme, layout, mapping }, catalog)
  if (built !== null) return { recommendation, layout, mapping, built }
  return {
    found: "a layout that the catalogue does not give",
    expected: `the catalogue that it was made with, hash ${recommendation.provenance.catalogHash} (--catalog)`
  }
}

/** The source as one run of a programme sees it; null where none is so called. */
export function sourceOfRun({ recommendation, layout, built }: ExportSource, name: string): ExportSource | null {
  const run = built.runs.find(({ workload }) => workload.name === name)
  const mapping = recommendation.programme?.runs.find((one) => one.name === name)?.mapping ?? recommendation.mapping
  if (run === undefined || mapping === null) return null
  const own = { ...built, candidate: { ...built.candidate, mapping: run.mapping }, runs: [run], step: run.step }
  const scenario = { ...recommendation.scenario, workload: run.workload }
  return {
    layout, mapping, built: own,
    recommendation: {
      ...recommendation, scenario, mapping, performance: performanceSummary(scenario, own), split: splitSummary(own)
    }
  }
}

/** Sequences of a step with the padding of the last micro-batches: what a reader that wants even batches is given. */
export function paddedBatch({ microBatches, microBatch, dp }: ExportSource["mapping"]): number {
  return microBatches * microBatch * dp
}

/** The remark on that padding; none where the batch divides evenly. */
export function batchRemarks({ mapping, recommendation }: ExportSource, reader: string): ReadonlyArray<string> {
  const [padded, asked] = [paddedBatch(mapping), recommendation.scenario.workload.globalBatch]
  return padded === asked
    ? []
    : [`${reader} wants a batch that data parallelism divides: ${asked} sequences became ${padded}`]
}

/** Whose accelerators the training frameworks run on themselves, by CUDA or ROCm. */
const ownBackends = ["NVIDIA", "AMD"]

export const runsItself = ({ built }: ExportSource): boolean => ownBackends.includes(built.block.hbd.accelerator.vendor)

/** The remark on accelerators that the reader itself does not run on. */
export function platformRemarks(source: ExportSource, reader: string): ReadonlyArray<string> {
  const { vendor, name } = source.built.block.hbd.accelerator
  const remark = `${reader} itself runs on ${ownBackends.join(" and ")}: `
    + `on ${name} it takes a port by ${vendor}, and that one's own arguments`
  return runsItself(source) ? [] : [remark]
}

/** Remarks on what a reader wants to divide and does not: what it is, how many, and the divisor. */
export const divisionRemarks = (
  reader: string, pairs: ReadonlyArray<readonly [what: string, count: number, divisor: number]>
): ReadonlyArray<string> =>
  pairs.filter(([, count, divisor]) => count % divisor !== 0)
    .map(([what]) => `${reader} refuses ${what}, which do not divide: change the model or the mapping`)
