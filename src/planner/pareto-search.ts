/** The search behind a front: points found, and the boxes that are left to be asked about. */
import { objectiveFunction } from "../../models/design-space/objective.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Built } from "./built.ts"
import { type Box, boxShare, type Costs, resolution, withoutDominated, withoutEmpty } from "./pareto-boxes.ts"
import { askFor, costsOf, type FrontObjective } from "./pareto-question.ts"
import { type Main, type SideAnswer, solveBeside } from "./side-solve.ts"

export interface FrontOptions {
  readonly objectives: ReadonlyArray<FrontObjective>
  /** points at most, ≥ 1; the optimum of each objective is kept though they be more */
  readonly points: number
  /** of the highest throughput, 0–1: slower plans are left out where the scenario has no floor of its own */
  readonly floorShare: number
  readonly stopped: () => boolean
  /** told after each solve */
  readonly onSolve: (told: { readonly solves: number; readonly points: number; readonly boxes: number }) => void
}

export interface Found {
  readonly built: Built
  readonly costs: Costs
  readonly gap: number | null
}

export class FrontSearch {
  points: ReadonlyArray<Found> = []
  solves = 0
  /** with the floor of the front */
  scenario: Scenario
  readonly #main: Main
  readonly #options: FrontOptions
  readonly #onFound: (found: Found) => Promise<boolean>
  /** the objective that is optimised inside the boxes: throughput, where the search's bounds are tightest */
  readonly #first: number
  readonly #whole: Box
  #open: ReadonlyArray<Box>
  /** boxes whose question found and proved nothing within its limits */
  #left: ReadonlyArray<Box> = []

  /** `onFound`: told of every point, once the front's floor is known, and waited for; false: it is not to be one. */
  constructor(main: Main, options: FrontOptions, onFound: (found: Found) => Promise<boolean> = async () => true) {
    const { objectives } = options
    this.#main = main
    this.#options = options
    this.#onFound = onFound
    this.#first = Math.max(0, objectives.indexOf("throughput"))
    this.scenario = main.problem.scenario
    this.#whole = wholeBox(this.scenario, objectives)
    this.#open = [this.#whole]
  }

