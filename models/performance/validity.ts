/** Which mappings mean something: the rules a mapping must keep, each named when it is broken. */
import type { TrainingWorkload } from "../workload/training.ts"
import type { Machine } from "./machine.ts"
import type { Mapping } from "./mapping.ts"

/** A broken rule, in words that name the offending numbers. */
export type Violation = string

function positiveCounts(mapping: Mapping): Violation[] {
  const counts = ["tp", "cp", "ep", "etp", "pp", "vpp", "dp", "microBatch"] as const
  return counts
    .filter((name) => !(Number.isInteger(mapping[name]) && mapping[name] >= 1))
    .map((name) => `${name} is ${mapping[name]}: a whole number of at least 1 is needed`)
}

function expertRules(workload: TrainingWorkload, mapping: Mapping): Violation[] {
  const { tp, cp, dp, ep, etp } = mapping
  const experts = workload.model.moe?.experts ?? 1
  const broken: Violation[] = []
  if (experts % ep !== 0) broken.push(`ep ${ep} does not divide the ${experts} experts`)
  if ((tp * cp * dp) % (ep * etp) !== 0) {
    broken.push(`ep · etp = ${ep * etp} does not divide tp · cp · dp = ${tp * cp * dp}`)
  }
  if (workload.model.moe === null && etp > 1) broken.push(`etp ${etp} without experts`)
  return broken
}

function pipelineRules(workload: TrainingWorkload, mapping: Mapping): Violation[] {
  const { pp, vpp, dp, microBatch } = mapping
  const broken: Violation[] = []
  if (pp * vpp > workload.model.layers) {
    broken.push(`pp · vpp = ${pp * vpp} exceeds the ${workload.model.layers} layers`)
  }
  if (vpp > 1 && pp === 1) broken.push(`vpp ${vpp} needs a pipeline (pp ≥ 2)`)
  if (vpp > 1 && Math.ceil(workload.globalBatch / (dp * microBatch)) < pp) {
    broken.push(`vpp ${vpp} needs at least pp = ${pp} micro-batches`)
  }
  return broken
}

/**
 * Rules a mapping breaks; empty: valid. Heads need not divide by tp (the fullest rank counts), layers not by
 * pp · vpp (the fullest stage counts), the global batch not by dp · microBatch (the last micro-batch is
 * padded).
 */
export function validateMapping(
  workload: TrainingWorkload, machine: Machine, mapping: Mapping
): ReadonlyArray<Violation> {
  const counts = positiveCounts(mapping)
  if (counts.length > 0) return counts
  const { tp, cp, dp, microBatch } = mapping
  const { model } = workload
  const broken: Violation[] = [...expertRules(workload, mapping), ...pipelineRules(workload, mapping)]
  if (tp > model.heads) broken.push(`tp ${tp} exceeds the ${model.heads} attention heads`)
  if (cp > workload.sequence) broken.push(`cp ${cp} exceeds the sequence of ${workload.sequence} tokens`)
  if (dp * microBatch >= workload.globalBatch + dp) {
    const share = `a replica's share of the batch of ${workload.globalBatch} over dp ${dp}`
    broken.push(`micro-batch ${microBatch} exceeds ${share}`)
  }
  if (mapping.sequenceParallel && tp === 1) broken.push("sequence parallelism needs tp ≥ 2")
  if (mapping.offload !== "none" && machine.host === null) broken.push(`offload ${mapping.offload} needs a host`)
  return broken
}
