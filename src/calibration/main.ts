/**
 * `npm run calibrate`: fits the constants of the performance model to the published runs and writes their
 * file; with `--check` only compares. Prints the errors of the fit, and of a cross-validation that leaves out
 * one whole source after the other.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { Schema } from "effect"
import type { Accelerator } from "../../models/hardware/accelerator.ts"
import { Measurements } from "../validation/measurement.ts"
import type { MeasuredRun } from "../validation/measured-runs.ts"
import { readMeasuredRuns } from "../validation/measured-runs.ts"
import { predictRun } from "../validation/prediction.ts"
import { summarizeBy } from "../validation/statistics.ts"
import type { ErrorSummary } from "../validation/statistics.ts"
import { fitConstants } from "./fit.ts"
import type { Values } from "./parameters.ts"
import { constantsAmong, fittedFile } from "./parameters.ts"
import { priors } from "./priors.ts"

const root = new URL("../../", import.meta.url)
const target = new URL("models/performance/constants.json", root)

/** Bounds on the fit's rounds; both end earlier where nothing improves. */
const rounds = 60
const roundsLeftOut = 12

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, root), "utf8"))
}

function readRuns(): ReadonlyArray<MeasuredRun> {
  const catalog = readJson("instances/catalog/accelerators.json") as { readonly entries: ReadonlyArray<Accelerator> }
  const rows = Schema.decodeUnknownSync(Measurements)(readJson("instances/published/training.json"))
  return readMeasuredRuns(rows, catalog.entries).runs
}

interface JudgedRun {
  readonly run: MeasuredRun
  readonly error: number
}

function judge(runs: ReadonlyArray<MeasuredRun>, values: Values): JudgedRun[] {
  return runs.map((run) => {
    const { stepTimeS } = predictRun(run, constantsAmong(values, run.machine.accelerator.family), run.options)
    return { run, error: stepTimeS / run.measured.seconds - 1 }
  })
}

/** Every source predicted with constants that were fitted to the others. */
function crossValidate(runs: ReadonlyArray<MeasuredRun>): JudgedRun[] {
  const sources = [...new Set(runs.map(({ row }) => row.source))]
  return sources.flatMap((source) => {
    const others = runs.filter(({ row }) => row.source !== source)
    const left = runs.filter(({ row }) => row.source === source)
    return judge(left, fitConstants(priors, others, roundsLeftOut))
  })
}

function line(name: string, { n, medianAbsError, meanAbsError, p90AbsError, bias }: ErrorSummary): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(9)
  const figures = [medianAbsError, meanAbsError, p90AbsError, bias].map(percent)
  return `  ${name.slice(0, 42).padEnd(42)}${String(n).padStart(5)}${figures.join("")}`
}

function print(title: string, judged: ReadonlyArray<JudgedRun>): void {
  const by = (key: (run: MeasuredRun) => string) => summarizeBy(judged, ({ run }) => key(run), ({ error }) => error)
  console.log(`${title.padEnd(44)}    n   median     mean      p90     bias`)
  const qualities = by(({ row, measured }) => `${row.quality} rows, ${measured.basis}`)
  for (const groups of [qualities, by(({ row }) => row.source)]) {
    for (const [name, summary] of Object.entries(groups)) console.log(line(name, summary))
  }
}

function main(): void {
  const runs = readRuns()
  const values = fitConstants(priors, runs, rounds)
  const text = `${JSON.stringify(fittedFile(priors, values), null, 2)}\n`
  if (process.argv.includes("--check")) {
    const same = readFileSync(target, "utf8") === text
    console.log(`The constants file ${same ? "is" : "differs from"} what calibration writes.`)
    process.exitCode = same ? 0 : 1
    return
  }
  writeFileSync(target, text)
  print("Fitted to all sources", judge(runs, values))
  if (!process.argv.includes("--fit-only")) print("Each source left out of its fit", crossValidate(runs))
}

main()
