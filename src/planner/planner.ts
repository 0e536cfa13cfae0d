/** The planner: from a scenario and a catalogue to a checked recommendation. Pure but for the clock and the search's yielding. */
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import type { Relaxation } from "../../models/design-space/relaxation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { constantsFile } from "../../models/performance/constants.ts"
import type { Candidate } from "../../models/design-space/layout-tree.ts"
import { gapOf } from "../../solvers/contract/gap.ts"
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
import type { SearchPool, StartPool } from "./search-pool.ts"
import { createSharedWork, type SharedWork } from "./shared-work.ts"
import { answerInTurn, type Main, type SideLimits } from "./side-solve.ts"
import { floorSummary, layoutSummary, mappingSummary, performanceSummary, programmeSummary, splitSummary } from "./summary.ts"
import { testPrices } from "./price-test.ts"
import { limitQuestions, priceLimits, type Worth } from "./worth.ts"

export interface PlanOptions extends SearchOptions {
  /** threads of the search, ≥ 1: more than one only where `startPool` can start them */
  readonly threads: number
  readonly startPool?: StartPool
}

/** How exactly the questions beside the main one are answered. */
const beside: SideLimits = { gap: 0.001, evaluations: 2_000_000 }

/** The best layout for a scenario, with its proof, its prices and what stands beside it. */
export async function plan(scenario: Scenario, catalog: Catalog, options: PlanOptions): Promise<Recommendation> {
  void hashOf(catalog)
  const pool = options.threads > 1 ? options.startPool?.(scenario, catalog, options.threads) ?? null : null
  try {
    return await planWith(pool, scenario, catalog, options)
  } finally {
    await pool?.close()
  }
}

async function planWith(
  pool: SearchPool | null, scenario: Scenario, catalog: Catalog, options: SearchOptions
): Promise<Recommendation> {
  const searched = await search(scenario, catalog, options, pool)
  const { built } = searched
  if (built === null) return finish(searched, { conflict: await conflictOf(searched, options, pool) })
  // before the questions beside it, so that little is left to do once they are to stop
  const alone = await describe(searched)
  if (options.stopped()) return finish(searched, {}, alone)
  const main = mainOf(searched, options, pool)
  const limits = await limitQuestions(main, built, resourceRows(scenario, built))
  const [worths, baseline, alternatives, prices] = await Promise.all([
    priceLimits(limits),
    findBaseline(main, built),
    findAlternatives(main, built, limits.widest),
    testPrices(main, built)
  ])
  return finish(searched, { worths, baseline, alternatives, prices }, alone)
}

/**
 * The best layout alone, with its proof: nothing beside it, no prices of limits, and no conflict where there is none. For many
 * scenarios in a row.
 */
export async function solve(scenario: Scenario, catalog: Catalog, shared: SharedWork): Promise<Recommendation> {
  return finish(await search(scenario, catalog, silent, null, { shared, isAlone: true }), { boundPrices: new Map() })
}

/** What a scenario does and uses, without the questions beside it: for one whose decisions are taken there is nothing to search. */
export async function evaluate(
  scenario: Scenario, catalog: Catalog, options: SearchOptions = silent, shared = createSharedWork(options.stopped)
): Promise<Recommendation> {
  const searched = await search(scenario, catalog, options, null, { shared })
  return finish(searched, { conflict: await conflictOf(searched, options, null) })
}

interface Searched {
  readonly problem: Problem
  readonly catalog: Catalog
  readonly dropped: Recommendation["dropped"]
  readonly answer: Answer<Candidate>
  readonly built: Built | null
}

async function search(
  scenario: Scenario, catalog: Catalog, options: SearchOptions, pool: SearchPool | null,
  { shared = createSharedWork(options.stopped), isAlone = false }: { readonly shared?: SharedWork; readonly isAlone?: boolean } = {}
): Promise<Searched> {
  const problem = prepareProblem(scenario, catalog, shared)
  const guidance = isAlone ? null : guidanceOf(problem)
  const answer = await searchLayouts(problem, limitsOf(problem), options, guidance, { pool, isAlone })
  const built = answer.incumbent === null ? null : buildCandidate(problem, answer.incumbent.candidate)
  // of a plan alone nothing is asked beside it; what no network of was looked at has none to tell of
  const looked = () => (options.stopped() ? null : guidanceOf(problem).blocks[0] ?? null)
  const dropped = isAlone && built !== null ? [] : problem.dropped(built?.candidate.block ?? looked())
  return { problem, catalog, dropped, answer, built }
}

