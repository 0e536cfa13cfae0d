/** `lint`: everything that can be said of scenarios without solving them. */
import { Console, Effect, Result } from "effect"
import { Argument, Command } from "effect/cli"
import { loadCatalog } from "../../catalog/catalog-files.ts"
import { BadInput } from "../../scenario/bad-input.ts"
import { decodeScenario } from "../../scenario/decode.ts"
import { readDocument } from "../../scenario/document.ts"
import { remarksOn } from "../../scenario/remarks.ts"
import { catalogFlag } from "../catalog-flag.ts"
import { setExitCode } from "../exit-code.ts"

export const lint = Command.make("lint", {
  files: Argument.String("file").pipe(Argument.withDescription("Scenarios, YAML or JSON"), Argument.atLeast(1)),
  catalog: catalogFlag
}, Effect.fnUntraced(function*({ files, catalog: overlay }) {
  const catalog = yield* loadCatalog(overlay)
  const verdicts = yield* Effect.forEach(files, (file) =>
    readDocument(file).pipe(
      Effect.flatMap((input) => {
        const decoded = decodeScenario(input, catalog)
        return Result.isSuccess(decoded)
          ? Effect.succeed(remarksOn(decoded.success, catalog))
          : Effect.fail(new BadInput({ source: file, mistakes: decoded.failure }))
      }),
      Effect.flatMap((remarks) => Console.log([`${file}: ok`, ...remarks.map((remark) => `  ${remark}`)].join("\n"))),
      Effect.as(0),
      Effect.catchTag("BadInput", (bad) => Console.error(bad.message).pipe(Effect.as(2)))
    ))
  yield* setExitCode(Math.max(...verdicts))
})).pipe(
  Command.withDescription("Check scenarios without solving them"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} instances/scenarios/*.yaml`, description: "Every mistake of every file" }
  ])
)
