/** `plan`: the best layout for one scenario. */
import { Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { deliver, deliveryFlags } from "../delivery.ts"
import { limitFlags, withLimits } from "../limit-flags.ts"
import { deliverOrStop, startSearch } from "../search-thread.ts"
import { logFlag, progressLog } from "../progress-log.ts"
import { readScenario, scenarioFlags } from "../scenario-argument.ts"

const threads = Flag.Int("threads").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1024 }))),
  Flag.withMetavar("N"), Flag.withDescription("Threads of the search"), Flag.withDefault(1)
)

export const plan = Command.make("plan", {
  ...scenarioFlags, ...deliveryFlags, ...limitFlags, log: logFlag, threads
}, Effect.fnUntraced(function*(flags) {
  const { scenario, catalog } = yield* readScenario(flags)
  const thread = startSearch(
    "plan", { scenario: withLimits(scenario, flags), catalog, threads: flags.threads }, progressLog(flags.log, process.stderr)
  )
  yield* deliverOrStop(thread.answer, thread.stop, (recommendation) => deliver(recommendation, flags))
})).pipe(
  Command.withDescription("Find the best layout for a scenario, with a proven bound"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} hall.yaml`, description: "The report, on one screen" },
    { command: `${commandPath.join(" ")} hall.yaml --gap 0.01 --time-limit 300`, description: "Good enough, and soon" },
    { command: `${commandPath.join(" ")} hall.yaml --json > plan.json`, description: "For other programs" },
    { command: `${commandPath.join(" ")} hall.yaml --out plans/hall`, description: "With bill of materials" }
  ])
)
