/** The FILE that most verbs take, read and joined with the catalogue. */
import { Effect, Result } from "effect"
import { Argument } from "effect/cli"
import { loadCatalog } from "../catalog/catalog-files.ts"
import { BadInput } from "../scenario/bad-input.ts"
import { decodeScenario } from "../scenario/decode.ts"
import { readDocument } from "../scenario/document.ts"
import { catalogFlag } from "./catalog-flag.ts"

export const scenarioFlags = {
  file: Argument.String("file").pipe(Argument.withDescription("Scenario, YAML or JSON")),
  catalog: catalogFlag
}

/** The completed scenario with the catalogue it was completed from; fails with every mistake of the file. */
export const readScenario = Effect.fn("readScenario")(function*(
  { file, catalog: overlay }: { readonly file: string; readonly catalog: string | null }
) {
  const input = yield* readDocument(file)
  const catalog = yield* loadCatalog(overlay)
  const decoded = decodeScenario(input, catalog)
  if (Result.isFailure(decoded)) return yield* new BadInput({ source: file, mistakes: decoded.failure })
  return { scenario: decoded.success, catalog }
})
