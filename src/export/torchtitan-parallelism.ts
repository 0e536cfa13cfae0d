/**
 * TorchTitan's [parallelism] within what it accepts: degrees as ParallelDims of torchtitan/distributed/parallel_dims.py,
 * stages as pipeline_llm of torchtitan/distributed/pipeline_parallel.py, micro-batches as the schedules of
 * torch/distributed/pipelining/schedules.py.
 */
import type { ExportSource } from "./export-source.ts"
import { dealLayers, moreChunksHeld } from "./pipeline-stages.ts"
import type { TomlValue } from "./toml.ts"

interface Said {
  readonly values: Readonly<Record<string, TomlValue>>
  readonly remarks: ReadonlyArray<string>
}

export function parallelism(source: ExportSource): Said {
  const { mapping: { tp, cp, pp, sharding: { stage } } } = source
  const [data, stages] = [dataDegrees(source), pipeline(source)]
  return {
    values: {
      ...data.values,
      ...(stage === 0 ? {} : { fsdp_reshard_after_forward: stage === 3 ? "always" : "never" }),
      tensor_parallel_degree: tp, context_parallel_degree: cp, pipeline_parallel_degree: pp, ...stages.values
    },
    remarks: [...data.remarks, ...stages.remarks]
  }
}

function dataDegrees({ mapping, built, recommendation: { scenario: { workload: { model } } } }: ExportSource): Said {
  const { dp, ep, etp, sharding: { stage, group } } = mapping
  // context ranks shard with the data-parallel ones, on however many HBDs they lie
  const shard = dp / (stage === 0 ? dp : group === "hbd" ? Math.min(dp, built.step.placement.data.outside) : 1)
  const degrees = (sharded: number) =>
    ({ data_parallel_replicate_degree: dp / sharded, data_parallel_shard_degree: sharded })
  if (model.moe === null) return { values: degrees(shard), remarks: [] }
  const taken = expertDegrees(mapping, model.moe.experts, shard)
  const said = taken.ep === ep && (taken.etp === etp || ep === 1) && taken.shard === shard
  return {
    values: { ...degrees(taken.shard), expert_parallel_degree: taken.ep, expert_tensor_parallel_degree: taken.etp },
    remarks: said ? [] : [
      `TorchTitan takes whole context and tensor ranks and shards into its expert parallelism: ep ${ep}, etp ${etp} with `
        + `${shard} shards became ep ${taken.ep}, etp ${taken.etp} with ${taken.shard}`
    ]
  }
}

interface ExpertDegrees {
  readonly ep: number
  readonly etp: number
  readonly shard: number
}

/** The degrees that TorchTitan takes and that are nearest: sharded further first, then another etp, then another ep. */
function expertDegrees({ tp, cp, dp, ep, etp }: ExportSource["mapping"], experts: number, shard: number): ExpertDegrees {
  const divisors = (count: number) => Array.from({ length: count }, (_, i) => i + 1).filter((one) => count % one === 0)
  const far = (one: number) => Math.abs(Math.log(one / ep))
  const etps = [...new Set([etp, tp, 1])].filter((one) => one === 1 || one === tp)
  const shards = divisors(dp).filter((one) => one >= shard)
  const fits = (one: ExpertDegrees) => {
    const borrowed = cp * (one.etp === tp ? 1 : tp)
    return one.ep === 1 || (one.ep % borrowed === 0 && (one.shard * borrowed) % one.ep === 0)
  }
  return divisors(experts).sort((a, b) => far(a) - far(b))
    .flatMap((one) => etps.flatMap((inside) => shards.map((sharded) => ({ ep: one, etp: inside, shard: sharded }))))
    .find(fits)!
}

function pipeline({ mapping, recommendation: { scenario: { workload: { model } } } }: ExportSource): Said {
  const { pp, microBatch } = mapping
  if (pp === 1) return { values: {}, remarks: [] }
  const { schedule, vpp, remarks } = scheduleOf(mapping)
  const stages = stageValues(model.layers, pp * vpp)
  return {
    values: {
      pipeline_parallel_schedule: schedule, pipeline_parallel_microbatch_size: microBatch, ...stages.values
    },
    remarks: [...remarks, ...stages.remarks]
  }
}

/** Interleaved micro-batches go in rounds of as many each, 1F1B wants as many as stages. */
function scheduleOf({ pp, vpp, microBatches }: ExportSource["mapping"]) {
  const rounds = Math.max(1, Math.floor(microBatches / pp))
  if (vpp > 1 && microBatches % rounds === 0) {
    const more = moreChunksHeld(pp, vpp, microBatches / rounds, microBatches)
    const remark = `${microBatches} micro-batches go in rounds of ${microBatches / rounds}, not of ${pp}: `
      + `the first rank holds activations of ${more} more chunks than the plan counts`
    return { schedule: "Interleaved1F1B", vpp, remarks: more > 0 ? [remark] : [] }
  }
  if (vpp > 1) {
    const remark = `${microBatches} micro-batches do not divide into ${rounds} rounds over ${pp} stages, which Interleaved1F1B `
      + `wants: the schedule is 1F1B, its bubble ${vpp} times the plan's`
    return { schedule: "1F1B", vpp: 1, remarks: [remark] }
  }
  if (microBatches >= pp) return { schedule: "1F1B", vpp, remarks: [] }
  const remark = `1F1B wants ${pp} micro-batches, one a stage: with ${microBatches} the schedule is GPipe`
  return { schedule: "GPipe", vpp, remarks: [remark] }
}

/** By number where TorchTitan comes to as many stages, else by the names that its models give their modules. */
function stageValues(layers: number, stages: number): Said {
  const each = Math.ceil(layers / stages)
  const remark = `TorchTitan deals ${layers} layers evenly to ${stages} stages, the plan full ones first`
  if (Math.ceil(layers / each) === stages) {
    return {
      values: {
        pipeline_parallel_layers_per_stage: each, pipeline_parallel_first_stage_less_layers: 0,
        pipeline_parallel_last_stage_less_layers: 0
      },
      remarks: layers % stages === 0 ? [] : [remark]
    }
  }
  let next = 0
  const parts = dealLayers(layers, 0, stages).held.map((count, stage) => [
    ...(stage === 0 ? ["tok_embeddings"] : []),
    ...Array.from({ length: count }, () => `layers.${next++}`),
    ...(stage === stages - 1 ? ["norm", "output"] : [])
  ])
  return { values: { module_fqns_per_model_part: parts }, remarks: [remark] }
}
