/** Which cuts may still matter on a machine, by their work there: asked of each once, for a search that only tightens. */
import type { LayerCut } from "./layer-cut.ts"
import { type MappingProblem, wholeModel } from "./mapping-run.ts"

const unknown = 0
const open = 1
const closed = 2

export class CutFilter {
  readonly #problem: MappingProblem
  readonly #mayMatter: (work: number) => boolean
  readonly #states: Uint8Array

  /** `mayMatter` of accelerator-seconds that no step of a cut undercuts: once false, false for ever. */
  constructor(problem: MappingProblem, mayMatter: (work: number) => boolean) {
    this.#problem = problem
    this.#mayMatter = mayMatter
    this.#states = new Uint8Array(problem.cuts.length)
  }

  isOpen(cut: LayerCut): boolean {
    const state = this.#states[cut.index]!
    if (state !== unknown) return state === open
    const { times, lightest } = this.#problem
    const isOpen = this.#mayMatter(times.work(cut, lightest, wholeModel(this.#problem)))
    this.#states[cut.index] = isOpen ? open : closed
    return isOpen
  }

  /** Whether the cut was asked about, and closed. */
  isClosed({ index }: LayerCut): boolean {
    return this.#states[index] === closed
  }
}
