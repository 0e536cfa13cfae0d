/** `validate`: reads a file of measurements, predicts every row and reports how far off the model is. */
import { Console, Effect, FileSystem, Option, Schema } from "effect"
import { constantsFor } from "../../models/performance/constants.ts"
import { loadCatalog } from "../catalog/catalog-files.ts"
import { writeFiles } from "../files/atomic-write.ts"
import { badFile, BadInput } from "../scenario/bad-input.ts"
import { mistakesOf } from "../schema/mistakes.ts"
import { completeMeasurements, Measurements } from "./measurement.ts"
import { validateMeasurements } from "./report.ts"
import { formatReport } from "./table.ts"

export interface ValidateOptions {
  readonly file: string
  readonly json: boolean
  /** directory for the pictures */
  readonly plot: Option.Option<string>
}

const decode = Schema.decodeUnknownEffect(Measurements)

/** Reads and decodes a file of measurements; fails with every mistake in it. */
export const readMeasurements = Effect.fn("readMeasurements")(function*(file: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(file).pipe(
    Effect.mapError(() => badFile(file, "no readable file", "a JSON file of measurements"))
  )
  const document = yield* Effect.try({
    try: () => completeMeasurements(JSON.parse(text)),
    catch: (cause) => badFile(file, cause instanceof Error ? cause.message : String(cause), "JSON")
  })
  return yield* decode(document, { errors: "all" }).pipe(
    Effect.mapError((error) => new BadInput({ source: file, mistakes: mistakesOf(error.issue, document) }))
  )
})

export const validate = Effect.fn("validate")(function*({ file, json, plot }: ValidateOptions) {
  const measurements = yield* readMeasurements(file)
  const catalog = yield* loadCatalog(null)
  const report = validateMeasurements(measurements, catalog.accelerators, constantsFor)
  if (Option.isSome(plot)) {
    const { plotErrors, plotPredictions } = yield* Effect.promise(() => import("./plots.ts"))
    yield* writeFiles(plot.value, {
      "predicted-against-measured.svg": plotPredictions(report.rows),
      "error-by-source.svg": plotErrors(report.rows)
    })
  }
  yield* Console.log(json ? JSON.stringify(report, null, 2) : formatReport(report))
})
