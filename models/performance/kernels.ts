/** Time of single kernels: a GEMM (roofline with tiles and waves), a streaming operator. */
import type { ModelConstants } from "./constants.ts"
import type { Silicon } from "./silicon.ts"

/** Output tile of a GEMM kernel, elements (CUTLASS and cuBLAS large-tile kernels: 128 × 128 to 128 × 256). */
const tileRows = 128
const tileColumns = 128

/**
 * Share of the device that a grid of tiles keeps busy: tiles come in waves of `computeUnits`, the last one
 * partly empty. `constants.waveLoss` of the last wave's idle share is really lost (stream-K and smaller tiles
 * save the rest).
 */
export function waveEfficiency(
  m: number, n: number, batch: number, silicon: Silicon, constants: ModelConstants
): number {
  const tiles = Math.ceil(m / tileRows) * Math.ceil(n / tileColumns) * batch
  const exact = (m / tileRows) * (n / tileColumns) * batch
  if (silicon.computeUnits === null) return exact / tiles
  const waves = tiles / silicon.computeUnits
  const full = Math.ceil(waves) * silicon.computeUnits
  return exact / (tiles + constants.waveLoss * (full - tiles))
}

/**
 * Seconds of `batch` GEMMs of m × n × k at `flops` sustained: the larger of arithmetic (tiles, waves, and a
 * fixed cost per tile for its prologue and epilogue) and bytes. The fixed cost is a time, so narrower operands
 * (`operandBytes`), whose inner loop is quicker, lose more of it: it counts as a length of k that grows with
 * the rate.
 */
export function gemmTime(
  m: number,
  n: number,
  k: number,
  batch: number,
  flops: number,
  operandBytes: number,
  resultBytes: number,
  silicon: Silicon,
  constants: ModelConstants
): number {
  const fixedK = (silicon.fixedK * 2) / operandBytes
  const compute = (2 * m * n * (k + fixedK) * batch)
    / (flops * waveEfficiency(m, n, batch, silicon, constants))
  const bytes = ((m * k + k * n) * operandBytes + m * n * resultBytes) * batch
  return Math.max(compute, bytes / silicon.memoryBps)
}

/** Seconds of an operator bound by its bytes. */
export function streamTime(bytes: number, silicon: Silicon): number {
  return bytes / silicon.memoryBps
}
