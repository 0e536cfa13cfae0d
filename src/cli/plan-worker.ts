/** The thread of a search: answers with one message, tells its progress with many. */
import { parentPort, workerData } from "node:worker_threads"
import { plan } from "../planner/planner.ts"
import type { PlanMessage, PlanWork } from "./plan-thread.ts"

const { scenario, catalog, threads, stop } = workerData as PlanWork
const post = (message: PlanMessage): void => parentPort?.postMessage(message)

post({
  recommendation: await plan(scenario, catalog, {
    threads,
    onProgress: (progress) => post({ progress }),
    stopped: () => Atomics.load(stop, 0) === 1
  })
})
