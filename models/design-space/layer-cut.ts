/** The ways to cut a layer and to run one micro-batch through it, and where its experts can lie on HBDs. */
import { divisorUpTo, expertsInside, greatestCommonDivisor } from "../performance/placement.ts"
import type { MappingDomain } from "./mapping-domain.ts"

/** What decides the time of a layer, but for recomputation and placement. */
export interface LayerCut {
  /** position in the list of all */
  readonly index: number
  readonly tp: number
  readonly cp: number
  readonly ep: number
  readonly etp: number
  readonly microBatch: number
  readonly sequenceParallel: boolean
  /** replica counts are multiples of this, for experts to divide the ranks of a stage */
  readonly multiple: number
}

/** All cuts of the domain. Experts are never cut finer than the layer: etp ≤ tp. */
export function enumerateCuts(domain: MappingDomain): ReadonlyArray<LayerCut> {
  const cuts: Array<LayerCut> = []
  for (const tp of domain.tp) {
    for (const cp of domain.cp) {
      for (const ep of domain.ep) {
        for (const etp of domain.etp) {
          if (etp > 1 && etp > tp) continue
          const multiple = ep * etp / greatestCommonDivisor(tp * cp, ep * etp)
          for (const microBatch of domain.microBatch) {
            for (const sequenceParallel of tp === 1 ? [false] : domain.sequenceParallel) {
              cuts.push({ index: cuts.length, tp, cp, ep, etp, microBatch, sequenceParallel, multiple })
            }
          }
        }
      }
    }
  }
  return cuts
}

/** Where the groups of a cut lie on HBDs of one size, whatever the replicas and the pipeline. */
export interface CutPlaces {
  readonly tensorInside: number
  readonly contextInside: number
  /** replicas of a stage that an HBD can hold */
  readonly room: number
  /**
   * members of an expert group inside an HBD, each with the fewest replicas inside that lead to it; ascending
   * in these
   */
  readonly experts: ReadonlyArray<{ readonly inside: number; readonly replicas: number }>
}

/** As `placeRanks` lays them, for every number of replicas an HBD can hold. */
export function cutPlaces(cut: LayerCut, hbdSize: number): CutPlaces {
  const { tp, cp, ep, etp } = cut
  const tensorInside = divisorUpTo(tp, hbdSize)
  const rest = tensorInside === tp ? Math.floor(hbdSize / tp) : 1
  const contextInside = divisorUpTo(cp, rest)
  const room = contextInside === cp ? Math.floor(rest / cp) : 1
  const experts: Array<{ inside: number; replicas: number }> = []
  for (let replicas = 1; replicas <= (ep === 1 ? 1 : room); replicas++) {
    const inside = expertsInside(tensorInside * contextInside * replicas, ep, etp)
    if (!experts.some((known) => known.inside === inside)) experts.push({ inside, replicas })
  }
  return { tensorInside, contextInside, room, experts }
}

/** Replicas of a stage that an HBD can hold when `pp` stages lie between them (order tp-cp-pp-dp), or after them. */
export function replicaRoom({ room }: CutPlaces, pp: number, pipelineLast: boolean): number {
  return pipelineLast ? room : pp <= room ? Math.floor(room / pp) : 1
}
