/** How much there is to do and how long it takes, from a sample that is solved and not kept. */
import { existsSync } from "node:fs"
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64"
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"
import type { Batch } from "./batch.ts"
import type { Frame, Job } from "./job.ts"
import { answerOf, jobsOf } from "./run.ts"
import { checkPlace, openDatabase } from "./store-file.ts"
import { knownKeys } from "./store.ts"
import { BatchThread } from "./thread.ts"
import { groupsToDo as groupsOf, type Lookup } from "./work-list.ts"

export interface Estimate {
  readonly total: number
  readonly known: number
  readonly toDo: number
  readonly sampled: number
  /** of the sample, by all threads; what starting them takes is left out */
  readonly sampleS: number
  /** of all that is to do; null: nothing was sampled */
  readonly expectedS: number | null
}

export interface EstimateOptions {
  readonly threads: number
  /** scenarios to solve */
  readonly sample: number
  readonly seed: number
  /** defects are to be tried again */
  readonly retryFailed: boolean
}

export async function estimateBatches(
  batches: ReadonlyArray<Batch>, frame: Frame, store: string, options: EstimateOptions
): Promise<Estimate> {
  const total = batches.reduce((sum, { total }) => sum + total, 0)
  const { groups, groupsToDo, toDo } = await sampleGroups(batches, frame, store, options)
  const threads = Array.from({ length: options.threads }, () => new BatchThread(frame.catalog))
  const ofEach = Math.max(2, Math.ceil(options.sample / Math.max(1, groups.length)))
  // the first of a group works out what the others share
  const firstS: Array<number> = []
  const otherS: Array<number> = []
  const sampled = () => firstS.length + otherS.length
  try {
    // the first scenario of a thread takes longer: it starts, and its code is new
    const [warm] = groups.at(-1) ?? []
    if (warm !== undefined) await Promise.all(threads.map((thread) => answerOf(warm, thread)))
    const start = performance.now()
    await Promise.all(threads.map(async (thread) => {
      for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
        for (const [i, job] of group.slice(0, ofEach).entries()) {
          if (sampled() >= options.sample) return
          const times = i === 0 ? firstS : otherS
          const at = times.push(0) - 1
          times[at] = (await answerOf(job, thread)).seconds
        }
      }
    }))
    const sampleS = (performance.now() - start) / 1000
    const busyS = groupsToDo * mean(firstS) + (toDo - groupsToDo) * mean(otherS.length > 0 ? otherS : firstS)
    const expectedS = sampled() === 0 ? null : busyS / Math.min(options.threads, toDo)
    return { total, known: total - toDo, toDo, sampled: sampled(), sampleS, expectedS }
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Groups at random: those with the smallest of random numbers, as many as can be needed. */
async function sampleGroups(
  batches: ReadonlyArray<Batch>, frame: Frame, store: string, { sample, seed, retryFailed }: EstimateOptions
): Promise<{ readonly groups: Array<ReadonlyArray<Job>>; readonly groupsToDo: number; readonly toDo: number }> {
  const random = xoroshiro128plus(seed)
  const isThere = existsSync(store)
  if (!isThere) checkPlace(store)
  const database = isThere ? await openDatabase(store, "READ_ONLY") : null
  const lookup: Lookup = {
    knownOf: async (keys) => database === null ? new Set() : knownKeys(database.connection, keys, retryFailed),
    placesOf: async () => new Set(),
    save: async () => undefined
  }
  let drawn: Array<{ readonly group: ReadonlyArray<Job>; readonly rank: number }> = []
  let toDo = 0
  let groups = 0
  try {
    for await (const group of groupsOf(jobsOf(batches, frame), lookup, new Set(), () => undefined)) {
      toDo += group.length
      groups++
      drawn = [...drawn, { group, rank: uniformFloat64(random) }].sort((a, b) => a.rank - b.rank).slice(0, sample)
    }
  } finally {
    database?.close()
  }
  return { groups: drawn.map(({ group }) => group), groupsToDo: groups, toDo }
}
