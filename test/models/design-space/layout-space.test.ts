import { describe, expect, it } from "vitest"
import { enumerateBlocks } from "../../../models/design-space/blocks.ts"
import { createDropLog } from "../../../models/design-space/selection.ts"
import { parameterCount } from "../../../models/workload/parameters.ts"
import { attack } from "./attack.ts"
import { cutDown, drawFrom, withObjective } from "./cut-down.ts"
import { shipped, shippedModels } from "./shipped.ts"

/** Models that a few HBDs can often hold, so that most scenarios have an answer. */
const smallModels = shippedModels.filter((model) => parameterCount(model).total < 100e9)

describe("the search of layouts", () => {
  it("finds the optimum of brute force, and no bound is beaten, on generated scenarios", () => {
    let feasible = 0
    let solved = 0
    let spanning = 0
    for (let seed = 0; solved < 200; seed++) {
      const draw = drawFrom(seed)
      const { scenario, hardware } = draw.of(shipped)
      const small = cutDown(scenario, hardware, draw.of(smallModels), draw)
      if (small === null) continue
      const optima = attack(small, hardware)
      solved++
      const fastest = Math.min(...optima.map(({ stepS }) => stepS))
      if (!Number.isFinite(fastest)) continue
      feasible++
      const best = optima.find(({ stepS }) => stepS === fastest)!
      if (enumerateBlocks(small, hardware, createDropLog())[best.block]!.crossing !== null) spanning++
      const { globalBatch, sequence } = small.workload
      attack(withObjective(small, globalBatch * sequence / fastest, draw), hardware)
      solved++
    }
    expect(feasible).toBeGreaterThan(50)
    expect(spanning).toBeGreaterThan(5)
  }, 300_000)

  it.each(shipped)("finds the optimum of brute force on $name, cut down", ({ scenario, hardware }) => {
    if (hardware.accelerators.length === 0) return
    for (let seed = 0; seed < 3; seed++) {
      const small = cutDown(scenario, hardware, null, drawFrom(seed))
      if (small !== null) attack(small, hardware)
    }
  }, 60_000)
})
