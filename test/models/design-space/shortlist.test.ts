import { describe, expect, it } from "vitest"
import { createLayoutSpace } from "../../../models/design-space/layout-space.ts"
import { fastestMapping } from "../../../models/design-space/mapping-optimum.ts"
import { leastStepOfList } from "../../../models/design-space/shortlist.ts"
import type { Scenario } from "../../../models/design-space/scenario.ts"
import { shipped } from "./shipped.ts"

const { scenario, hardware } = shipped.find(({ name }) => name.includes("vendor-google"))!

/** The accelerator's HBDs of every size, in a hall that a few of the largest fill. */
const asked = (accelerator: string): Scenario => ({
  ...scenario, sites: scenario.sites.map((site) => ({ ...site, power: { ...site.power, limitMW: 3 } })),
  search: { ...scenario.search, accelerator: [accelerator] }
})

describe("a shortlist", () => {
  it.each(["tpu-v5p", "tpu-v6e"])("holds the fastest mapping of every block of %s, and its rough look is never beaten", (accelerator) => {
    const space = createLayoutSpace(asked(accelerator), hardware)
    expect(space.blocks.length).toBeGreaterThan(6)
    let found = 0
    for (const [block, { hbdsBound }] of space.blocks.entries()) {
      const problem = space.idealProblem(block, hbdsBound)
      const fastest = fastestMapping(problem, () => undefined)
      if (fastest === null) continue
      found++
      const list = space.shortlistOf(block, fastest.stepS)!
      expect(leastStepOfList(problem, list, (work) => space.stepOn(work))).toBeLessThanOrEqual(fastest.stepS)
      const { tp, cp, ep, etp, microBatch, sequenceParallel, pp } = fastest.mapping
      const entry = list.entries.find(({ cut, plan }) =>
        cut.tp === tp && cut.cp === cp && cut.ep === ep && cut.etp === etp && cut.microBatch === microBatch &&
        cut.sequenceParallel === sequenceParallel && plan.pp === pp)
      expect(entry?.floorS).toBeLessThanOrEqual(fastest.stepS)
      expect(fastestMapping(problem, () => undefined, list)?.stepS).toBe(fastest.stepS)
    }
    expect(found).toBeGreaterThan(6)
  })

  it("is not made where few blocks share a silicon, nor for steps without end", () => {
    const space = createLayoutSpace(asked("tpu-v5p"), hardware)
    expect(space.shortlistOf(0, Infinity)).toBeNull()
    const few = { ...asked("tpu-v5p"), search: { ...asked("tpu-v5p").search, hbdSize: [64] } }
    const { blocks } = createLayoutSpace(few, hardware)
    expect(blocks.length).toBeLessThan(4)
    expect(createLayoutSpace(few, hardware).shortlistOf(0, 1)).toBeNull()
  })
})
