/** Where an answer goes: one form of it to stdout, all forms into a directory, its status into the exit code. */
import { Console, Effect, Option } from "effect"
import { Flag } from "effect/cli"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { writeFiles } from "../files/atomic-write.ts"
import { renderBomCsv } from "../report/bom-csv.ts"
import { renderReport } from "../report/report.ts"
import { coloured, plain, type Style } from "../report/style.ts"
import { exitCodeOf, setExitCode } from "./exit-code.ts"

export const deliveryFlags = {
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print the recommendation as JSON and nothing else"), Flag.withDefault(false)
  ),
  out: Flag.String("out").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription("Write recommendation.json, bom.csv and report.txt into this directory"), Flag.optional
  )
}

interface Delivery {
  readonly json: boolean
  readonly out: Option.Option<string>
}

/** Colours on a terminal, unless NO_COLOR is set (no-color.org). */
export const wantedStyle = (): Style => process.stdout.isTTY === true && !process.env["NO_COLOR"] ? coloured : plain

export const deliver = Effect.fn("deliver")(function*(recommendation: Recommendation, { json, out }: Delivery) {
  const document = JSON.stringify(recommendation, null, 2)
  yield* Console.log(json ? document : renderReport(recommendation, wantedStyle()))
  if (Option.isSome(out)) {
    yield* writeFiles(out.value, {
      "recommendation.json": `${document}\n`,
      "bom.csv": renderBomCsv(recommendation.bom),
      "report.txt": `${renderReport(recommendation, plain)}\n`
    })
  }
  yield* setExitCode(exitCodeOf(recommendation))
})
