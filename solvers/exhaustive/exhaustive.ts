/**
 * The oracle: every leaf of the tree, no bound asked, nothing pruned. For spaces cut down to a size that allows
 * it.
 */
import { conclude, worstValue } from "../contract/gap.ts"
import { RunState } from "../contract/run-state.ts"
import type { Answer, SearchRequest, SearchSolver } from "../contract/search-run.ts"
import type { Expansion } from "../contract/search-space.ts"

const source = "exhaustive"

/**
 * The optimum of a space by enumeration, depth first. A limit leaves the bound unknown; `limits.gap` is
 * ignored.
 */
export function enumerateSpace<Node, Candidate>(request: SearchRequest<Node, Candidate>): Answer<Candidate> {
  const { space } = request
  const state = new RunState(request)
  const worst = worstValue(space.sense)
  const expansion: Expansion<Candidate> = {
    cutoff: () => worst,
    gap: 0,
    offer: (candidate) => void state.offer(candidate, source),
    spend: (evaluations) => void (state.evaluations += evaluations),
    stopped: () => state.stopReason(null) !== null
  }
  const stack: Array<Node> = [space.root()]
  let stoppedBy = state.stopReason(null)
  while (stack.length > 0 && stoppedBy === null) {
    const node = stack.pop()!
    state.nodes++
    const candidate = space.leaf(node)
    if (candidate === null) for (const child of space.branch(node, expansion)) stack.push(child)
    else state.offer(candidate, source)
    state.tick(source, stack.length, null)
    stoppedBy = stack.length > 0 ? state.stopReason(null) : stoppedBy
  }
  state.report("end", source)
  const work = { nodes: state.nodes, evaluations: state.evaluations }
  return conclude(space.sense, state.incumbent, stack.length === 0 ? worst : null, stoppedBy, work)
}

export const exhaustive: SearchSolver = {
  name: source,
  capabilities: { proves: true, genome: false, gap: false },
  solve: (request) => Promise.resolve(enumerateSpace(request))
}
