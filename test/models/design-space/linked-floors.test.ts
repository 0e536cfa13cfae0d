import { describe, expect, it } from "vitest"
import { createLayoutSpace } from "../../../models/design-space/layout-space.ts"
import { lightestLayers } from "../../../models/design-space/mapping-run.ts"
import { fastestPayload } from "../../../models/collectives/link.ts"
import { drawFrom } from "./cut-down.ts"
import { shipped } from "./shipped.ts"

describe("the least that layers take on a silicon's links", () => {
  it("is never more than on any machine of the silicon, and that of computation never more than it", () => {
    const draw = drawFrom(5)
    const shares: Array<number> = []
    for (const { scenario, hardware } of shipped.filter(({ name }) => /vendor|moe|air|deepseek/.test(name))) {
      const space = createLayoutSpace(scenario, hardware)
      for (let i = 0; i < 12; i++) {
        const block = draw.below(space.blocks.length)
        const classes = draw.below(2) === 0 ? [] : space.classesOf(block)
        const problem = classes.length === 0 ? space.idealProblem(block, 64) : space.machines.problem(draw.of(classes).machine, 64)
        const { cuts, evaluator: { step } } = problem
        // of the machine's own links: the closest that there is
        const linked = problem.linkedFloors(fastestPayload(step.links))
        for (let j = 0; j < 80; j++) {
          const cut = draw.of(cuts)
          const layers = lightestLayers(problem, cut)
          const [least, computed] = [linked.layers[cut.index]!, problem.floors().layers[cut.index]!]
          for (const kind of ["dense", "moe", "head"] as const) {
            expect(computed[kind]).toBeLessThanOrEqual(least[kind] * (1 + 1e-12))
            const sentS = layers[kind] - computed[kind]
            if (sentS > 0) shares.push((least[kind] - computed[kind]) / sentS)
          }
        }
      }
    }
    // of the seconds that sending adds
    expect(Math.max(...shares)).toBeLessThanOrEqual(1 + 1e-6)
    expect(Math.max(...shares)).toBeGreaterThan(0.99)
    expect(shares.filter((share) => share > 0.5).length).toBeGreaterThan(shares.length / 4)
  }, 120_000)
})
