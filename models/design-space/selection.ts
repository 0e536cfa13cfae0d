/** Presolve, first part: which entries of the catalogue a scenario may use, and why the others may not. */
import type { Catalog } from "../hardware/catalog.ts"
import type { Evidence, Part } from "../hardware/part.ts"
import type { Dropped } from "./recommendation.ts"
import type { CatalogSelection, FigureEstimate, Scenario, SearchDomains } from "./scenario.ts"

/** Collects why entries or designs were left out; each reason keeps a few examples. */
export interface DropLog {
  drop(reason: string, example: string): void
  /** all that another log lists */
  include(dropped: ReadonlyArray<Dropped>): void
  /** by falling count, then by reason */
  list(): ReadonlyArray<Dropped>
}

const examplesKept = 5

export function createDropLog(): DropLog {
  const byReason = new Map<string, { count: number; examples: Array<string> }>()
  const add = (reason: string, count: number, examples: ReadonlyArray<string>) => {
    const entry = byReason.get(reason) ?? { count: 0, examples: [] }
    entry.count += count
    for (const example of examples) {
      if (entry.examples.length < examplesKept && !entry.examples.includes(example)) entry.examples.push(example)
    }
    byReason.set(reason, entry)
  }
  return {
    drop: (reason, example) => add(reason, 1, [example]),
    include: (dropped) => {
      for (const { reason, count, examples } of dropped) add(reason, count, examples)
    },
    list: () =>
      [...byReason].map(([reason, { count, examples }]) => ({ reason, count, examples }))
        .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
  }
}

/** The part kinds that layouts are made of. */
export type Hardware = Pick<Catalog, "accelerators" | "systems" | "switches" | "nics" | "interconnects" | "coolingClasses">

/**
 * The hardware a scenario may use: its estimates applied, then filtered by vendor, exclusion and availability. An entry
 * that the search names is asked for, whatever its availability.
 */
export function selectHardware(scenario: Scenario, catalog: Catalog, log: DropLog): Hardware {
  const named = namedParts(scenario.search)
  const keep = <P extends Part>(kind: FigureEstimate["kind"], parts: ReadonlyArray<P>, byVendor: boolean) =>
    applyEstimates(kind, parts, scenario.estimates)
      .filter((part) => isSelected(part, scenario.catalog, named, byVendor, log))
  return {
    accelerators: keep("accelerators", catalog.accelerators, true),
    systems: keep("systems", catalog.systems, false),
    switches: keep("switches", catalog.switches, false),
    nics: keep("nics", catalog.nics, false),
    interconnects: keep("interconnects", catalog.interconnects, false),
    coolingClasses: applyEstimates("coolingClasses", catalog.coolingClasses, scenario.estimates)
  }
}

function namedParts(search: SearchDomains): ReadonlySet<string> {
  const domains = [search.accelerator, search.host, search.scaleUpSwitch, search.nic, search.scaleOutSwitch, search.medium]
  return new Set(domains.flatMap((domain) => domain ?? []))
}

function isSelected(
  part: Part,
  selection: CatalogSelection,
  named: ReadonlySet<string>,
  byVendor: boolean,
  log: DropLog
): boolean {
  const reason = selection.exclude.includes(part.id)
    ? "excluded by catalog.exclude"
    : named.has(part.id)
    ? null
    : byVendor && selection.vendors !== null && !selection.vendors.includes(part.vendor)
    ? "vendor not in catalog.vendors"
    : selection.availability.includes(part.availability.status)
    ? null
    : `${part.availability.status}, not in catalog.availability`
  if (reason !== null) log.drop(reason, part.id)
  return reason === null
}

/** Entries with the scenario's own figures in place, each marked by an evidence of its own. */
export function applyEstimates<P extends Part>(
  kind: FigureEstimate["kind"],
  parts: ReadonlyArray<P>,
  estimates: ReadonlyArray<FigureEstimate>
): ReadonlyArray<P> {
  const ours = estimates.filter((estimate) => estimate.kind === kind)
  if (ours.length === 0) return parts
  return parts.map((part) =>
    ours.filter((estimate) => estimate.id === part.id).reduce((changed, estimate) => withEstimate(changed, estimate), part)
  )
}

function withEstimate<P extends Part>(part: P, estimate: FigureEstimate): P {
  const others = part.evidence.map((evidence) => ({
    ...evidence,
    fields: evidence.fields.filter((field) => field !== estimate.field)
  })).filter((evidence) => evidence.fields.length > 0)
  const own: Evidence = {
    fields: [estimate.field],
    title: "scenario",
    url: null,
    confidence: "third-party-estimate",
    verification: "scenario",
    method: estimate.reason
  }
  return { ...part, [estimate.field]: estimate.value, evidence: [...others, own] }
}

/** The first of the fields that the part lacks, null when it has all. */
export function missingFigure<P extends Part>(part: P, fields: ReadonlyArray<keyof P & string>): string | null {
  return fields.find((field) => part[field] === null || part[field] === undefined) ?? null
}
