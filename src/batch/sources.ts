/** What `batch` is given: batch files, each a batch of its own, and scenario files, which together are one. */
import { Effect, FileSystem, Path, Result } from "effect"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { expandGlob } from "../files/glob.ts"
import { BadInput, badFile } from "../scenario/bad-input.ts"
import { readDocument } from "../scenario/document.ts"
import { looksLikeBatch } from "../schema/batch.ts"
import { formatMistake } from "../schema/mistakes.ts"
import type { Batch } from "./batch.ts"
import { openBatch } from "./batch.ts"
import type { Point } from "./expansion.ts"

/** The batch that scenario files are rows of, told apart by their names. */
const ofScenarios = "scenarios"

/**
 * Fails with the mistakes of all batch files; a scenario file with mistakes, or that cannot be read among others that can, becomes
 * a row that tells them.
 */
export const openBatches = Effect.fn("openBatches")(function*(sources: ReadonlyArray<string>, catalog: Catalog) {
  const path = yield* Path.Path
  const named = sources.map((source) => ({ source, files: expandGlob(source) }))
  const empty = named.find(({ files }) => files.length === 0)
  if (empty !== undefined) return yield* badFile(empty.source, "no file of that name", "batch files or scenarios")
  const batches: Array<Batch> = []
  const scenarios: Array<string> = []
  const bad: Array<BadInput> = []
  const unreadable: Array<BadInput> = []
  for (const file of new Map(named.flatMap(({ files }) => files).map((file) => [path.resolve(file), file])).values()) {
    const read = yield* Effect.result(readDocument(file))
    if (Result.isFailure(read)) unreadable.push(read.failure)
    if (Result.isFailure(read) || !looksLikeBatch(read.success)) {
      scenarios.push(file)
      continue
    }
    const opened = yield* Effect.result(openBatch(file, read.success, catalog))
    if (Result.isFailure(opened)) bad.push(opened.failure)
    else batches.push(opened.success)
  }
  if (unreadable.length === scenarios.length) bad.push(...unreadable)
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
    for (const file of files) {
      const document = await read(Effect.result(readDocument(file)))
      yield Result.isSuccess(document)
        ? { axes: { file }, document: document.success }
        : { axes: { file }, document: null, unreadable: document.failure.mistakes.map(formatMistake).join("; ") }
    }
  }
  const axes = [{ name: "file", paths: [] }]
  return { name: ofScenarios, source: files.join(" "), axes, content: files, total: files.length, points } satisfies Batch
})
