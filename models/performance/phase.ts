/**
 * Seconds of one pass over a layer, by what takes them. Communication counts only as far as it is exposed.
 */

export interface Phase {
  /** arithmetic of the model at the datasheet's peak */
  idealS: number
  gemmS: number
  attentionS: number
  /** streaming operators, and casts to narrow precision */
  memoryS: number
  /** idle between kernels and host-bound launches */
  launchS: number
  tensorS: number
  contextS: number
  expertS: number
}

export function emptyPhase(): Phase {
  return { idealS: 0, gemmS: 0, attentionS: 0, memoryS: 0, launchS: 0, tensorS: 0, contextS: 0, expertS: 0 }
}

/** a + factor · b, in place. */
export function addPhase(a: Phase, b: Phase, factor = 1): Phase {
  a.idealS += factor * b.idealS
  a.gemmS += factor * b.gemmS
  a.attentionS += factor * b.attentionS
  a.memoryS += factor * b.memoryS
  a.launchS += factor * b.launchS
  a.tensorS += factor * b.tensorS
  a.contextS += factor * b.contextS
  a.expertS += factor * b.expertS
  return a
}

/** Time the device computes: all but communication. */
export function computeTime(phase: Phase): number {
  return phase.gemmS + phase.attentionS + phase.memoryS + phase.launchS
}

export function phaseTime(phase: Phase): number {
  return computeTime(phase) + phase.tensorS + phase.contextS + phase.expertS
}

/** `phaseTime` of a share of the phase, to the last bit that of the share added to an empty one. */
export function sharedPhaseTime(phase: Phase, share: number): number {
  return share * phase.gemmS + share * phase.attentionS + share * phase.memoryS + share * phase.launchS
    + share * phase.tensorS + share * phase.contextS + share * phase.expertS
}
