/** The validation report: every row predicted against measured, summaries, ranking and memory. Pure. */
import type { Accelerator } from "../../models/hardware/accelerator.ts"
import type { Constants } from "../../models/performance/constants.ts"
import { explainStep } from "../../models/performance/explanation.ts"
import type { StepExplanation } from "../../models/performance/explanation.ts"
import { readMeasuredRuns } from "./measured-runs.ts"
import type { MeasuredRun } from "./measured-runs.ts"
import type { MeasuredStep } from "./measured-step.ts"
import type { Measurement } from "./measurement.ts"
import { predictRun } from "./prediction.ts"
import type { RankedGroup } from "./ranking.ts"
import { rankGroups } from "./ranking.ts"
import type { Run } from "./run.ts"
import type { ErrorSummary } from "./statistics.ts"
import { median, summarizeBy, summarizeErrors } from "./statistics.ts"

/** One predicted row. */
export interface ValidatedRow {
  readonly id: string
  readonly source: string
  readonly quality: "A" | "B"
  readonly model: string
  readonly kind: "dense" | "MoE"
  readonly accelerator: string
  readonly precision: string
  readonly gpus: number
  readonly predictedS: number
  readonly measuredS: number
  readonly basis: MeasuredStep["basis"]
  readonly error: number
  readonly memoryGB: number
  readonly fits: boolean
  /** measured peak, where the row states it, GB */
  readonly measuredMemoryGB: number | null
  /** fields that the row leaves open and the model chose, with its choice */
  readonly chosen: ReadonlyArray<string>
  readonly evidence: Constants["evidence"]
  readonly breakdown: StepExplanation["breakdown"]
}

export interface ValidationReport {
  readonly rows: ReadonlyArray<ValidatedRow>
  /** rows that cannot be predicted, or state nothing to compare with */
  readonly left: ReadonlyArray<{ readonly id: string; readonly source: string; readonly reason: string }>
  readonly summary: ErrorSummary & {
    readonly byQuality: Readonly<Record<string, ErrorSummary>>
    readonly bySource: Readonly<Record<string, ErrorSummary>>
    readonly byAccelerator: Readonly<Record<string, ErrorSummary>>
    readonly byPrecision: Readonly<Record<string, ErrorSummary>>
    readonly byKind: Readonly<Record<string, ErrorSummary>>
    readonly byEvidence: Readonly<Record<string, ErrorSummary>>
  }
  readonly ranking: {
    readonly groups: ReadonlyArray<RankedGroup>
    /** over the groups that qualify */
    readonly medianTau: number
    readonly medianTauBeyondNoise: number
    readonly medianRegret: number
    readonly worstRegret: number
  }
  readonly memory: {
    /** rows with a measured peak, and the largest error of the prediction */
    readonly n: number
    readonly worstError: number
    /** rows that ran and do not fit by the model */
    readonly unfit: ReadonlyArray<string>
  }
}

const bytesPerGiB = 1.073741824

function describeChoice(run: Run, mapping: { readonly [field: string]: unknown }): string[] {
  const names: Readonly<Record<string, string>> = { mbs: "microBatch" }
  return run.chosen.map((field) => `${field} = ${JSON.stringify(mapping[names[field] ?? field])}`)
}

function validateRun(run: MeasuredRun, constants: Constants): { row: ValidatedRow; choice: string } {
  const { row, workload, machine, measured, options } = run
  const prediction = predictRun(run, constants, options)
  const { mapping, shardRanks } = prediction.chosen
  const explained = explainStep(workload, machine, mapping, constants, prediction.execution, shardRanks)
  const peak = row.measured.peakAllocatedGiB
  const choice = JSON.stringify([row.precision, mapping, shardRanks, prediction.execution])
  return { choice, row: {
    id: row.id,
    source: row.source,
    quality: row.quality,
    model: row.model.name,
    kind: row.model.moe === null ? "dense" : "MoE",
    accelerator: row.accelerator,
    precision: row.precision,
    gpus: row.gpus,
    predictedS: explained.stepTimeS,
    measuredS: measured.seconds,
    basis: measured.basis,
    error: explained.stepTimeS / measured.seconds - 1,
    memoryGB: explained.memory.totalGB,
    fits: prediction.fits,
    measuredMemoryGB: peak == null ? null : peak * bytesPerGiB,
    chosen: describeChoice(run, { ...mapping }),
    evidence: constants.evidence,
    breakdown: explained.breakdown
  } }
}

function summarize(rows: ReadonlyArray<ValidatedRow>): ValidationReport["summary"] {
  const by = (key: (row: ValidatedRow) => string) => summarizeBy(rows, key, (row) => row.error)
  return {
    ...summarizeErrors(rows.map((row) => row.error)),
    byQuality: by((row) => `${row.quality}, ${row.basis === "step time" ? "step time" : "TFLOP/s or MFU"}`),
    bySource: by((row) => row.source),
    byAccelerator: by((row) => row.accelerator),
    byPrecision: by((row) => row.precision),
    byKind: by((row) => row.kind),
    byEvidence: by((row) => row.evidence)
  }
}

function rank(
  runs: ReadonlyArray<Run>, rows: ReadonlyArray<ValidatedRow>, choices: ReadonlyArray<string>
): ValidationReport["ranking"] {
  const groups = rankGroups(rows.map((row, i) => ({
    ...row,
    globalBatch: runs[i]!.workload.globalBatch,
    sequence: runs[i]!.workload.sequence,
    choice: choices[i]!
  })))
  const qualified = groups.filter((group) => group.qualifies)
  const regrets = qualified.map((group) => group.regret)
  return {
    groups,
    medianTau: median(qualified.map((group) => group.tau)),
    medianTauBeyondNoise: median(qualified.map((group) => group.tauBeyondNoise)),
    medianRegret: median(regrets),
    worstRegret: regrets.length === 0 ? Number.NaN : Math.max(...regrets)
  }
}

/** Predicts every measurement with the constants of its silicon family. */
export function validateMeasurements(
  measurements: ReadonlyArray<Measurement>,
  accelerators: ReadonlyArray<Accelerator>,
  constantsOf: (family: string) => Constants
): ValidationReport {
  const { runs, left } = readMeasuredRuns(measurements, accelerators)
  const validated = runs.map((run) => validateRun(run, constantsOf(run.machine.accelerator.family)))
  const rows = validated.map(({ row }) => row)
  const weighed = rows.filter((row) => row.measuredMemoryGB !== null)
  return {
    rows,
    left: left.map(({ row, reason }) => ({ id: row.id, source: row.source, reason })),
    summary: summarize(rows),
    ranking: rank(runs, rows, validated.map(({ choice }) => choice)),
    memory: {
      n: weighed.length,
      worstError: weighed.length === 0 ? Number.NaN
        : Math.max(...weighed.map((row) => Math.abs(row.memoryGB / row.measuredMemoryGB! - 1))),
      unfit: rows.filter((row) => !row.fits).map((row) => row.id)
    }
  }
}
