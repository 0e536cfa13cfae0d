/** The library's one door: plan and evaluate scenarios, in Node and in a browser. */
import accelerators from "../instances/catalog/accelerators.json" with { type: "json" }
import coolingClasses from "../instances/catalog/cooling-classes.json" with { type: "json" }
import facilities from "../instances/catalog/facilities.json" with { type: "json" }
import interconnects from "../instances/catalog/interconnects.json" with { type: "json" }
import models from "../instances/catalog/models.json" with { type: "json" }
import nics from "../instances/catalog/nics.json" with { type: "json" }
import switches from "../instances/catalog/switches.json" with { type: "json" }
import systems from "../instances/catalog/systems.json" with { type: "json" }
import { Result } from "effect"
import type { Scenario } from "../models/design-space/scenario.ts"
import type { Catalog } from "../models/hardware/catalog.ts"
import { decodeScenario } from "./scenario/decode.ts"
import { formatMistake } from "./schema/mistakes.ts"

export type { Recommendation } from "../models/design-space/recommendation.ts"
export type { Scenario } from "../models/design-space/scenario.ts"
export type { Catalog } from "../models/hardware/catalog.ts"
export type { Mapping } from "../models/performance/mapping.ts"
export { checkRecommendation } from "./planner/check.ts"
export { evaluate, plan, type PlanOptions } from "./planner/planner.ts"
export { silent, type SearchOptions } from "./planner/search.ts"
export type { StartPool } from "./planner/search-pool.ts"
export { version } from "./version.ts"

/** The package's own catalogue. */
export const shippedCatalog = {
  accelerators: accelerators.entries, systems: systems.entries, switches: switches.entries, nics: nics.entries,
  interconnects: interconnects.entries, coolingClasses: coolingClasses.entries, facilities: facilities.entries,
  models: models.entries
} as unknown as Catalog

/**
 * Completes a scenario as a planner writes it (the content of a scenario file, parsed). Throws a RangeError that lists every
 * mistake with its path.
 */
export function readScenario(document: unknown, catalog: Catalog = shippedCatalog): Scenario {
  const decoded = decodeScenario(document, catalog)
  if (Result.isSuccess(decoded)) return decoded.success
  throw new RangeError(decoded.failure.map(formatMistake).join("\n"))
}
