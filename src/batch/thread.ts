/** A thread of a batch as its owner sees it. One that dies costs the scenario that it was at, and is replaced. */
import { Worker } from "node:worker_threads"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { Solved } from "./worker.ts"

const entry = new URL(import.meta.url.endsWith(".ts") ? "./worker-boot.mjs" : "./batch-worker.mjs", import.meta.url)

/** A solve makes much that does not last: with room for it, less of it is copied. */
const resourceLimits = { maxYoungGenerationSizeMb: 192 }

export class BatchThread {
  readonly #catalog: Catalog
  #worker: Worker | null = null
  #resolve: ((solved: Solved) => void) | null = null

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  /** One at a time. */
  solve(scenario: Scenario): Promise<Solved> {
    const worker = this.#worker ??= this.#start()
    return new Promise((resolve) => {
      this.#resolve = resolve
      worker.postMessage(scenario)
    })
  }

  /** Ends the thread, whatever it is at: that is never answered. */
  async end(): Promise<void> {
    this.#resolve = null
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(entry, { workerData: this.#catalog, resourceLimits })
    const lose = (defect: string) => {
      if (this.#worker !== worker) return
      this.#worker = null
      this.#answer({ defect })
    }
    worker.on("message", (solved: Solved) => this.#answer(solved))
    worker.on("error", (cause) => lose(cause instanceof Error ? cause.message : String(cause)))
    worker.on("exit", (code) => lose(`its thread ended with code ${code}`))
    return worker
  }

  #answer(solved: Solved): void {
    const resolve = this.#resolve
    this.#resolve = null
    resolve?.(solved)
  }
}
