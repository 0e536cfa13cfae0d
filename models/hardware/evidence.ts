/** Which figures of a part have a source, and which rest on an estimate. */
import type { Evidence, Part } from "./part.ts"

/** What identifies, dates or explains an entry: never a figure. */
const prose: ReadonlySet<string> = new Set(["id", "name", "vendor", "availability", "notes", "evidence"])

/** Names of a part's known figures: fields that hold a number, alone or inside a list or record. */
export function figuresOf(part: object): ReadonlyArray<string> {
  return Object.entries(part).filter(([field, value]) => !prose.has(field) && holdsNumber(value)).map(([field]) => field)
}

/** Where a figure comes from; null where the entry does not say. */
export function evidenceOf(part: Pick<Part, "evidence">, field: string): Evidence | null {
  return part.evidence.find(({ fields }) => fields.includes(field)) ?? null
}

/** No source was read for it: recalled, estimated, or the scenario's own. Marked to the very output. */
export function isEstimate({ verification }: Evidence): boolean {
  return verification === "recalled" || verification === "estimated" || verification === "scenario"
}

function holdsNumber(value: unknown): boolean {
  if (typeof value === "number") return true
  return typeof value === "object" && value !== null && Object.values(value).some(holdsNumber)
}
