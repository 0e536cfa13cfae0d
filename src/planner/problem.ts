/** A scenario joined with the catalogue: its search space and its linear relaxation. */
import type { Stopped } from "../../models/design-space/stopped.ts"
import { createLayoutSpace, type LayoutSpace } from "../../models/design-space/layout-space.ts"
import type { Candidate, LayoutNode } from "../../models/design-space/layout-tree.ts"
import type { OutcomeModel } from "../../models/design-space/outcome.ts"
import { ProgrammeSpace } from "../../models/design-space/programme-space.ts"
import {
  type Block, buildRelaxation, type Relaxation, type RelaxedObjective, readRelaxation
} from "../../models/design-space/relaxation.ts"
import type { Dropped } from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Hardware } from "../../models/design-space/selection.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { isBetter, worseOf, worstValue } from "../../solvers/contract/gap.ts"
import type { SearchSpace } from "../../solvers/contract/search-space.ts"
import type { Guidance } from "./search.ts"
import { createSharedWork, type SharedWork } from "./shared-work.ts"
import { solveLinear } from "../../solvers/linear/solver.ts"

/** What is searched, whatever it is made of. */
export type SearchedSpace = SearchSpace<LayoutNode, Candidate> & Pick<
  LayoutSpace, "scenario" | "blocks" | "objective" | "outcome" | "droppedAt" | "workOf" | "arithmeticOf" | "judge"
>

export interface Problem {
  readonly scenario: Scenario
  readonly hardware: Hardware
  /** of the first workload */
  readonly space: LayoutSpace
  /** null with one workload */
  readonly programme: ProgrammeSpace | null
  /** the programme, or else the space of the one workload */
  readonly searched: SearchedSpace
  /** solved when first asked for */
  relaxation(): Relaxation
  /** what was left out of the blocks, and of the networks behind one of them */
  dropped(block: number | null): ReadonlyArray<Dropped>
  readonly shared: SharedWork
}

/**
 * `shared`: what problems of one process need to work out only once. `outcome`: what is optimised, where it is not the
 * scenario's objective.
 */
export function prepareProblem(
  scenario: Scenario, catalog: Catalog, shared: SharedWork = createSharedWork(), outcome?: OutcomeModel
): Problem {
  const { hardware, dropped } = shared.hardwareOf(scenario, catalog)
  const programme = scenario.furtherWorkloads.length === 0 ? null
    : new ProgrammeSpace(scenario, hardware, (run) => shared.machinesOf(run), shared.designs, outcome)
  const space = programme?.runs[0]!.space ??
    createLayoutSpace(scenario, hardware, shared.machinesOf(scenario), shared.designs, outcome)
  const searched = programme ?? space
  let relaxation: Relaxation | null = null
  return {
    scenario,
    hardware,
    space,
    programme,
    searched,
    shared,
    relaxation: () => relaxation ??= relax(searched, shared.designs.stopped),
    dropped: (block) => mergeDropped(dropped, searched.droppedAt(block))
  }
}

/** Blocks that the heuristic looks at: those of the relaxation, then those with the best bounds of their own. */
const blocksFirst = 1

export function guidanceOf({ searched: space, relaxation }: Problem): Guidance {
  const { bound, counts } = relaxation()
  const chosen = counts.map(({ name }) => Number.parseInt(name, 10))
  const sign = space.sense === "maximize" ? -1 : 1
  const byBound = space.blocks.map((_, block) => ({ block, bound: space.bound({ kind: "block", block }, 0) }))
    .sort((a, b) => sign * (a.bound - b.bound) || a.block - b.block)
    .map(({ block }) => block)
  return { rootBound: bound, blocks: [...new Set([...chosen, ...byBound])].slice(0, blocksFirst) }
}

function mergeDropped(...lists: ReadonlyArray<ReadonlyArray<Dropped>>): ReadonlyArray<Dropped> {
  return lists.flat().sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}

