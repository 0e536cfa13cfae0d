/** A candidate with other numbers of replicas: what it becomes where limits have moved. */
import { greatestCommonDivisor } from "../performance/placement.ts"
import type { LayoutSpace } from "./layout-space.ts"
import type { Candidate } from "./layout-tree.ts"
import { hbdsOf } from "./mapping-completion.ts"

/** Numbers of micro-batches that are tried, as multiples of the candidate's own. */
const most = 4

/** The candidate's layout and mapping with every number of replicas that changes what a replica has to do. */
export function refitted(space: LayoutSpace, candidate: Candidate): ReadonlyArray<Candidate> {
  const { mapping } = candidate
  const { tp, cp, ep, etp, dp, microBatch } = mapping
  const { size } = space.classOf(candidate).hbd
  const whole = Math.ceil(space.scenario.workload.globalBatch / microBatch)
  // experts ask for a multiple of it
  const step = ep * etp / greatestCommonDivisor(tp * cp, ep * etp)
  const counts = new Set<number>()
  for (let microBatches = 1; microBatches <= most * Math.ceil(whole / dp); microBatches++) {
    counts.add(Math.ceil(Math.ceil(whole / microBatches) / step) * step)
  }
  counts.delete(dp)
  return [...counts].flatMap((count) => {
    const other = { ...mapping, dp: count }
    const hbds = space.built(hbdsOf(other, size))
    return hbds === null ? [] : [{ ...candidate, hbds, mapping: other }]
  })
}
