/**
 * A genetic search over integer genomes by ts-genetic, with operators of our own: seeded, each genome evaluated
 * once, the best kept. Finds good incumbents early and proves nothing.
 */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64"
import { uniformInt } from "pure-rand/distribution/uniformInt"
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"
// the package's front door does not load under Node: it imports without a file extension
import { GeneticAlgorithm } from "ts-genetic/dist/core.js"
import { conclude } from "../contract/gap.ts"
import { knownGenomes, requireGenome, RunState } from "../contract/run-state.ts"
import type { Answer, SearchRequest, SearchSolver } from "../contract/search-run.ts"
import type { GenomeView } from "../contract/search-space.ts"

const source = "genetic"

export interface GeneticOptions {
  readonly population: number
  /** the best of a generation that pass unchanged */
  readonly elites: number
  /** individuals drawn for each parent; the best of them is taken */
  readonly tournament: number
  /** generations without a better incumbent after which the search ends */
  readonly patience: number
}

const defaults: GeneticOptions = { population: 48, elites: 4, tournament: 3, patience: 40 }

/** How often a child that was met before is changed again, before it is let through. */
const retries = 8

/**
 * The same answer for the same seed and limit of evaluations. Known incumbents join the first generation.
 * Throws a RangeError on a space without a genome.
 */
export async function searchGenomes<Node, Candidate>(
  request: SearchRequest<Node, Candidate>,
  options: Partial<GeneticOptions> = {}
): Promise<Answer<Candidate>> {
  const genome = requireGenome(request)
  const settings = { ...defaults, ...options }
  const state = new RunState(request)
  const breeding = new Breeding(request, genome, state, settings)
  if (state.stopReason(null) === null) await evolve(breeding, settings, genome.genes.length)
  state.report("end", source)
  const work = { nodes: 0, evaluations: state.evaluations }
  return conclude(request.space.sense, state.incumbent, null, state.stopReason(null), work)
}

/**
 * ts-genetic draws parents with Math.random, in proportion to fitness. Its one use of it is replaced on the
 * instance, so nothing global is touched and runs side by side do not mix.
 */
async function evolve(breeding: Herd, settings: GeneticOptions, length: number): Promise<void> {
  const config = {
    populationSize: settings.population, elitismCount: settings.elites, mutationRate: 0, generationLimit: Infinity
  }
  const algorithm = new GeneticAlgorithm<number>(config, {
    createIndividual: () => breeding.create(),
    // the child is evaluated once, by `mutate`
    crossover: (mother: Individual, father: Individual) =>
      ({ genes: breeding.cross(mother, father), fitness: -Infinity }),
    mutate: (child: Individual) => breeding.mutate(child),
    calculateFitness: (individual: Individual) => individual.fitness,
    isTerminationConditionMet: () => breeding.isFinished()
  })
  const selectParent = (herd: ReadonlyArray<Individual>): Individual => breeding.select(herd)
  Object.defineProperty(algorithm, "selectParent", { value: selectParent })
  await algorithm.evolve(length)
}

interface Individual {
  readonly genes: Array<number>
  /** the value, negated when minimising; −Infinity where it cannot be built */
  readonly fitness: number
}

/** What the algorithm asks of a breeding, whatever is bred. */
interface Herd {
  create(): Individual
  select(herd: ReadonlyArray<Individual>): Individual
  cross(mother: Individual, father: Individual): Array<number>
  mutate(child: Individual): Individual
  isFinished(): boolean
}

class Breeding<Node, Candidate> implements Herd {
  readonly #genome: GenomeView<Candidate>
  readonly #state: RunState<Node, Candidate>
  readonly #settings: GeneticOptions
  readonly #seeds: Array<ReadonlyArray<number>>
  readonly #sign: 1 | -1
  readonly #random: ReturnType<typeof xoroshiro128plus>
  readonly #met = new Map<string, number>()
  #best: number | null = null
  #idle = 0

  constructor(
    request: SearchRequest<Node, Candidate>,
    genome: GenomeView<Candidate>,
    state: RunState<Node, Candidate>,
    settings: GeneticOptions
  ) {
    this.#genome = genome
    this.#state = state
    this.#settings = settings
    this.#seeds = [...knownGenomes(request)]
    this.#sign = request.space.sense === "maximize" ? 1 : -1
    this.#random = xoroshiro128plus(request.seed)
  }

  /** A known genome while there are some, then random ones. */
  create(): Individual {
    const genes = this.#seeds.shift() ?? this.#genome.genes.map(({ cardinality }) => this.#draw(cardinality))
    return this.#evaluate([...genes])
  }

  select(herd: ReadonlyArray<Individual>): Individual {
    let best = herd[this.#draw(herd.length)]!
    for (let k = 1; k < this.#settings.tournament; k++) {
      const rival = herd[this.#draw(herd.length)]!
      if (rival.fitness > best.fitness) best = rival
    }
    return best
  }

  cross(mother: Individual, father: Individual): Array<number> {
    return mother.genes.map((gene, g) => (this.#chance(0.5) ? gene : father.genes[g]!))
  }

  mutate(child: Individual): Individual {
    const genes = [...child.genes]
    let attempts = 0
    do this.#change(genes)
    while (this.#met.has(genes.join()) && ++attempts < retries)
    return this.#evaluate(genes)
  }

  isFinished(): boolean {
    const value = this.#state.incumbent?.value ?? null
    this.#idle = value === this.#best ? this.#idle + 1 : 0
    this.#best = value
    return this.#idle > this.#settings.patience || this.#state.stopReason(null) !== null
  }

  /** About one gene changes: half the time to a neighbour, half the time to anything. */
  #change(genes: Array<number>): void {
    this.#genome.genes.forEach(({ cardinality }, g) => {
      if (cardinality < 2 || !this.#chance(1 / genes.length)) return
      if (this.#chance(0.5)) genes[g] = this.#draw(cardinality)
      else genes[g] = Math.min(cardinality - 1, Math.max(0, genes[g]! + (this.#chance(0.5) ? 1 : -1)))
    })
  }

  /** Once a limit is reached nothing is evaluated any more, so the generation in progress ends at once. */
  #evaluate(genes: Array<number>): Individual {
    const key = genes.join()
    const known = this.#met.get(key)
    if (known !== undefined) return { genes, fitness: known }
    if (this.#state.stopReason(null) !== null) return { genes, fitness: -Infinity }
    const candidate = this.#genome.decode(genes)
    const value = candidate === null ? null : this.#state.offer(candidate, source)
    const fitness = value === null ? -Infinity : this.#sign * value
    this.#met.set(key, fitness)
    this.#state.tick(source, null, null)
    return { genes, fitness }
  }

  #draw(count: number): number {
    return uniformInt(this.#random, 0, count - 1)
  }

  #chance(probability: number): boolean {
    return uniformFloat64(this.#random) < probability
  }
}

export const genetic: SearchSolver = {
  name: source,
  capabilities: { proves: false, genome: true, gap: false },
  solve: (request) => searchGenomes(request)
}