/**
 * Every block at its site, valued at least as every layout of it, charged at most. Values start from the arithmetic alone;
 * only accelerators that the relaxation would build, or that alone would beat it, are asked for the work of their layers: the
 * others, dearly valued, are not built either way. Stopped, the last that was worked out to its end.
 */
function relax(space: SearchedSpace, stopped: Stopped): Relaxation {
  const none: Relaxation = { status: "infeasible", bound: worstValue(space.sense), prices: new Map(), counts: [] }
  if (space.blocks.length === 0) return none
  const known = new Set<string>()
  let best: Relaxation = { ...none, status: "bounded", bound: -worstValue(space.sense) }
  for (;;) {
    const blocks = relaxedBlocks(space, known, stopped)
    const own = bestOwnBound(space, known, stopped)
    if (stopped()) return best
    const lp = buildRelaxation(blocks, relaxedObjective(space))
    const relaxed = readRelaxation(lp, solveLinear(lp))
    if (relaxed.status === "infeasible") return none
    best = { ...relaxed, bound: worseOf(space.sense, objectiveBound(space, relaxed.bound), own.bound) }
    const leading = [own.block, ...relaxed.counts.map(({ name }) => Number.parseInt(name, 10))]
      .map((block) => acceleratorOf(space, block)).filter((accelerator) => !known.has(accelerator))
    if (leading.length === 0) return best
    for (const accelerator of leading) known.add(accelerator)
  }
}

function relaxedBlocks(space: SearchedSpace, known: ReadonlySet<string>, stopped: Stopped): ReadonlyArray<Block> {
  // what stands on several sites is a mixture of what stands on one
  const onlyWhole = space.blocks.some(({ crossing }) => crossing === null)
  return space.blocks.flatMap(({ name, hbd, stands, crossing }, index): ReadonlyArray<Block> => {
    if (crossing !== null && onlyWhole || stopped()) return []
    const work = known.has(acceleratorOf(space, index)) ? space.workOf(index) : space.arithmeticOf(index)
    return stands.map((stand) => ({
      name: `${index}: ${name}${crossing === null ? "" : `, the part at ${space.scenario.sites[stand.site]!.name}`}`,
      site: stand.site,
      rows: stand.rows,
      tokensPerS: space.outcome.tokens * hbd.size / work,
      use: stand.useBound,
      most: stand.hbdsBound
    }))
  })
}

const acceleratorOf = (space: SearchedSpace, block: number): string => space.blocks[block]!.hbd.accelerator.id

function relaxedObjective(space: SearchedSpace): RelaxedObjective {
  const { outcome, objective: { throughputFloor }, sense } = space
  const kind = outcome.fastestOnly ? "throughput" : sense === "minimize" ? "use" : "ratio"
  return {
    kind,
    // the cost of a ratio is minus its value for one token a second
    denominator: (use) => (kind === "ratio" ? -1 / outcome.cost(use) : outcome.cost(use)),
    throughputFloor
  }
}

/** With one block at one site only, the best of the blocks' own bounds: never worse than the relaxation that mixes them. */
function bestOwnBound(
  space: SearchedSpace, known: ReadonlySet<string>, stopped: Stopped
): { readonly block: number; readonly bound: number } {
  return space.blocks.map((_, block) => {
    if (stopped()) return { block, bound: -worstValue(space.sense) }
    const level = known.has(acceleratorOf(space, block)) ? 1 : 0
    return { block, bound: space.bound({ kind: "block", block }, level) }
  }).reduce((best, one) => (isBetter(space.sense, one.bound, best.bound) ? one : best))
}

/** A bound of throughput, in the objective's own terms; the others are in them already. */
function objectiveBound(space: SearchedSpace, bound: number): number {
  const first = space.blocks[0]
  if (!space.outcome.fastestOnly || first === undefined) return bound
  return space.outcome.boundAt(space.outcome.tokens / bound, first.useBound, 1)
}
