/** What a step pays where the outermost dimension of its mapping, replicas or stages, lies on several sites. */
import { type Links, members } from "../collectives/link.ts"
import { crossingGather, crossingWire } from "../collectives/site-crossing.ts"
import type { Mapping } from "./mapping.ts"
import type { ReplicaGroups } from "./replicas.ts"
import type { StepChoice } from "./step.ts"

/** The dimension that is spread over the sites: the outermost one. */
export function crossingDimension({ pp, order }: Pick<Mapping, "pp" | "order">): "pp" | "dp" {
  return order === "tp-cp-dp-pp" && pp > 1 ? "pp" : "dp"
}

/** Gather of `bytes` of parameters whose shards lie on all sites, s; 0 where every site holds all shards. */
export function gatherCrossing(groups: ReplicaGroups, bytes: number, choice: StepChoice, { across }: Links): number {
  if (across === null || choice.pipelineSpansSites || !isShardedOverSites(groups)) return 0
  return crossingGather(bytes, sharers(groups, choice), across)
}

/**
 * Reduction of `bytes` of gradients, s: a reduce-scatter where the state is sharded over the sites, an all-reduce where every
 * site holds a copy; with ZeRO-3 over the sites every layer's own exchange has done it.
 */
export function reductionCrossing(groups: ReplicaGroups, bytes: number, choice: StepChoice, { across }: Links): number {
  if (across === null || choice.pipelineSpansSites || members(groups.all) === 1) return 0
  const isScattered = choice.stage > 0 && isShardedOverSites(groups)
  const passes = !isScattered ? 2 : choice.stage < 3 ? 1 : 0
  return passes * crossingGather(bytes, sharers(groups, choice), across)
}

function isShardedOverSites({ all, within }: ReplicaGroups): boolean {
  return members(all) > 1 && members(within) === members(all)
}

/** Groups with parameters of their own that exchange at the same time. */
function sharers({ all }: ReplicaGroups, { world }: StepChoice): number {
  return world / members(all)
}

/** Seconds that one micro-batch of every replica keeps a link between two stages busy, one way; 0 inside a site. */
export function pipelineWire(boundaryBytes: number, { pipelineSpansSites, world, pp }: StepChoice, { across }: Links): number {
  return across === null || !pipelineSpansSites ? 0 : crossingWire(boundaryBytes, world / pp, across)
}
