/** Decisions written as `key=value` on a command line, laid over the `search` of a scenario file. */
import { parse } from "yaml"
import { withValueAt } from "./value-path.ts"

/** The file with `hbdSize=72`, `mapping.tp=8`, `nic=[a,b]` over its search; the schema judges keys and values. */
export const withChoice = (file: unknown, choice: Readonly<Record<string, string>>): unknown =>
  typeof file === "object" && file !== null && !Array.isArray(file)
    ? Object.entries(choice).reduce<unknown>(
      (tree, [key, value]) => withValueAt(tree, ["search", ...key.split(".")], readValue(value)), file)
    : file

/** A value as YAML reads it; what is no YAML is text. */
const readValue = (text: string): unknown => {
  try {
    return parse(text) as unknown
  } catch {
    return text
  }
}
