/** File names with wildcards, for shells that leave them to the program: `*` and `?` within a name, `**` for folders. */
import { readdirSync } from "node:fs"
import { join } from "node:path"

const isPattern = (name: string): boolean => /[*?]/.test(name)

/** The files that a pattern names, sorted; a name without wildcards is itself. */
export const expandGlob = (pattern: string): ReadonlyArray<string> => {
  if (!isPattern(pattern)) return [pattern]
  const root = pattern.startsWith("/") ? "/" : "."
  return filesUnder(root, pattern.split("/").filter((part) => part !== "" && part !== "."))
    .map((file) => (root === "." && !pattern.startsWith("./") ? file : `${root === "." ? "./" : ""}${file}`)).sort()
}

const filesUnder = (folder: string, [part, ...rest]: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (part === undefined) return []
  const entries = entriesOf(folder)
  if (part === "**") {
    const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .flatMap(({ name }) => filesUnder(join(folder, name), [part, ...rest]))
    return [...filesUnder(folder, rest), ...below]
  }
  if (!isPattern(part) && rest.length > 0) return filesUnder(join(folder, part), rest)
  const name = new RegExp(`^${part.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`)
  const met = entries.filter((entry) => name.test(entry.name) && (part.startsWith(".") || !entry.name.startsWith(".")))
  return rest.length === 0
    ? met.filter((entry) => !entry.isDirectory()).map((entry) => join(folder, entry.name))
    : met.filter((entry) => entry.isDirectory()).flatMap((entry) => filesUnder(join(folder, entry.name), rest))
}

const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
