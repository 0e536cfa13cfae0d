/** The values that each dimension of a mapping may take: the scenario's where it states them, else what can matter. */
import type { Mapping, Recompute } from "../performance/mapping.ts"
import type { TrainingWorkload } from "../workload/training.ts"
import type { Domain, MappingDomains } from "./scenario.ts"

/** Every list ascending, or in the order in which it is tried. */
export interface MappingDomain {
  readonly tp: ReadonlyArray<number>
  readonly cp: ReadonlyArray<number>
  readonly ep: ReadonlyArray<number>
  readonly etp: ReadonlyArray<number>
  readonly pp: ReadonlyArray<number>
  readonly vpp: Domain<number>
  readonly dp: Domain<number>
  readonly microBatch: ReadonlyArray<number>
  readonly sequenceParallel: ReadonlyArray<boolean>
  readonly recompute: ReadonlyArray<Recompute>
  readonly shardingStage: ReadonlyArray<0 | 1 | 2 | 3>
  readonly shardingGroup: ReadonlyArray<"all" | "hbd">
  readonly offload: ReadonlyArray<Mapping["offload"]>
  readonly order: ReadonlyArray<Mapping["order"]>
}

const tpMax = 64
const microBatchMax = 16
/** context parallelism cuts a sequence in pieces no shorter than this */
const tokensPerContextRankMin = 1024

export function mappingDomain(stated: MappingDomains, workload: TrainingWorkload): MappingDomain {
  const { model, sequence, globalBatch } = workload
  const experts = model.moe?.experts ?? 1
  return {
    tp: stated.tp ?? divisors(model.heads).filter((tp) => tp <= tpMax),
    cp: stated.cp ?? powersOfTwo(Math.max(1, sequence / tokensPerContextRankMin)),
    ep: stated.ep ?? divisors(experts),
    etp: stated.etp ?? (model.moe === null ? [1] : [1, 2, 4, 8]),
    pp: stated.pp ?? leastForTheirShare(model.layers + model.mtpLayers),
    vpp: stated.vpp,
    dp: stated.dp,
    microBatch: stated.microBatch ?? powersOfTwo(Math.min(microBatchMax, globalBatch)),
    sequenceParallel: stated.sequenceParallel ?? [true, false],
    recompute: stated.recompute ?? ["none", "selective", "full"],
    shardingStage: stated.shardingStage ?? [0, 1, 2, 3],
    shardingGroup: stated.shardingGroup ?? ["all", "hbd"],
    offload: stated.offload ?? ["none", "optimizer", "activations"],
    order: stated.order ?? ["tp-cp-dp-pp", "tp-cp-pp-dp"]
  }
}

/** Virtual stages per rank for `pp` ranks: those for which no fewer give as few layers a stage. */
export function virtualStages(domain: MappingDomain, layers: number, pp: number): ReadonlyArray<number> {
  if (domain.vpp !== null) return domain.vpp.filter((vpp) => vpp === 1 || (pp > 1 && pp * vpp <= layers))
  return pp === 1 ? [1] : leastForTheirShare(Math.ceil(layers / pp)).filter((vpp) => pp * vpp <= layers)
}

/** Parts n ≤ whole such that fewer parts would make the largest part larger: other numbers only leave parts idle. */
function leastForTheirShare(whole: number): ReadonlyArray<number> {
  const parts: Array<number> = []
  for (let n = 1; n <= whole; n++) {
    if (n === 1 || Math.ceil(whole / n) < Math.ceil(whole / (n - 1))) parts.push(n)
  }
  return parts
}

export function divisors(n: number): ReadonlyArray<number> {
  const found: Array<number> = []
  for (let d = 1; d <= n; d++) if (n % d === 0) found.push(d)
  return found
}

function powersOfTwo(most: number): ReadonlyArray<number> {
  const powers: Array<number> = []
  for (let p = 1; p <= most; p *= 2) powers.push(p)
  return powers
}
