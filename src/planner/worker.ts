/** A thread of a plan: prepares the problem once, then searches pieces of its tree and answers questions beside it. */
import { parentPort, workerData } from "node:worker_threads"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { openIncumbentCell } from "../../solvers/portfolio/shared-incumbent.ts"
import { prepareProblem } from "./problem.ts"
import { searchLayoutItem } from "./search.ts"
import type { LayoutItem, LayoutItemAnswer } from "./search-pool.ts"
import { createSharedWork } from "./shared-work.ts"
import { type SideAnswer, type SideQuestion, solveQuestion } from "./side-solve.ts"

/** What a thread is started with. */
export interface PlanShare {
  readonly scenario: Scenario
  readonly catalog: Catalog
  /** the cell of the best value known to all threads */
  readonly incumbent: SharedArrayBuffer
  /** one cell: 1 asks for the answer now */
  readonly stop: Int32Array
}

export type WorkerTask =
  | { readonly kind: "item"; readonly item: LayoutItem; readonly rootBound: number }
  | { readonly kind: "beside"; readonly question: SideQuestion }

export type WorkerAnswer = LayoutItemAnswer | SideAnswer

const { scenario, catalog, incumbent, stop } = workerData as PlanShare
const stopped = (): boolean => Atomics.load(stop, 0) === 1
const problem = prepareProblem(scenario, catalog, createSharedWork(stopped))
const shared = openIncumbentCell(incumbent, problem.searched.sense)

parentPort?.on("message", async (task: WorkerTask) => {
  const answer: WorkerAnswer = task.kind === "item"
    ? searchLayoutItem(problem, task.item, task.rootBound, { stopped, shared })
    : await solveQuestion({ problem, catalog, stopped }, task.question)
  parentPort?.postMessage(answer)
})
