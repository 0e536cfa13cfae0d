import { describe, expect, it } from "vitest"
import { enumerateBlocks } from "../../../models/design-space/blocks.ts"
import type { LayoutNode, LayoutSpace } from "../../../models/design-space/layout-space.ts"
import { createLayoutSpace } from "../../../models/design-space/layout-space.ts"
import type { Scenario } from "../../../models/design-space/scenario.ts"
import { createDropLog, type Hardware } from "../../../models/design-space/selection.ts"
import { parameterCount } from "../../../models/workload/parameters.ts"
import { searchTree } from "../../../solvers/branch-and-bound/branch-and-bound.ts"
import { isBetter, isWorseBeyondMargin, worstValue } from "../../../solvers/contract/gap.ts"
import { unlimited } from "../../../solvers/contract/search-run.ts"
import { cutDown, drawFrom, withObjective } from "./cut-down.ts"
import { type ClassOptimum, everyOptimum } from "./oracle.ts"
import { shipped, shippedModels } from "./shipped.ts"

const request = (space: LayoutSpace) => ({
  space, limits: unlimited, interrupt: { now: () => 0, stopped: () => false }, seed: 1, incumbents: [],
  progress: () => undefined
})

/** What a node below which nothing has been found yet may ask. */
const fresh = (space: LayoutSpace) => ({
  cutoff: () => worstValue(space.sense), offer: () => undefined, spend: () => undefined, stopped: () => false
})

function bestOf(sense: LayoutSpace["sense"], optima: ReadonlyArray<ClassOptimum>): number | null {
  const values = optima.flatMap(({ value }) => (value === null ? [] : [value]))
  return values.length === 0 ? null : sense === "maximize" ? Math.max(...values) : Math.min(...values)
}

/** The search's optimum against the oracle's, and every node's bound against the best leaf below it. */
function attack(scenario: Scenario, hardware: Hardware): ReadonlyArray<ClassOptimum> {
  const optima = everyOptimum(scenario, hardware)
  const space = createLayoutSpace(scenario, hardware)
  const best = bestOf(space.sense, optima)
  const answer = searchTree(request(space))
  expect(answer.incumbent?.value ?? null).toBe(best)
  expect(answer.status).toBe(best === null ? "infeasible" : "optimal")
  for (const [block] of space.blocks.entries()) attackBlock(space, block, optima.filter((one) => one.block === block))
  return optima
}

function attackBlock(space: LayoutSpace, block: number, optima: ReadonlyArray<ClassOptimum>): void {
  const best = bestOf(space.sense, optima)
  if (best === null) return
  const holds = (bound: number, value: number) => expect(isWorseBeyondMargin(space.sense, bound, value)).toBe(false)
  for (const level of [0, 1]) holds(space.bound({ kind: "block", block }, level), best)
  const below = classNodes(space, block, best, holds).map((node) => {
    const machine = JSON.stringify(space.classesOf(node.block)[node.fabric]!.machine)
    const value = bestOf(space.sense, optima.filter((one) => one.machine === machine))
    if (value !== null && !isBetter(space.sense, node.floor, value)) holds(space.bound(node, 0), value)
    return value
  })
  expect(below).toContain(best)
}

/** The classes of a block, slice after slice, until one reaches down to the best; no bound on the way is beaten by it. */
function classNodes(space: LayoutSpace, block: number, best: number, holds: (bound: number, value: number) => void) {
  const classes: Array<Extract<LayoutNode, { readonly kind: "class" }>> = []
  let open = [...space.branch({ kind: "block", block }, fresh(space))]
  for (let ideal = open[0]; ideal?.kind === "ideal"; ideal = open.find(({ kind }) => kind === "ideal")) {
    holds(space.bound(ideal, 0), best)
    open = [...space.branch(ideal, fresh(space))]
    classes.push(...open.filter((node) => node.kind === "class"))
    if (classes.some(({ floor }) => !isBetter(space.sense, floor, best))) break
  }
  return classes
}

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
