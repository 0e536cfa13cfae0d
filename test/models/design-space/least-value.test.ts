import { describe, expect, it } from "vitest"
import { createLayoutSpace } from "../../../models/design-space/layout-space.ts"
import { needOnOneSite } from "../../../models/design-space/site-spread.ts"
import { cheapestMember } from "../../../models/design-space/fabric-class.ts"
import { drawFrom } from "./cut-down.ts"
import { shipped } from "./shipped.ts"

describe("the least value of a class from a number of HBDs on", () => {
  it("is never more than what so many, or more, come to, never falls, and is met where they are few", () => {
    const draw = drawFrom(11)
    let met = 0
    for (const { scenario, hardware } of shipped.filter(({ name }) => /vendor|air|floor|capex/.test(name))) {
      for (const name of ["minimizePower", "minimizeCapex"] as const) {
        const objective = { ...scenario.objective, name, throughputFloor: 1, deadlineDays: null }
        const space = createLayoutSpace({ ...scenario, objective }, hardware)
        const classes = space.classesOf(draw.below(space.blocks.length)).filter(({ crossing }) => crossing === null)
        for (const of of classes.length === 0 ? [] : [draw.of(classes), draw.of(classes)]) {
          const counts = Array.from({ length: Math.min(of.hbdsBound, 90) }, (_, i) => i + 1)
          const values = counts.map((hbds) => {
            const built = cheapestMember(of, needOnOneSite(hbds), space.outcome.cost)
            return built === null ? Infinity : space.outcome.value(1, built.use)!
          })
          const least = counts.map((hbds) => space.uses.leastValueFrom(of, hbds))
          counts.forEach((_, i) => {
            expect(least[i]).toBeLessThanOrEqual(Math.min(...values.slice(i)))
            if (i > 0) expect(least[i]).toBeGreaterThanOrEqual(least[i - 1]!)
            if (least[i] === Math.min(...values.slice(i))) met++
          })
        }
      }
    }
    expect(met).toBeGreaterThan(200)
  }, 120_000)
})
