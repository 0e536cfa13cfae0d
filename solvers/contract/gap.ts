/** Order of values under a sense, the relative gap, and the margin within which values count as equal. */
import type { Sense } from "./linear-program.ts"
import type { Answer, Incumbent, StopReason } from "./search-run.ts"

/** Relative: prune what is worse than the incumbent by more; a gap up to this counts as none. */
export const relativeMargin = 1e-9

export const worstValue = (sense: Sense): number => (sense === "maximize" ? -Infinity : Infinity)

export const isBetter = (sense: Sense, a: number, b: number): boolean => (sense === "maximize" ? a > b : a < b)

export const betterOf = (sense: Sense, a: number, b: number): number => (isBetter(sense, b, a) ? b : a)

export const worseOf = (sense: Sense, a: number, b: number): number => (isBetter(sense, b, a) ? a : b)

/** A value of at least 0 made worse by a share of itself. */
export const worseBy = (sense: Sense, value: number, share: number): number =>
  value * (sense === "maximize" ? 1 - share : 1 + share)

/** Whether a bound is worse than a value by more than the margin, so that nothing under it can matter. */
export function isWorseBeyondMargin(sense: Sense, bound: number, value: number): boolean {
  if (value === worstValue(sense)) return bound === value
  const slack = relativeMargin * Math.abs(value)
  return sense === "maximize" ? bound < value - slack : bound > value + slack
}

/**
 * (bound − value) / |bound| when maximising, (value − bound) / |value| when minimising; 0 where the value
 * reaches the bound, Infinity where it is not defined; null without one of both.
 */
export function gapOf(sense: Sense, value: number | null, bound: number | null): number | null {
  if (value === null || bound === null) return null
  const difference = sense === "maximize" ? bound - value : value - bound
  if (difference <= 0) return 0
  const scale = Math.abs(sense === "maximize" ? bound : value)
  return Number.isFinite(scale) && scale > 0 ? difference / scale : Infinity
}

/** The bound from which a value of at least 0 is `gap` away: the inverse of `gapOf`, a margin on the safe side. */
export function boundWithin(sense: Sense, value: number, gap: number): number {
  if (gap === 0 || !Number.isFinite(value)) return value
  const inside = gap * (1 - relativeMargin)
  return sense === "maximize" ? (inside < 1 ? value / (1 - inside) : Infinity) : value * (1 - inside)
}

/** Whether one incumbent replaces another: by value, among equals by the space's order of candidates. */
export function replaces<Candidate>(
  space: { readonly sense: Sense; compare(a: Candidate, b: Candidate): number },
  challenger: Incumbent<Candidate>,
  holder: Incumbent<Candidate> | null
): boolean {
  if (holder === null || isBetter(space.sense, challenger.value, holder.value)) return true
  return challenger.value === holder.value && space.compare(challenger.candidate, holder.candidate) < 0
}

/**
 * The answer of a search that held `incumbent` and had proven `bound` when `stoppedBy` ended it. `bound` is of
 * what is still open (the worst infinity: nothing), null where the solver proves nothing.
 */
export function conclude<Candidate>(
  sense: Sense,
  incumbent: Incumbent<Candidate> | null,
  openBound: number | null,
  stoppedBy: StopReason | null,
  work: Answer<Candidate>["work"]
): Answer<Candidate> {
  const worst = worstValue(sense)
  const best = openBound === null ? null : betterOf(sense, openBound, incumbent?.value ?? worst)
  const bound = best !== null && Number.isFinite(best) ? best : null
  const gap = gapOf(sense, incumbent?.value ?? null, bound)
  if (incumbent === null) {
    return { status: best === worst ? "infeasible" : "noSolution", stoppedBy, incumbent, bound, gap, work }
  }
  const status = gap !== null && gap <= relativeMargin ? "optimal" : "feasible"
  return { status, stoppedBy, incumbent, bound, gap, work }
}
