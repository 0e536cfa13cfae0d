/** File names with wildcards, for shells that leave them to the program. */
import { existsSync } from "node:fs"
import { globSync, isDynamicPattern } from "tinyglobby"

/** The files that a pattern names, sorted; what has no wildcards, or is there by that name, is itself. */
export const expandGlob = (pattern: string): ReadonlyArray<string> =>
  !isDynamicPattern(pattern) || existsSync(pattern)
    ? [pattern]
    : globSync(pattern, { expandDirectories: false, absolute: pattern.startsWith("/") }).sort()
