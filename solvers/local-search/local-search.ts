/**
 * Local search on the genome: from each known incumbent, one gene at a time to each of its alleles, the best
 * move of a gene taken at once, until a round over all genes changes nothing. Proves nothing; polishes what
 * others found.
 */
import { conclude, isBetter } from "../contract/gap.ts"
import { knownGenomes, requireGenome, RunState } from "../contract/run-state.ts"
import type { Answer, SearchRequest, SearchSolver } from "../contract/search-run.ts"
import type { GenomeView } from "../contract/search-space.ts"

const source = "local-search"

/**
 * Deterministic, draws nothing. Without incumbents it starts at the genome of zeros. Throws a RangeError
 * without genome.
 */
export function climb<Node, Candidate>(request: SearchRequest<Node, Candidate>): Answer<Candidate> {
  const genome = requireGenome(request)
  const state = new RunState(request)
  const known = knownGenomes(request)
  const starts = known.length > 0 ? known : [genome.genes.map(() => 0)]
  const met = new Map<string, number | null>()
  for (const start of starts) climbFrom([...start], request, genome, state, met)
  state.report("end", source)
  const work = { nodes: 0, evaluations: state.evaluations }
  return conclude(request.space.sense, state.incumbent, null, state.stopReason(null), work)
}

function climbFrom<Node, Candidate>(
  genes: Array<number>,
  request: SearchRequest<Node, Candidate>,
  genome: GenomeView<Candidate>,
  state: RunState<Node, Candidate>,
  met: Map<string, number | null>
): void {
  const evaluate = (): number | null => {
    const key = genes.join()
    const known = met.get(key)
    if (known !== undefined) return known
    const candidate = genome.decode(genes)
    const value = candidate === null ? null : state.offer(candidate, source)
    met.set(key, value)
    state.tick(source, null, null)
    return value
  }
  if (state.stopReason(null) !== null) return
  let best = evaluate()
  for (let quiet = 0, g = 0; quiet < genes.length; g = (g + 1) % genes.length) {
    const from = genes[g]!
    let chosen = from
    for (let allele = 0; allele < genome.genes[g]!.cardinality; allele++) {
      if (state.stopReason(null) !== null) return
      genes[g] = allele
      const value = evaluate()
      if (value === null || (best !== null && !isBetter(request.space.sense, value, best))) continue
      best = value
      chosen = allele
    }
    genes[g] = chosen
    quiet = chosen === from ? quiet + 1 : 1
  }
}

export const localSearch: SearchSolver = {
  name: source,
  capabilities: { proves: false, genome: true, gap: false },
  solve: (request) => Promise.resolve(climb(request))
}
