/** What a search of a block's mappings looks for: candidates that reach a cutoff, which moves while it runs. */
import { betterOf, isWorseBeyondMargin, relativeMargin, worseBy, worstValue } from "../../solvers/contract/gap.ts"
import type { Expansion } from "../../solvers/contract/search-space.ts"
import type { SiteUse } from "../facility/resource-use.ts"
import type { LayoutSpace } from "./layout-space.ts"
import type { Candidate } from "./layout-tree.ts"
import type { MappingGoal } from "./mapping-run.ts"

/** HBDs that a search may take: each uses at least `use`. */
interface Ground {
  readonly use: SiteUse
  /** accelerators of one */
  readonly size: number
  readonly hbds: number
  /** of exact counts, where the value is of the use alone */
  readonly counted?: Counted
}

/** What is known exactly of a class. */
export interface Counted {
  /** no layout of so many HBDs, or more, has a better value */
  readonly leastFrom: (hbds: number) => number
  /** step of what is held on so many HBDs: the same number that takes longer is no better; Infinity: nothing is */
  readonly heldS: (hbds: number) => number
}

type Judged = Pick<LayoutSpace, "sense" | "outcome" | "stepOn" | "built">
type Outside = Pick<MappingGoal, "spend" | "stopped" | "take">

/**
 * Candidates that reach what the search holds and what this one does, `held`. Where only speed counts the loss is the step in
 * seconds; else the value, so that less is better.
 */
export function blockGoal(
  space: Judged, ground: Ground, expansion: Expansion<Candidate>, held: () => number, take: MappingGoal["take"]
): MappingGoal {
  const cutoff = () => betterOf(space.sense, held(), expansion.cutoff())
  const outside = { spend: expansion.spend, stopped: expansion.stopped, take }
  return space.outcome.fastestOnly ? speedGoal(space, ground, cutoff, outside) : valueGoal(space, ground, cutoff, outside)
}

/** Steps that reach the cutoff within its margin, and a margin on the safe side. */
function longestStep({ sense, outcome }: Judged, cutoff: () => number): () => number {
  let known = Number.NaN
  let longestS = 0
  return () => {
    const now = cutoff()
    if (now !== known) {
      known = now
      longestS = outcome.longestS(worseBy(sense, now, relativeMargin)) * (1 + relativeMargin)
    }
    return longestS
  }
}

function speedGoal(
  space: Judged, { size, hbds }: Ground, cutoff: () => number, outside: Outside
): MappingGoal {
  const accelerators = size * hbds
  const longestS = longestStep(space, cutoff)
  const isShort = (stepS: number) => stepS <= longestS() && stepS < Infinity
  return {
    ...outside,
    fastestOnly: true,
    isFastEnough: isShort,
    leastLoss: (work, floorS) => (work === 0 ? floorS : Math.max(floorS, space.stepOn(work)(accelerators))),
    mayMatterAnywhere: isShort,
    mayMatter: (needed, stepS) => isShort(stepS) && space.built(needed) !== null
  }
}

function valueGoal(space: Judged, { use, size, hbds, counted }: Ground, cutoff: () => number, outside: Outside): MappingGoal {
  const { sense, outcome } = space
  const sign = sense === "maximize" ? -1 : 1
  const longestS = longestStep(space, cutoff)
  const reaches = (bound: number) => bound !== worstValue(sense) && !isWorseBeyondMargin(sense, bound, cutoff())
  return {
    ...outside,
    fastestOnly: false,
    isFastEnough: (stepS) => outcome.isFastEnough(stepS) && stepS <= longestS(),
    leastLoss: (work, floorS) => sign * outcome.bound(space.stepOn(work), floorS, use, size, hbds),
    mayMatterAnywhere: (loss) => reaches(sign * loss),
    mayMatter: (needed, stepS) => {
      const built = space.built(needed)
      if (built === null || !reaches(outcome.boundAt(stepS, use, built))) return false
      return counted === undefined || (stepS <= counted.heldS(built) * (1 + relativeMargin) && reaches(counted.leastFrom(built)))
    }
  }
}
