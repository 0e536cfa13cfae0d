/** The best mapping on one machine: shapes by rising bound, their tuples by rising bound, completions, until none can matter. */
import {
  boundShape, boundTuple, completeTuple, type LayerShape, layerShapes, type MappingGoal, type MappingProblem,
  type MappingTuple, tuplesOf
} from "./mapping-search.ts"

export interface OptimumGoal extends MappingGoal {
  /**
   * Whether a step of at least `floorS` seconds, on N accelerators at least `work`/N, may matter on any number of HBDs; false
   * prunes.
   */
  mayMatterAnywhere(work: number, floorS: number): boolean
  /** Asked now and then; true ends the search. */
  stopped(): boolean
}

/**
 * Offers the goal every completion that may matter. `relaxed` is the same problem on a machine that is never slower, whose
 * figures are at hand: what cannot matter there cannot matter here. Returns false when it was stopped.
 */
export function searchMappings(problem: MappingProblem, relaxed: MappingProblem | null, goal: OptimumGoal): boolean {
  const accelerators = problem.hbds * problem.hbdSize
  for (const { item: shape, bound: work } of shapesByBound(problem, relaxed, accelerators, goal)) {
    if (goal.stopped()) return false
    if (!goal.mayMatterAnywhere(work, 0)) break
    for (const { item: tuple, bound: floorS } of tuplesByBound(problem, relaxed, shape, work, accelerators, goal)) {
      if (!goal.mayMatterAnywhere(work, floorS)) break
      completeTuple(problem, tuple, goal)
    }
  }
  return true
}

interface Bounded<Item> {
  readonly item: Item
  readonly bound: number
}

function shapesByBound(
  problem: MappingProblem, relaxed: MappingProblem | null, accelerators: number, goal: OptimumGoal
): ReadonlyArray<Bounded<LayerShape>> {
  return layerShapes(problem.domain, accelerators)
    .filter((shape) => relaxed === null || goal.mayMatterAnywhere(boundShape(relaxed, shape, goal.spend), 0))
    .map((shape) => ({ item: shape, bound: boundShape(problem, shape, goal.spend) }))
    .filter(({ bound }) => goal.mayMatterAnywhere(bound, 0))
    .sort((a, b) => a.bound - b.bound)
}

function tuplesByBound(
  problem: MappingProblem, relaxed: MappingProblem | null, shape: LayerShape, work: number, accelerators: number,
  goal: OptimumGoal
): ReadonlyArray<Bounded<MappingTuple>> {
  return tuplesOf(problem.domain, shape, accelerators)
    .filter((tuple) => relaxed === null || goal.mayMatterAnywhere(work, boundTuple(relaxed, tuple, goal.spend)))
    .map((tuple) => ({ item: tuple, bound: boundTuple(problem, tuple, goal.spend) }))
    .filter(({ bound }) => goal.mayMatterAnywhere(work, bound))
    .sort((a, b) => a.bound - b.bound)
}
