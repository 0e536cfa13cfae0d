/** The fastest mapping of a workload on one machine, proven: the layout search with the layout given. */
import type { Mapping } from "../performance/mapping.ts"
import type { MappingProblem } from "./mapping-run.ts"
import { searchMappings } from "./mapping-search.ts"
import type { Shortlist } from "./shortlist.ts"

export interface MappingOptimum {
  readonly mapping: Mapping
  readonly stepS: number
  readonly hbds: number
}

/** Null: no mapping of the domain fits. `spend` counts evaluations; `shortlist` as `searchMappings` takes it. */
export function fastestMapping(
  problem: MappingProblem, spend: (evaluations: number) => void, shortlist: Shortlist | null = null
): MappingOptimum | null {
  const accelerators = problem.hbds * problem.hbdSize
  let best: MappingOptimum | null = null
  const isOpen = (stepS: number): boolean => best === null || stepS < best.stepS
  searchMappings(problem, {
    fastestOnly: true,
    isFastEnough: () => true,
    leastLoss: (work, floorS) => Math.max(work / accelerators, floorS),
    mayMatterAnywhere: isOpen,
    mayMatter: (_, stepS) => isOpen(stepS),
    take: (mapping, hbds, stepS) => {
      if (isOpen(stepS)) best = { mapping, stepS, hbds }
    },
    spend,
    stopped: () => false
  }, shortlist)
  return best
}
