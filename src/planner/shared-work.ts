/**
 * What the problems of one process share: parts of the catalogue that a selection leaves, times of layers by workload,
 * scale-out options by host. All of it is found by what it depends on, so that no answer depends on what was asked before.
 */
import { never, type Stopped } from "../../models/design-space/stopped.ts"
import { DesignTable } from "../../models/design-space/design-table.ts"
import { MachineTable } from "../../models/design-space/machine-table.ts"
import type { Dropped } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { createDropLog, type Hardware, selectHardware } from "../../models/design-space/selection.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"

export interface SelectedHardware {
  readonly hardware: Hardware
  readonly dropped: ReadonlyArray<Dropped>
}

export interface SharedWork {
  readonly designs: DesignTable
  hardwareOf(scenario: Scenario, catalog: Catalog): SelectedHardware
  machinesOf(scenario: Scenario): MachineTable
}

/** Tables that are kept of each kind, the one longest unused given up first. */
const tablesMost = 4

/**
 * For as long as its owner holds it: a plan with the questions beside it, a batch. Once `stopped`, nothing is worked out to its
 * end.
 */
export function createSharedWork(stopped: Stopped = never): SharedWork {
  const selections = new WeakMap<Catalog, Map<string, SelectedHardware>>()
  const machines = new Map<string, MachineTable>()
  return {
    designs: new DesignTable(stopped),
    hardwareOf: (scenario, catalog) => {
      const known = selections.get(catalog) ?? new Map<string, SelectedHardware>()
      selections.set(catalog, known)
      const { mapping: _, ...search } = scenario.search
      return kept(known, JSON.stringify([scenario.catalog, scenario.estimates, search]), () => select(scenario, catalog))
    },
    machinesOf: (scenario) => {
      // the accelerators asked for bound what is kept
      const { workload, memoryHeadroom, search: { mapping, accelerator } } = scenario
      return kept(machines, JSON.stringify([workload, memoryHeadroom, mapping, accelerator]), () => new MachineTable(scenario, stopped))
    }
  }
}

function select(scenario: Scenario, catalog: Catalog): SelectedHardware {
  const log = createDropLog()
  return { hardware: selectHardware(scenario, catalog, log), dropped: log.list() }
}

function kept<A>(known: Map<string, A>, key: string, create: () => A): A {
  const found = known.get(key) ?? create()
  known.delete(key)
  known.set(key, found)
  const [oldest] = known.keys()
  if (known.size > tablesMost && oldest !== undefined) known.delete(oldest)
  return found
}
