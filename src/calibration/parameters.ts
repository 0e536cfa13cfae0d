/**
 * The constants that calibration fits: those the data file marks `fitted`, addressed by place, with their
 * ranges.
 */
import type {
  ConstantEntry, Constants, ConstantsFile, FamilyConstants, ModelConstants
} from "../../models/performance/constants.ts"

/** A fitted constant: of all families (`family` null) or of one. */
export interface Parameter {
  readonly family: string | null
  readonly name: string
  readonly least: number
  readonly most: number
}

/** Every constant marked `fitted`, within its plausible range. */
export function fittedParameters(file: ConstantsFile): ReadonlyArray<Parameter> {
  const parameters: Parameter[] = []
  const add = (family: string | null, entries: ConstantsFile["common"] | ConstantsFile["families"][string]) => {
    for (const [name, entry] of Object.entries(entries)) {
      if (entry.source !== "fitted") continue
      const [least, most] = entry.range ?? []
      if (least === undefined || most === undefined) throw new Error(`fitted constant ${name} has no range`)
      parameters.push({ family, name, least, most })
    }
  }
  add(null, file.common)
  for (const [family, entries] of Object.entries(file.families)) add(family, entries)
  return parameters
}

/** Values of all constants, mutable while they are fitted. */
export interface Values {
  readonly common: { -readonly [Name in keyof ModelConstants]: number }
  readonly families: Readonly<Record<string, { -readonly [Name in keyof FamilyConstants]: number }>>
}

export function constantValues(file: ConstantsFile): Values {
  const numbers = (entries: Readonly<Record<string, { readonly value: number }>>) =>
    Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry.value]))
  return {
    common: numbers(file.common) as Values["common"],
    families: Object.fromEntries(
      Object.entries(file.families).map(([family, entries]) => [family, numbers(entries)])
    ) as Values["families"]
  }
}

/** Digits of a fitted constant that mean something; rounding makes the file the same on every machine. */
const digits = 3

/** The file with the fitted values in place of the priors. */
export function fittedFile(file: ConstantsFile, values: Values): ConstantsFile {
  const filled = <Name extends string>(
    entries: Readonly<Record<Name, ConstantEntry>>, numbers: Readonly<Record<Name, number>>
  ) => Object.fromEntries(Object.entries<ConstantEntry>(entries).map(([name, entry]) => [
    name, entry.source === "fitted" ? { ...entry, value: Number(numbers[name as Name].toPrecision(digits)) } : entry
  ])) as Record<Name, ConstantEntry>
  return {
    common: filled(file.common, values.common),
    families: Object.fromEntries(
      Object.entries(file.families).map(([family, entries]) => [family, filled(entries, values.families[family]!)])
    )
  }
}

/** The constants of one family among `values`. */
export function constantsAmong(values: Values, family: string): Constants {
  const entries = values.families[family] ?? values.families["default"]
  if (entries === undefined) throw new Error("the constants have no `default` family")
  return { common: values.common, family: entries, evidence: "fitted" }
}

function slot(values: Values, parameter: Parameter): Record<string, number> {
  const entries = parameter.family === null ? values.common : values.families[parameter.family]
  if (entries === undefined) throw new Error(`no family ${parameter.family}`)
  return entries as Record<string, number>
}

export function readParameter(values: Values, parameter: Parameter): number {
  return slot(values, parameter)[parameter.name] ?? 0
}

export function writeParameter(values: Values, parameter: Parameter, value: number): void {
  slot(values, parameter)[parameter.name] = value
}
