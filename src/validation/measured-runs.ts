/** Rows as runs with what was measured of them, and the rows that cannot be predicted or compared. */
import type { Accelerator } from "../../models/hardware/accelerator.ts"
import { measuredStep } from "./measured-step.ts"
import type { MeasuredStep } from "./measured-step.ts"
import type { Measurement } from "./measurement.ts"
import { fittingOptions } from "./prediction.ts"
import type { RunOption } from "./prediction.ts"
import type { Run, Unpredictable } from "./run.ts"
import { readRun } from "./run.ts"
import { settleSweeps } from "./sweeps.ts"

/** A run with what was measured of it. */
export interface MeasuredRun extends Run {
  readonly measured: MeasuredStep
  /** what of the run fits in memory */
  readonly options: ReadonlyArray<RunOption>
}

export interface MeasuredRuns {
  readonly runs: ReadonlyArray<MeasuredRun>
  readonly left: ReadonlyArray<Unpredictable>
}

/** Reads every row; none is dropped without a reason. */
export function readMeasuredRuns(
  rows: ReadonlyArray<Measurement>, accelerators: ReadonlyArray<Accelerator>
): MeasuredRuns {
  const read: Run[] = []
  const left: Unpredictable[] = []
  for (const row of rows) {
    const run = readRun(row, accelerators)
    if ("reason" in run) left.push(run)
    else if (measuredStep(run) === null) left.push({ row, reason: "no step time, TFLOP/s or MFU stated" })
    else read.push(run)
  }
  const runs = settleSweeps(read).flatMap((run) => {
    const measured = measuredStep(run)
    return measured === null ? [] : [{ ...run, measured, options: fittingOptions(run) }]
  })
  return { runs, left }
}
