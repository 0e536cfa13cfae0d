/**
 * Runs a search in a thread of its own, so that this one hears Ctrl-C. A busy thread reads no message: it is stopped by
 * a flag in shared memory, and then still answers with the best it holds.
 */
import { Effect } from "effect"
import { Worker } from "node:worker_threads"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { Progress } from "../../solvers/contract/search-run.ts"

export interface PlanWork {
  readonly verb: "plan" | "evaluate"
  readonly scenario: Scenario
  readonly catalog: Catalog
  readonly threads: number
  /** one cell: 1 asks for the answer now */
  readonly stop: Int32Array
}

export type PlanMessage = { readonly progress: Progress } | { readonly recommendation: Recommendation }

export interface PlanThread {
  /** rejects only on a defect */
  readonly answer: Promise<Recommendation>
  /** asks for the best so far */
  readonly stop: () => void
  /** ends the thread without an answer */
  readonly abandon: () => void
}

const entry = new URL(import.meta.url.endsWith(".ts") ? "./plan-worker-boot.mjs" : "./plan-worker.mjs", import.meta.url)

export const startPlanThread = (
  work: Omit<PlanWork, "stop">,
  onProgress: (progress: Progress) => void
): PlanThread => {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(entry, { workerData: { ...work, stop } satisfies PlanWork })
  const answer = new Promise<Recommendation>((resolve, reject) => {
    worker.on("message", (message: PlanMessage) =>
      "progress" in message ? onProgress(message.progress) : resolve(message.recommendation))
    worker.on("error", reject)
    worker.on("exit", (code) => reject(new Error(`the planner's thread ended with code ${code} and no answer`)))
  })
  return { answer, stop: () => void Atomics.store(stop, 0, 1), abandon: () => void worker.terminate() }
}

/** Delivers an answer; interrupted, the best so far, for which `stop` asks. */
export const deliverOrStop = <A, E, R>(
  promised: Promise<A>,
  stop: () => void,
  deliver: (answer: A) => Effect.Effect<void, E, R>
): Effect.Effect<void, E, R> => {
  const delivery = Effect.promise(() => promised).pipe(Effect.flatMap(deliver))
  return Effect.promise(() => promised).pipe(
    Effect.onInterrupt(() => Effect.andThen(Effect.sync(stop), delivery)),
    Effect.flatMap(deliver)
  )
}
