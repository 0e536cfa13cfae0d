/**
 * Why nothing can be built: an irreducible set of limits, by a deletion filter (Chinneck & Dravnieks, 1991), for each of its
 * numbers how far it alone would have to move, and all of them together. A least move is the optimum of a search of its own.
 */
import type { Conflict, LimitMove } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { type Limit, statedLimits, withLimit } from "../../models/design-space/limit.ts"
import { isNumeric, type NumericLimit, stretchedTo, stretchQuestion } from "../../models/design-space/stretch.ts"
import { relativeMargin } from "../../solvers/contract/gap.ts"
import { type Known, type Main, solveBeside } from "./side-solve.ts"

/** Any candidate will do. */
const anyCandidate = { gap: Infinity, evaluations: 1_000_000 }

/** The least move, proven; which of the layouts that need as much is all one. */
const leastMove = { gap: relativeMargin, evaluations: 5_000_000 }

/** Where moves are tried one after the other: how closely the least is told, relative, and how far is looked. */
const precision = 0.01
const doublings = 24

/** A limit given up suffices like a numeric one moved by `share`; what is not proven is told apart from what is proven not to be. */
interface Sufficiency {
  readonly suffices: boolean | null
  /** ≥ 1: that each limit has to be moved by; null: choices, or not known */
  readonly share: number | null
  /** no less does; null: not known */
  readonly bound: number | null
  readonly known: Known | null
}

export async function findConflict(main: Omit<Main, "limits">): Promise<Conflict> {
  const { problem: { scenario } } = main
  const alone = await Promise.all(statedLimits(scenario).map(async (limit) => ({
    limit, found: isNumeric(limit) ? await leastShare(main, [limit]) : await sufficiencyOf(main, lift(scenario, [limit]))
  })))
  const members = await conflicting(main, alone)
  const numbers = members.filter(isNumeric)
  const moves = alone.filter(({ limit, found }) => members.includes(limit) && found.share !== null)
  const nearest = moves.map(({ found }) => found).sort((a, b) => a.share! - b.share!)[0] ?? null
  return {
    members: members.map(({ path, value, unit }) => ({ path, limit: describeLimit(value, unit) })),
    relaxations: moves.flatMap(({ limit, found }) => (isNumeric(limit) ? movesBy([limit], found) : [])),
    together: main.stopped() || numbers.length === 0 ? []
      : numbers.length === 1 && nearest !== null ? movesBy(numbers, nearest)
      : movesBy(numbers, await leastShare(main, numbers, nearest))
  }
}

function describeLimit(value: unknown, unit: string): string {
  return typeof value === "number" ? `${value} ${unit}` : JSON.stringify(value)
}

/**
 * What suffices alone when it is lifted is in every conflict. Of the rest none is, if lifting all of them is proven to change
 * nothing; else those without which the others are proven to conflict leave one after the other. Only a proof clears of blame.
 */
async function conflicting(
  main: Omit<Main, "limits">, alone: ReadonlyArray<{ readonly limit: Limit; readonly found: Sufficiency }>
): Promise<ReadonlyArray<Limit>> {
  const { problem: { scenario } } = main
  const useless = alone.filter(({ found }) => found.suffices === false).map(({ limit }) => limit)
  const cleared: Array<Limit> = []
  const isUseless = async (limits: ReadonlyArray<Limit>) =>
    (await sufficiencyOf(main, lift(scenario, [...cleared, ...limits]))).suffices === false
  if (await isUseless(useless)) cleared.push(...useless)
  else for (const limit of useless) if (await isUseless([limit])) cleared.push(limit)
  const isBlamed = ({ limit, found }: typeof alone[number]) =>
    main.stopped() ? found.suffices === true : !cleared.includes(limit)
  return alone.filter(isBlamed).map(({ limit }) => limit)
}

function lift(scenario: Scenario, limits: ReadonlyArray<Limit>): Scenario {
  return limits.reduce((rest, { path, lifted }) => withLimit(rest, path, lifted), scenario)
}

async function sufficiencyOf(main: Omit<Main, "limits">, question: Scenario): Promise<Sufficiency> {
  const { status, built, known } = await solveBeside({ ...main, limits: anyCandidate }, question)
  return { suffices: built !== null ? true : status === "infeasible" ? false : null, share: null, bound: null, known }
}

/** By how much all the limits must be moved, in one search where they can be stretched; `nearest`: a share that suffices. */
async function leastShare(
  main: Omit<Main, "limits">, limits: ReadonlyArray<NumericLimit>, nearest: Sufficiency | null = null
): Promise<Sufficiency> {
  const question = stretchQuestion(main.problem.scenario, limits)
  if (question === null) return halveShare(main, limits, nearest)
  const { status, bound, built, known } = await main.answer({ ...question, limits: leastMove, known: nearest?.known ?? null })
  if (built === null) return { suffices: status === "infeasible" ? false : null, share: null, bound: null, known }
  return { suffices: true, share: built.judged.value, bound, known }
}

/** The same by doubling and halving. */
async function halveShare(
  main: Omit<Main, "limits">, limits: ReadonlyArray<NumericLimit>, nearest: Sufficiency | null
): Promise<Sufficiency> {
  const { problem: { scenario } } = main
  const lifted = nearest ?? await sufficiencyOf(main, lift(scenario, limits))
  if (lifted.suffices === false) return lifted
  let far = nearest
  let near = 1
  let bound = 1
  for (let asked = 0; far === null ? asked < doublings : far.share! / near > 1 + precision; asked++) {
    const share = far === null ? near * 2 : Math.sqrt(near * far.share!)
    const moved = limits.reduce((rest, limit) => withLimit(rest, limit.path, stretchedTo(limit, share)), scenario)
    const found = await sufficiencyOf(main, moved)
    if (main.stopped()) break
    if (found.suffices === true) far = { ...found, share }
    else near = share
    if (found.suffices === false) bound = share
  }
  return far === null ? lifted : { ...far, bound }
}

/** A limit met exactly is met after its way through the scenario's units, too. */
const rounding = 1e-12

function movesBy(limits: ReadonlyArray<NumericLimit>, { share, bound }: Sufficiency): ReadonlyArray<LimitMove> {
  if (share === null) return []
  return limits.map((limit) => {
    const to = stretchedTo(limit, share * (1 + rounding))
    const isLeast = bound !== null && bound >= share * (1 - relativeMargin)
    return {
      path: limit.path, from: limit.value, to, bound: isLeast ? to : bound === null ? null : stretchedTo(limit, bound),
      unit: limit.unit
    }
  })
}
