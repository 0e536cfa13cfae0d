/**
 * Whether the answer would change inside the price ranges: the question asked again with every price at its low, at its high,
 * with the prices of the answer's own parts at their high and those of all others at their low, and with the parts as priced
 * and what is common to all layouts (allowances, electricity, maintenance) at its low and at its high.
 */
import { atPriceEnds, type PriceEnds, pricesMatter } from "../../models/design-space/price-ends.ts"
import type { PriceTest, PriceTestEnd } from "../../models/design-space/recommendation.ts"
import type { BomLine } from "../../models/facility/bill-of-materials.ts"
import { type Built, buildCandidate } from "./built.ts"
import type { Problem } from "./problem.ts"
import { type Known, type Main, type SideAnswer, solveBeside, translate } from "./side-solve.ts"
import { layoutSummary } from "./summary.ts"

/** Null where the search was stopped before it was asked. */
export async function testPrices(main: Main, answer: Built): Promise<PriceTest | null> {
  const { scenario } = main.problem
  if (main.stopped()) return null
  if (!pricesMatter(scenario)) {
    return {
      matter: false, holds: true, ends: [],
      sentence: "None matters: neither the objective nor a limit looks at money."
    }
  }
  const own = new Set(answer.bom.map(({ part }) => part))
  const asked: ReadonlyArray<readonly [PriceTestEnd["prices"], PriceEnds]> = [
    ["all low", { part: () => "low", common: "low" }],
    ["all high", { part: () => "high", common: "high" }],
    ["own high, others low", { part: (id) => (own.has(id) ? "high" : "low"), common: null }],
    ["electricity and allowances low", { part: () => null, common: "low" }],
    ["electricity and allowances high", { part: () => null, common: "high" }]
  ]
  const ends = await Promise.all(asked.map(async ([prices, at]) => {
    const found = await solveBeside(main, atPriceEnds(scenario, main.catalog, at), answer)
    return describeEnd(main, answer, prices, found)
  }))
  return { matter: true, holds: holdsAt(ends), ends, sentence: sentenceOf(ends) }
}

function holdsAt(ends: ReadonlyArray<PriceTestEnd>): boolean | null {
  if (ends.some(({ change }) => change !== "none" && change !== "unknown")) return false
  return ends.some(({ change }) => change === "unknown") ? null : true
}

function describeEnd(
  main: Main, answer: Built, prices: PriceTestEnd["prices"], { status, built, known }: SideAnswer
): PriceTestEnd {
  if (built === null) {
    const change = status === "infeasible" ? "infeasible" : "unknown"
    return { prices, change, objectiveValue: null, answer: null, overtakenAt: null }
  }
  const change = changeBetween(answer, built)
  const { hbds, hbd: { size }, accelerator, scaleOut } = layoutSummary(built)
  return {
    prices,
    change,
    objectiveValue: built.judged.value,
    answer: `${hbds} × ${size} ${accelerator}` + (scaleOut === null ? "" : ` behind ${scaleOut.switch}`),
    overtakenAt: change === "none" || prices !== "own high, others low" ? null : overtaking(main, answer, known)
  }
}

function changeBetween(answer: Built, other: Built): PriceTestEnd["change"] {
  const [a, b] = [layoutSummary(answer), layoutSummary(other)]
  const differ = (x: unknown, y: unknown) => JSON.stringify(x) !== JSON.stringify(y)
  if (differ([a.accelerator, a.host, a.hbd], [b.accelerator, b.host, b.hbd])) return "design"
  const network = ({ scaleOut }: typeof a) => scaleOut === null ? null : { ...scaleOut, switches: 0 }
  if (differ(network(a), network(b))) return "network"
  return a.hbds === b.hbds ? "none" : "counts"
}

/**
 * Own prices rise towards their high and those of the other's own parts fall towards their low, both by the same share of
 * their ranges, until the other is worth more. Null where it never is: then a limit of capital decides.
 */
function overtaking({ problem, problem: { searched } }: Main, answer: Built, other: Known | null): PriceTestEnd["overtakenAt"] {
  const nominal = other === null ? null : sameIn(problem, other)
  if (nominal === null) return null
  const own = new Set(answer.bom.map(({ part }) => part))
  const ownRise = priceMove(answer.bom, () => true)
  const otherMove = priceMove(nominal.bom, (part) => own.has(part))
  const valueAt = ({ judged: { stepS, classUse: { use } } }: Built, move: number): number | null =>
    searched.outcome.value(stepS, { ...use, capexUsd: use.capexUsd + move })
  const isOvertaken = (share: number): boolean => {
    const [ours, theirs] = [valueAt(answer, share * ownRise), valueAt(nominal, share * otherMove)]
    return ours !== null && theirs !== null && (searched.sense === "maximize" ? theirs > ours : theirs < ours)
  }
  if (!isOvertaken(1)) return null
  let [low, high] = [0, 1]
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2
    if (isOvertaken(middle)) high = middle
    else low = middle
  }
  return {
    ownDearer: high * ownRise / answer.money.capexUsd,
    otherCheaper: -high * otherMove / nominal.money.capexUsd
  }
}

/** To a millionth of the ranges. */
const bisections = 20

/** USD by which a bill moves from its prices to their high where a part rises, to their low where not. */
function priceMove(bom: ReadonlyArray<BomLine>, rises: (part: string | null) => boolean): number {
  return bom.reduce((sum, { part, count, priceUsd, priceLowUsd, priceHighUsd }) =>
    sum + count * ((rises(part) ? priceHighUsd : priceLowUsd) - priceUsd), 0)
}

/** The candidate of a variant as the main problem prices it, its network the cheapest there; null where that has no such design. */
function sameIn(problem: Problem, other: Known): Built | null {
  const [candidate] = translate(problem.space, other)
  return candidate === undefined || problem.searched.judge(candidate) === null ? null : buildCandidate(problem, candidate)
}

function sentenceOf(ends: ReadonlyArray<PriceTestEnd>): string {
  if (holdsAt(ends) === true) {
    return "The answer holds at the ends of the price ranges: all low, all high, its own high and all others low, electricity " +
      "and allowances low, and high."
  }
  const told = ends.map((end) => `${end.prices}: ${changes[end.change]}` +
    (end.change === "none" || end.answer === null ? "" : ` (${end.answer})`) + describeOvertaking(end))
  const start = holdsAt(ends) === null ? "Not known at these limits of work" : "The answer changes inside the price ranges"
  return `${start}. ${told.join("; ")}.`
}

const changes: Readonly<Record<PriceTestEnd["change"], string>> = {
  none: "the same", counts: "other numbers", network: "another network", design: "another design",
  infeasible: "nothing can be built", unknown: "not known"
}

function describeOvertaking({ overtakenAt }: PriceTestEnd): string {
  if (overtakenAt === null) return ""
  const { ownDearer, otherCheaper } = overtakenAt
  const percent = (share: number) => `${(Math.abs(share) * 100).toFixed(1)} % ${share < 0 ? "dearer" : "cheaper"}`
  return `, at the latest with this ${percent(-ownDearer)} and that ${percent(otherCheaper)}`
}
