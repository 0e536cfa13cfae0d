/** The FILE that most verbs take, read and joined with the catalogue. */
import { Effect, Result } from "effect"
import { Argument } from "effect/cli"
import { loadCatalog } from "../catalog/load.ts"
import { BadInput } from "../scenario/bad-input.ts"
import { decodeScenario } from "../scenario/decode.ts"
import { readDocument } from "../scenario/document.ts"

export const scenarioArgument = Argument.String("file").pipe(Argument.withDescription("Scenario, YAML or JSON"))

/** The completed scenario with the catalogue it was completed from; fails with every mistake of the file. */
export const readScenario = Effect.fn("readScenario")(function*(file: string) {
  const input = yield* readDocument(file)
  const catalog = yield* loadCatalog()
  const decoded = decodeScenario(input, catalog)
  if (Result.isFailure(decoded)) return yield* new BadInput({ source: file, mistakes: decoded.failure })
  return { scenario: decoded.success, catalog }
})
