import type { ModelShape } from "../workload/model-shape.ts"
import type { Accelerator } from "./accelerator.ts"
import type { CoolingClass, FacilityFact } from "./facility.ts"
import type { Interconnect } from "./interconnect.ts"
import type { Nic } from "./nic.ts"
import type { Part } from "./part.ts"
import type { Switch } from "./switch.ts"
import type { System } from "./system.ts"

/** A model shape with where it was published. */
export type CatalogModel = Part & {
  readonly shape: ModelShape
  /** published totals, in billions: to check the workload arithmetic against */
  readonly parametersB: number | null
  readonly activeParametersB: number | null
  readonly training: { readonly sequence: number; readonly globalBatch: number; readonly tokens: number } | null
}

/** All that is known of hardware, by kind; ids are unique within a kind. */
export interface Catalog {
  readonly accelerators: ReadonlyArray<Accelerator>
  readonly systems: ReadonlyArray<System>
  readonly switches: ReadonlyArray<Switch>
  readonly nics: ReadonlyArray<Nic>
  readonly interconnects: ReadonlyArray<Interconnect>
  readonly coolingClasses: ReadonlyArray<CoolingClass>
  readonly facilities: ReadonlyArray<FacilityFact>
  readonly models: ReadonlyArray<CatalogModel>
}
