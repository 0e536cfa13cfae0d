/**
 * How layers are dealt to pipeline stages: counts and parameters of the fullest stage and of the last one.
 */
import type { ModelShape } from "../workload/model-shape.ts"
import { moeLayers } from "../workload/parameters.ts"
import type { BlockFigures } from "./block.ts"

/** What stages hold. One is kept and refilled, so a search allocates none. */
export interface StageLoad {
  /** layers of the model, MTP modules among them, and those of them with experts */
  layers: number
  moeLayers: number
  /** of the fullest stage, and of the last, which also runs the head */
  full: number
  fullMoe: number
  last: number
  lastMoe: number
  /** output heads: the model's and one per MTP module */
  heads: number
  /** parameters of a rank of the fullest stage, without and with the experts' */
  denseParameters: number
  expertParameters: number
}

export function emptyStageLoad(): StageLoad {
  return {
    layers: 0, moeLayers: 0, full: 0, fullMoe: 0, last: 0, lastMoe: 0, heads: 1, denseParameters: 0, expertParameters: 0
  }
}

/** Most layers with experts among `count` successive ones. */
function expertsAmong(count: number, load: StageLoad, shape: ModelShape): number {
  const every = shape.moe === null ? 1 : shape.moe.moeEvery
  return Math.min(load.moeLayers, Math.ceil(count / every))
}

/**
 * Deals the layers: every chunk gets as many as the fullest needs, and the places left over are the last
 * stage's first, which has the head to run (Megatron's "account for loss in pipeline split"). MTP modules
 * count as layers.
 */
export function countLayers(shape: ModelShape, pp: number, vpp: number, load: StageLoad): void {
  load.layers = shape.layers + shape.mtpLayers
  load.moeLayers = shape.moe === null ? 0 : moeLayers(shape) + shape.mtpLayers
  load.heads = 1 + shape.mtpLayers
  load.full = Math.min(load.layers, Math.ceil(load.layers / (pp * vpp)) * vpp)
  load.last = Math.max(0, load.full - (load.full * pp - load.layers))
  load.fullMoe = pp === 1 ? load.moeLayers : expertsAmong(load.full, load, shape)
  load.lastMoe = Math.min(load.last, expertsAmong(load.last, load, shape))
}

/** The layers and the parameters that come with them. */
export function dealLayers(shape: ModelShape, block: BlockFigures, pp: number, vpp: number, load: StageLoad): void {
  countLayers(shape, pp, vpp, load)
  const embeddings = pp > 1 || shape.tiedEmbeddings ? 1 : 2
  load.denseParameters = (load.full - load.fullMoe) * block.dense.parameters + load.fullMoe * block.moe.parameters
    + embeddings * block.embeddingParameters
  load.expertParameters = load.fullMoe * block.moe.expertParameters
}
