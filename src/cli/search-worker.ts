/** The thread of a search: answers with one message, tells its progress with many. */
import { parentPort, workerData } from "node:worker_threads"
import type { Progress } from "../../solvers/contract/search-run.ts"
import { findFront } from "../planner/pareto.ts"
import { evaluate, plan } from "../planner/planner.ts"
import { poolStarter } from "../planner/worker-pool.ts"
import type { SearchKind, SearchMessage, SearchWork } from "./search-thread.ts"

const work = workerData as SearchWork
const { scenario, catalog } = work.asked
const stopped = (): boolean => Atomics.load(work.stop, 0) === 1
const post = <K extends SearchKind>(message: SearchMessage<K>): void => parentPort?.postMessage(message)

switch (work.kind) {
  case "plan": {
    const { threads } = work.asked
    const onProgress = (told: Progress): void => post<"plan">({ told })
    post<"plan">({ answer: await plan(scenario, catalog, { threads, startPool: poolStarter(work.stop), onProgress, stopped }) })
    break
  }
  case "evaluate":
    post<"evaluate">({ answer: await evaluate(scenario, catalog) })
    break
  case "pareto":
    post<"pareto">({
      answer: await findFront(scenario, catalog, {
        ...work.asked.options, stopped, onSolve: (told) => post<"pareto">({ told })
      })
    })
}
