/** Runs the solvers on a problem: heuristics from the relaxation's choice, then the proof. */
import { BlockSearch } from "../../models/design-space/block-search.ts"
import type { LayoutSpace } from "../../models/design-space/layout-space.ts"
import { branchNode, type Candidate, type LayoutNode } from "../../models/design-space/layout-tree.ts"
import { searchItem } from "../../solvers/branch-and-bound/branch-and-bound.ts"
import { worseOf, worstValue } from "../../solvers/contract/gap.ts"
import type { Answer, Interrupt, Limits, Progress, SharedIncumbent } from "../../solvers/contract/search-run.ts"
import type { SearchSpace } from "../../solvers/contract/search-space.ts"
import { genetic } from "../../solvers/genetic/genetic.ts"
import { solvePortfolio } from "../../solvers/portfolio/portfolio.ts"
import type { Problem, SearchedSpace } from "./problem.ts"
import type { LayoutItem, LayoutItemAnswer, SearchPool } from "./search-pool.ts"

/** How a search is run and watched. */
export interface SearchOptions {
  readonly onProgress: (event: Progress) => void
  /** asked at least once per node; true ends the search with what it holds */
  readonly stopped: () => boolean
  /** told the value of every candidate met */
  readonly onValue?: (value: number) => void
}

export const silent: SearchOptions = { onProgress: () => undefined, stopped: () => false }

/** What the relaxation tells a search: a bound of everything, and the blocks to look at first. */
export interface Guidance {
  readonly rootBound: number
  readonly blocks: ReadonlyArray<number>
}

/** Evaluations of the genetic search before the proof, and its share of a time limit. */
const geneticWork = { evaluations: 300, timeShare: 0.1 }

/** Values by the name of a block: nothing on it is better. Of blocks without one nothing is known. */
export type BlockBounds = ReadonlyMap<string, number>

/**
 * `known`: candidates to start from. Without guidance there is the proof alone; without a pool this thread searches.
 * `isAlone`: no other number of threads ever runs it, so that pieces may use what those before them have found out.
 */
export function searchLayouts(
  { space, programme, searched, scenario }: Problem, limits: Limits, options: SearchOptions, guidance: Guidance | null,
  { known = [], pool = null, isAlone = false, blockBounds }: {
    readonly known?: ReadonlyArray<Candidate>; readonly pool?: SearchPool | null; readonly isAlone?: boolean
    readonly blockBounds?: BlockBounds | undefined
  } = {}
): Promise<Answer<Candidate>> {
  const rootBound = guidance?.rootBound ?? -worstValue(searched.sense)
  const isHopeless = rootBound === worstValue(searched.sense)
  const hasGenome = programme === null && guidance !== null && guidance.blocks.length > 0 && !isHopeless && !options.stopped()
  const genome = hasGenome ? space.genomeOf(guidance.blocks) : null
  const request = {
    space: { ...boundedSpace(searched, rootBound, options), ...(genome === null ? {} : { genome }) },
    limits,
    interrupt: interruptOf(options),
    seed: scenario.limits.seed,
    incumbents: known.map((candidate) => ({ candidate, source: "known" })),
    progress: options.onProgress,
    ...(pool === null ? {} : { shared: pool.shared })
  }
  return solvePortfolio<LayoutNode, Candidate>(request, {
    heuristics: guidance === null || isAlone ? [] : [{ solver: genetic, ...geneticWork }],
    threads: pool?.threads ?? 1,
    isAlone,
    runItem: async (item) =>
      pool === null
        ? searchLayoutItem({ space, programme }, item, rootBound, { ...options, isAlone, blockBounds })
        : pool.runItem(item, rootBound)
  })
}

/** What a piece of a search knows of the world. */
export interface ItemOutside extends Pick<SearchOptions, "stopped" | "onValue"> {
  readonly shared?: SharedIncumbent
  readonly isAlone?: boolean
  readonly blockBounds?: BlockBounds | undefined
}

/** Searches a piece of the layout space, in any thread that has the same one. */
export function searchLayoutItem(
  { space, programme }: Pick<Problem, "space" | "programme">, item: LayoutItem, rootBound: number, outside: ItemOutside
): LayoutItemAnswer {
  const bounded = boundedSpace(programme ?? space, rootBound, outside)
  return searchItem({
    // a programme keeps nothing from block to block
    space: item.isLive || outside.isAlone === true || programme !== null
      ? bounded
      : { ...bounded, branch: branchAfresh(space) },
    limits: item.limits,
    interrupt: interruptOf(outside),
    seed: 0,
    incumbents: [],
    progress: () => undefined,
    ...(outside.shared === undefined ? {} : { shared: outside.shared })
  }, item)
}

function interruptOf({ stopped }: ItemOutside): Interrupt {
  return { now: () => globalThis.performance.now() / 1000, stopped }
}

/** What an item costs must not depend on those that its thread searched before: of blocks, nothing kept from them is used. */
export function branchAfresh(space: LayoutSpace): LayoutSpace["branch"] {
  const search = new BlockSearch(space)
  return (node, expansion) => branchNode(space.blocks.length, search, node, expansion)
}

/** The layout space with the relaxation's bound at its root, and what else is known of its blocks. */
function boundedSpace(
  space: SearchedSpace, rootBound: number, { onValue = () => undefined, blockBounds }: Pick<ItemOutside, "onValue" | "blockBounds">
): SearchSpace<LayoutNode, Candidate> {
  const boundOf = (node: LayoutNode, level: number): number => {
    if (node.kind === "root") return rootBound
    const own = space.bound(node, level)
    const known = node.kind === "block" ? blockBounds?.get(space.blocks[node.block]!.name) : undefined
    return known === undefined ? own : worseOf(space.sense, own, known)
  }
  return {
    sense: space.sense,
    root: () => space.root(),
    leaf: (node) => space.leaf(node),
    evaluate: (candidate) => {
      const value = space.evaluate(candidate)
      if (value !== null) onValue(value)
      return value
    },
    branch: (node, expansion) => space.branch(node, expansion),
    bound: boundOf,
    levels: (node) => space.levels(node),
    compare: (a, b) => space.compare(a, b)
  }
}

/** A scenario's limits as the solvers take them. */
export function limitsOf({ scenario: { limits } }: Problem): Limits {
  return { timeS: limits.timeS ?? Infinity, gap: limits.gap, evaluations: limits.evaluations ?? Infinity }
}
