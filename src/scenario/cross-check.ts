/** What no single key can tell: sites and their links, estimates, and named parts that nobody can compute with. */
import type { CommonPrice } from "../../models/design-space/scenario.ts"
import { applyEstimates } from "../../models/design-space/selection.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { Part } from "../../models/hardware/part.ts"
import { nearestName } from "../nearest-name.ts"
import type { Mistake } from "../schema/mistakes.ts"
import type { ScenarioFile } from "../schema/scenario.ts"

export const crossCheck = (file: ScenarioFile, catalog: Catalog): ReadonlyArray<Mistake> => [
  ...checkWorkloads(file, catalog),
  ...checkSites(file),
  ...checkLinks(file),
  ...checkPriceRanges(file),
  ...checkEstimates(file, catalog),
  ...checkFigures(file, catalog)
]

const mistake = (path: string, found: string, expected: string, nearest: string | null = null): Mistake =>
  ({ path, found, expected, nearest })

type WorkloadFile = NonNullable<ScenarioFile["workload"]>

/** Every workload with its path, in order: of the key workload and what follows it, or of the key workloads. */
export const writtenWorkloads = (
  { workload, workloads = [], furtherWorkloads }: ScenarioFile
): ReadonlyArray<{ readonly path: string; readonly written: WorkloadFile }> => [
  ...(workload === undefined ? [] : [{ path: "$.workload", written: workload }]),
  ...furtherWorkloads.map((written, i) => ({ path: `$.furtherWorkloads[${i}]`, written })),
  ...workloads.map((written, i) => ({ path: `$.workloads[${i}]`, written }))
]

/** What a workload is called: its own name, or its model's. */
export const workloadName = ({ name, model }: WorkloadFile, catalog: Catalog): string =>
  name ?? (typeof model === "string" ? catalog.models.find(({ id }) => id === model)!.shape.name : model.name)

const checkWorkloads = (file: ScenarioFile, catalog: Catalog): ReadonlyArray<Mistake> => {
  const all = writtenWorkloads(file)
  const keys = checkWorkloadKeys(file)
  const each = all.flatMap(({ path, written }) => checkTraining(path, written, catalog))
  if (keys.length > 0) return [...keys, ...each]
  const names = all.map(({ written }) => workloadName(written, catalog))
  const twice = all.flatMap(({ path }, i) =>
    names.indexOf(names[i]!) < i
      ? [mistake(`${path}.name`, JSON.stringify(names[i]), "a name that no other workload has")]
      : [])
  return [...each, ...twice, ...(all.length > 1 ? checkProgramme(file) : [])]
}

/** Which keys hold the workloads, of a file decoded or not. */
export const checkWorkloadKeys = (file: unknown): ReadonlyArray<Mistake> => {
  if (typeof file !== "object" || file === null || Array.isArray(file)) return []
  const has = (key: string) => (file as Readonly<Record<string, unknown>>)[key] !== undefined
  const further = (file as { readonly furtherWorkloads?: unknown }).furtherWorkloads
  const either = "one of the keys workload: the model to train, and workloads: several, one after the other"
  if (!has("workload") && !has("workloads")) return [mistake("$.workload", "nothing", either)]
  if (has("workload") && has("workloads")) return [mistake("$.workloads", "workload as well", either)]
  return has("workloads") && Array.isArray(further) && further.length > 0
    ? [mistake("$.furtherWorkloads", "workloads as well", "all of them under workloads")]
    : []
}

const checkTraining = (path: string, written: WorkloadFile, catalog: Catalog): ReadonlyArray<Mistake> => {
  const trained = catalog.models.find((model) => model.id === written.model)?.training ?? null
  return (["sequence", "globalBatch", "tokens"] as const)
    .filter((key) => written[key] === undefined && trained === null)
    .map((key) => mistake(`${path}.${key}`, "nothing", "a number: the catalogue does not know how this model was trained"))
}

/** What is not planned for several workloads: ratios, and layouts that must stand on several sites. */
const checkProgramme = ({ objective: { name }, search: { sites } }: ScenarioFile): ReadonlyArray<Mistake> => [
  ...(name === "maximizeThroughputPerWatt" || name === "maximizeThroughputPerDollar"
    ? [mistake("$.objective", `${name} with several workloads`,
      "maximizeThroughput, minimizeTimeToTrain, minimizePower or minimizeCapex: ratios are planned for one workload")]
    : []),
  ...(sites !== null && !sites.includes(1)
    ? [mistake("$.search.sites", JSON.stringify(sites), "1 among them: several workloads are planned on one site")]
    : [])
]

