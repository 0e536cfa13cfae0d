/** `lint`: everything that can be said of scenarios without solving them. */
import { Console, Effect, Result } from "effect"
import { Argument, Command } from "effect/cli"
import type { Catalog } from "../../../models/hardware/catalog.ts"
import { openBatch } from "../../batch/batch.ts"
import { loadCatalog } from "../../catalog/catalog-files.ts"
import { BadInput } from "../../scenario/bad-input.ts"
import { decodeScenario } from "../../scenario/decode.ts"
import { readDocument } from "../../scenario/document.ts"
import { remarksOn } from "../../scenario/remarks.ts"
import { looksLikeBatch } from "../../schema/batch.ts"
import { catalogFlag } from "../catalog-flag.ts"
import { setExitCode } from "../exit-code.ts"

const judge = (file: string, input: unknown, catalog: Catalog) => {
  const decoded = decodeScenario(input, catalog)
  return Result.isSuccess(decoded)
    ? Effect.succeed(remarksOn(decoded.success, catalog))
    : Effect.fail(new BadInput({ source: file, mistakes: decoded.failure }))
}

export const lint = Command.make("lint", {
  files: Argument.String("file").pipe(Argument.withDescription("Scenarios and batch files, YAML or JSON"), Argument.atLeast(1)),
  catalog: catalogFlag
}, Effect.fnUntraced(function*({ files, catalog: overlay }) {
  const catalog = yield* loadCatalog(overlay)
  const verdicts = yield* Effect.forEach(files, (file) =>
    readDocument(file).pipe(
      Effect.flatMap((input) =>
        looksLikeBatch(input) ? Effect.as(openBatch(file, input, catalog), []) : judge(file, input, catalog)),
      Effect.flatMap((remarks) => Console.log([`${file}: ok`, ...remarks.map((remark) => `  ${remark}`)].join("\n"))),
      Effect.as(0),
      Effect.catchTag("BadInput", (bad) => Console.error(bad.message).pipe(Effect.as(2)))
    ))
  yield* setExitCode(Math.max(...verdicts))
})).pipe(
  Command.withDescription("Check scenarios and batch files without solving them"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} instances/scenarios/*.yaml`, description: "Every mistake of every file" }
  ])
)
