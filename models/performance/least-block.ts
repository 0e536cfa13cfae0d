/**
 * One layer of each kind from below, whatever fabrics the accelerators stand in: their links no faster than a rate, and no hop
 * costs anything. Every transfer puts at least as much on some link wherever its group lies, but for an all-to-all, which is
 * least where its group is split over HBDs in the best way.
 */
import { exchangeTime, remoteShare } from "../collectives/collective.ts"
import type { Group, Link } from "../collectives/link.ts"
import type { BlockContext, ComputeChoice } from "./block-choice.ts"
import { type BlockSeconds, blockSeconds } from "./block-seconds.ts"

/** The context on such links: `payloadBps` of one accelerator, bytes/s, one direction. */
export function onFreeLinks(context: BlockContext, payloadBps: number): BlockContext {
  const GBps = payloadBps / 1e9
  const link: Link = {
    fabric: {
      GBps, latencyS: 0, topology: "switched", pairGBps: GBps, dims: [], inNetworkReduction: true, taper: [], railOnly: false
    },
    efficiency: 1, hopS: 0
  }
  return { ...context, links: { up: link, out: link, across: null, startS: context.links.startS } }
}

/** No layer of the choice takes less, on links no faster than those of `context`, which are free. */
export function leastBlockSeconds(context: BlockContext, choice: ComputeChoice): BlockSeconds {
  const { execution, workload: { model }, constants: { common } } = context
  const together = (members: number): Group => ({ inside: members, outside: 1, span: members })
  const split = (members: number, topK: number, deduplicated: boolean, efficiency: number) =>
    bestSplit(members, (group) => exchangeTime(group, 1, remoteShare(group, topK, deduplicated), efficiency, context.links))
  return blockSeconds(context, {
    ...choice,
    tensor: together(choice.tp),
    context: split(choice.cp, 1, false, common.plainExchange),
    expert: split(choice.ep, model.moe?.topK ?? 1, execution.fusedDispatch, execution.fusedDispatch ? 1 : common.plainExchange)
  })
}

function bestSplit(members: number, secondsOf: (group: Group) => number): Group {
  let best: Group = { inside: members, outside: 1, span: members }
  for (let outside = 2; outside <= members; outside++) {
    if (members % outside !== 0) continue
    const group = { inside: members / outside, outside, span: members }
    if (secondsOf(group) < secondsOf(best)) best = group
  }
  return best
}
