import { describe, expectTypeOf, it } from "vitest"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { CompletedScenario } from "../../src/schema/scenario.ts"

describe("the schema of a scenario", () => {
  it("is the model's type", () => {
    // branded: the model types are intersections in places
    expectTypeOf<typeof CompletedScenario.Type>().branded.toEqualTypeOf<Scenario>()
  })
})
