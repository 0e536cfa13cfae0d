/** `catalog list` and `catalog show`: what is known of hardware, with units and sources. */
import { Console, Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { loadCatalog } from "../../catalog/catalog-files.ts"
import { listKind, showEntry } from "../../catalog/catalog-text.ts"
import { nearestName } from "../../nearest-name.ts"
import { BadInput } from "../../scenario/bad-input.ts"
import { catalogKinds } from "../../schema/catalog.ts"
import { catalogFlag } from "../catalog-flag.ts"

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print the entries as JSON and nothing else"), Flag.withDefault(false)
)

const list = Command.make("list", {
  kind: Argument.Literals("kind", catalogKinds).pipe(
    Argument.withDescription("One kind of part; without it, all"), Argument.optional
  ),
  catalog: catalogFlag,
  json
}, Effect.fnUntraced(function*({ kind, catalog: overlay, json }) {
  const catalog = yield* loadCatalog(overlay)
  const kinds = Option.match(kind, { onNone: () => catalogKinds, onSome: (one) => [one] })
  if (json) return yield* Console.log(JSON.stringify(Object.fromEntries(kinds.map((one) => [one, catalog[one]])), null, 2))
  yield* Console.log(kinds.map((one) => [one, ...listKind(one, catalog)].join("\n")).join("\n\n"))
})).pipe(
  Command.withDescription("List the entries: id, when it can be had, and its main figures"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} accelerators`, description: "Every accelerator" }
  ])
)

const show = Command.make("show", {
  id: Argument.String("id").pipe(Argument.withDescription("Id of an entry, as list prints it")),
  catalog: catalogFlag,
  json
}, Effect.fnUntraced(function*({ id, catalog: overlay, json }) {
  const catalog = yield* loadCatalog(overlay)
  const found = catalogKinds.flatMap((kind) =>
    catalog[kind].filter((entry) => entry.id === id).map((entry) => ({ kind, entry }))
  )
  if (found.length === 0) {
    const ids = catalogKinds.flatMap((kind) => catalog[kind].map((entry) => entry.id))
    const nearest = nearestName(id, ids)
    return yield* new BadInput({
      source: "catalog show",
      mistakes: [{ path: "ID", found: JSON.stringify(id), expected: "an id that catalog list prints", nearest }]
    })
  }
  yield* Console.log(
    json
      ? JSON.stringify(found.length === 1 ? found[0]?.entry : found.map(({ entry }) => entry), null, 2)
      : found.map(({ kind, entry }) => showEntry(kind, entry).join("\n")).join("\n\n")
  )
})).pipe(
  Command.withDescription("Show one entry: every figure with its unit, source and standing"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} h100-sxm`, description: "One accelerator" },
    { command: `${commandPath.join(" ")} gb200-nvl72`, description: "A rack, its parts and its published power" }
  ])
)

export const catalog = Command.make("catalog").pipe(
  Command.withDescription("Print the hardware catalogue with units and sources"),
  Command.withSubcommands([list, show])
)
