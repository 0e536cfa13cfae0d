/** A file of YAML or JSON as plain data. What is too large, too deep or no text is refused before it costs anything. */
import { Effect, FileSystem } from "effect"
import { LineCounter, parseDocument } from "yaml"
import { badFile, type BadInput } from "./bad-input.ts"

/** Far above any real scenario; the parser takes seconds for a megabyte of keys. */
const largestBytes = 256_000
/** Nesting at which the parser still has stack to spare. */
const deepest = 200
/** aliases resolved per document: a handful is use, hundreds are an attack */
const mostAliases = 100

/** Reads one document; fails with BadInput for whatever is the file's fault. */
export const readDocument = Effect.fn("readDocument")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const info = yield* fs.stat(path).pipe(
    Effect.mapError((error) => badFile(path, describeReason(error.reason._tag), "a file of YAML or JSON"))
  )
  if (info.type !== "File") return yield* badFile(path, `a ${info.type.toLowerCase()}`, "a file of YAML or JSON")
  if (info.size > largestBytes) {
    return yield* badFile(path, `${(Number(info.size) / 1e6).toFixed(1)} MB`, `at most ${largestBytes / 1000} kB`)
  }
  const bytes = yield* fs.readFile(path).pipe(
    Effect.mapError((error) => badFile(path, describeReason(error.reason._tag), "a file that can be read"))
  )
  return yield* parseText(path, bytes)
})

const describeReason = (tag: string): string =>
  tag === "NotFound"
    ? "no such file"
    : tag === "PermissionDenied"
    ? "no permission to read it"
    : `it unreadable (${tag})`

const parseText = (path: string, bytes: Uint8Array): Effect.Effect<unknown, BadInput> => {
  const text = decodeUtf8(bytes)
  if (text === null) return badFile(path, "bytes that are not UTF-8", "text in UTF-8")
  if (text.includes("\0")) return badFile(path, "binary data", "text in UTF-8")
  return parseYaml(path, text)
}

const decodeUtf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** An upper estimate by brackets, indentation and indicators: the parser recurses on each, down to where V8 aborts. */
const nestsTooDeep = (text: string): boolean => {
  let depth = 0
  for (const bracket of text.match(/[[{}\]]/g) ?? []) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1
    if (depth > deepest) return true
  }
  return text.split("\n").some((line) =>
    line.search(/[^\s?:-]/) > deepest || (line.match(/(?:^|[^"])[?:-](?=\s)/g) ?? []).length > deepest)
}

/** Parses YAML 1.2, of which JSON is a part; keys must be unique. */
export const parseYaml = (source: string, text: string): Effect.Effect<unknown, BadInput> => {
  if (text.trim() === "") return badFile(source, "an empty file", "a document of YAML or JSON")
  if (nestsTooDeep(text)) return badFile(source, "nesting without end", `at most ${deepest} levels`)
  try {
    const document = parseDocument(text, { lineCounter: new LineCounter(), uniqueKeys: true, logLevel: "error" })
    const error = document.errors[0]
    if (error !== undefined) {
      const [where] = error.linePos ?? []
      const at = where === undefined ? "" : ` at line ${where.line}, column ${where.col}`
      return badFile(source, `${error.message.split("\n")[0]?.replace(/ at line.*/, "")}${at}`, "YAML or JSON")
    }
    return Effect.succeed(document.toJS({ maxAliasCount: mostAliases }) as unknown)
  } catch (cause) {
    return badFile(source, cause instanceof Error ? cause.message : String(cause), "YAML or JSON")
  }
}
