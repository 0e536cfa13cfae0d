/** Questions beside the main one (a price, another vendor, the vendor's own design): solved again, to a stated exactness. */
import type { LayoutSpace } from "../../models/design-space/layout-space.ts"
import type { Candidate } from "../../models/design-space/layout-tree.ts"
import { refitted } from "../../models/design-space/refitted.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { type Stretch, stretchOutcome } from "../../models/design-space/stretch.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { isBetter, isWorseBeyondMargin } from "../../solvers/contract/gap.ts"
import type { Answer } from "../../solvers/contract/search-run.ts"
import { type Built, buildCandidate } from "./built.ts"
import { guidanceOf, type Problem, prepareProblem } from "./problem.ts"
import { type BlockBounds, searchLayouts, type SearchOptions } from "./search.ts"

export interface SideLimits {
  readonly gap: number
  /** work, not time, so that the answer is the same on every machine */
  readonly evaluations: number
}

export interface SideAnswer extends Pick<Answer<Candidate>, "status" | "bound" | "gap"> {
  readonly built: Built | null
  /** the same as another question recognises it: of what is worked out when asked for, nothing comes from another thread */
  readonly known: Known | null
}

/** Of a question that was not asked any more. */
export const unanswered: SideAnswer = { status: "noSolution", bound: null, gap: null, built: null, known: null }

/** A candidate of the main problem, as far as another problem can recognise it. */
export interface Known {
  readonly candidate: Candidate
  readonly block: Pick<Built["block"], "name">
  readonly machine: Built["of"]["machine"]
}

/** A variant of the main scenario as plain data: any thread that holds the main problem can answer it, and all alike. */
export interface SideQuestion {
  readonly scenario: Scenario
  readonly limits: SideLimits
  /** taken over where it exists in the variant */
  readonly known: Known | null
  /** how far its lifted limits must give way, in place of the objective */
  readonly stretch?: Stretch
  /** a value: the first that is better, beyond what counts as equal, ends the search */
  readonly until?: number | undefined
  /** that hold in the variant */
  readonly blockBounds?: BlockBounds | undefined
}

/** What a question beside the main one starts from. */
export interface Main {
  readonly problem: Problem
  readonly catalog: Catalog
  readonly limits: SideLimits
  /** whether the main answer is the optimum */
  readonly isProven: boolean
  readonly stopped: SearchOptions["stopped"]
  /** may be asked many questions at once */
  readonly answer: (question: SideQuestion) => Promise<SideAnswer>
}

/** What answers a question where there is the main problem. */
type Desk = Pick<Main, "problem" | "catalog" | "stopped">

/** Answers in this thread, one question after the other. */
export function answerInTurn(desk: Desk): Main["answer"] {
  let last: Promise<unknown> = Promise.resolve()
  return (question) => {
    const answer = last.then(() => solveQuestion(desk, question))
    last = answer
    return answer
  }
}

/** Solves a variant of the main scenario; `from` is the main problem's answer, `blockBounds` hold in the variant. */
export function solveBeside(
  main: Main, scenario: Scenario, from: Built | null = null, blockBounds?: BlockBounds
): Promise<SideAnswer> {
  return main.answer({ scenario, limits: main.limits, known: from === null ? null : knownOf(from), blockBounds })
}

/** What another problem recognises a candidate by. */
export function knownOf({ candidate, block: { name }, of: { machine } }: Built): Known {
  return { candidate, block: { name }, machine }
}

/** Answers a question in this thread. */
export async function solveQuestion(
  { problem: main, catalog, stopped }: Desk, question: SideQuestion
): Promise<SideAnswer> {
  if (stopped()) return unanswered
  const { scenario, limits, known, stretch, until, blockBounds } = question
  const outcome = stretch === undefined ? undefined : stretchOutcome(scenario, stretch)
  const problem = prepareProblem(scenario, catalog, main.shared, outcome)
  let isMet = false
  const options: SearchOptions = {
    stopped: () => isMet || stopped(),
    onProgress: () => undefined,
    onValue: (value) => void (isMet ||= until !== undefined && isWorseBeyondMargin(problem.searched.sense, until, value))
  }
  const seeds = known === null ? [] : seedsFrom(problem, known)
  // what is no variant of the main answer has nothing to start from but the relaxation
  const guidance = known !== null && seeds.length === 0 ? guidanceOf(problem) : null
  const answer = await searchLayouts(
    problem, { ...limits, timeS: Infinity }, options, guidance, { known: seeds, isAlone: true, blockBounds }
  )
  const { status, bound, gap, incumbent } = answer
  const built = incumbent === null ? null : buildCandidate(problem, incumbent.candidate)
  return { status, bound, gap, built, known: built === null ? null : knownOf(built) }
}

/** The known candidate where the variant has it, and of its other sizes the best. */
function seedsFrom({ space, programme, searched }: Problem, known: Known): ReadonlyArray<Candidate> {
  const [same] = translate(space, known)
  if (same === undefined) return []
  // of a programme each run would have its own
  if (programme !== null) return [same]
  const valued = refitted(space, same).flatMap((candidate) => {
    const value = searched.evaluate(candidate)
    return value === null ? [] : [{ candidate, value }]
  })
  const best = valued.reduce<typeof valued[number] | null>((held, one) =>
    held === null || isBetter(searched.sense, one.value, held.value) ? one : held, null)
  return best === null ? [same] : [same, best.candidate]
}

/** The same layout and mapping in another problem's numbering; none where it is not among its choices. */
export function translate(space: LayoutSpace, { candidate, block, machine }: Known): ReadonlyArray<Candidate> {
  const index = space.blocks.findIndex((one) => one.name === block.name)
  if (index < 0) return []
  const text = JSON.stringify(machine)
  const same = space.classesOf(index).find((one) => JSON.stringify(one.machine) === text)
  return same === undefined ? [] : [{ ...candidate, block: index, fabric: same.fabric }]
}
