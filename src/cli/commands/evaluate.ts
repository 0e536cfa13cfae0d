/** `evaluate`: what a scenario whose decisions are all taken does and uses; nothing is searched. */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { deliver, deliveryFlags } from "../delivery.ts"
import { startSearch } from "../search-thread.ts"
import { readScenario, scenarioFlags } from "../scenario-argument.ts"

export const evaluate = Command.make("evaluate", {
  ...scenarioFlags, ...deliveryFlags
}, Effect.fnUntraced(function*(flags) {
  const { scenario, catalog } = yield* readScenario(flags)
  const thread = startSearch("evaluate", { scenario, catalog })
  const recommendation = yield* Effect.promise(() => thread.answer).pipe(
    Effect.onInterrupt(() => Effect.sync(thread.abandon))
  )
  yield* deliver(recommendation, flags)
})).pipe(
  Command.withDescription("Evaluate a scenario in which every decision is fixed"),
  Command.withExamples(({ commandPath }) => [
    {
      command: `${commandPath.join(" ")} instances/reference/dgx-superpod-h100.yaml`,
      description: "A vendor's reference design"
    }
  ])
)
