/** Runs the solvers on a problem: heuristics from the relaxation's choice, then the proof. */
import type { Candidate, LayoutNode, LayoutSpace } from "../../models/design-space/layout-space.ts"
import { searchItem } from "../../solvers/branch-and-bound/branch-and-bound.ts"
import type { Answer, Interrupt, Limits, Progress } from "../../solvers/contract/search-run.ts"
import type { SearchSpace } from "../../solvers/contract/search-space.ts"
import { solvePortfolio } from "../../solvers/portfolio/portfolio.ts"
import type { Problem } from "./problem.ts"

/** How a search is run and watched. */
export interface SearchOptions {
  readonly onProgress: (event: Progress) => void
  /** asked at least once per node; true ends the search with what it holds */
  readonly stopped: () => boolean
}

export const silent: SearchOptions = { onProgress: () => undefined, stopped: () => false }

/** `rootBound`: of everything, from the relaxation; `known`: candidates to start from. */
export function searchLayouts(
  problem: Problem, limits: Limits, options: SearchOptions, rootBound: number | null, known: ReadonlyArray<Candidate> = []
): Promise<Answer<Candidate>> {
  const interrupt: Interrupt = { now: () => globalThis.performance.now() / 1000, stopped: options.stopped }
  const request = {
    space: rootBound === null ? problem.space : withRootBound(problem.space, rootBound),
    limits,
    interrupt,
    seed: problem.scenario.limits.seed,
    incumbents: known.map((candidate) => ({ candidate, source: "known" })),
    progress: options.onProgress
  }
  return solvePortfolio<LayoutNode, Candidate>(request, {
    heuristics: [],
    threads: 1,
    runItem: async (item) => searchItem({ ...request, progress: () => undefined }, item)
  })
}

function withRootBound(space: LayoutSpace, rootBound: number): SearchSpace<LayoutNode, Candidate> {
  return {
    sense: space.sense,
    root: () => space.root(),
    leaf: (node) => space.leaf(node),
    evaluate: (candidate) => space.evaluate(candidate),
    branch: (node, expansion) => space.branch(node, expansion),
    bound: (node, level) => (node.kind === "root" ? rootBound : space.bound(node, level)),
    levels: (node) => space.levels(node),
    compare: (a, b) => space.compare(a, b),
    ...(space.genome === undefined ? {} : { genome: space.genome })
  }
}

/** A scenario's limits as the solvers take them. */
export function limitsOf({ scenario: { limits } }: Problem): Limits {
  return { timeS: limits.timeS ?? Infinity, gap: limits.gap, evaluations: limits.evaluations ?? Infinity }
}
