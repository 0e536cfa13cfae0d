/** `compare`: two recommendations, or two stores: what changed, and why. */
import { Console, Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { isDatabase } from "../../files/database-file.ts"
import { badFile } from "../../scenario/bad-input.ts"
import { wantedStyle } from "../delivery.ts"
import { readRecommendation } from "../recommendation-argument.ts"

const side = (name: string) =>
  Argument.String(name).pipe(Argument.withDescription("recommendation.json, or a store that batch has written"))

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print the difference as JSON and nothing else"), Flag.withDefault(false)
)

const compareRecommendations = Effect.fnUntraced(function*(a: string, b: string, isJson: boolean) {
  const [left, right] = [yield* readRecommendation(a), yield* readRecommendation(b)]
  const { differenceOf, renderDifference } = yield* Effect.promise(async () => ({
    ...await import("../../results/recommendation-difference.ts"), ...await import("../../results/difference-report.ts")
  }))
  const found = differenceOf(left, right)
  yield* Console.log(isJson ? JSON.stringify(found, null, 2) : renderDifference(found, wantedStyle()))
})

const compareStores = Effect.fnUntraced(function*(a: string, b: string, isJson: boolean) {
  // loaded on use, so that the other verbs start without the database
  const {
    keysToRead, pairsOf, readComparedStore, readRecommendations, renderStoreDifference, storeDifferenceOf, storeReasonsOf, withStore
  } = yield* Effect.promise(async () => ({
    ...await import("../../results/compared-store.ts"), ...await import("../../results/store-difference.ts"),
    ...await import("../../results/store-difference-report.ts"), ...await import("../../results/store-reasons.ts"),
    ...await import("../store-access.ts")
  }))
  // one after the other: A and B may be the same file
  const left = yield* withStore(a, (connection) => Effect.promise(() => readComparedStore(connection)))
  const right = yield* withStore(b, (connection) => Effect.promise(() => readComparedStore(connection)))
  const pairs = pairsOf(left, right)
  const difference = storeDifferenceOf(left, right, pairs)
  const keys = keysToRead(difference, pairs)
  const recommendations = (path: string, side: "a" | "b") =>
    withStore(path, (connection) => Effect.promise(() => readRecommendations(connection, keys.map((pair) => pair[side]))))
  const reasons = storeReasonsOf(keys, yield* recommendations(a, "a"), yield* recommendations(b, "b"))
  const found = { ...difference, ...reasons }
  yield* Console.log(isJson ? JSON.stringify(found, null, 2) : renderStoreDifference(found, wantedStyle()))
})

export const compare = Command.make("compare", { a: side("a"), b: side("b"), json }, Effect.fnUntraced(function*(flags) {
  const [isA, isB] = [isDatabase(flags.a), isDatabase(flags.b)]
  if (isA !== isB) {
    return yield* badFile(isA ? flags.b : flags.a, "no store", "two stores, or two recommendations")
  }
  yield* isA ? compareStores(flags.a, flags.b, flags.json) : compareRecommendations(flags.a, flags.b, flags.json)
})).pipe(
  Command.withDescription("Tell what changed between two recommendations or two stores, and why"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} plans/a/recommendation.json plans/b/recommendation.json`, description: "Two plans" },
    { command: `${commandPath.join(" ")} before.duckdb after.duckdb`, description: "Two runs of a batch" }
  ])
)
