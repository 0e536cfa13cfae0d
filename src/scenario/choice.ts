/** Decisions written as `key=value` on a command line, laid over the `search` of a scenario file. */
import { parse } from "yaml"

type Tree = { readonly [key: string]: unknown }

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value)

/** The file with `hbdSize=72`, `mapping.tp=8`, `nic=[a,b]` over its search; the schema judges keys and values. */
export const withChoice = (file: unknown, choice: Readonly<Record<string, string>>): unknown => {
  const search = Object.entries(choice).reduce<unknown>(
    (tree, [key, value]) => withValue(tree, key.split("."), readValue(value)),
    isTree(file) ? file["search"] : {}
  )
  return isTree(file) ? { ...file, search } : file
}

const withValue = (tree: unknown, [key, ...rest]: ReadonlyArray<string>, value: unknown): unknown => {
  if (key === undefined) return value
  const own = isTree(tree) ? tree : {}
  return { ...own, [key]: withValue(own[key], rest, value) }
}

/** A value as YAML reads it; what is no YAML is text. */
const readValue = (text: string): unknown => {
  try {
    return parse(text) as unknown
  } catch {
    return text
  }
}