function mainOf({ problem, catalog, answer }: Searched, { stopped }: SearchOptions, pool: SearchPool | null): Main {
  const desk = { problem, catalog, stopped }
  return {
    ...desk, isProven: answer.status === "optimal", limits: beside,
    answer: pool === null ? answerInTurn(desk) : pool.solveBeside
  }
}

async function conflictOf(
  searched: Searched, options: SearchOptions, pool: SearchPool | null
): Promise<Recommendation["conflict"]> {
  return searched.answer.status === "infeasible" ? findConflict(mainOf(searched, options, pool)) : null
}

interface Beside {
  /** of one more of each limited resource, by its row's name */
  readonly boundPrices?: Relaxation["prices"]
  readonly conflict?: Recommendation["conflict"]
  readonly worths?: ReadonlyArray<Worth>
  readonly baseline?: Recommendation["baseline"]
  readonly alternatives?: Recommendation["alternatives"]
  readonly prices?: Recommendation["prices"]
}

/** The answer with what was found beside it. `alone`: without, where that is worked out already. */
async function finish(searched: Searched, found: Beside, alone?: Unchecked): Promise<Recommendation> {
  const { problem, built } = searched
  const recommendation: Unchecked = {
    ...alone ?? await describe(searched),
    conflict: found.conflict ?? null,
    resources: built === null ? [] : priceRows(problem, built, found.boundPrices ?? problem.relaxation().prices, found.worths ?? []),
    prices: found.prices ?? null,
    baseline: found.baseline ?? null,
    alternatives: found.alternatives ?? []
  }
  return { ...recommendation, check: checkRecommendation(recommendation) }
}

type Unchecked = Omit<Recommendation, "check">

/** The answer alone. */
async function describe({ problem, catalog, dropped, answer, built }: Searched): Promise<Unchecked> {
  const { scenario, searched } = problem
  const { name, unit, sense } = searched.objective
  return {
    formatVersion: 1,
    status: answer.status,
    limit: answer.status === "optimal" || answer.status === "infeasible" ? null : answer.stoppedBy,
    conflict: null,
    objective: { name, unit, sense, ...provenValue(problem, answer) },
    layout: built === null ? null : layoutSummary(built),
    mapping: built === null ? null : mappingSummary(built),
    performance: built === null ? null : performanceSummary(scenario, built),
    programme: built === null ? null : programmeSummary(built),
    split: built === null ? null : splitSummary(built),
    resources: [],
    floor: built === null ? [] : floorSummary(built),
    bom: built?.bom ?? [],
    money: built?.money ?? null,
    prices: null,
    baseline: null,
    alternatives: [],
    dropped,
    provenance: {
      program,
      version,
      catalogHash: await hashOf(catalog),
      scenarioHash: await contentHash(scenario),
      constantsHash: await contentHash(constantsFile),
      seed: scenario.limits.seed,
      estimates: built === null ? [] : usedEstimates(scenario, built)
    },
    scenario
  }
}

const catalogHashes = new WeakMap<Catalog, Promise<string>>()

/** Of one catalogue once: it is large. */
function hashOf(catalog: Catalog): Promise<string> {
  let hash = catalogHashes.get(catalog)
  if (hash === undefined) catalogHashes.set(catalog, hash = contentHash(catalog))
  return hash
}

/** A search that was stopped before its proof began is bounded by the relaxation. */
function provenValue({ searched, relaxation }: Problem, answer: Answer<Candidate>) {
  const value = answer.incumbent?.value ?? null
  if (answer.bound !== null || answer.status === "infeasible") return { value, bound: answer.bound, gap: answer.gap }
  const bound = Number.isFinite(relaxation().bound) ? relaxation().bound : null
  return { value, bound, gap: gapOf(searched.sense, value, bound) }
}

function priceRows(
  { scenario }: Problem, built: Built, prices: Relaxation["prices"], worths: ReadonlyArray<Worth>
): Recommendation["resources"] {
  return resourceRows(scenario, built).map((row) => {
    const worth = row.limit === null ? undefined : worths.find(({ path }) => path === row.path)
    return {
      ...row,
      boundPrice: row.limit === null ? null : prices.get(row.name) ?? null,
      worthUp: worth?.worthUp ?? null,
      worthDown: worth?.worthDown ?? null,
      increment: worth?.increment ?? null,
      range: worth?.range ?? null
    }
  })
}
