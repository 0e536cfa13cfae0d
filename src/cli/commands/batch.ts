/** `batch`: many scenarios, each once, into a store. */
import { availableParallelism } from "node:os"
import { Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { loadCatalog } from "../../catalog/catalog-files.ts"
import { catalogFlag } from "../catalog-flag.ts"
import { limitFlags, limitsWith } from "../limit-flags.ts"

const sources = Argument.String("file").pipe(
  Argument.withDescription("Batch files and scenarios, YAML or JSON, or patterns of their names"), Argument.atLeast(1)
)

const store = Flag.String("store").pipe(
  Flag.withMetavar("FILE"), Flag.withDescription("DuckDB file of the results; made if missing")
)

const threads = Flag.Int("threads").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1024 }))),
  Flag.withMetavar("N"), Flag.withDescription("Scenarios solved at once; default: one for each core"),
  Flag.withDefault(availableParallelism())
)

const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Tell how many there are and, from a sample, how long they take; keep nothing"),
  Flag.withDefault(false)
)

const sample = Flag.Int("sample").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000 }))),
  Flag.withMetavar("N"), Flag.withDescription("Scenarios that a dry run solves"), Flag.withDefault(16)
)

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print the count as JSON and nothing else"), Flag.withDefault(false)
)

const retryFailed = Flag.Boolean("retry-failed").pipe(
  Flag.withDescription("Solve again what ended in a defect (status failed); a new answer takes its place"),
  Flag.withDefault(false)
)

export const batch = Command.make("batch", {
  sources, store, threads, dryRun, sample, retryFailed, json, catalog: catalogFlag, ...limitFlags
}, Effect.fnUntraced(function*(flags) {
  const catalog = yield* loadCatalog(flags.catalog)
  // loaded on use, so that the other verbs start without the planner and the database
  const { estimate, solve } = yield* Effect.promise(() => import("../batch-session.ts"))
  const session = { ...flags, catalog, limits: limitsWith(flags) }
  yield* flags.dryRun ? estimate(session) : solve(session)
})).pipe(
  Command.withDescription("Solve the scenarios of batch files into a store; what has a result is not solved again"),
  Command.withExamples(({ commandPath }) => [
    {
      command: `${commandPath.join(" ")} instances/batches/catalogue-power.yaml --store results.duckdb`,
      description: "Again after an interruption: only what is missing"
    },
    { command: `${commandPath.join(" ")} sweep.yaml --store results.duckdb --dry-run`, description: "How many, how long?" },
    { command: `${commandPath.join(" ")} 'halls/**/*.yaml' --store halls.duckdb --gap 0.01`, description: "Scenario files" }
  ])
)
