/** The catalogue as text of 80 columns: a line for each entry, or one entry whole with units and sources. */
import type { Catalog } from "../../models/hardware/catalog.ts"
import { evidenceOf, figuresOf, isEstimate } from "../../models/hardware/evidence.ts"
import type { Evidence, Part } from "../../models/hardware/part.ts"
import { cut, wrap } from "../report/format.ts"
import type { CatalogKind } from "../schema/catalog.ts"
import { unitOf } from "./units.ts"

const width = 80

/** Digits as the file has them, thousands apart. */
const digits = (value: number): string =>
  Math.abs(value) >= 1e15 ? value.toExponential(2) : value.toLocaleString("en-US", { maximumFractionDigits: 6 })

const withUnit = (field: string, value: number): string => {
  const unit = unitOf(field)
  return unit === "USD" ? `$${digits(value)}` : `${digits(value)} ${unit}`.trimEnd()
}

/** A field's value in words: null (unknown, or none) is a dash, ports are `64 × 800 Gb/s`. */
export const describeValue = (field: string, value: unknown): string => {
  if (value === null) return "—"
  if (typeof value === "number") return withUnit(field, value)
  if (typeof value === "boolean") return value ? "yes" : "no"
  if (typeof value !== "object") return String(value)
  if (Array.isArray(value)) return value.map((item) => describeValue(field, item)).join(", ")
  const held = value as Readonly<Record<string, unknown>>
  if ("portGbps" in held && "ports" in held) return `${held["ports"]} × ${withUnit("portGbps", Number(held["portGbps"]))}`
  return Object.entries(held).map(([key, inner]) => `${key} ${describeValue(key, inner)}`).join(", ")
}

const shown = (...figures: ReadonlyArray<readonly [string, number | null]>): string =>
  figures.flatMap(([field, value]) => value === null ? [] : [withUnit(field, value)]).join(", ")

/** What a planner looks for first, per kind. */
const headlines: { readonly [K in CatalogKind]: (entry: Catalog[K][number]) => string } = {
  accelerators: (a) =>
    shown(["Tflops", a.bf16Tflops], ["GB", a.memoryGB], ["W", a.powerMaxW], ["Usd", a.priceUsd]),
  systems: (s) => `${s.kind}, ${s.accelerators} × ${s.accelerator}, HBD ${s.scaleUpDomain}`,
  switches: (s) => `${s.kind}, ${describeValue("radix", s.radix[0])}, ${shown(["W", s.powerMaxW], ["Usd", s.priceUsd])}`,
  nics: (n) => shown(["Gbps", n.totalGbps], ["W", n.powerMaxW], ["Usd", n.priceUsd]),
  interconnects: (i) => `${i.kind}, ${shown(["Gbps", i.gbps], ["M", i.reachM], ["W", i.powerPerEndMaxW])}`,
  coolingClasses: (c) => `${c.cooling}, ${shown(["KW", c.rackPowerMaxKW])} a rack, PUE ${c.pue}`,
  facilities: (f) => `${f.kind}: ${describeValue("figures", f.figures)}`,
  models: (m) => `${shown(["B", m.parametersB])}, ${shown(["B", m.activeParametersB])} active`
}

/** One line for each entry: id, availability when it cannot simply be bought, headline. */
export const listKind = <K extends CatalogKind>(kind: K, catalog: Catalog): ReadonlyArray<string> =>
  (catalog[kind] as ReadonlyArray<Catalog[K][number]>).map((entry) => {
    const { status, date } = entry.availability
    const standing = status === "shipping" ? "" : status === "announced" && date !== null ? date : status
    return cut(`${cut(entry.id, 21).padEnd(22)}${standing.padEnd(13)}${headlines[kind](entry)}`, width)
  })

/** A column of labels and a column of wrapped text. */
const row = (label: string, text: string, suffix: string): ReadonlyArray<string> => {
  const indent = 28
  const lines = wrap(`${text}${suffix}`, width - indent)
  return lines.map((line, i) => `${i === 0 ? `  ${label}`.padEnd(indent) : " ".repeat(indent)}${line}`)
}

const sourceLines = (evidence: Evidence, number: number): ReadonlyArray<string> => {
  const text = [
    evidence.title, `(${evidence.confidence}, ${evidence.verification})`,
    ...(evidence.method === null ? [] : [`Method: ${evidence.method}.`])
  ].join(" ")
  return [
    ...wrap(text, width - 7).map((line, i) => `${i === 0 ? `  [${number}]`.padEnd(7) : "       "}${line}`),
    ...(evidence.url === null ? [] : [`       ${evidence.url}`])
  ]
}

/** One entry whole: every field with its unit and the number of its source, notes, sources. Addresses are never cut. */
export const showEntry = (kind: CatalogKind, entry: Part): ReadonlyArray<string> => {
  const { id, name, vendor, availability: { status, date }, notes, evidence, ...fields } = entry
  const figures = new Set(figuresOf(entry))
  const rows = Object.entries(fields).flatMap(([field, value]) => {
    const source = figures.has(field) ? evidenceOf(entry, field) : null
    const mark = source === null ? "" : ` [${evidence.indexOf(source) + 1}]${isEstimate(source) ? " estimate" : ""}`
    return row(field, describeValue(field, value), mark)
  })
  return [
    ...wrap(`${id} — ${name}`, width),
    `${kind} · ${vendor} · ${status}${date === null ? "" : ` (${date})`}`,
    "",
    ...rows,
    ...(notes === null ? [] : ["", ...wrap(notes, width)]),
    "",
    "Sources",
    ...evidence.flatMap((one, i) => sourceLines(one, i + 1))
  ]
}
