/** Both backends. Apart from the solver, which needs none but JavaScript's: so a browser's bundle is free of HiGHS. */
import type { LinearBackend } from "./backend.ts"
import { loadHighsBackend } from "./highs-backend.ts"
import { javascriptBackend } from "./javascript-backend.ts"

/**
 * Both backends, in the order of their fixed cost. The only asynchronous step: after it, solving is
 * synchronous.
 */
export async function loadLinearBackends(): Promise<ReadonlyArray<LinearBackend>> {
  return [javascriptBackend, await loadHighsBackend()]
}
