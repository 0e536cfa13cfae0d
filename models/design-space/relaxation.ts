/**
 * The linear relaxation of a scenario: how many HBDs of each block to build at each site, whole numbers and "one design
 * only" given up. Any multipliers bound it (weak duality), so its bound holds whatever the solver did.
 */
import { safeDualBound } from "../../solvers/contract/linear-bound.ts"
import {
  buildLinearProgram, type LinearAnswer, type LinearColumnEntries, type LinearProgram, type LinearRow
} from "../../solvers/contract/linear-program.ts"
import type { SiteUse } from "../facility/resource-use.ts"
import type { SiteRow } from "./rows.ts"

/**
 * A building block at a site. `tokensPerS` is at least what any layout of it gives per HBD, whatever the count; `use` at most
 * what any layout of it takes per HBD.
 */
export interface Block {
  readonly name: string
  readonly site: number
  readonly rows: ReadonlyArray<SiteRow>
  readonly tokensPerS: number
  readonly use: SiteUse
  /** HBDs of it alone that the site's limits leave room for */
  readonly most: number
}

/** What the relaxation optimises: throughput, a use under a floor of throughput, or their ratio. */
export interface RelaxedObjective {
  readonly kind: "throughput" | "use" | "ratio"
  /** what is minimised, or divided by; unused with `throughput` */
  readonly denominator: (use: SiteUse) => number
  readonly throughputFloor: number
}

const floorRow = "throughput floor"
const scaleRow = "denominator"
const scaleColumn = "scale"

/**
 * Rows are the sites' limits and the floor. A ratio is made linear by Charnes and Cooper's substitution (1962):
 * counts are multiplied by a free scale, and the denominator is set to 1.
 */
export function buildRelaxation(blocks: ReadonlyArray<Block>, objective: RelaxedObjective): LinearProgram {
  const ratio = objective.kind === "ratio"
  const limits = new Map(blocks.flatMap((block) => block.rows.filter(isLimited).map((row) => [row.name, row])))
  const rows: Array<LinearRow> = [...limits.values()].map((row) => ({
    name: row.name, lower: -Infinity, upper: ratio ? 0 : row.limit! / row.scale
  }))
  if (objective.throughputFloor > 0) {
    rows.push({ name: floorRow, lower: ratio ? 0 : objective.throughputFloor, upper: Infinity })
  }
  if (ratio) rows.push({ name: scaleRow, lower: 1, upper: 1 })
  const columns = blocks.map((block) => blockColumn(block, objective))
  if (ratio) columns.push(ratioScale(limits.values(), objective, blocks))
  return buildLinearProgram(objective.kind === "use" ? "minimize" : "maximize", rows, columns)
}

const isLimited = (row: SiteRow): boolean => row.limit !== null

function blockColumn(block: Block, objective: RelaxedObjective): LinearColumnEntries {
  const entries: Record<string, number> = {}
  for (const row of block.rows) if (isLimited(row)) entries[row.name] = block.use[row.resource] / row.scale
  if (objective.throughputFloor > 0) entries[floorRow] = block.tokensPerS
  const denominator = objective.kind === "throughput" ? 0 : objective.denominator(block.use)
  if (objective.kind === "ratio") entries[scaleRow] = denominator
  return {
    name: block.name,
    objective: objective.kind === "use" ? denominator : block.tokensPerS,
    lower: 0,
    upper: objective.kind === "ratio" ? 1 / denominator : block.most,
    entries
  }
}

function ratioScale(
  limits: Iterable<SiteRow>, objective: RelaxedObjective, blocks: ReadonlyArray<Block>
): LinearColumnEntries {
  const entries: Record<string, number> = {}
  for (const row of limits) entries[row.name] = -row.limit! / row.scale
  if (objective.throughputFloor > 0) entries[floorRow] = -objective.throughputFloor
  const least = Math.min(...blocks.map((block) => objective.denominator(block.use)))
  return { name: scaleColumn, objective: 0, lower: 0, upper: 1 / least, entries }
}

/** What the relaxation says: a bound no layout beats, the price of each limit, and how it would fill the sites. */
export interface Relaxation {
  readonly status: "bounded" | "infeasible"
  /** in the relaxation's own terms: tokens/s, the use, or their ratio */
  readonly bound: number
  /** objective per unit of each limit, in the answer's units */
  readonly prices: ReadonlyMap<string, number>
  /** blocks by falling count, those with none left out */
  readonly counts: ReadonlyArray<{ readonly name: string; readonly hbds: number }>
}

/** Reads a solver's answer; the bound is recomputed from its duals, never taken from it. */
export function readRelaxation(lp: LinearProgram, answer: LinearAnswer): Relaxation {
  if (answer.status === "infeasible") {
    return { status: "infeasible", bound: lp.sense === "maximize" ? -Infinity : Infinity, prices: new Map(), counts: [] }
  }
  const duals = answer.duals ?? new Float64Array(lp.rows.length)
  const values = answer.values ?? new Float64Array(lp.columns.length)
  const scale = values[lp.columns.findIndex((column) => column.name === scaleColumn)] ?? 1
  return {
    status: "bounded",
    bound: safeDualBound(lp, duals),
    prices: new Map(lp.rows.map((row, i) => [row.name, duals[i]!])),
    counts: lp.columns.map((column, j) => ({ name: column.name, hbds: values[j]! / scale }))
      .filter(({ name, hbds }) => name !== scaleColumn && hbds > 1e-9)
      .sort((a, b) => b.hbds - a.hbds || (a.name < b.name ? -1 : 1))
  }
}
