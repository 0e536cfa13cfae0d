/** One run of `batch`: what it says while it works and at its end, on Ctrl-C too. */
import { Console, Effect, type Option } from "effect"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { type Estimate, estimateBatches } from "../batch/estimate.ts"
import { type Frame, openFrame } from "../batch/job.ts"
import { BatchRun, type Tally } from "../batch/run.ts"
import { openBatches } from "../batch/sources.ts"
import { Store } from "../batch/store.ts"
import { formatCount, formatNumber } from "../report/format.ts"
import { version } from "../version.ts"
import { setExitCode } from "./exit-code.ts"
import { deliverOrStop } from "./search-thread.ts"
import { asFailures, attempt } from "./store-access.ts"

interface Session {
  readonly sources: ReadonlyArray<string>
  readonly store: string
  readonly threads: number
  readonly sample: number
  readonly json: boolean
  readonly retryFailed: boolean
  readonly seed: Option.Option<number>
  readonly catalog: Catalog
  readonly limits: Frame["limits"]
}

export const estimate = Effect.fn("estimate")(function*(session: Session) {
  const batches = yield* openBatches(session.sources, session.catalog)
  const frame = yield* Effect.promise(() => openFrame(session.catalog, session.limits))
  const found = yield* attempt(() => estimateBatches(batches, frame, session.store, {
    threads: session.threads, sample: session.sample, seed: 1, retryFailed: session.retryFailed
  }))
  yield* Console.log(session.json ? JSON.stringify(found) : describeEstimate(found, session.threads))
})

export const solve = Effect.fn("solve")(function*(session: Session) {
  const { sources, threads, catalog } = session
  const batches = yield* openBatches(sources, catalog)
  const frame = yield* Effect.promise(() => openFrame(catalog, session.limits))
  const total = batches.reduce((sum, { total }) => sum + total, 0)
  const head = { batches, version, frame, threads, total }
  const store = yield* attempt(() => Store.open(session.store, head, session.retryFailed))
  const start = performance.now()
  const run = new BatchRun(batches, frame, store, { threads, onProgress: progressLine(process.stderr, start) })
  const ended = run.work().then(async (tally) => {
    const isDone = tally.solved + tally.known === tally.total
    await store.end(isDone ? "done" : "interrupted", tally.solved, tally.known)
    return { tally, seconds: (performance.now() - start) / 1000, isDone }
  })
  yield* asFailures(deliverOrStop(ended, () => run.stop(), Effect.fnUntraced(function*({ tally, seconds, isDone }) {
    if (process.stderr.isTTY === true) process.stderr.write("\r\u001b[K")
    yield* Console.log(session.json ? JSON.stringify({ ...tally, seconds }) : describeTally(tally, seconds, session))
    if (isDone) return
    yield* Console.error(`interrupted: the same command goes on where this one stopped`)
    yield* setExitCode(130)
  })))
})

const describeEstimate = ({ total, known, toDo, sampled, sampleS, expectedS }: Estimate, threads: number): string =>
  [
    `${count(total)} scenarios: ${count(known)} have a result, ${count(toDo)} to do`,
    ...(expectedS === null ? [] : [
      `${count(sampled)} of them took ${duration(sampleS)} on ${threadsText(threads)}: all take about ${duration(expectedS)}`
    ])
  ].join("\n")

const describeTally = ({ total, solved, known, byStatus }: Tally, seconds: number, { threads, store }: Session): string => {
  const kinds = Object.entries(byStatus).map(([status, number]) => `${count(number)} ${status}`).join(", ")
  return [
    `${count(total)} scenarios: ${count(known)} had a result, ${count(solved)} solved${kinds === "" ? "" : ` (${kinds})`}`,
    ...(solved === 0 ? [] : [
      `${duration(seconds)} on ${threadsText(threads)}: ${formatNumber(solved / seconds)} scenarios a second`
    ]),
    `scale-across results ${store} tells what is best where`
  ].join("\n")
}

const count = (value: number): string => value.toLocaleString("en-US")
const threadsText = (threads: number): string => `${threads} thread${threads === 1 ? "" : "s"}`

/** `4 h 12 min`, `3 min 20 s`, `8.1 s` */
const duration = (seconds: number): string => {
  if (seconds < 60) return `${formatNumber(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds - 60 * minutes)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

interface Terminal {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}

/** Milliseconds between two lines: more is flicker. */
const refreshMs = 100

/** One line that is written over: how far, how fast, how long still. */
const progressLine = (terminal: Terminal, start: number): (tally: Tally) => void => {
  if (terminal.isTTY !== true) return () => undefined
  let shown = 0
  return ({ total, solved, known }) => {
    const now = performance.now()
    if (now - shown < refreshMs) return
    shown = now
    const rate = solved / (now - start) * 1000
    const left = rate === 0 ? "" : `, ${duration((total - solved - known) / rate)} left`
    terminal.write(`\r\u001b[K${count(solved + known)} of ${count(total)}, ${formatCount(rate)} a second${left}`)
  }
}
