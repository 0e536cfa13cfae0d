/** A thread of a batch: holds the catalogue, answers one scenario at a time, keeps what the next of its kin can use. */
import { parentPort, workerData } from "node:worker_threads"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { solve } from "../planner/planner.ts"
import { createSharedWork } from "../planner/shared-work.ts"
import { type Cell, resultColumns } from "./result-columns.ts"
import { groupMost } from "./work-list.ts"

/** What a thread answers: cells in the order of `resultColumns`, or what went wrong. */
export type Solved = { readonly cells: ReadonlyArray<Cell>; readonly seconds: number } | { readonly defect: string }

const catalog = workerData as Catalog

/** Scenarios after which all that is shared is made anew: it grows with every hall. */
const usesMost = groupMost

let shared = createSharedWork()
let uses = 0

async function answer(scenario: Scenario): Promise<Solved> {
  const start = performance.now()
  if (uses++ % usesMost === 0) shared = createSharedWork()
  try {
    const recommendation = await solve(scenario, catalog, shared)
    const cells = resultColumns.map(({ of }) => of(recommendation))
    return { cells, seconds: (performance.now() - start) / 1000 }
  } catch (cause) {
    return { defect: cause instanceof Error ? cause.stack ?? cause.message : String(cause) }
  }
}

parentPort?.on("message", async (scenario: Scenario) => parentPort?.postMessage(await answer(scenario)))
