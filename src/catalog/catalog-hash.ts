/** Identity of a catalogue's content: the same entries in the same order give the same hash, however they were written. */
import { createHash } from "node:crypto"
import type { Catalog } from "../../models/hardware/catalog.ts"

/** SHA-256 in hexadecimal of the catalogue as JSON with sorted keys. */
export const catalogHash = (catalog: Catalog): string => createHash("sha256").update(canonical(catalog)).digest("hex")

const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)
  return `{${entries.map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`).join(",")}}`
}
