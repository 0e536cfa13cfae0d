/** The planner: from a scenario and a catalogue to a checked recommendation. Pure but for the clock and the search's yielding. */
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { constantsFile } from "../../models/performance/constants.ts"
import type { Candidate } from "../../models/design-space/layout-space.ts"
import type { Answer } from "../../solvers/contract/search-run.ts"
import { contentHash } from "../identity/content-hash.ts"
import { program, version } from "../version.ts"
import { findAlternatives, findBaseline } from "./alternatives.ts"
import { type Built, buildCandidate } from "./built.ts"
import { checkRecommendation } from "./check.ts"
import { findConflict } from "./conflict.ts"
import { usedEstimates } from "./estimates.ts"
import { guidanceOf, type Problem, prepareProblem } from "./problem.ts"
import { resourceRows } from "./resources.ts"
import { limitsOf, searchLayouts, type SearchOptions, silent } from "./search.ts"
import type { SideLimits } from "./side-solve.ts"
import { layoutSummary, mappingSummary, performanceSummary, splitSummary } from "./summary.ts"
import { priceLimits, type Worth } from "./worth.ts"

export interface PlanOptions extends SearchOptions {
  /** threads of the search, ≥ 1 */
  readonly threads: number
}

/** How exactly the questions beside the main one are answered. */
const beside: SideLimits = { gap: 0.001, evaluations: 2_000_000 }

/** The best layout for a scenario, with its proof, its prices and what stands beside it. */
export async function plan(scenario: Scenario, catalog: Catalog, options: PlanOptions): Promise<Recommendation> {
  const problem = prepareProblem(scenario, catalog)
  const answer = await searchLayouts(problem, limitsOf(problem), options, guidanceOf(problem))
  const built = answer.incumbent === null ? null : buildCandidate(problem.space, answer.incumbent.candidate)
  const main = { problem, catalog, limits: beside, stopped: options.stopped }
  if (built === null) {
    return finish(problem, answer, null, { conflict: answer.status === "infeasible" ? await findConflict(main) : null }, catalog)
  }
  return finish(problem, answer, built, {
    worths: await priceLimits(main, built, resourceRows(scenario, built)),
    baseline: await findBaseline(main, built),
    alternatives: await findAlternatives(main, built)
  }, catalog)
}

/** What a scenario does and uses, without the questions beside it: for one whose decisions are taken there is nothing to search. */
export async function evaluate(
  scenario: Scenario, catalog: Catalog, options: SearchOptions = silent
): Promise<Recommendation> {
  const problem = prepareProblem(scenario, catalog)
  const answer = await searchLayouts(problem, limitsOf(problem), options, guidanceOf(problem))
  const built = answer.incumbent === null ? null : buildCandidate(problem.space, answer.incumbent.candidate)
  const conflict = answer.status === "infeasible" ? await findConflict({ problem, catalog, stopped: options.stopped }) : null
  return finish(problem, answer, built, { conflict }, catalog)
}

interface Beside {
  readonly conflict?: Recommendation["conflict"]
  readonly worths?: ReadonlyArray<Worth>
  readonly baseline?: Recommendation["baseline"]
  readonly alternatives?: Recommendation["alternatives"]
}

async function finish(
  problem: Problem, answer: Answer<Candidate>, built: Built | null, found: Beside, catalog: Catalog
): Promise<Recommendation> {
  const { scenario, space } = problem
  const { name, unit, sense } = space.objective
  const recommendation: Omit<Recommendation, "check"> = {
    formatVersion: 1,
    status: answer.status,
    limit: answer.status === "optimal" || answer.status === "infeasible" ? null : answer.stoppedBy,
    conflict: found.conflict ?? null,
    objective: { name, unit, sense, value: answer.incumbent?.value ?? null, bound: answer.bound, gap: answer.gap },
    layout: built === null ? null : layoutSummary(built),
    mapping: built === null ? null : mappingSummary(built),
    performance: built === null ? null : performanceSummary(scenario, built),
    split: built === null ? null : splitSummary(built),
    resources: built === null ? [] : priceRows(problem, built, found.worths ?? []),
    bom: built?.bom ?? [],
    money: built?.money ?? null,
    baseline: found.baseline ?? null,
    alternatives: found.alternatives ?? [],
    dropped: problem.dropped(),
    provenance: {
      program,
      version,
      catalogHash: await contentHash(catalog),
      scenarioHash: await contentHash(scenario),
      constantsHash: await contentHash(constantsFile),
      seed: scenario.limits.seed,
      estimates: built === null ? [] : usedEstimates(built)
    },
    scenario
  }
  return { ...recommendation, check: checkRecommendation(recommendation) }
}

function priceRows({ scenario, relaxation }: Problem, built: Built, worths: ReadonlyArray<Worth>): Recommendation["resources"] {
  return resourceRows(scenario, built).map((row) => {
    const worth = row.limit === null ? undefined : worths.find(({ path }) => path === row.path)
    return {
      ...row,
      boundPrice: row.limit === null ? null : relaxation().prices.get(row.name) ?? null,
      worthUp: worth?.worthUp ?? null,
      worthDown: worth?.worthDown ?? null,
      increment: worth?.increment ?? null
    }
  })
}
