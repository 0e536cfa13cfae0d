/** `verify`: confirms the figures of a recommendation, or tells which do not hold. */
import { Console, Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { loadCatalog } from "../../catalog/catalog-files.ts"
import { catalogFlag } from "../catalog-flag.ts"
import { setExitCode } from "../exit-code.ts"
import { readRecommendation, recommendationArgument } from "../recommendation-argument.ts"

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print {figures, differences, unconfirmed} as JSON and nothing else"), Flag.withDefault(false)
)

/** A file whose figures do not hold is bad input. */
const doesNotHold = 2

export const verify = Command.make("verify", {
  recommendation: recommendationArgument, json, catalog: catalogFlag
}, Effect.fnUntraced(function*(flags) {
  const recommendation = yield* readRecommendation(flags.recommendation)
  const catalog = yield* loadCatalog(flags.catalog)
  const { verifyRecommendation } = yield* Effect.promise(() => import("../../export/verification.ts"))
  const verification = yield* Effect.promise(() => verifyRecommendation(recommendation, catalog))
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
    { command: `${commandPath.join(" ")} plans/hall/recommendation.json`, description: "Exit code 0: every figure holds" }
  ])
)