const checkSites = ({ sites }: ScenarioFile): ReadonlyArray<Mistake> =>
  sites.flatMap((site, i) =>
    sites.findIndex((other) => other.name === site.name) < i
      ? [mistake(`$.sites[${i}].name`, JSON.stringify(site.name), "a name that no other site has")]
      : []
  )

const checkLinks = ({ sites, links }: ScenarioFile): ReadonlyArray<Mistake> => {
  const names = sites.map((site) => site.name)
  const ends = links.flatMap(({ between }, i) =>
    between.flatMap((name, j) =>
      names.includes(name)
        ? []
        : [mistake(`$.links[${i}].between[${j}]`, JSON.stringify(name), "the name of a site", nearestName(name, names))]
    )
  )
  const joins = (a: string, b: string) =>
    links.filter(({ between: [c, d] }) => (a === c && b === d) || (a === d && b === c)).length
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const))
  const loops = links.flatMap(({ between: [a, b] }, i) =>
    a === b ? [mistake(`$.links[${i}].between`, `${a} twice`, "two different sites")] : []
  )
  const wrong = pairs.filter(([a, b]) => a !== b && joins(a, b) !== 1)
    .map(([a, b]) =>
      mistake("$.links", `${joins(a, b)} links between ${a} and ${b}`, "one link between every two sites"))
  return [...ends, ...loops, ...wrong]
}

const checkPriceRanges = ({ allowances, economics, priceRanges }: ScenarioFile): ReadonlyArray<Mistake> =>
  Object.entries(priceRanges).flatMap(([price, { low, high }]) => {
    const value = { ...allowances, ...economics }[price as CommonPrice]
    return low <= value && value <= high
      ? []
      : [mistake(`$.priceRanges.${price}`, `${low} to ${high}`, `a range that holds the price, ${value}`)]
  })

const checkEstimates = ({ estimates }: ScenarioFile, catalog: Catalog): ReadonlyArray<Mistake> =>
  estimates.flatMap(({ kind, id, field }, i) => {
    const parts: ReadonlyArray<Part> = catalog[kind]
    const part = parts.find((candidate) => candidate.id === id)
    if (part === undefined) {
      const nearest = nearestName(id, parts.map((candidate) => candidate.id))
      return [mistake(`$.estimates[${i}].id`, JSON.stringify(id), `an id of ${kind} in the catalogue`, nearest)]
    }
    const fields = figureNames(part)
    return fields.includes(field)
      ? []
      : [mistake(`$.estimates[${i}].field`, JSON.stringify(field), `a figure of ${id}`, nearestName(field, fields))]
  })

const figureNames = (part: Part): ReadonlyArray<string> =>
  Object.entries(part).filter(([key, value]) => typeof value === "number" || (value === null && key !== "notes"))
    .map(([key]) => key)

/** Decisions whose values are parts: their kind, and the figures without which presolve drops a part. */
const partDecisions = [
  ["accelerator", "accelerators", ["bf16Tflops", "memoryGB", "memoryGBps", "scaleUpGBps", "scaleUpLinks", "powerMaxW"]],
  ["host", "systems", ["hostPowerMaxW", "hostPriceUsd", "rackUnits"]],
  ["nic", "nics", ["powerMaxW", "priceUsd"]],
  ["scaleOutSwitch", "switches", ["powerMaxW", "priceUsd", "rackUnits", "latencyNs"]]
] as const

/** A part that the search names must have its figures: leaving it out in silence would answer another question. */
const checkFigures = ({ search, estimates }: ScenarioFile, catalog: Catalog): ReadonlyArray<Mistake> =>
  partDecisions.flatMap(([decision, kind, figures]) => {
    const parts: ReadonlyArray<Part> = applyEstimates<Part>(kind, catalog[kind], estimates)
    return (search[decision] ?? []).flatMap((id) => {
      const part = parts.find((candidate) => candidate.id === id)
      const figure = figures.find((name) => part?.[name as keyof Part] === null)
      const cure = `the figure, under $.estimates (kind ${kind})`
      return figure === undefined ? [] : [mistake(`$.search.${decision}`, `${id}, which lacks ${figure}`, cure)]
    })
  })
