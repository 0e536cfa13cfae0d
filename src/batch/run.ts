/** Runs batches: threads that each take a group of kin at a time, and a store that holds every result before it is counted. */
import type { Batch } from "./batch.ts"
import { type Frame, type Job, jobOf } from "./job.ts"
import { type Cell, resultColumns } from "./result-columns.ts"
import type { ResultRow } from "./store.ts"
import { BatchThread } from "./thread.ts"
import { groupsToDo, heardLater, type Lookup } from "./work-list.ts"

export interface Tally {
  readonly total: number
  readonly solved: number
  /** had a result before */
  readonly known: number
  /** of those solved */
  readonly byStatus: Readonly<Record<string, number>>
}

export interface RunOptions {
  readonly threads: number
  readonly onProgress: (tally: Tally) => void
}

/** A thread with the jobs that wait for it. */
interface Lane {
  readonly thread: BatchThread
  queue: ReadonlyArray<Job>
  /** of the last result */
  writing: Promise<void>
}

export class BatchRun {
  readonly #store: Lookup
  readonly #lanes: ReadonlyArray<Lane>
  readonly #groups: AsyncGenerator<ReadonlyArray<Job>>
  readonly #started = new Set<string>()
  readonly #byStatus: Record<string, number> = {}
  readonly #options: RunOptions
  readonly #total: number
  #solved = 0
  #known = 0
  #isStopped = false
  #interrupt: () => void = () => undefined

  constructor(batches: ReadonlyArray<Batch>, frame: Frame, store: Lookup, options: RunOptions) {
    this.#store = store
    this.#options = options
    this.#total = batches.reduce((sum, { total }) => sum + total, 0)
    this.#lanes = Array.from({ length: options.threads }, () => ({
      thread: new BatchThread(frame.catalog), queue: [], writing: Promise.resolve()
    }))
    this.#groups = groupsToDo(jobsOf(batches, frame), store, this.#started, () => {
      this.#known++
      this.#tell()
    }, () => this.#isStopped)
  }

  /** Resolves when all is done or `stop` was called; rejects when the store fails. */
  async work(): Promise<Tally> {
    const interrupted = new Promise<void>((resolve) => void (this.#interrupt = resolve))
    try {
      await Promise.race([Promise.all(this.#lanes.map((lane) => this.#workIn(lane))), interrupted])
    } finally {
      this.#isStopped = true
      await Promise.allSettled(this.#lanes.map(({ writing }) => writing))
      await Promise.all([...this.#lanes.map(({ thread }) => thread.end()), this.#groups.return(undefined)])
    }
    return this.tally()
  }

  /** Ends the run at once: what is under way is lost, what is done is kept. */
  stop(): void {
    this.#isStopped = true
    this.#interrupt()
  }

  tally(): Tally {
    return { total: this.#total, solved: this.#solved, known: this.#known, byStatus: { ...this.#byStatus } }
  }

  /** While a result is written the thread is at the next scenario, and no further. */
  async #workIn(lane: Lane): Promise<void> {
    while (!this.#isStopped) {
      const job = await this.#next(lane)
      if (job === null || this.#isStopped) break
      const result = await answerOf(job, lane.thread)
      await lane.writing
      if (this.#isStopped) return
      // where it fails it is heard at the next turn
      lane.writing = heardLater(this.#save(job, result))
    }
    await lane.writing
  }

  async #save({ member }: Job, result: ResultRow): Promise<void> {
    await this.#store.save(member, result)
    this.#started.delete(member.key)
    this.#count(String(result.cells[0]))
  }

  /** Of the lane's own group, of a new one, or at the end half of what waits for another. */
  async #next(lane: Lane): Promise<Job | null> {
    if (lane.queue.length === 0) lane.queue = (await this.#groups.next()).value ?? []
    if (lane.queue.length === 0) {
      const longest = this.#lanes.reduce((a, b) => b.queue.length > a.queue.length ? b : a)
      const kept = Math.ceil(longest.queue.length / 2)
      lane.queue = longest.queue.slice(kept)
      longest.queue = longest.queue.slice(0, kept)
    }
    const [job, ...rest] = lane.queue
    lane.queue = rest
    return job ?? null
  }

  #count(status: string): void {
    this.#solved++
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1
    this.#tell()
  }

  #tell(): void {
    this.#options.onProgress(this.tally())
  }
}

/** The jobs of batches, one at a time. */
export async function* jobsOf(batches: ReadonlyArray<Batch>, frame: Frame): AsyncGenerator<Job> {
  for (const { name, points } of batches) {
    for await (const point of points()) yield await jobOf(frame, name, point)
  }
}

/** The result of a job, whatever becomes of it. */
export async function answerOf({ member: { key }, scenario }: Job, thread: BatchThread): Promise<ResultRow> {
  if (typeof scenario === "string") return { key, cells: cellsWithout("invalid", scenario), seconds: 0 }
  const solved = await thread.solve(scenario)
  return "defect" in solved ? { key, cells: cellsWithout("failed", solved.defect), seconds: 0 } : { key, ...solved }
}

/** Of what has no recommendation. */
function cellsWithout(status: "invalid" | "failed", reason: string): ReadonlyArray<Cell> {
  return resultColumns.map(({ name }) => (name === "status" ? status : name === "reason" ? reason : null))
}
