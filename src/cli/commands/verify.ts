/** `verify`: confirms the figures of a recommendation, or tells which do not hold. */
import { Console, Effect } from "effect"
import { Command, Flag } from "effect/cli"
import type { Recommendation } from "../../../models/design-space/recommendation.ts"
import type { Catalog } from "../../../models/hardware/catalog.ts"
import { loadCatalog } from "../../catalog/catalog-files.ts"
import { catalogFlag } from "../catalog-flag.ts"
import { setExitCode } from "../exit-code.ts"
import { startSearch } from "../search-thread.ts"
import { readRecommendation, recommendationArgument } from "../recommendation-argument.ts"

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print {figures, differences, unconfirmed} as JSON and nothing else"), Flag.withDefault(false)
)

const solve = Flag.Boolean("solve").pipe(
  Flag.withDescription("Search again, to confirm bound, worth of the limits and alternatives too"),
  Flag.withDefault(false)
)

const searchAgain = (
  kind: "plan" | "evaluate", { scenario }: Recommendation, catalog: Catalog
): Effect.Effect<Recommendation> => {
  const thread = startSearch(kind, { scenario, catalog, threads: 1 })
  return Effect.promise(() => thread.answer).pipe(Effect.onInterrupt(() => Effect.sync(thread.abandon)))
}

/** A file whose figures do not hold is bad input. */
const doesNotHold = 2

export const verify = Command.make("verify", {
  recommendation: recommendationArgument, solve, json, catalog: catalogFlag
}, Effect.fnUntraced(function*(flags) {
  const recommendation = yield* readRecommendation(flags.recommendation)
  const catalog = yield* loadCatalog(flags.catalog)
  const { searchOf, verifyRecommendation } = yield* Effect.promise(() => import("../../export/verification.ts"))
  const solved = flags.solve ? yield* searchAgain(searchOf(recommendation), recommendation, catalog) : null
  const verification = yield* Effect.promise(() => verifyRecommendation(recommendation, catalog, solved))
  const { figures, differences, unconfirmed } = verification
  yield* Console.log(flags.json ? JSON.stringify(verification, null, 2) : [
    differences.length === 0
      ? `${figures} figures confirmed`
      : `${differences.length} of ${figures} figures do not hold`,
    ...differences.map(({ path, found, expected }) => `  ${path}: ${found}, worked out: ${expected}`),
    ...unconfirmed.map((what) => `not confirmed: ${what}`)
  ].join("\n"))
  if (differences.length > 0) yield* setExitCode(doesNotHold)
})).pipe(
  Command.withDescription("Work out the figures of a recommendation again and tell what differs"),
  Command.withExamples(({ commandPath }) => [
    {
      command: `${commandPath.join(" ")} plans/hall/recommendation.json`,
      description: "Exit code 0: every figure holds"
    }
  ])
)
