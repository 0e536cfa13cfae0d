/** A search of a small scenario, and every bound on its way, against brute force. */
import { expect } from "vitest"
import { createLayoutSpace, type LayoutSpace } from "../../../models/design-space/layout-space.ts"
import type { LayoutNode } from "../../../models/design-space/layout-tree.ts"
import type { OutcomeModel } from "../../../models/design-space/outcome.ts"
import type { Scenario } from "../../../models/design-space/scenario.ts"
import type { Hardware } from "../../../models/design-space/selection.ts"
import { searchTree } from "../../../solvers/branch-and-bound/branch-and-bound.ts"
import { isBetter, isWorseBeyondMargin, worstValue } from "../../../solvers/contract/gap.ts"
import { unlimited } from "../../../solvers/contract/search-run.ts"
import { type ClassOptimum, everyOptimum } from "./oracle.ts"

export const request = (space: LayoutSpace) => ({
  space, limits: unlimited, interrupt: { now: () => 0, stopped: () => false }, seed: 1, incumbents: [],
  progress: () => undefined
})

/** What a node below which nothing has been found yet may ask. */
const fresh = (space: LayoutSpace) => ({
  cutoff: () => worstValue(space.sense), gap: 0, offer: () => undefined, spend: () => undefined, stopped: () => false
})

export function bestOf(sense: LayoutSpace["sense"], optima: ReadonlyArray<ClassOptimum>): number | null {
  const values = optima.flatMap(({ value }) => (value === null ? [] : [value]))
  return values.length === 0 ? null : sense === "maximize" ? Math.max(...values) : Math.min(...values)
}

/**
 * The search's optimum against the oracle's, and every node's bound against the best leaf below it. `outcome`: what is optimised,
 * where it is not the scenario's objective.
 */
export function attack(scenario: Scenario, hardware: Hardware, outcome?: OutcomeModel): ReadonlyArray<ClassOptimum> {
  const optima = everyOptimum(scenario, hardware, outcome)
  const spaceOf = () => createLayoutSpace(scenario, hardware, undefined, undefined, outcome)
  const space = spaceOf()
  const best = bestOf(space.sense, optima)
  const answer = searchTree(request(space))
  expect(answer.incumbent?.value ?? null).toBe(best)
  expect(answer.status).toBe(best === null ? "infeasible" : "optimal")
  if (best !== null) attackGap(spaceOf(), best)
  for (const [block] of space.blocks.entries()) attackBlock(space, block, optima.filter((one) => one.block === block))
  return optima
}

/** With a gap allowed the answer is within it, and its bound is not beaten by the optimum. */
function attackGap(space: LayoutSpace, best: number): void {
  for (const gap of [0.01, 0.2]) {
    const { bound, incumbent, gap: found } = searchTree({ ...request(space), limits: { ...unlimited, gap } })
    expect(isWorseBeyondMargin(space.sense, bound!, best)).toBe(false)
    expect(found).toBeLessThanOrEqual(gap)
    expect(isBetter(space.sense, incumbent!.value, best)).toBe(false)
  }
}

function attackBlock(space: LayoutSpace, block: number, optima: ReadonlyArray<ClassOptimum>): void {
  const best = bestOf(space.sense, optima)
  if (best === null) return
  const holds = (bound: number, value: number) => expect(isWorseBeyondMargin(space.sense, bound, value)).toBe(false)
  for (const level of [0, 1, 2]) holds(space.bound({ kind: "block", block }, level), best)
  for (const gap of [0, 0.01]) walkSlices(space, block, { ...fresh(space), cutoff: () => best, gap })
  const below = classNodes(space, block, best, holds).map((node) => {
    const machine = JSON.stringify(space.classOf(node).machine)
    const value = bestOf(space.sense, optima.filter((one) => one.machine === machine))
    if (value !== null && !isBetter(space.sense, node.floor, value)) holds(space.bound(node, 0), value)
    return value
  })
  expect(below).toContain(best)
}

/** What is left of a block after a slice is worse than before it: none is taken twice. */
function walkSlices(space: LayoutSpace, block: number, expansion: ReturnType<typeof fresh>): void {
  let open = [...space.branch({ kind: "block", block }, expansion)]
  let before = Infinity * (space.sense === "maximize" ? 1 : -1)
  for (let ideal = open[0]; ideal?.kind === "ideal"; ideal = open.find(({ kind }) => kind === "ideal")) {
    expect(isBetter(space.sense, before, ideal.bound)).toBe(true)
    before = ideal.bound
    open = [...space.branch(ideal, expansion)]
  }
}

/** The classes of a block, slice after slice, until one reaches down to the best; no bound on the way is beaten by it. */
function classNodes(space: LayoutSpace, block: number, best: number, holds: (bound: number, value: number) => void) {
  const classes: Array<Extract<LayoutNode, { readonly kind: "class" }>> = []
  let open = [...space.branch({ kind: "block", block }, fresh(space))]
  for (let ideal = open[0]; ideal?.kind === "ideal"; ideal = open.find(({ kind }) => kind === "ideal")) {
    holds(space.bound(ideal, 0), best)
    open = [...space.branch(ideal, fresh(space))]
    const below = open.flatMap((node) => {
      if (node.kind !== "envelope") return [node]
      const inside = [...space.branch(node, fresh(space))]
      for (const one of inside) expect(isBetter(space.sense, space.bound(one, 0), node.bound)).toBe(false)
      return inside
    })
    classes.push(...below.filter((node) => node.kind === "class"))
    if (classes.some(({ floor }) => !isBetter(space.sense, floor, best))) break
  }
  return classes
}
