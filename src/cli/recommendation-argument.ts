/** The RECOMMENDATION that `export` and `verify` take: read as it was written, checked against its schema. */
import { Effect, FileSystem, Result, Schema } from "effect"
import { Argument } from "effect/cli"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { BadInput, badFile } from "../scenario/bad-input.ts"
import { mistakesOf } from "../schema/mistakes.ts"
import { Recommendation as RecommendationFile } from "../schema/recommendation.ts"

export const recommendationArgument = Argument.String("recommendation").pipe(
  Argument.withDescription("recommendation.json, as plan --json and plan --out write it")
)

const decode = Schema.decodeUnknownResult(RecommendationFile, { errors: "all", onExcessProperty: "error" })

/** Fails with every mistake of the file. */
export const readRecommendation = Effect.fn("readRecommendation")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(path).pipe(
    Effect.mapError(({ reason }) =>
      badFile(path, reason._tag === "NotFound" ? "no such file" : "no file to read", "a recommendation in JSON"))
  )
  const input = yield* Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: () => badFile(path, "no JSON", "a recommendation in JSON")
  })
  const decoded = decode(input)
  if (Result.isFailure(decoded)) {
    return yield* new BadInput({ source: path, mistakes: mistakesOf(decoded.failure.issue, input) })
  }
  return decoded.success satisfies Recommendation
})
