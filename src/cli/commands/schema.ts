/** `schema`: the JSON Schema of each file, for editors and other programs. */
import { Console, Option, Schema } from "effect"
import { Argument, Command } from "effect/cli"
import { BatchFile } from "../../schema/batch.ts"
import { catalogFile, catalogKinds, CatalogOverlay } from "../../schema/catalog.ts"
import { Recommendation } from "../../schema/recommendation.ts"
import { scenarioFile } from "../../schema/scenario.ts"

const names = ["scenario", "batch", "recommendation", "catalog", ...catalogKinds] as const
type Name = typeof names[number]

const schemaOf = (name: Name): Schema.Top =>
  name === "scenario"
    ? scenarioFile(null)
    : name === "batch"
    ? BatchFile
    : name === "recommendation"
    ? Recommendation
    : name === "catalog"
    ? CatalogOverlay
    : catalogFile(name)

/** JSON Schema, draft 2020-12, of what is written in the file. */
const jsonSchema = (name: Name) => {
  const { schema, definitions } = Schema.toJsonSchemaDocument(schemaOf(name), { onExcessProperty: "error" })
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title: name, ...schema, $defs: definitions }
}

export const schema = Command.make("schema", {
  name: Argument.Literals("name", names).pipe(
    Argument.withDescription("Which file; without it, the names are listed"), Argument.optional
  )
}, ({ name }) =>
  Console.log(Option.match(name, {
    onNone: () => names.join("\n"),
    onSome: (chosen) => JSON.stringify(jsonSchema(chosen), null, 2)
  }))
).pipe(
  Command.withDescription("Print the JSON Schema (draft 2020-12) of a file"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} scenario > scenario.schema.json`, description: "Check scenarios in an editor" }
  ])
)
