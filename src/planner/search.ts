/** Runs the solvers on a problem: heuristics from the relaxation's choice, then the proof. */
import type { Candidate, LayoutNode, LayoutSpace } from "../../models/design-space/layout-space.ts"
import { searchItem } from "../../solvers/branch-and-bound/branch-and-bound.ts"
import type { Answer, Interrupt, Limits, Progress } from "../../solvers/contract/search-run.ts"
import type { SearchSpace } from "../../solvers/contract/search-space.ts"
import { genetic } from "../../solvers/genetic/genetic.ts"
import { solvePortfolio } from "../../solvers/portfolio/portfolio.ts"
import type { Problem } from "./problem.ts"

/** How a search is run and watched. */
export interface SearchOptions {
  readonly onProgress: (event: Progress) => void
  /** asked at least once per node; true ends the search with what it holds */
  readonly stopped: () => boolean
}

export const silent: SearchOptions = { onProgress: () => undefined, stopped: () => false }

/** What the relaxation tells a search: a bound of everything, and the blocks to look at first. */
export interface Guidance {
  readonly rootBound: number
  readonly blocks: ReadonlyArray<number>
}

/** Evaluations of the genetic search before the proof, and its share of a time limit. */
const geneticWork = { evaluations: 1_500, timeShare: 0.1 }

/** `known`: candidates to start from. Without guidance there is the proof alone. */
export function searchLayouts(
  problem: Problem, limits: Limits, options: SearchOptions, guidance: Guidance | null, known: ReadonlyArray<Candidate> = []
): Promise<Answer<Candidate>> {
  const interrupt: Interrupt = { now: () => globalThis.performance.now() / 1000, stopped: options.stopped }
  const request = {
    space: guidance === null ? problem.space : guidedSpace(problem.space, guidance),
    limits,
    interrupt,
    seed: problem.scenario.limits.seed,
    incumbents: known.map((candidate) => ({ candidate, source: "known" })),
    progress: options.onProgress
  }
  return solvePortfolio<LayoutNode, Candidate>(request, {
    heuristics: guidance === null ? [] : [{ solver: genetic, ...geneticWork }],
    threads: 1,
    runItem: async (item) => searchItem({ ...request, progress: () => undefined }, item)
  })
}

/** The layout space with the relaxation's bound at its root, and a genome that knows only the blocks to look at first. */
function guidedSpace(space: LayoutSpace, { rootBound, blocks }: Guidance): SearchSpace<LayoutNode, Candidate> {
  return {
    sense: space.sense,
    root: () => space.root(),
    leaf: (node) => space.leaf(node),
    evaluate: (candidate) => space.evaluate(candidate),
    branch: (node, expansion) => space.branch(node, expansion),
    bound: (node, level) => (node.kind === "root" ? rootBound : space.bound(node, level)),
    levels: (node) => space.levels(node),
    compare: (a, b) => space.compare(a, b),
    ...(blocks.length === 0 ? {} : { genome: space.genomeOf(blocks) })
  }
}

/** A scenario's limits as the solvers take them. */
export function limitsOf({ scenario: { limits } }: Problem): Limits {
  return { timeS: limits.timeS ?? Infinity, gap: limits.gap, evaluations: limits.evaluations ?? Infinity }
}
