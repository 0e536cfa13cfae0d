import { describe, expectTypeOf, it } from "vitest"
import type { Accelerator } from "../../models/hardware/accelerator.ts"
import type { CatalogModel } from "../../models/hardware/catalog.ts"
import type { CoolingClass, FacilityFact } from "../../models/hardware/facility.ts"
import type { Interconnect } from "../../models/hardware/interconnect.ts"
import type { Nic } from "../../models/hardware/nic.ts"
import type { Evidence } from "../../models/hardware/part.ts"
import type { Switch } from "../../models/hardware/switch.ts"
import type { System } from "../../models/hardware/system.ts"
import * as schema from "../../src/schema/catalog.ts"

describe("the schemas of the catalogue", () => {
  it("are the model's types", () => {
    // branded: the model types are intersections in places
    expectTypeOf<typeof schema.Evidence.Type>().branded.toEqualTypeOf<Evidence>()
    expectTypeOf<typeof schema.Accelerator.Type>().branded.toEqualTypeOf<Accelerator>()
    expectTypeOf<typeof schema.System.Type>().branded.toEqualTypeOf<System>()
    expectTypeOf<typeof schema.Switch.Type>().branded.toEqualTypeOf<Switch>()
    expectTypeOf<typeof schema.Nic.Type>().branded.toEqualTypeOf<Nic>()
    expectTypeOf<typeof schema.Interconnect.Type>().branded.toEqualTypeOf<Interconnect>()
    expectTypeOf<typeof schema.CoolingClass.Type>().branded.toEqualTypeOf<CoolingClass>()
    expectTypeOf<typeof schema.FacilityFact.Type>().branded.toEqualTypeOf<FacilityFact>()
    expectTypeOf<typeof schema.CatalogModel.Type>().branded.toEqualTypeOf<CatalogModel>()
  })
})
