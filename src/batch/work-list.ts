/** The jobs of a run that are still to be done, found while others are being done, in groups of kin. */
import type { Job } from "./job.ts"
import type { Membership, Store } from "./store.ts"

/** Points looked up at once. */
const chunk = 64
/** Jobs of a group at most: a thread keeps for a group what its jobs share. */
export const groupMost = 64

export type Lookup = Pick<Store, "knownOf" | "placesOf" | "save">

/**
 * Groups of consecutive kin without a result. `onKnown` is told of each job that has one; its place in the batch is noted where
 * it is new. Once `stopped`, nothing more is looked for. `started`: keys whose results are under way; those handed out are added.
 */
export async function* groupsToDo(
  jobs: AsyncIterable<Job>, store: Lookup, started: Set<string>, onKnown: () => void, stopped: () => boolean = () => false
): AsyncGenerator<ReadonlyArray<Job>> {
  let group: Array<Job> = []
  for await (const some of inChunks(jobs)) {
    // those under way are told before those known: what ends in between is one or the other
    const taken = new Set(some.map(({ member }) => member.key).filter((key) => started.has(key)))
    for (const key of await store.knownOf(some.map(({ member }) => member.key))) taken.add(key)
    const places = await store.placesOf(some.map(({ member }) => member))
    const noted: Array<Promise<void>> = []
    for (const job of some) {
      if (stopped()) return
      const { key } = job.member
      if (taken.has(key)) {
        if (!places.has(placeOf(job.member))) noted.push(heardLater(store.save(job.member, null)))
        onKnown()
        continue
      }
      taken.add(key)
      started.add(key)
      if (group.length > 0 && (group[0]!.kinship !== job.kinship || group.length === groupMost)) {
        yield group
        group = []
      }
      group.push(job)
    }
    await Promise.all(noted)
  }
  if (group.length > 0) yield group
}

/** A promise that is waited for later: until then its failure is nobody's. */
export function heardLater(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined)
  return promise
}

/** A place in a batch and what stands there, as text. */
export const placeOf = ({ batch, axes, key }: Membership): string => JSON.stringify([batch, JSON.stringify(axes), key])

async function* inChunks(jobs: AsyncIterable<Job>): AsyncGenerator<ReadonlyArray<Job>> {
  let some: Array<Job> = []
  for await (const job of jobs) {
    some.push(job)
    if (some.length < chunk) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}
