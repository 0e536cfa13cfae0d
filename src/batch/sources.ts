/** What `batch` is given: batch files, each a batch of its own, and scenario files, which together are one. */
import { Effect, FileSystem, Path, Result } from "effect"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { expandGlob } from "../files/glob.ts"
import { BadInput, badFile } from "../scenario/bad-input.ts"
import { readDocument } from "../scenario/document.ts"
import { looksLikeBatch } from "../schema/batch.ts"
import type { Batch } from "./batch.ts"
import { openBatch } from "./batch.ts"
import type { Point } from "./expansion.ts"

/** The batch that scenario files are rows of, told apart by their names. */
const ofScenarios = "scenarios"

/** Fails with the mistakes of all batch files; a scenario file with mistakes becomes a row that tells them. */
export const openBatches = Effect.fn("openBatches")(function*(sources: ReadonlyArray<string>, catalog: Catalog) {
  const files = [...new Set(sources.flatMap(expandGlob))]
  const empty = sources.find((source) => expandGlob(source).length === 0)
  if (empty !== undefined) return yield* badFile(empty, "no file of that name", "batch files or scenarios")
  const batches: Array<Batch> = []
  const scenarios: Array<string> = []
  const bad: Array<BadInput> = []
  for (const file of files) {
    const opened = yield* Effect.result(openSource(file, catalog))
    if (Result.isFailure(opened)) bad.push(opened.failure)
    else if (opened.success === null) scenarios.push(file)
    else batches.push(opened.success)
  }
  if (bad.length > 0) return yield* allOf(bad)
  const names = batches.map(({ name }) => name)
  const twice = batches.find(({ name }, i) => names.indexOf(name) < i || (scenarios.length > 0 && name === ofScenarios))
  if (twice !== undefined) {
    const found = JSON.stringify(twice.name)
    return yield* new BadInput({
      source: twice.source, mistakes: [{ path: "$.name", found, expected: "a name that no other batch has", nearest: null }]
    })
  }
  return scenarios.length === 0 ? batches : [...batches, yield* scenarioBatch(scenarios)]
})

/** The batch of a file; null: a scenario. */
const openSource = Effect.fnUntraced(function*(file: string, catalog: Catalog) {
  const document = yield* readDocument(file)
  return looksLikeBatch(document) ? yield* openBatch(file, document, catalog) : null
})

/** The mistakes of several files as one's, each with its file. */
const allOf = (bad: ReadonlyArray<BadInput>): BadInput =>
  bad.length === 1 ? bad[0]! : new BadInput({
    source: `${bad.length} files`,
    mistakes: bad.flatMap(({ source, mistakes }) => mistakes.map((one) => ({ ...one, path: `${source} ${one.path}` })))
  })

/** Read when their turn comes. */
const scenarioBatch = Effect.fnUntraced(function*(files: ReadonlyArray<string>) {
  const services = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const read = Effect.runPromiseWith(services)
  const points = async function*(): AsyncGenerator<Point> {
    for (const file of files) yield { axes: { file }, document: await read(readDocument(file)) }
  }
  const axes = [{ name: "file", paths: [] }]
  return { name: ofScenarios, source: files.join(" "), axes, total: files.length, points } satisfies Batch
})
