/** What a planner asks of threads beside its own: pieces of the proof, and the questions beside the main one. */
import type { Candidate, LayoutNode } from "../../models/design-space/layout-tree.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { SharedIncumbent } from "../../solvers/contract/search-run.ts"
import type { ItemAnswer, WorkItem } from "../../solvers/contract/work-item.ts"
import type { SideAnswer, SideQuestion } from "./side-solve.ts"

export type LayoutItem = WorkItem<LayoutNode, Candidate>
export type LayoutItemAnswer = ItemAnswer<LayoutNode, Candidate>

/** Threads that each hold the same problem. Asked for more than they can do at once, they take it in turn. */
export interface SearchPool {
  readonly threads: number
  /** the best value of the main problem known to any thread */
  readonly shared: SharedIncumbent
  /** Searches a piece of the main problem's tree, bounded by `rootBound`. Rejects when its thread dies. */
  readonly runItem: (item: LayoutItem, rootBound: number) => Promise<LayoutItemAnswer>
  /** Rejects when thread after thread dies of it. */
  readonly solveBeside: (question: SideQuestion) => Promise<SideAnswer>
  /** Ends the threads. */
  readonly close: () => Promise<void>
}

/** Starts the threads of one plan. What runs in a browser has none to start. */
export type StartPool = (scenario: Scenario, catalog: Catalog, threads: number) => SearchPool
