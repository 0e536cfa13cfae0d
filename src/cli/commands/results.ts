/** `results`: what a store tells. */
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { badFile } from "../../scenario/bad-input.ts"

const text = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional,
    Flag.map(Option.getOrNull))

const form = Flag.Literals("to", ["csv", "parquet"] as const).pipe(
  Flag.withDescription("Write the answers, or the rows of --sql, as a file of this form"), Flag.optional,
  Flag.map(Option.getOrNull)
)

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print what the tables show, or the rows of --sql, as JSON and nothing else"), Flag.withDefault(false)
)

/** Flags of which one would be of no effect beside the other. */
const clashes = [["key", "sql"], ["key", "to"], ["key", "batch"], ["sql", "batch"], ["to", "json"]] as const

const isGiven = (flag: string | boolean | null): boolean => flag !== null && flag !== false

export const results = Command.make("results", {
  store: Argument.String("store").pipe(Argument.withDescription("DuckDB file that batch has written")),
  batch: text("batch", "NAME", "One batch of the store alone"),
  sql: text("sql", "QUERY", "A query of your own; docs/batch.md lists the tables"),
  key: text("key", "KEY", "Print the recommendation whose key begins so, for export and verify"),
  to: form,
  out: text("out", "FILE", "File for --to"),
  json
}, Effect.fnUntraced(function*(flags) {
  const clash = clashes.find(([one, other]) => isGiven(flags[one]) && isGiven(flags[other]))
  if (clash !== undefined) return yield* badFile(`--${clash[0]}`, `beside --${clash[1]}`, "one of the two")
  if ((flags.to === null) !== (flags.out === null)) {
    return yield* flags.to === null
      ? badFile("--to", "nothing", "csv or parquet beside --out")
      : badFile("--out", "nothing", `a file for the answers as ${flags.to}`)
  }
  // loaded on use, so that the other verbs start without the database
  const { showResults } = yield* Effect.promise(() => import("../results-session.ts"))
  yield* showResults(flags)
})).pipe(
  Command.withDescription("Tell what is best where in a store, query it, or write it as a file"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} results.duckdb`, description: "Winners, crossovers, what has no plan and why" },
    {
      command: `${commandPath.join(" ")} results.duckdb --sql "SELECT accelerator, max(value) FROM answers GROUP BY ALL"`,
      description: "DuckDB's SQL"
    },
    { command: `${commandPath.join(" ")} results.duckdb --to parquet --out answers.parquet`, description: "For other tools" }
  ])
)
