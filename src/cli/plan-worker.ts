/** The thread of a search: answers with one message, tells its progress with many. */
import { parentPort, workerData } from "node:worker_threads"
import type { Progress } from "../../solvers/contract/search-run.ts"
import { evaluate, plan } from "../planner/planner.ts"
import { poolStarter } from "../planner/worker-pool.ts"
import type { PlanMessage, PlanWork } from "./plan-thread.ts"

const { verb, scenario, catalog, threads, stop } = workerData as PlanWork
const post = (message: PlanMessage): void => parentPort?.postMessage(message)

const options = {
  threads,
  startPool: poolStarter(stop),
  onProgress: (progress: Progress) => post({ progress }),
  stopped: () => Atomics.load(stop, 0) === 1
}
post({
  recommendation: verb === "plan" ? await plan(scenario, catalog, options) : await evaluate(scenario, catalog)
})
