/** What the links between the sites carry in a step: the explained path of `site-crossing.ts`. */
import type { Links } from "../collectives/link.ts"
import type { BlockFigures } from "./block.ts"
import type { Mapping } from "./mapping.ts"
import { crossingDimension, gatherCrossing, pipelineWire, reductionCrossing } from "./site-crossing.ts"
import type { StageLoad } from "./stage.ts"
import { type StepChoice, type StepContext, wireBytes } from "./step.ts"

export interface SiteTraffic {
  readonly dimension: "pp" | "dp"
  /** of a step, over the narrowest link, one direction */
  readonly bytes: number
  /** of the link at its sustained rate */
  readonly busyS: number
  /** what the step would be shorter by if the links were ideal */
  readonly exposedS: number
}

/** `exposedS`: what the links add to the step. Null on one site. */
export function siteTraffic(
  mapping: Mapping, block: BlockFigures, choice: StepChoice, load: StageLoad, { links, globalBatch }: StepContext,
  exposedS: number
): SiteTraffic | null {
  if (links.across === null) return null
  const microBatches = Math.ceil(globalBatch / (choice.dp * choice.microBatch))
  const busyS = crossingTime(block, choice, load, { ...links, across: { ...links.across, latencyS: 0 } }, microBatches)
  return { dimension: crossingDimension(mapping), bytes: busyS * links.across.Bps, busyS, exposedS }
}

/** Seconds that a step of so many micro-batches keeps a link busy, one way, its latency included. */
function crossingTime(
  block: BlockFigures, choice: StepChoice, load: StageLoad, links: Links, microBatches: number
): number {
  const { data, expertData } = choice
  if (choice.pipelineSpansSites) return microBatches * (2 * choice.vpp - 1) * pipelineWire(block.boundaryBytes, choice, links)
  const of = (time: typeof gatherCrossing, dense: number, experts: number) =>
    time(data, dense * wireBytes, choice, links) + time(expertData, experts * wireBytes, choice, links)
  const once = of(reductionCrossing, load.denseParameters, load.expertParameters)
  if (choice.stage === 0) return once
  if (choice.stage < 3) return once + of(gatherCrossing, load.denseParameters, load.expertParameters)
  const layer = ({ parameters, expertParameters }: BlockFigures["dense"]) => of(gatherCrossing, parameters, expertParameters)
  return once + 3 * microBatches * ((load.full - load.fullMoe) * layer(block.dense) + load.fullMoe * layer(block.moe))
}
