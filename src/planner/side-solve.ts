/** Questions beside the main one (a price, another vendor, the vendor's own design): solved again, to a stated exactness. */
import type { Candidate } from "../../models/design-space/layout-space.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { Answer } from "../../solvers/contract/search-run.ts"
import { type Built, buildCandidate } from "./built.ts"
import { type Problem, prepareProblem } from "./problem.ts"
import { searchLayouts, type SearchOptions } from "./search.ts"

export interface SideLimits {
  readonly gap: number
  /** work, not time, so that the answer is the same on every machine */
  readonly evaluations: number
}

export interface SideAnswer {
  readonly problem: Problem
  readonly answer: Answer<Candidate>
  readonly built: Built | null
}

/** What a question beside the main one starts from. */
export interface Main {
  readonly problem: Problem
  readonly catalog: Catalog
  readonly limits: SideLimits
  readonly stopped: SearchOptions["stopped"]
}

/** Solves a variant of the main scenario; `known` is a candidate of the main problem, taken over where it exists in this one. */
export async function solveBeside(
  { problem: main, catalog, limits, stopped }: Main, scenario: Scenario, known: Built | null = null
): Promise<SideAnswer> {
  const problem = prepareProblem(scenario, catalog, main)
  const seeds = known === null ? [] : translate(problem, known)
  const answer = await searchLayouts(
    problem, { ...limits, timeS: Infinity }, { stopped, onProgress: () => undefined }, null, seeds
  )
  const built = answer.incumbent === null ? null : buildCandidate(problem.space, answer.incumbent.candidate)
  return { problem, answer, built }
}

/** The same layout and mapping in another problem's numbering; none where it is not among its choices. */
function translate({ space }: Problem, { candidate, block, of }: Built): ReadonlyArray<Candidate> {
  const index = space.blocks.findIndex((one) => one.name === block.name && one.site === block.site)
  if (index < 0) return []
  const machine = JSON.stringify(of.machine)
  const fabric = space.classesOf(index).findIndex((one) => JSON.stringify(one.machine) === machine)
  return fabric < 0 ? [] : [{ ...candidate, block: index, fabric }]
}
