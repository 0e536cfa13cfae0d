/**
 * The joint choice of layout and mapping as a string of genes, for solvers that recombine. Alleles are
 * positions in the domain's lists; those that depend on others (class, interleaving, replicas) count round and
 * round, so every string means something, and degrees that leave no room for a replica are lowered until there
 * is one.
 */
import type { GenomeView } from "../../solvers/contract/search-space.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { FabricClass } from "./fabric-class.ts"
import type { LayerCut } from "./layer-cut.ts"
import type { Candidate } from "./layout-tree.ts"
import type { MappingDomain } from "./mapping-domain.ts"
import { hbdsOf, replicaChoices } from "./mapping-completion.ts"
import type { MappingProblem } from "./mapping-run.ts"

/** What the genome asks of its space. */
export interface GenomeSpace {
  /** those that the genome is about */
  readonly blocks: ReadonlyArray<number>
  readonly domain: MappingDomain
  classesOf(block: number): ReadonlyArray<FabricClass>
  problemOf(of: FabricClass): MappingProblem
  /** HBDs built for a mapping that needs so many; null: not allowed */
  built(hbds: number): number | null
}

/** Alleles of the genes whose choices differ from layout to layout. */
const classAlleles = 512
const chunkAlleles = 16
const replicaAlleles = 64

const names = [
  "block", "class", "tp", "cp", "ep", "etp", "pp", "vpp", "microBatch", "sequenceParallel", "recompute", "stage",
  "group", "offload", "order", "replicas"
] as const

type Gene = (typeof names)[number]

export function layoutGenome(space: GenomeSpace): GenomeView<Candidate> {
  const { domain } = space
  const cardinalities: Readonly<Record<Gene, number>> = {
    block: Math.max(1, space.blocks.length), class: classAlleles,
    tp: domain.tp.length, cp: domain.cp.length, ep: domain.ep.length, etp: domain.etp.length, pp: domain.pp.length,
    vpp: chunkAlleles, microBatch: domain.microBatch.length, sequenceParallel: domain.sequenceParallel.length,
    recompute: domain.recompute.length, stage: domain.shardingStage.length, group: domain.shardingGroup.length,
    offload: domain.offload.length, order: domain.order.length, replicas: replicaAlleles
  }
  const genes = names.map((name) => ({ name, cardinality: cardinalities[name] }))
  return {
    genes,
    decode: (genome) => decode(space, Object.fromEntries(names.map((name, i) => [name, genome[i]!])) as Alleles),
    encode: (candidate) => {
      const alleles = encode(space, candidate)
      const fits = alleles !== null && genes.every(({ name, cardinality }) => {
        return alleles[name] >= 0 && alleles[name] < cardinality
      })
      return fits ? names.map((name) => alleles[name]) : null
    }
  }
}

type Alleles = Record<Gene, number>

function decode(space: GenomeSpace, alleles: Alleles): Candidate | null {
  const { domain } = space
  const block = space.blocks[alleles.block]
  const classes = block === undefined ? [] : space.classesOf(block)
  if (block === undefined || classes.length === 0) return null
  const of = classes[alleles.class % classes.length]!
  const problem = space.problemOf(of)
  const fit = fitReplicas(problem, domain, alleles)
  if (fit === null) return null
  const { cut, pp, counts } = fit
  const { chunks } = problem.pipelines.find((plan) => plan.pp === pp)!
  const mapping: Mapping = {
    tp: cut.tp, cp: cut.cp, ep: cut.ep, etp: cut.etp, pp, vpp: chunks[alleles.vpp % chunks.length]!.vpp,
    dp: counts[alleles.replicas % counts.length]!, microBatch: cut.microBatch, sequenceParallel: cut.sequenceParallel,
    recompute: domain.recompute[alleles.recompute]!,
    sharding: { stage: domain.shardingStage[alleles.stage]!, group: domain.shardingGroup[alleles.group]! },
    offload: domain.offload[alleles.offload]!, order: domain.order[alleles.order]!
  }
  const hbds = space.built(hbdsOf(mapping, problem.hbdSize))
  return hbds === null || hbds > problem.hbds ? null : { block, fabric: of.fabric, hbds, mapping }
}

/** The cut and pipeline of the alleles, lowered one by one until a replica fits. */
function fitReplicas(
  problem: MappingProblem, domain: MappingDomain, alleles: Alleles
): { readonly cut: LayerCut; readonly pp: number; readonly counts: ReadonlyArray<number> } | null {
  const trial = { ...alleles }
  const order = domain.order[alleles.order]!
  for (;;) {
    const cut = cutOf(problem, domain, trial)
    const pp = domain.pp[trial.pp]!
    const known = problem.pipelines.some((plan) => plan.pp === pp)
    const counts = cut === null || !known ? [] : replicaChoices(problem, cut, pp, order, replicaAlleles)
    if (cut !== null && counts.length > 0) return { cut, pp, counts }
    const lowered = (["etp", "pp", "cp", "ep", "tp"] as const).find((gene) => trial[gene] > 0)
    if (lowered === undefined) return null
    trial[lowered]--
  }
}

function cutOf({ cuts }: MappingProblem, domain: MappingDomain, alleles: Alleles): LayerCut | null {
  const [tp, cp] = [domain.tp[alleles.tp], domain.cp[alleles.cp]]
  const [ep, etp] = [domain.ep[alleles.ep], domain.etp[alleles.etp]]
  const microBatch = domain.microBatch[alleles.microBatch]
  const sequenceParallel = tp !== 1 && domain.sequenceParallel[alleles.sequenceParallel]!
  return cuts.find((cut) =>
    cut.tp === tp && cut.cp === cp && cut.ep === ep && cut.etp === etp && cut.microBatch === microBatch &&
    cut.sequenceParallel === sequenceParallel
  ) ?? null
}

function encode(space: GenomeSpace, { block, fabric, mapping }: Candidate): Alleles | null {
  const { domain } = space
  const classes = space.classesOf(block)
  const place = classes.findIndex((one) => one.fabric === fabric)
  if (place < 0) return null
  const problem = space.problemOf(classes[place]!)
  const { tp, cp, ep, etp, pp, vpp, dp, microBatch, sequenceParallel, recompute, sharding, offload, order } = mapping
  const alleles = {
    block: space.blocks.indexOf(block), class: place,
    tp: domain.tp.indexOf(tp), cp: domain.cp.indexOf(cp), ep: domain.ep.indexOf(ep),
    etp: domain.etp.indexOf(etp), pp: domain.pp.indexOf(pp), microBatch: domain.microBatch.indexOf(microBatch),
    sequenceParallel: tp === 1 ? 0 : domain.sequenceParallel.indexOf(sequenceParallel),
    recompute: domain.recompute.indexOf(recompute), stage: domain.shardingStage.indexOf(sharding.stage),
    group: domain.shardingGroup.indexOf(sharding.group), offload: domain.offload.indexOf(offload),
    order: domain.order.indexOf(order), vpp: 0, replicas: 0
  }
  const cut = cutOf(problem, domain, alleles)
  const chunks = problem.pipelines.find((plan) => plan.pp === pp)?.chunks ?? []
  if (cut === null || chunks.length === 0) return null
  return {
    ...alleles,
    vpp: chunks.findIndex((chunk) => chunk.vpp === vpp),
    replicas: replicaChoices(problem, cut, pp, order, replicaAlleles).indexOf(dp)
  }
}
