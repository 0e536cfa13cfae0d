/** A recommendation confirmed: its figures worked out again from its scenario, layout and mapping, and compared. */
import type { Alternative, Recommendation } from "../../models/design-space/recommendation.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { relativeMargin } from "../../solvers/contract/gap.ts"
import { constantsFile } from "../../models/performance/constants.ts"
import { contentHash } from "../identity/content-hash.ts"
import type { Built } from "../planner/built.ts"
import { checkRecommendation } from "../planner/check.ts"
import { usedEstimates } from "../planner/estimates.ts"
import { type Problem, prepareProblem } from "../planner/problem.ts"
import { resourceRows } from "../planner/resources.ts"
import {
  floorSummary, layoutSummary, mappingSummary, performanceSummary, programmeSummary, splitSummary
} from "../planner/summary.ts"
import { program, version } from "../version.ts"
import { type DescribedPlan, findPlan, rebuildAlternative } from "./rebuilt-plan.ts"

/** One figure that does not hold, by its path in the file. */
export interface Difference {
  readonly path: string
  readonly found: string
  readonly expected: string
}

export interface Verification {
  /** figures compared, those that differ included */
  readonly figures: number
  readonly differences: ReadonlyArray<Difference>
  /** what cannot be confirmed without searching again */
  readonly unconfirmed: ReadonlyArray<string>
}

/** Relative differences up to this are the rounding of a text file. */
const tolerance = 1e-9

/**
 * Works out all that follows from scenario, layout and mapping, and sums up what the file says of itself. With the
 * answer of another search (`searchOf`), all that it found is compared instead, what stands beside the plan included.
 */
export async function verifyRecommendation(
  recommendation: Recommendation, catalog: Catalog, solved: Recommendation | null = null
): Promise<Verification> {
  const { scenario, layout, mapping, provenance } = recommendation
  const comparison = new Comparison()
  comparison.checkSums(recommendation)
  if (solved !== null) {
    const { check: _, ...found } = solved
    comparison.compare("$", recommendation, found)
    return comparison.result(solved.limit === "time" ? ["a search that time ended is not the same twice"] : [])
  }
  comparison.compare("$.provenance", provenance, {
    program,
    catalogHash: await contentHash(catalog),
    scenarioHash: await contentHash(scenario),
    constantsHash: await contentHash(constantsFile),
    seed: scenario.limits.seed
  })
  comparison.checkStatus(recommendation)
  const others = provenance.version === version ? [] : [`that version ${provenance.version} wrote it: this is ${version}`]
  if (layout === null || mapping === null) {
    return comparison.result([...others, `status ${recommendation.status}: there is no plan to work out; --solve confirms it`])
  }
  return comparison.result([...others, ...comparePlan(comparison, recommendation, { layout, mapping }, catalog)])
}

/** The plan and those beside it, worked out again; what of them cannot be. */
function comparePlan(
  comparison: Comparison, recommendation: Recommendation, plan: Pick<DescribedPlan, "layout" | "mapping">, catalog: Catalog
): ReadonlyArray<string> {
  const { scenario, programme, baseline, alternatives } = recommendation
  const problem = prepareProblem(scenario, catalog)
  const built = findPlan(problem, { ...plan, programme })
  if (built === null) {
    const { hbds, hbd, accelerator } = plan.layout
    comparison.differ("$.layout", `${hbds} × ${hbd.size} ${accelerator} with this mapping`,
      "a layout of the scenario's search space, within its limits")
    return []
  }
  comparison.compare("$", recommendation, figuresOf(problem, built, recommendation))
  // of a programme each would have mappings of its own, which are not in the file
  if (programme !== null) return [...unsearched, "baseline and alternatives of several workloads"]
  if (baseline !== null) checkBeside(comparison, "$.baseline", problem, built, baseline, catalog)
  alternatives.forEach((one, i) => checkBeside(comparison, `$.alternatives[${i}]`, problem, built, one, catalog))
  return unsearched
}

/** What only a search can tell. */
const unsearched = [
  "bound, gap, worth and ranges of limits, price tests, and that each alternative is the best of its kind: --solve confirms them"
]

/** A plan beside the answer: all its figures, worked out again. */
function checkBeside(
  comparison: Comparison, path: string, problem: Problem, built: Built, stated: Alternative, catalog: Catalog
): void {
  const again = rebuildAlternative(problem, built, stated, catalog)
  if (again === null) {
    comparison.differ(path, stated.sentence, "a layout of the catalogue within the scenario's limits")
    return
  }
  comparison.compare(path, stated, again)
}

