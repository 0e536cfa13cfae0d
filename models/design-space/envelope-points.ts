/** What runs come to on an envelope of classes: their best points, from which each class takes those that it has room for. */
import { betterOf, worstValue } from "../../solvers/contract/gap.ts"
import type { Expansion } from "../../solvers/contract/search-space.ts"
import type { Machine } from "../performance/machine.ts"
import { blockGoal } from "./block-goal.ts"
import type { Room } from "./classes.ts"
import type { LayoutSpace } from "./layout-space.ts"
import type { Candidate } from "./layout-tree.ts"
import { completeRun } from "./mapping-completion.ts"
import { mostReplicas, retimed, type Run } from "./mapping-run.ts"

/** HBDs that a mapping takes, and its step. */
interface Point {
  readonly hbds: number
  readonly stepS: number
}

/** A run and the best that it comes to behind an ideal scale-out, and the fewest HBDs with which it reaches the floor. */
export interface Survivor {
  readonly run: Run
  readonly value: number
  readonly hbds: number
}

/** Of the runs that reach the floor on an envelope the best points, and the runs themselves. */
export interface OnEnvelope {
  readonly floor: number
  readonly points: ReadonlyArray<Point>
  readonly runs: ReadonlyArray<Survivor>
}

/**
 * Of the runs' completions on an envelope that reach the floor those that no other equals with as few HBDs, and the runs that they
 * are of; with room as some class of the block has it.
 */
export function pointsOn(
  space: LayoutSpace, machine: Machine, { useBound, hbdsBound }: Room, runs: ReadonlyArray<Survivor>, floor: number,
  expansion: Expansion<Candidate>
): OnEnvelope {
  const points: Array<Point> = []
  const problem = space.machines.problem(machine, space.most(hbdsBound))
  let isComing = false
  const ground = { use: useBound, size: machine.hbdSize, hbds: hbdsBound }
  const goal = blockGoal(space, ground, expansion, () => floor, (_, needed, stepS) => {
    isComing = true
    keepPoint(points, { hbds: space.built(needed)!, stepS })
  })
  const coming = runs.filter(({ run, hbds }) => {
    isComing = false
    if (expansion.stopped() || hbds > problem.hbds) return false
    completeRun(problem, retimed(problem, run), mostReplicas(problem, run.cut, run.pp), goal)
    return isComing
  })
  return { floor, points, runs: coming }
}

/** The best value of those points that there is room for; the worst infinity without one. */
export function bestPoint(space: LayoutSpace, points: OnEnvelope["points"], { useBound, hbdsBound }: Room): number {
  const { sense, outcome } = space
  const hbdsMost = space.most(hbdsBound)
  return points.reduce((best, { hbds, stepS }) =>
    hbds <= hbdsMost ? betterOf(sense, best, outcome.boundAt(stepS, useBound, hbds)) : best, worstValue(sense))
}

/** Keeps of the points those that no other equals with as few HBDs. */
function keepPoint(points: Array<Point>, point: Point): void {
  const covers = (a: Point, b: Point) => a.hbds <= b.hbds && a.stepS <= b.stepS
  if (points.some((one) => covers(one, point))) return
  const others = points.filter((one) => !covers(point, one))
  points.splice(0, points.length, ...others, point)
}
