import { describe, expect, it } from "vitest"
import type { Job } from "../../src/batch/job.ts"
import { groupsToDo, type Lookup } from "../../src/batch/work-list.ts"

const jobOf = (index: number, key: string): Job => ({ member: { batch: "b", name: "", key, axes: { index } }, scenario: "", kinship: key })

async function* jobsOf(keys: ReadonlyArray<string>): AsyncGenerator<Job> {
  for (const [index, key] of keys.entries()) yield jobOf(index, key)
}

/** A store that tells what it held when it was asked, however late it answers. */
const storeWith = (saved: Set<string>, afterLook: () => void = () => undefined): Lookup => ({
  knownOf: async (keys) => {
    const known = new Set(keys.filter((key) => saved.has(key)))
    afterLook()
    return known
  },
  placesOf: async () => new Set(),
  save: async () => undefined
})

describe("the work list", () => {
  it("hands out a key once, though its result is written before its next place is looked at", async () => {
    const [saved, started, handedOut] = [new Set<string>(), new Set<string>(), new Array<string>()]
    let known = 0
    for await (const group of groupsToDo(jobsOf(["a", "b", "a", "c", "a"]), storeWith(saved), started, () => known++)) {
      for (const { member: { key } } of group) {
        handedOut.push(key)
        saved.add(key)
        started.delete(key)
      }
    }
    expect(handedOut).toEqual(["a", "b", "c"])
    expect(known).toBe(2)
  })

  it("hands out no key whose result is written while the store is asked", async () => {
    const [saved, started] = [new Set<string>(), new Set(["a"])]
    const store = storeWith(saved, () => {
      saved.add("a")
      started.delete("a")
    })
    const handedOut: Array<string> = []
    for await (const group of groupsToDo(jobsOf(["a", "b"]), store, started, () => undefined)) {
      handedOut.push(...group.map(({ member }) => member.key))
    }
    expect(handedOut).toEqual(["b"])
  })
})
