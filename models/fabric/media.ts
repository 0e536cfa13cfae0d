/**
 * Which medium a cable is of, by speed and the length that positions impose; a fabric's cables and modules by
 * medium.
 */
import type { Interconnect } from "../hardware/interconnect.ts"
import type { FabricBundle, LinkKind } from "./fabric.ts"

/** W of both ends, the maximum where known. Null: not public. */
function powerOf(medium: Interconnect): number | null {
  const perEnd = medium.powerPerEndMaxW ?? medium.powerPerEndW
  return perEnd === null ? null : 2 * perEnd
}

/** USD of a cable with both its ends; null: not public. */
export function cableUsd(medium: Interconnect): number | null {
  const { pricePerEndUsd, pricePerCableUsd } = medium
  if (pricePerEndUsd === null && pricePerCableUsd === null) return null
  return 2 * (pricePerEndUsd ?? 0) + (pricePerCableUsd ?? 0)
}

/**
 * The medium of exactly `gbps` that reaches `lengthM` with the least power, then the least price; what lacks a
 * figure comes last. Null: none reaches.
 */
export function chooseMedium(
  media: ReadonlyArray<Interconnect>,
  need: { readonly gbps: number; readonly lengthM: number; readonly use: Interconnect["uses"][number] }
): Interconnect | null {
  const rank = (figure: number | null) => figure ?? Infinity
  const reaching = media.filter((medium) =>
    medium.gbps === need.gbps && medium.reachM >= need.lengthM && medium.uses.includes(need.use)
  )
  return reaching.reduce<Interconnect | null>((best, medium) => {
    if (best === null) return medium
    const [a, b] = [rank(powerOf(medium)), rank(powerOf(best))]
    return a < b || (a === b && rank(cableUsd(medium)) < rank(cableUsd(best))) ? medium : best
  }, null)
}

/** Media of one speed by rising reach: a cable takes the first that reaches it, which of all that do is the best of its kind. */
export type MediaLadder = ReadonlyArray<Interconnect>

/** The ladder of `media` on which every length has the medium that no other reaching it precedes. `order` as of a sort. */
export function mediaLadder(
  media: ReadonlyArray<Interconnect>, order: (a: Interconnect, b: Interconnect) => number
): MediaLadder {
  const rungs: Array<Interconnect> = []
  for (const medium of [...media].sort((a, b) => b.reachM - a.reachM || order(a, b))) {
    const [above] = rungs
    if (above === undefined || order(medium, above) < 0) rungs.unshift(medium)
  }
  return rungs
}

/** Share of a reach by which a length may exceed it: rounding. */
const rounding = 1e-9

/** Whether a cable of `lengthM` is within a medium's reach. */
export function reaches({ reachM }: Pick<Interconnect, "reachM">, lengthM: number): boolean {
  return lengthM <= reachM * (1 + rounding)
}

/** The rung that a cable of `lengthM` takes; the ladder's length where none reaches. */
export function rungOf(ladder: ReadonlyArray<Pick<Interconnect, "reachM">>, lengthM: number): number {
  let rung = 0
  while (rung < ladder.length && !reaches(ladder[rung]!, lengthM)) rung++
  return rung
}

/** Time of light and of both ends, ns; the ends count nothing where unknown. */
export function cableLatencyNs(medium: Interconnect, lengthM: number): number {
  return medium.latencyNsPerM * lengthM + 2 * (medium.latencyPerEndNs ?? 0)
}

/** Cables of one medium, and pluggable modules at their ends: none where the cable is sold whole. */
export interface MediumCount {
  /** null: no medium of the catalogue has this speed and reach */
  readonly medium: string | null
  readonly cables: number
  readonly transceivers: number
  readonly lengthM: number
}

/** Length of every cable of a bundle, m. */
export type BundleLengths = Readonly<Record<LinkKind, number>>

/** The medium of a scale-out bundle, all its cables of one length. */
export function mediumOf(bundle: FabricBundle, lengthM: BundleLengths, media: ReadonlyArray<Interconnect>) {
  return chooseMedium(media, { gbps: bundle.cableGbps, lengthM: lengthM[bundle.kind], use: "scale-out" })
}

/** Counts cables and modules by medium, every bundle at one length. */
export function countByMedium(
  bundles: ReadonlyArray<FabricBundle>,
  lengthM: BundleLengths,
  media: ReadonlyArray<Interconnect>
): ReadonlyArray<MediumCount> {
  const counts = new Map<string | null, MediumCount>()
  for (const bundle of bundles.filter(({ links }) => links > 0)) {
    const found = mediumOf(bundle, lengthM, media)
    const length = lengthM[bundle.kind]
    const medium = found?.id ?? null
    const before = counts.get(medium) ?? { medium, cables: 0, transceivers: 0, lengthM: 0 }
    counts.set(medium, {
      medium,
      cables: before.cables + bundle.cables,
      transceivers: before.transceivers + (found?.transceivers === false ? 0 : bundle.lowerEnds + bundle.upperEnds),
      lengthM: before.lengthM + bundle.cables * length
    })
  }
  return [...counts.values()]
}
