/** A thread of a batch: holds the catalogue, answers one scenario at a time, keeps what the next of its kin can use. */
import { parentPort, workerData } from "node:worker_threads"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { solve } from "../planner/planner.ts"
import { createSharedWork, type SharedWork } from "../planner/shared-work.ts"
import { kinshipOf } from "./job.ts"
import { type Cell, resultColumns } from "./result-columns.ts"
import { groupMost } from "./work-list.ts"

/** What a thread answers: cells in the order of `resultColumns`, or what went wrong. */
export type Solved = { readonly cells: ReadonlyArray<Cell>; readonly seconds: number } | { readonly defect: string }

const catalog = workerData as Catalog

/** What the last scenarios shared, for as long as they are kin, and not for ever: it grows with every hall. */
let shared = createSharedWork()
let kinship = ""
let uses = 0

function sharedFor(scenario: Scenario): SharedWork {
  const own = kinshipOf(scenario)
  if (own !== kinship || uses === groupMost) {
    shared = createSharedWork()
    kinship = own
    uses = 0
  }
  uses++
  return shared
}

async function answer(scenario: Scenario): Promise<Solved> {
  const start = performance.now()
  try {
    const recommendation = await solve(scenario, catalog, sharedFor(scenario))
    const cells = resultColumns.map(({ of }) => of(recommendation))
    return { cells, seconds: (performance.now() - start) / 1000 }
  } catch (cause) {
    return { defect: cause instanceof Error ? cause.stack ?? cause.message : String(cause) }
  }
}

parentPort?.on("message", async (scenario: Scenario) => parentPort?.postMessage(await answer(scenario)))
