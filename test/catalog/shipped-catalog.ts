/** The catalogue of the package, read once for all tests of a file. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { loadCatalog } from "../../src/catalog/catalog-files.ts"

export const load = (overlay: string | null) =>
  Effect.runPromise(loadCatalog(overlay).pipe(Effect.provide(NodeServices.layer)))

export const shipped = await load(null)
