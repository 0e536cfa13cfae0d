/** local stand-in, not committed */
import { Effect } from "effect"
import { smallCatalog } from "../../test/scenario/small-catalog.ts"
export const loadCatalog = () => Effect.succeed(smallCatalog)
