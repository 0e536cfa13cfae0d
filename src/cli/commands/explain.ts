/** `explain`: why a choice is not the answer. The scenario is solved as it is and with the choice fixed. */
import { Console, Effect, Result } from "effect"
import { Command, Flag } from "effect/cli"
import type { Scenario } from "../../../models/design-space/scenario.ts"
import { renderExplanation } from "../../report/explanation.ts"
import { BadInput } from "../../scenario/bad-input.ts"
import { withChoice } from "../../scenario/choice.ts"
import { decodeScenario } from "../../scenario/decode.ts"
import { readDocument } from "../../scenario/document.ts"
import { wantedStyle } from "../delivery.ts"
import { limitFlags, withLimits } from "../limit-flags.ts"
import { deliverOrStop, startSearch } from "../search-thread.ts"
import { readScenario, scenarioFlags } from "../scenario-argument.ts"

const choiceFlag = Flag.KeyValuePair("choice").pipe(
  Flag.withDescription("A decision and its value, as under search: hbdSize=8, mapping.tp=16, nic=[cx7-400,cx8-800]")
)

const jsonFlag = Flag.Boolean("json").pipe(
  Flag.withDescription("Print both recommendations, {answer, choice}, as JSON and nothing else"),
  Flag.withDefault(false)
)

export const explain = Command.make("explain", {
  ...scenarioFlags, choice: choiceFlag, json: jsonFlag, ...limitFlags
}, Effect.fnUntraced(function*(flags) {
  const { scenario, catalog } = yield* readScenario(flags)
  const chosen = decodeScenario(withChoice(yield* readDocument(flags.file), flags.choice), catalog)
  if (Result.isFailure(chosen)) return yield* new BadInput({ source: "--choice", mistakes: chosen.failure })
  const start = (question: Scenario) =>
    startSearch("plan", { scenario: withLimits(question, flags), catalog, threads: 1 })
  const [ours, theirs] = [start(scenario), start(chosen.success)]
  const stop = () => {
    ours.stop()
    theirs.stop()
  }
  yield* deliverOrStop(Promise.all([ours.answer, theirs.answer]), stop, ([answer, choice]) =>
    Console.log(flags.json
      ? JSON.stringify({ answer, choice }, null, 2)
      : renderExplanation(answer, choice, wantedStyle())))
})).pipe(
  Command.withDescription("Tell why a choice is not the answer: what it breaks, or how much worse it is and where"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} hall.yaml --choice accelerator=h200-sxm`, description: "Why not that one?" },
    {
      command: `${commandPath.join(" ")} hall.yaml --choice hbdSize=8 --choice mapping.tp=16`,
      description: "Several decisions at once"
    }
  ])
)
