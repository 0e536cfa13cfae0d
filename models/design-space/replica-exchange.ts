/** What replicas exchange in a step, from below: gradients are summed and parameters handed out, however the state is sharded. */
import { fastestPayload, type Links, payloadRate } from "../collectives/link.ts"
import { exposedTime } from "../performance/layer-communication.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { StageLoad } from "../performance/stage.ts"
import { wireBytes } from "../performance/step.ts"
import { replicaRoom } from "./layer-cut.ts"
import { type CutLayers, denseParametersOf, expertParametersOf } from "./layer-times.ts"
import type { MappingProblem } from "./mapping-run.ts"

/** A way to run micro-batches on a pipeline, and one micro-batch on its fullest stage, s. */
interface Staged {
  readonly pp: number
  readonly order: Mapping["order"]
  readonly vpp: number
  readonly load: StageLoad
  readonly stageS: number
}

/**
 * Seconds of a step that the exchange shows at the least with at least `replicas` replicas: of what it takes alone, what is left
 * exposed beside no more computation than the micro-batches of a chunk on the fullest stage. Parts of it hide no more than all.
 */
export function leastExchange(
  { evaluator: { step }, times, hbdSize }: MappingProblem, layers: CutLayers, { pp, order, vpp, load, stageS }: Staged,
  replicas: number
): number {
  const { tp, cp, ep, etp } = layers.cut
  const places = times.places(layers.cut)
  const room = replicaRoom(places, pp, order === "tp-cp-dp-pp")
  const inside = places.contextInside * room
  const ranksInside = Math.min(hbdSize, places.tensorInside * inside)
  const wireS =
    leastPasses(wireBytes * denseParametersOf(layers, load), cp * replicas, inside, step.links) +
    leastPasses(wireBytes * expertParametersOf(layers, load), tp * cp * replicas / (ep * etp),
      Math.max(1, Math.floor(ranksInside / (ep * etp))), step.links)
  return exposedTime(wireS, (vpp > 1 ? pp : 1) * stageS, step.constants.common.contention)
}

/** In switches that add up, a byte goes up and down at three quarters of the links' rate. */
const switchedPasses = 4 / 3

/**
 * Seconds on the wire of a reduction of `bytes` and a gather of them among at least `members` ranks, up to `inside` of them in one
 * HBD: both passes leave each rank's link, but for its own share; and each HBD's share leaves it over all its members' links.
 */
function leastPasses(bytes: number, members: number, inside: number, links: Links): number {
  if (members <= 1 || bytes === 0) return 0
  const ownS = bytes * Math.min(2 * (1 - 1 / members), switchedPasses) / fastestPayload(links)
  const crossingS = members <= inside ? 0 : 2 * bytes * (1 - inside / members) / (inside * payloadRate(links.out))
  return Math.max(ownS, crossingS)
}
