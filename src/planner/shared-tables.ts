/** What scenarios of the same model and mappings share, whatever their sites, prices and hardware: kept from one to the next. */
import { MachineTable } from "../../models/design-space/machine-table.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"

export class SharedTables {
  #question = ""
  #machines: MachineTable | null = null

  /** The evaluators and layer times of the last scenario if they are this one's too, else new ones. */
  machines(scenario: Scenario): MachineTable {
    const question = mappingQuestion(scenario)
    if (this.#machines === null || question !== this.#question) {
      this.#question = question
      this.#machines = new MachineTable(scenario)
    }
    return this.#machines
  }
}

/** What of a scenario its mappings and their times depend on, as text; the accelerators asked for bound what is kept. */
function mappingQuestion({ workload, memoryHeadroom, search: { mapping, accelerator } }: Scenario): string {
  return JSON.stringify([workload, memoryHeadroom, mapping, accelerator])
}
