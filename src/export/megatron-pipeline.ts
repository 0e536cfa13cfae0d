/**
 * Megatron-LM's arguments for a pipeline: stages as megatron/training/arguments.py and
 * megatron/core/transformer/pipeline_parallel_layer_layout.py take them, groups of micro-batches as
 * forward_backward_pipelining_with_interleaving of megatron/core/pipeline_parallel/schedules.py does.
 */
import type { ExportSource } from "./export-source.ts"
import type { Arguments } from "./megatron.ts"
import { dealLayers, moreChunksHeld } from "./pipeline-stages.ts"

interface Said {
  readonly arguments: Arguments
  readonly remarks: ReadonlyArray<string>
}

export function pipelineArguments({ mapping, recommendation: { scenario } }: ExportSource): Said {
  const { layers, mtpLayers } = scenario.workload.model
  const parts = [stageArguments(mapping, layers, mtpLayers), groupArguments(mapping)]
  return { arguments: parts.flatMap((part) => part.arguments), remarks: parts.flatMap(({ remarks }) => remarks) }
}

/**
 * Megatron wants equal stages; embedding and logits can count as a layer each, else every stage is spelt out: E embedding,
 * t layer, m prediction module, L logits (docs of --pipeline-model-parallel-layout).
 */
function stageArguments({ pp, vpp }: ExportSource["mapping"], layers: number, mtpLayers: number): Said {
  const stages = pp * vpp
  const interleaved: Arguments = vpp > 1 ? [["num-virtual-stages-per-pipeline-rank", vpp]] : []
  if (layers % stages === 0) return { arguments: interleaved, remarks: [] }
  const both: Arguments = [
    ["account-for-embedding-in-pipeline-split", null], ["account-for-loss-in-pipeline-split", null]
  ]
  if ((layers + 2) % stages === 0) return { arguments: [...interleaved, ...both], remarks: [] }
  const { held, even } = dealLayers(layers, mtpLayers, stages)
  const layout = `E${held.map((count) => "t".repeat(count)).join("|")}${"m".repeat(mtpLayers)}L`
  return {
    arguments: [["pipeline-model-parallel-layout", layout]],
    remarks: even ? [`${layers} layers are dealt evenly to ${stages} stages: full ones first would leave some empty`] : []
  }
}

/**
 * Micro-batches that go through a chunk in a row: at least pp, and of the last group none or at least pp may be left.
 * The fewest that fit, as each more keeps vpp − 1 more chunks of activations.
 */
function groupArguments({ pp, vpp, microBatches }: ExportSource["mapping"]): Said {
  if (vpp === 1) return { arguments: [], remarks: [] }
  let group = pp
  while (group < microBatches && microBatches % group > 0 && microBatches % group < pp) group++
  if (group === pp) return { arguments: [], remarks: [] }
  const more = moreChunksHeld(pp, vpp, group, microBatches)
  const remark = `${microBatches} micro-batches go in groups of ${group}: Megatron-LM refuses to end with fewer than ${pp}`
  return {
    arguments: [["microbatch-group-size-per-virtual-pipeline-stage", group]],
    remarks: [more > 0 ? `${remark}; the first rank holds activations of ${more} more chunks than the plan counts` : remark]
  }
}
