/** The shipped scenarios, joined with the shipped catalogue. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Result } from "effect"
import { parse } from "yaml"
import { selectHardware, createDropLog, type Hardware } from "../../../models/design-space/selection.ts"
import type { Scenario } from "../../../models/design-space/scenario.ts"
import type { ModelShape } from "../../../models/workload/model-shape.ts"
import { loadCatalog } from "../../../src/catalog/catalog-files.ts"
import { decodeScenario } from "../../../src/scenario/decode.ts"

export interface Shipped {
  readonly name: string
  readonly scenario: Scenario
  readonly hardware: Hardware
}

const folder = join(import.meta.dirname, "../../../instances/scenarios")

const catalog = await Effect.runPromise(loadCatalog(null).pipe(Effect.provide(NodeServices.layer)))

export const shippedModels: ReadonlyArray<ModelShape> = catalog.models.map(({ shape }) => shape)

const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"))

export const shipped: ReadonlyArray<Shipped> = files.map((file) => {
  const decoded = decodeScenario(parse(readFileSync(join(folder, file), "utf8")), catalog)
  if (Result.isFailure(decoded)) throw new Error(`${file}: ${JSON.stringify(decoded.failure)}`)
  const scenario = decoded.success
  return { name: file.replace(".yaml", ""), scenario, hardware: selectHardware(scenario, catalog, createDropLog()) }
})

