/**
 * The front of throughput, power and capital by lexicographic ε-constraints (Haimes, Lasdon & Wismer, 1971): each
 * objective's optimum first, then the largest box between the points asked at its middle, until there are as many points as wanted.
 */
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { objectiveFunction } from "../../models/design-space/objective.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { boxShare } from "./pareto-boxes.ts"
import { askFor, decidedAs, finiteOrNull, type FrontObjective } from "./pareto-question.ts"
import { type Found, type FrontOptions, FrontSearch } from "./pareto-search.ts"
import { evaluate } from "./planner.ts"
import { prepareProblem } from "./problem.ts"
import { silent } from "./search.ts"
import { createSharedWork } from "./shared-work.ts"
import { answerInTurn } from "./side-solve.ts"

/** A plan that no other beats in one objective without losing in another. */
export interface FrontPoint {
  readonly tokensPerS: number
  readonly itPowerW: number
  readonly facilityPowerW: number
  readonly capexUsd: number
  /** objectives whose optimum it is */
  readonly extremeOf: ReadonlyArray<FrontObjective>
  /** relative, the largest of its solves: 0 proves that nothing dominates it; null: not known */
  readonly gap: number | null
  /** the plan worked out again with its decisions fixed */
  readonly recommendation: Recommendation
}

export interface Extent {
  readonly best: number | null
  readonly worst: number | null
}

/** Where points may still lie, in the objectives' own terms: tokens/s, W, USD. Null: no end is known. */
export interface UncoveredBox {
  readonly extent: Readonly<Partial<Record<FrontObjective, Extent>>>
  /** of the range that the points span, 0–1 in each objective; above 1 in all where it reaches beyond it */
  readonly share: number
}

export interface ParetoFront {
  readonly formatVersion: 1
  readonly objectives: ReadonlyArray<FrontObjective>
  /** tokens/s that every point delivers at least; 0 without floor or deadline */
  readonly throughputFloor: number
  /** where power is counted: where the sites' limits hold */
  readonly powerAt: "it" | "meter"
  /** `complete`: no box is left, `infeasible`: proven that nothing can be built */
  readonly status: "complete" | "partial" | "infeasible"
  /** why boxes are left; null where none is */
  readonly limit: "points" | "time" | "interrupted" | "evaluations" | null
  /** by the first objective, its best first */
  readonly points: ReadonlyArray<FrontPoint>
  /** the largest first */
  readonly uncovered: ReadonlyArray<UncoveredBox>
  readonly solves: number
  readonly scenario: Scenario
}

/** The front of a scenario, whose own objective counts for nothing but its floor and deadline. */
export async function findFront(scenario: Scenario, catalog: Catalog, options: FrontOptions): Promise<ParetoFront> {
  const { timeS, gap, evaluations } = scenario.limits
  const endS = now() + (timeS ?? Infinity)
  const isOver = () => options.stopped() || now() >= endS
  const desk = { problem: prepareProblem(scenario, catalog, createSharedWork(isOver)), catalog, stopped: isOver }
  const limits = { gap, evaluations: evaluations ?? Infinity }
  const main = { ...desk, limits, isProven: false, answer: answerInTurn(desk) }
  // before they are points, so that nothing is left to do once it is asked to stop
  const worked = new Map<Found, Recommendation>()
  const shared = createSharedWork(options.stopped)
  const asked = { ...silent, stopped: options.stopped }
  const search = new FrontSearch(main, options, async (found) => {
    if (options.stopped()) return false
    worked.set(found, await evaluate(pointQuestion(search, options.objectives, found), catalog, asked, shared))
    return !options.stopped()
  })
  await search.run()
  const left = search.boxes.length > 0
  const reason = search.isFull() ? "points" : options.stopped() ? "interrupted" : isOver() ? "time" : "evaluations"
  const points = search.points.map((found) => describePoint(search, options.objectives, found, worked.get(found)!))
  return {
    formatVersion: 1,
    objectives: options.objectives,
    throughputFloor: objectiveFunction(search.scenario).throughputFloor,
    powerAt: scenario.sites[0]!.power.at,
    status: left ? "partial" : points.length === 0 ? "infeasible" : "complete",
    limit: left ? reason : null,
    points,
    uncovered: describeBoxes(search, options.objectives),
    solves: search.solves,
    scenario
  }
}

const now = (): number => globalThis.performance.now() / 1000

function describeBoxes(
  search: FrontSearch, objectives: ReadonlyArray<FrontObjective>
): ReadonlyArray<UncoveredBox> {
  const { best, worst } = search.range()
  const end = (objective: FrontObjective, cost: number) =>
    finiteOrNull(objective === "throughput" ? Math.abs(cost) : cost)
  return search.boxes.map((box) => ({
    extent: Object.fromEntries(objectives.map((objective, i) =>
      [objective, { best: end(objective, box.lower[i]!), worst: end(objective, box.upper[i]!) }])),
    share: search.points.length === 0 ? 1 : boxShare(box, best, worst)
  })).sort((a, b) => b.share - a.share)
}

/** The point's plan as a question that leaves nothing to decide. */
function pointQuestion(search: FrontSearch, objectives: ReadonlyArray<FrontObjective>, { built, costs }: Found): Scenario {
  const question = decidedAs(askFor(search.scenario, objectives, objectives.length - 1, costs), built)
  return { ...question, limits: { ...question.limits, timeS: null } }
}

function describePoint(
  search: FrontSearch, objectives: ReadonlyArray<FrontObjective>, { built, costs, gap }: Found, recommendation: Recommendation
): FrontPoint {
  const { best } = search.range()
  const { use } = built.judged.classUse
  return {
    tokensPerS: built.tokensPerS,
    itPowerW: use.itPowerW,
    facilityPowerW: use.meterPowerW,
    capexUsd: use.capexUsd,
    extremeOf: objectives.filter((_, i) => costs[i] === best[i]),
    gap,
    recommendation
  }
}
