/**
 * The threads of a plan as Node's workers. One that dies is replaced, its task is lost and may be asked again. One that is
 * still busy some time after the stop flag rose is given up, and its task comes back as it was dealt: unexplored.
 */
import { Worker } from "node:worker_threads"
import { objectiveFunction } from "../../models/design-space/objective.ts"
import { createIncumbentCell, openIncumbentCell } from "../../solvers/portfolio/shared-incumbent.ts"
import type { LayoutItem, LayoutItemAnswer, StartPool } from "./search-pool.ts"
import { type SideAnswer, unanswered } from "./side-solve.ts"
import type { PlanShare, WorkerAnswer, WorkerTask } from "./worker.ts"

/** Milliseconds between looks at the stop flag, and those that a busy thread then has to answer by itself. */
const watchMs = 10
const graceMs = 50

/** How often a question beside the main one is asked before its loss is a defect. */
const attempts = 3

const entry = new URL(import.meta.url.endsWith(".ts") ? "./worker-boot.mjs" : "./worker.mjs", import.meta.url)

/** A pool that the one cell of `stop` ends: 1 asks for the answer now. */
export const poolStarter = (stop: Int32Array): StartPool => (scenario, catalog, threads) => {
  const { sense } = objectiveFunction(scenario)
  const incumbent = createIncumbentCell(sense)
  const workers = new Workers({ scenario, catalog, incumbent, stop }, threads)
  return {
    threads,
    shared: openIncumbentCell(incumbent, sense),
    runItem: (item, rootBound) => workers.run({ kind: "item", item, rootBound }, unexplored(item)),
    solveBeside: async (question) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await workers.run<SideAnswer>({ kind: "beside", question }, unanswered)
        } catch (loss) {
          if (attempt === attempts) throw loss
        }
      }
    },
    close: () => workers.close()
  }
}

const unexplored = ({ incumbent, nodes }: LayoutItem): LayoutItemAnswer =>
  ({ incumbent, open: nodes, work: { nodes: 0, evaluations: 0 } })

interface Job {
  readonly task: WorkerTask
  readonly whenStopped: WorkerAnswer
  readonly resolve: (answer: WorkerAnswer) => void
  readonly reject: (loss: unknown) => void
}

class Workers {
  readonly #share: PlanShare
  readonly #threads: number
  readonly #watch: NodeJS.Timeout
  readonly #idle = new Set<Worker>()
  readonly #busy = new Map<Worker, Job>()
  #queue: Array<Job> = []
  #isGivenUp = false

  constructor(share: PlanShare, threads: number) {
    this.#share = share
    this.#threads = threads
    for (let i = 0; i < threads; i++) this.#start()
    this.#watch = setInterval(() => this.#look(), watchMs)
  }

  /** The task's answer, which is of type A; `whenStopped` if none comes in time. */
  run<A extends WorkerAnswer>(task: WorkerTask, whenStopped: A): Promise<A> {
    if (this.#isGivenUp) return Promise.resolve(whenStopped)
    return new Promise<WorkerAnswer>((resolve, reject) => {
      this.#queue.push({ task, whenStopped, resolve, reject })
      this.#dispatch()
    }) as Promise<A>
  }

  async close(): Promise<void> {
    clearInterval(this.#watch)
    await this.#endAll()
  }

  #start(): void {
    const worker = new Worker(entry, { workerData: this.#share })
    worker.on("message", (answer: WorkerAnswer) => {
      const job = this.#busy.get(worker)
      this.#busy.delete(worker)
      this.#idle.add(worker)
      job?.resolve(answer)
      this.#dispatch()
    })
    worker.on("error", (error) => this.#lose(worker, error))
    worker.on("exit", (code) => this.#lose(worker, new Error(`a planner's thread ended with code ${code} and no answer`)))
    this.#idle.add(worker)
  }

  /** A dead thread is replaced once there is work for it, so that one that cannot even start is not started for ever. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      if (this.#idle.size === 0 && this.#busy.size < this.#threads) this.#start()
      const [worker] = this.#idle
      if (worker === undefined) return
      const job = this.#queue.shift()!
      this.#idle.delete(worker)
      this.#busy.set(worker, job)
      worker.postMessage(job.task)
    }
  }

  #lose(worker: Worker, loss: unknown): void {
    const job = this.#busy.get(worker)
    this.#busy.delete(worker)
    this.#idle.delete(worker)
    job?.reject(loss)
    this.#dispatch()
  }

  #look(): void {
    if (Atomics.load(this.#share.stop, 0) !== 1) return
    clearInterval(this.#watch)
    setTimeout(() => void this.#endAll(), graceMs).unref()
  }

  async #endAll(): Promise<void> {
    this.#isGivenUp = true
    const ended = [...this.#idle, ...this.#busy.keys()]
    for (const { resolve, whenStopped } of [...this.#busy.values(), ...this.#queue]) resolve(whenStopped)
    this.#queue = []
    this.#busy.clear()
    this.#idle.clear()
    await Promise.all(ended.map((worker) => worker.terminate()))
  }
}
