import { describe, expectTypeOf, it } from "vitest"
import type { Recommendation as RecommendationType } from "../../models/design-space/recommendation.ts"
import { Recommendation } from "../../src/schema/recommendation.ts"

describe("the schema of a recommendation", () => {
  it("is the model's type", () => {
    // branded: the model types are intersections in places
    expectTypeOf<typeof Recommendation.Type>().branded.toEqualTypeOf<RecommendationType>()
  })
})
