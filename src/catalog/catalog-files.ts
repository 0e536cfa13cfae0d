/** Reads the package's catalogue, and a planner's own entries over it. */
import { Effect, FileSystem, Path, Result, Schema } from "effect"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { BadInput, badFile } from "../scenario/bad-input.ts"
import { readDocument } from "../scenario/document.ts"
import { type CatalogKind, catalogFile, catalogKinds, CatalogOverlay } from "../schema/catalog.ts"
import { mistakesOf } from "../schema/mistakes.ts"
import { brokenReferences } from "./references.ts"

/** `coolingClasses` → `cooling-classes` */
const fileName = (kind: CatalogKind): string => kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Entries by kind; kinds may be missing. */
type Entries = { readonly [K in CatalogKind]?: Catalog[K] }

const decode = <A>(schema: Schema.Decoder<A>, source: string, input: unknown): Effect.Effect<A, BadInput> => {
  const decoded = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })(input)
  return Result.isSuccess(decoded)
    ? Effect.succeed(decoded.success)
    : Effect.fail(new BadInput({ source, mistakes: mistakesOf(decoded.failure.issue, input) }))
}

/** Nearest directory above this module that holds the package's catalogue: the same from sources and from the bundle. */
const packageDirectory = Effect.fnUntraced(function*() {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  let directory = path.dirname(yield* Effect.orDie(path.fromFileUrl(new URL(import.meta.url))))
  while (true) {
    const candidate = path.join(directory, "instances", "catalog")
    if (yield* Effect.orDie(fs.exists(path.join(candidate, "accelerators.json")))) return candidate
    const parent = path.dirname(directory)
    if (parent === directory) return yield* Effect.die(new Error("the package holds no instances/catalog"))
    directory = parent
  }
})

/** The entries of every file of the directory that is named as a kind. */
const readDirectory = Effect.fnUntraced(function*<R>(
  directory: string,
  extensions: ReadonlyArray<string>,
  read: (file: string) => Effect.Effect<unknown, BadInput, R>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const entries: { [K in CatalogKind]?: unknown } = {}
  for (const kind of catalogKinds) {
    for (const extension of extensions) {
      const file = path.join(directory, `${fileName(kind)}.${extension}`)
      if (!(yield* fs.exists(file).pipe(Effect.orElseSucceed(() => false)))) continue
      entries[kind] = (yield* decode<{ readonly entries: unknown }>(catalogFile(kind), file, yield* read(file))).entries
    }
  }
  return entries as Entries
})

const readPackageCatalog = Effect.fnUntraced(function*() {
  const fs = yield* FileSystem.FileSystem
  // a tenth of the time that YAML takes, and its faults are ours, not the planner's
  const readJson = (file: string) =>
    fs.readFileString(file).pipe(Effect.map((text): unknown => JSON.parse(text)), Effect.orDie)
  return (yield* readDirectory(yield* packageDirectory(), ["json"], readJson)) as Catalog
})

/** A file with entries of any kind, or a directory with files named as the package's. */
const readOverlay = Effect.fnUntraced(function*(source: string) {
  const fs = yield* FileSystem.FileSystem
  const isDirectory = yield* fs.stat(source).pipe(
    Effect.map(({ type }) => type === "Directory"), Effect.orElseSucceed(() => false)
  )
  if (!isDirectory) return yield* decode<Entries>(CatalogOverlay, source, yield* readDocument(source))
  const entries = yield* readDirectory(source, ["json", "yaml", "yml"], readDocument)
  if (Object.keys(entries).length > 0) return entries
  return yield* badFile(source, "a directory without any of them", `${catalogKinds.map(fileName).join(".json, ")}.json`)
})

/** Entries of the overlay replace those of the same id, whole, in place; new ones follow. */
const overlaid = (catalog: Catalog, overlay: Entries): Catalog => {
  const merge = <K extends CatalogKind>(kind: K): Catalog[K] => {
    const own = (overlay[kind] ?? []) as ReadonlyArray<Catalog[K][number]>
    const replaced = (catalog[kind] as ReadonlyArray<Catalog[K][number]>).map((part) =>
      own.find(({ id }) => id === part.id) ?? part
    )
    return [...replaced, ...own.filter((part) => !replaced.includes(part))] as unknown as Catalog[K]
  }
  return {
    accelerators: merge("accelerators"), systems: merge("systems"), switches: merge("switches"), nics: merge("nics"),
    interconnects: merge("interconnects"), coolingClasses: merge("coolingClasses"), facilities: merge("facilities"),
    models: merge("models")
  }
}

/**
 * The catalogue: the package's, with the entries of `overlayPath` (a file or a directory; null: none) over it. Fails with
 * BadInput for whatever is wrong with the overlay, or with what its entries name.
 */
export const loadCatalog = Effect.fn("loadCatalog")(function*(overlayPath: string | null) {
  const shipped = yield* readPackageCatalog()
  const catalog = overlayPath === null ? shipped : overlaid(shipped, yield* readOverlay(overlayPath))
  const mistakes = brokenReferences(catalog)
  if (mistakes.length > 0) return yield* new BadInput({ source: overlayPath ?? "the catalogue", mistakes })
  return catalog
})
