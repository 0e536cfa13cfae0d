/** Shipped scenarios and references, read as the program reads them. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Result } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { parse } from "yaml"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { loadCatalog } from "../../src/catalog/catalog-files.ts"
import { decodeScenario } from "../../src/scenario/decode.ts"

export const catalog = await Effect.runPromise(loadCatalog(null).pipe(Effect.provide(NodeServices.layer)))

/** So little that the searches are short, without a choice that the scenario would state. */
export const few = {
  ...catalog,
  accelerators: catalog.accelerators.filter(({ id }) => id === "b200-sxm"),
  nics: catalog.nics.filter(({ id }) => id === "cx7-400"),
  switches: catalog.switches.filter(({ id, kind }) => kind !== "scale-out" || id === "qm9700")
}

export const filesIn = (folder: "scenarios" | "reference"): ReadonlyArray<string> =>
  readdirSync(`instances/${folder}`).filter((name) => name.endsWith(".yaml")).map((name) => `instances/${folder}/${name}`)

export function readScenario(file: string): Scenario {
  const decoded = decodeScenario(parse(readFileSync(file, "utf8")), catalog)
  if (Result.isFailure(decoded)) throw new Error(`${file}: ${JSON.stringify(decoded.failure)}`)
  return decoded.success
}

/** The scenario with limits of work, which stop at the same point on every machine. */
export const within = (scenario: Scenario, evaluations: number, gap = 0.02): Scenario => ({
  ...scenario, limits: { ...scenario.limits, timeS: null, evaluations, gap }
})
