/**
 * Sweeps: rows of one source, model and cluster that vary the mapping. What a sweep does not state, it did
 * not vary.
 */
import type { Recompute } from "../../models/performance/mapping.ts"
import { fittingRecomputes } from "./prediction.ts"
import type { Run } from "./run.ts"

/** From the cheapest in time. */
const kinds: ReadonlyArray<Recompute> = ["none", "selective", "full"]

/** Fewer rows do not make a sweep. */
const leastRows = 3

function sweepKey({ row }: Run): string {
  return [row.source, row.model.name, row.accelerator, row.gpus, row.precision, row.gbs, row.seq].join("|")
}

/** The cheapest recomputation under which every run of the sweep fits; the last kind where none does. */
function commonRecompute(runs: ReadonlyArray<Run>): Recompute {
  const fitting = runs.map(fittingRecomputes)
  return kinds.find((kind) => fitting.every((of) => of.has(kind))) ?? "full"
}

/**
 * Runs in their order; those of a sweep that leaves recomputation unstated keep the candidates of one kind,
 * common to the sweep.
 */
export function settleSweeps(runs: ReadonlyArray<Run>): ReadonlyArray<Run> {
  const sweeps = new Map<string, Run[]>()
  for (const run of runs) {
    if (run.row.recompute.kind === null) sweeps.set(sweepKey(run), [...sweeps.get(sweepKey(run)) ?? [], run])
  }
  const settled = new Map<Run, Recompute>()
  for (const members of sweeps.values()) {
    if (members.length < leastRows) continue
    const kind = commonRecompute(members)
    for (const run of members) settled.set(run, kind)
  }
  return runs.map((run) => {
    const kind = settled.get(run)
    if (kind === undefined) return run
    return { ...run, candidates: run.candidates.filter(({ mapping }) => mapping.recompute === kind) }
  })
}
