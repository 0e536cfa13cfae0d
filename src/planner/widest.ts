/**
 * What is known of all scenarios with no more of any limit than one, the widest: how good the best on each block can be, behind an
 * ideal scale-out. Most blocks are far behind the plan in all of them, and need not be searched in each.
 */
import { withLimit } from "../../models/design-space/limit.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Expansion } from "../../solvers/contract/search-space.ts"
import type { Candidate, LayoutNode } from "../../models/design-space/layout-tree.ts"
import { betterOf, isBetter, isWorseBeyondMargin, worseOf, worstValue } from "../../solvers/contract/gap.ts"
import type { Built } from "./built.ts"
import { type Problem, prepareProblem, type SearchedSpace } from "./problem.ts"
import { type BlockBounds, branchAfresh } from "./search.ts"
import type { Main } from "./side-solve.ts"

/** Values of limits by their paths. */
export type LimitValues = ReadonlyMap<string, number>

export interface Widest {
  /** limits that are more than the main scenario's */
  readonly limits: LimitValues
  /** what is worse than this share of the plan is not told apart: its bound is that */
  readonly floor: number
  readonly bounds: BlockBounds
}

/** Of the plan's value, or its inverse where less is better. */
export const floorShare = 0.9

/** Of the plan's value: what is so much below does not equal it; a block so much above may still be told from it by networks. */
const aimSlack = 1e-6
const nearShare = 0.05

/** Work on all blocks at the most; those that are left have no bound. */
const evaluationsMost = 4_000_000

/** `limits`: none of which a rack's own power, with which designs change their names. Null: nothing is known. */
export function findWidest(main: Main, plan: Built, limits: LimitValues): Widest | null {
  if (!main.isProven || main.stopped()) return null
  const { problem: { scenario, shared, searched: { sense } }, catalog, stopped } = main
  const { value } = plan.judged
  const floor = sense === "maximize" ? value * floorShare : value / floorShare
  const widest = prepareProblem(withLimits(scenario, limits), catalog, shared)
  const [aim, near] = sense === "maximize" ? [value * (1 - aimSlack), value * (1 + nearShare)]
    : [value * (1 + aimSlack), value / (1 + nearShare)]
  return { limits, floor, bounds: boundBlocks(widest, { floor, aim, near }, stopped) }
}

/** The scenario with other values of limits. */
export function withLimits(scenario: Scenario, limits: LimitValues): Scenario {
  return [...limits].reduce((rest, [path, value]) => withLimit(rest, path, value), scenario)
}

/** What holds where limits are no more than the widest; nothing where they may be. */
export function boundsWithin(widest: Widest | null, limits: LimitValues): BlockBounds | undefined {
  if (widest === null) return undefined
  const isWithin = [...limits].every(([path, value]) => {
    const most = widest.limits.get(path)
    return most !== undefined && value <= most
  })
  return isWithin ? widest.bounds : undefined
}

/**
 * Of every block the best value behind an ideal scale-out, where it is no worse than `floor`, else that; where it is between `aim`
 * and `near`, that of its classes behind theirs, or `aim`.
 */
export function boundBlocks(
  { searched, space, programme }: Problem,
  { floor, aim, near }: { readonly floor: number; readonly aim: number; readonly near: number }, isStopped: () => boolean
): BlockBounds {
  const { sense } = searched
  let evaluations = 0
  const stopped = () => evaluations > evaluationsMost || isStopped()
  const expansionTo = (cutoff: number): Expansion<Candidate> => ({
    cutoff: () => cutoff, gap: 0, offer: () => undefined, spend: (count) => void (evaluations += count), stopped
  })
  const bounds = new Map<string, number>()
  for (const [block, { name }] of searched.blocks.entries()) {
    // each anew: what one block comes to must not end the search of another sooner
    const branch: SearchedSpace["branch"] = programme === null ? branchAfresh(space) : (node, at) => searched.branch(node, at)
    const bound = boundBelow(searched, { kind: "block", block }, branch, expansionTo(floor), ({ kind }) => kind === "block")
    const closer = isBetter(sense, bound, aim) && !isBetter(sense, bound, near)
      ? boundBelow(searched, { kind: "block", block }, branch, expansionTo(aim), ({ kind }) => kind !== "class") : bound
    if (stopped()) break
    bounds.set(name, betterOf(sense, closer, bounds.get(name) ?? floor))
  }
  return bounds
}

/** The best bound of what is below a node and left when all that is to be opened has been; the cutoff, where none reaches it. */
function boundBelow(
  space: SearchedSpace, from: LayoutNode, branch: SearchedSpace["branch"], expansion: Expansion<Candidate>,
  isOpened: (node: LayoutNode) => boolean
): number {
  const cutoff = expansion.cutoff()
  const open = [from]
  let best = cutoff
  for (let node = open.pop(); node !== undefined && !expansion.stopped(); node = open.pop()) {
    let bound = -worstValue(space.sense)
    for (let level = 0; level < space.levels(node) && !isWorseBeyondMargin(space.sense, bound, cutoff); level++) {
      bound = worseOf(space.sense, bound, space.bound(node, level))
    }
    if (isWorseBeyondMargin(space.sense, bound, cutoff)) continue
    if (isOpened(node)) open.push(...branch(node, expansion))
    else best = betterOf(space.sense, best, bound)
  }
  return best
}
