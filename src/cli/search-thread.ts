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
import type { ParetoFront } from "../planner/pareto.ts"
import type { FrontOptions } from "../planner/pareto-search.ts"

interface Question {
  readonly scenario: Scenario
  readonly catalog: Catalog
}

type FrontTold = Parameters<FrontOptions["onSolve"]>[0]

/** What a thread can be asked, what it tells on the way and answers. */
export interface SearchKinds {
  plan: { asked: Question & { readonly threads: number }; told: Progress; answer: Recommendation }
  evaluate: { asked: Question; told: never; answer: Recommendation }
  pareto: {
    asked: Question & { readonly options: Pick<FrontOptions, "objectives" | "points" | "floorShare"> }
    told: FrontTold
    answer: ParetoFront
  }
}

export type SearchKind = keyof SearchKinds

/** `stop`: one cell, 1 asks for the answer now. */
export type SearchWork = {
  [K in SearchKind]: { readonly kind: K; readonly asked: SearchKinds[K]["asked"]; readonly stop: Int32Array }
}[SearchKind]

export type SearchMessage<K extends SearchKind> =
  | { readonly told: SearchKinds[K]["told"] }
  | { readonly answer: SearchKinds[K]["answer"] }

export interface SearchThread<A> {
  /** rejects only on a defect */
  readonly answer: Promise<A>
  /** asks for the best so far */
  readonly stop: () => void
  /** ends the thread without an answer */
  readonly abandon: () => void
}

const entry = new URL(import.meta.url.endsWith(".ts") ? "./search-worker-boot.mjs" : "./search-worker.mjs", import.meta.url)

export function startSearch<K extends SearchKind>(
  kind: K, asked: SearchKinds[K]["asked"], onTold: (told: SearchKinds[K]["told"]) => void = () => undefined
): SearchThread<SearchKinds[K]["answer"]> {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(entry, { workerData: { kind, asked, stop } })
  const answer = new Promise<SearchKinds[K]["answer"]>((resolve, reject) => {
    worker.on("message", (message: SearchMessage<K>) =>
      "told" in message ? onTold(message.told) : resolve(message.answer))
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
