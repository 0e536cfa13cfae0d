/** How layers and micro-batches are dealt to a pipeline's stages where a reader wants them spelt out. */

export interface DealtLayers {
  /** layers of each stage, in the order of the pipeline */
  readonly held: ReadonlyArray<number>
  /** whether they are dealt evenly, because full stages first would leave the last ones empty */
  readonly even: boolean
}

/** As the plan deals them: full stages, the last with what is left; prediction modules (MTP) count as layers, on the last. */
export function dealLayers(layers: number, mtpLayers: number, stages: number): DealtLayers {
  const slots = layers + mtpLayers
  const full = Math.ceil(slots / stages)
  if (full * (stages - 1) < layers) {
    return { held: Array.from({ length: stages }, (_, stage) => Math.min(full, layers - stage * full)), even: false }
  }
  const last = Math.max(0, Math.floor(slots / stages) - mtpLayers)
  const [least, over] = [Math.floor((layers - last) / (stages - 1)), (layers - last) % (stages - 1)]
  return { held: [...Array.from({ length: stages - 1 }, (_, stage) => least + (stage < over ? 1 : 0)), last], even: true }
}

/**
 * Chunks whose activations the first rank of an interleaved pipeline holds beyond those the plan counts, where `group`
 * micro-batches in a row go through a chunk instead of pp: 2 · (pp − 1) + (vpp − 1) · group + 1 are in flight, of
 * vpp · microBatches (Megatron-LM, core/pipeline_parallel/schedules.py; PyTorch, pipelining/schedules.py).
 */
export function moreChunksHeld(pp: number, vpp: number, group: number, microBatches: number): number {
  const held = (size: number) => Math.min(vpp * microBatches, 2 * (pp - 1) + (vpp - 1) * size + 1)
  return held(group) - held(pp)
}
