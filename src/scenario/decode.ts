/** From a document to a completed scenario: decoded by the schema, checked across its parts, joined with the catalogue. */
import { Result, Schema } from "effect"
import type { Scenario, Workload } from "../../models/design-space/scenario.ts"
import type { Catalog, CatalogModel } from "../../models/hardware/catalog.ts"
import { type Mistake, mistakesOf } from "../schema/mistakes.ts"
import { type CatalogNames, type ScenarioFile, scenarioFile } from "../schema/scenario.ts"
import { checkWorkloadKeys, crossCheck, workloadName, writtenWorkloads } from "./cross-check.ts"

const namesOfCatalog = (catalog: Catalog): NonNullable<CatalogNames> => {
  const ids = (parts: ReadonlyArray<{ readonly id: string }>) => parts.map((part) => part.id)
  return {
    accelerators: ids(catalog.accelerators),
    systems: ids(catalog.systems),
    switches: ids(catalog.switches),
    nics: ids(catalog.nics),
    interconnects: ids(catalog.interconnects),
    coolingClasses: ids(catalog.coolingClasses),
    models: ids(catalog.models),
    vendors: [...new Set(catalog.accelerators.map((accelerator) => accelerator.vendor))]
  }
}

const decoders = new WeakMap<Catalog, ReturnType<typeof makeDecoder>>()

const makeDecoder = (catalog: Catalog) =>
  Schema.decodeUnknownResult(scenarioFile(namesOfCatalog(catalog)), { errors: "all", onExcessProperty: "error" })

/** A schema takes longer to build than to use: once for each catalogue. */
const decoderOf = (catalog: Catalog) => {
  const decoder = decoders.get(catalog) ?? makeDecoder(catalog)
  decoders.set(catalog, decoder)
  return decoder
}

/** The scenario with every default filled in, or all that is wrong with it. */
export const decodeScenario = (
  input: unknown,
  catalog: Catalog
): Result.Result<Scenario, ReadonlyArray<Mistake>> => {
  const decoded = decoderOf(catalog)(input)
  if (Result.isFailure(decoded)) {
    return Result.fail([...checkWorkloadKeys(input), ...mistakesOf(decoded.failure.issue, input)])
  }
  const file = decoded.success
  const mistakes = crossCheck(file, catalog)
  return mistakes.length > 0 ? Result.fail(mistakes) : Result.succeed(complete(file, catalog))
}

/** Fills in what depends on the catalogue; `crossCheck` has found nothing missing. */
const complete = (file: ScenarioFile, catalog: Catalog): Scenario => {
  const { workloads: _, ...others } = file
  const [workload, ...furtherWorkloads] = writtenWorkloads(file).map(({ written }) => completeWorkload(written, catalog))
  return {
    ...others,
    workload: workload!,
    furtherWorkloads,
    sites: file.sites.map((site) => ({ ...site, cooling: site.cooling ?? everyCooling(catalog) }))
  }
}

const completeWorkload = (written: NonNullable<ScenarioFile["workload"]>, catalog: Catalog): Workload => {
  const { kind, model, precision, sequence, globalBatch, tokens } = written
  const entry = catalog.models.find((candidate) => candidate.id === model)
  const trained = entry?.training
  return {
    name: workloadName(written, catalog),
    kind,
    precision,
    model: typeof model === "string" ? (entry as CatalogModel).shape : model,
    sequence: (sequence ?? trained?.sequence) as number,
    globalBatch: (globalBatch ?? trained?.globalBatch) as number,
    tokens: (tokens ?? trained?.tokens) as number
  }
}

/** Densest first: a design goes to the first class that serves it. */
const everyCooling = (catalog: Catalog) =>
  catalog.coolingClasses.toSorted((a, b) => b.rackPowerMaxKW - a.rackPowerMaxKW)
    .map((coolingClass) => ({ class: coolingClass.id, racks: null, rackPowerKW: null }))
