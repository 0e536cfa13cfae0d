/**
 * Where the ranks of a mapping lie: ranks in `order`, first dimension fastest, laid on one HBD after the
 * other.
 */
import type { Group } from "../collectives/link.ts"
import type { Mapping } from "./mapping.ts"

export interface Placement {
  /** accelerators of one HBD in use; the rest of it idles */
  readonly perHbd: number
  readonly hbds: number
  readonly tensor: Group
  readonly context: Group
  readonly expert: Group
  /** ranks that hold the same dense parameters: dp and cp together */
  readonly data: Group
  /** ranks that hold the same experts */
  readonly expertData: Group
  /** neighbouring pipeline stages lie in different HBDs */
  readonly pipelineCrosses: boolean
}

/** Largest divisor of `n` that is at most `limit`. */
export function divisorUpTo(n: number, limit: number): number {
  if (limit >= n) return n
  for (let divisor = Math.floor(limit); divisor > 1; divisor -= 1) {
    if (n % divisor === 0) return divisor
  }
  return 1
}

export function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) {
    const rest = a % b
    a = b
    b = rest
  }
  return a
}

/** Mutable numbers of a placement, for the hot path: members of each dimension inside one HBD. */
export interface Inside {
  tp: number
  cp: number
  dp: number
  pp: number
  ep: number
  expertData: number
}

/** Members of an expert-parallel group inside an HBD that holds `stageRanks` ranks of a stage. */
export function expertsInside(stageRanks: number, ep: number, etp: number): number {
  const together = greatestCommonDivisor(stageRanks, ep * etp)
  return together % etp === 0 ? together / etp : 1
}

/**
 * Fills `inside`: each dimension, fastest first, takes what is left of the HBD as long as it fits whole; the
 * first that does not is cut into equal parts, the largest that fit; those after it lie across. So an HBD
 * holds the largest aligned block.
 */
export function placeRanks(
  tp: number, cp: number, ep: number, etp: number, pp: number, dp: number,
  pipelineLast: boolean, hbdSize: number, inside: Inside
): void {
  let room = hbdSize
  inside.tp = divisorUpTo(tp, room)
  room = inside.tp === tp ? Math.floor(room / tp) : 1
  inside.cp = divisorUpTo(cp, room)
  room = inside.cp === cp ? Math.floor(room / cp) : 1
  if (pipelineLast) {
    inside.dp = divisorUpTo(dp, room)
    room = inside.dp === dp ? Math.floor(room / dp) : 1
    inside.pp = divisorUpTo(pp, room)
  } else {
    inside.pp = divisorUpTo(pp, room)
    room = inside.pp === pp ? Math.floor(room / pp) : 1
    inside.dp = divisorUpTo(dp, room)
  }
  const stageRanks = inside.tp * inside.cp * inside.dp
  inside.ep = expertsInside(stageRanks, ep, etp)
  inside.expertData = stageRanks % (ep * etp) === 0 ? stageRanks / (ep * etp) : 1
}

/** Where every group of a mapping lies on HBDs of `hbdSize`. */
export function placement(mapping: Mapping, hbdSize: number): Placement {
  const { tp, cp, ep, etp, pp, dp } = mapping
  const inside: Inside = { tp: 1, cp: 1, dp: 1, pp: 1, ep: 1, expertData: 1 }
  const pipelineLast = mapping.order === "tp-cp-dp-pp"
  placeRanks(tp, cp, ep, etp, pp, dp, pipelineLast, hbdSize, inside)
  const perHbd = inside.tp * inside.cp * inside.dp * inside.pp
  const world = tp * cp * pp * dp
  const expertData = (tp * cp * dp) / (ep * etp)
  const dataSpan = pipelineLast ? tp * cp * dp : world
  const group = (members: number, within: number, span: number): Group =>
    ({ inside: within, outside: members / within, span })
  return {
    perHbd,
    hbds: world / perHbd,
    tensor: group(tp, inside.tp, tp),
    context: group(cp, inside.cp, tp * cp),
    expert: group(ep, inside.ep, pipelineLast || ep * etp <= tp * cp ? ep * etp : world),
    data: group(cp * dp, inside.cp * inside.dp, dataSpan),
    expertData: group(expertData, inside.expertData, dataSpan),
    pipelineCrosses: inside.pp < pp
  }
}