  get boxes(): ReadonlyArray<Box> {
    return [...this.#open, ...this.#left]
  }

  isFull(): boolean {
    return this.points.length >= this.#options.points
  }

  /** Best and worst figures of the points. */
  range(): { readonly best: Costs; readonly worst: Costs } {
    const { objectives } = this.#options
    return {
      best: objectives.map((_, i) => Math.min(...this.points.map(({ costs }) => costs[i]!))),
      worst: objectives.map((_, i) => Math.max(...this.points.map(({ costs }) => costs[i]!)))
    }
  }

  async run(): Promise<void> {
    const { objectives } = this.#options
    const order = [...objectives.keys()].sort((a, b) => Number(b === this.#first) - Number(a === this.#first))
    for (const which of order) {
      if (this.#main.stopped()) return
      await this.#ask(which, this.#whole.upper)
    }
    while (!this.#main.stopped() && !this.isFull()) {
      const box = this.#largest()
      if (box === undefined) return
      await this.#askBox(box)
    }
  }

  /** Of the first point, the fastest: where the scenario has no floor of its own. */
  #setFloor({ built: { tokensPerS } }: Found): void {
    const { objectives, floorShare } = this.#options
    if (!objectives.includes("throughput") || objectiveFunction(this.scenario).throughputFloor > 0) return
    const throughputFloor = tokensPerS * floorShare
    this.scenario = { ...this.scenario, objective: { ...this.scenario.objective, throughputFloor } }
    this.#open = this.#open.map((box) => ({
      ...box, upper: box.upper.map((high, i) => (i === this.#first ? Math.min(high, -throughputFloor) : high))
    }))
  }

  #largest(): Box | undefined {
    const { best, worst } = this.range()
    const shares = new Map(this.#open.map((box) => [box, boxShare(box, best, worst)]))
    return this.#open.toSorted((a, b) => shares.get(b)! - shares.get(a)!)[0]
  }

  /** The fastest plan in the better half of a box, by its other objectives; in all of it where that half is empty. */
  async #askBox(box: Box): Promise<void> {
    const { best, worst } = this.range()
    const which = this.#first
    const corner = box.upper.map((high, i) => {
      if (i === which || box.halved) return high
      const end = Number.isFinite(high) ? high : 2 * worst[i]! - best[i]!
      return end > box.lower[i]! ? (box.lower[i]! + end) / 2 : high
    })
    const before = this.#open
    const found = await this.#ask(which, corner)
    if (this.#open.includes(box)) {
      this.#open = this.#open.filter((one) => one !== box)
      this.#left = [...this.#left, box]
    } else this.#open = this.#open.map((one) => (before.includes(one) ? one : { ...one, halved: !found }))
  }

  /** The best in one objective among plans better than the corner; the others break the tie. True: there is one. */
  async #ask(which: number, corner: Costs): Promise<boolean> {
    const ceilings = corner.map((cost) => (Number.isFinite(cost) ? cost - resolution * Math.abs(cost) : cost))
    const first = await this.#solve(which, ceilings, this.#bestKnown(which, ceilings))
    const proven = first.status === "infeasible" ? corner[which]! : this.#boundCost(which, first)
    const empty = corner.map((cost, i) => (i === which ? Math.min(cost, proven) : cost))
    this.#open = withoutEmpty(this.#open, empty)
    this.#left = withoutEmpty(this.#left, empty)
    if (first.built === null) return false
    let { built, gap } = { built: first.built, gap: first.gap }
    for (const next of this.#options.objectives.keys()) {
      if (next === which) continue
      // no worse than what is held in everything: the ties of what is optimised, and they can only become better
      const { gap: tiedGap, built: tied } = await this.#solve(next, this.#costs(built), built)
      gap = gap === null || tiedGap === null ? null : Math.max(gap, tiedGap)
      built = tied ?? built
    }
    const found = { built, costs: this.#costs(built), gap }
    if (which === this.#first && this.points.length === 0) this.#setFloor(found)
    if (await this.#onFound(found)) this.#take(found)
    return true
  }

  #take(found: Found): void {
    const dominates = (a: Costs, b: Costs) => a.every((cost, i) => cost <= b[i]! + resolution * Math.abs(b[i]!))
    if (!this.points.some(({ costs }) => dominates(costs, found.costs))) {
      this.points = [...this.points.filter(({ costs }) => !dominates(found.costs, costs)), found]
        .sort((a, b) => a.costs[0]! - b.costs[0]!)
    }
    this.#open = withoutDominated(this.#open, found.costs)
    this.#left = withoutDominated(this.#left, found.costs)
  }

  async #solve(which: number, ceilings: Costs, known: Built | null): Promise<SideAnswer> {
    // a turn for whoever waits to say stop
    await new Promise((resolve) => setImmediate(resolve))
    const side = await solveBeside(this.#main, askFor(this.scenario, this.#options.objectives, which, ceilings), known)
    this.solves++
    this.#options.onSolve({ solves: this.solves, points: this.points.length, boxes: this.boxes.length })
    return side
  }

  #bestKnown(which: number, ceilings: Costs): Built | null {
    const within = this.points.filter(({ costs }) => costs.every((cost, i) => cost <= ceilings[i]!))
    return within.toSorted((a, b) => a.costs[which]! - b.costs[which]!)[0]?.built ?? null
  }

  #costs(built: Built): Costs {
    return costsOf(this.scenario, this.#options.objectives, built)
  }

  #boundCost(which: number, { bound }: SideAnswer): number {
    if (bound === null) return -Infinity
    return this.#options.objectives[which] === "throughput" ? -bound : bound
  }
}

/** Everything that the limits leave: of the site with the most power, and of the one with the most capital. */
function wholeBox({ sites }: Scenario, objectives: ReadonlyArray<FrontObjective>): Box {
  const ends = {
    throughput: [-Infinity, 0],
    power: [0, Math.max(...sites.map(({ power }) => power.limitMW * 1e6)) * (1 + 2 * resolution)],
    capex: [0, Math.max(...sites.map(({ capitalUsd }) => capitalUsd ?? Infinity)) * (1 + 2 * resolution)]
  } as const
  return {
    lower: objectives.map((objective) => ends[objective][0]),
    upper: objectives.map((objective) => ends[objective][1]),
    halved: true
  }
}
