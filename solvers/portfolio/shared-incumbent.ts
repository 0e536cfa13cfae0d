/**
 * The best value known to all threads, in one 64-bit cell: read and replaced atomically, so it is never torn or
 * lost.
 */
import { isBetter, worstValue } from "../contract/gap.ts"
import type { Sense } from "../contract/linear-program.ts"
import type { SharedIncumbent } from "../contract/search-run.ts"

/** Bytes that one cell takes in a buffer. */
export const cellBytes = 8

/** An empty cell in a buffer of its own, to be handed to every thread. */
export function createIncumbentCell(sense: Sense): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(cellBytes)
  new Float64Array(buffer)[0] = worstValue(sense)
  return buffer
}

/** A thread's view of a cell that `createIncumbentCell` made. */
export function openIncumbentCell(buffer: SharedArrayBuffer, sense: Sense): SharedIncumbent {
  const cell = new BigInt64Array(buffer, 0, 1)
  const asNumber = new Float64Array(1)
  const asBits = new BigInt64Array(asNumber.buffer)
  const decode = (bits: bigint): number => {
    asBits[0] = bits
    return asNumber[0]!
  }
  return {
    value: () => decode(Atomics.load(cell, 0)),
    publish: (value) => {
      asNumber[0] = value
      const bits = asBits[0]!
      let held = Atomics.load(cell, 0)
      while (isBetter(sense, value, decode(held))) {
        const seen = Atomics.compareExchange(cell, 0, held, bits)
        if (seen === held) return
        held = seen
      }
    }
  }
}
