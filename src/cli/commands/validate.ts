/** `validate`: the performance model held against a file of measurements. */
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"

export const validate = Command.make("validate", {
  file: Argument.String("file").pipe(Argument.withDescription("Measurements, JSON, as instances/published/training.json")),
  json: Flag.Boolean("json").pipe(
    Flag.withDescription("Print every row and the summary as JSON and nothing else"), Flag.withDefault(false)
  ),
  plot: Flag.String("plot").pipe(
    Flag.withMetavar("DIR"), Flag.withDescription("Write the pictures, SVG, into this directory"), Flag.optional
  )
}, Effect.fnUntraced(function*(options) {
  const program = yield* Effect.promise(() => import("../../validation/program.ts"))
  yield* program.validate(options)
})).pipe(
  Command.withDescription("Hold the performance model against measured training runs"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} instances/published/training.json`, description: "All that was published" }
  ])
)
