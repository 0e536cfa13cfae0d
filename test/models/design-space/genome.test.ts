import { describe, expect, it } from "vitest"
import { createLayoutSpace, keyOf } from "../../../models/design-space/layout-space.ts"
import { searchTree } from "../../../solvers/branch-and-bound/branch-and-bound.ts"
import { unlimited } from "../../../solvers/contract/search-run.ts"
import { searchGenomes } from "../../../solvers/genetic/genetic.ts"
import { climb } from "../../../solvers/local-search/local-search.ts"
import { cutDown, drawFrom } from "./cut-down.ts"
import { shipped } from "./shipped.ts"

const request = {
  limits: { ...unlimited, evaluations: 3000 }, interrupt: { now: () => 0, stopped: () => false }, seed: 7,
  progress: () => undefined
}

/** A shipped scenario cut down, with its space, that the tree finds a candidate of. */
function solvedSpaces() {
  return [...shipped, ...shipped, ...shipped, ...shipped, ...shipped, ...shipped].flatMap(({ scenario, hardware }, seed) => {
    const small = hardware.accelerators.length === 0 ? null : cutDown(scenario, hardware, null, drawFrom(seed))
    if (small === null) return []
    const space = createLayoutSpace(small, hardware)
    const { incumbent } = searchTree({ ...request, limits: unlimited, space, incumbents: [] })
    return incumbent === null ? [] : [{ space, incumbent }]
  })
}

describe("the genome of a layout", () => {
  const spaces = solvedSpaces()

  it("has a string for every candidate that it decodes, and for the optimum", () => {
    expect(spaces.length).toBeGreaterThan(4)
    for (const { space, incumbent } of spaces) {
      const draw = drawFrom(1)
      const anyGenes = () => space.genome.genes.map(({ cardinality }) => draw.below(cardinality))
      const random = Array.from({ length: 200 }, anyGenes)
        .flatMap((genes) => space.genome.decode(genes) ?? [])
      expect(random.length).toBeGreaterThan(0)
      for (const candidate of [...random, incumbent.candidate]) {
        const genes = space.genome.encode(candidate)
        expect(genes, keyOf(candidate.mapping)).not.toBeNull()
        expect(space.genome.decode(genes!)).toEqual(candidate)
      }
    }
  })

  it("leads genetic and local search to candidates that the tree's optimum is not worse than", async () => {
    let found = 0
    for (const { space, incumbent } of spaces) {
      const bred = await searchGenomes({ ...request, space, incumbents: [] })
      const climbed = climb({ ...request, space, incumbents: bred.incumbent === null ? [] : [bred.incumbent] })
      if (climbed.incumbent === null) continue
      const { value } = climbed.incumbent
      expect(space.sense === "maximize" ? value <= incumbent.value : value >= incumbent.value).toBe(true)
      if (value === incumbent.value) found++
    }
    expect(found).toBeGreaterThan(spaces.length / 3)
  })
})