/** Which verb searches again for all that the file states: `plan` where it has what stands beside the answer. */
export function searchOf({ baseline, alternatives, resources, prices }: Recommendation): "plan" | "evaluate" {
  const isPriced = prices !== null || resources.some(({ worthUp }) => worthUp !== null)
  return baseline !== null || alternatives.length > 0 || isPriced ? "plan" : "evaluate"
}

/** All that a recommendation says of a built plan, without what a search found beside it. */
function figuresOf({ scenario, relaxation, searched, dropped }: Problem, built: Built, { resources }: Recommendation): unknown {
  const { name, unit, sense } = searched.objective
  // a batch works neither prices out nor tells what was left out
  const isPriced = resources.some(({ boundPrice }) => boundPrice !== null)
  return {
    objective: { name, unit, sense, value: built.judged.value },
    layout: layoutSummary(built),
    mapping: mappingSummary(built),
    performance: performanceSummary(scenario, built),
    programme: programmeSummary(built),
    split: splitSummary(built),
    resources: resourceRows(scenario, built).map((row) => ({
      ...row, ...(isPriced ? { boundPrice: row.limit === null ? null : relaxation().prices.get(row.name) ?? null } : {})
    })),
    floor: floorSummary(built),
    bom: built.bom,
    money: built.money,
    ...(isPriced ? { dropped: dropped(built.candidate.block) } : {}),
    provenance: { estimates: usedEstimates(scenario, built) }
  }
}

class Comparison {
  private figures = 0
  private readonly differences: Array<Difference> = []

  differ(path: string, found: string, expected: string): void {
    this.figures++
    this.differences.push({ path, found, expected })
  }

  /** Every leaf of `expected` against the same place of `found`; what `expected` leaves out is not looked at. */
  compare(path: string, found: unknown, expected: unknown): void {
    if (typeof expected !== "object" || expected === null) {
      this.figures++
      if (!isSame(found, expected)) {
        this.differences.push({ path, found: describe(found), expected: describe(expected) })
      }
    } else if (typeof found !== "object" || found === null) {
      this.differ(path, describe(found), describe(expected))
    } else if (Array.isArray(expected) && (!Array.isArray(found) || found.length !== expected.length)) {
      this.differ(path, describe(found), describe(expected))
    } else {
      for (const [key, value] of Object.entries(expected)) {
        const place = Array.isArray(expected) ? `${path}[${key}]` : `${path}.${key}`
        this.compare(place, (found as Record<string, unknown>)[key], value)
      }
    }
  }

  /** Sums, limits and relations of the file in itself. */
  checkSums({ check, ...rest }: Recommendation): void {
    const again = checkRecommendation(rest)
    this.figures += again.rows
    for (const message of again.messages) {
      this.differences.push({ path: "$.check", found: message, expected: "figures that agree" })
    }
    this.compare("$.check", check, again)
  }

  /** What the status says of the rest: a plan or none, what ended the search, a conflict only where nothing can be built. */
  checkStatus({
    status, limit, conflict, objective, layout, mapping, performance, split, money, resources, floor, bom, baseline, alternatives, prices
  }: Recommendation): void {
    const hasPlan = status === "optimal" || status === "feasible"
    const parts = { layout, mapping, performance, split, money, "objective.value": objective.value }
    for (const [name, part] of Object.entries(parts)) {
      this.compare(`$.${name}`, part === null ? "nothing" : "something", hasPlan ? "something" : "nothing")
    }
    if (status === "optimal" || status === "infeasible") this.compare("$.limit", limit, null)
    if (status !== "infeasible") this.compare("$.conflict", conflict, null)
    if (status === "optimal") this.compare("$.objective.gap", (objective.gap ?? Infinity) <= relativeMargin, true)
    if (!hasPlan) {
      this.compare("$", { resources, floor, bom, baseline, alternatives, prices },
        { resources: [], floor: [], bom: [], baseline: null, alternatives: [], prices: null })
    }
  }

  result(unconfirmed: ReadonlyArray<string>): Verification {
    return { figures: this.figures, differences: this.differences, unconfirmed }
  }
}

function isSame(found: unknown, expected: unknown): boolean {
  if (typeof found !== "number" || typeof expected !== "number") return found === expected
  return Math.abs(found - expected) <= tolerance * Math.max(Math.abs(found), Math.abs(expected))
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing"
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value)
}
