/**
 * Figures that a design's bill needs and the catalogue lacks: asked before a plant is prepared, so that no sum
 * is unknown.
 */
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Switch } from "../hardware/switch.ts"
import { isWholeCable } from "./part-figures.ts"
import type { PlantDesign } from "./plant-lines.ts"
import { boardSwitch, countBoardSwitches } from "./plant-lines.ts"

/** `need`: the rows that cannot be computed without it. */
export interface MissingFigure {
  readonly kind: "accelerators" | "systems" | "switches" | "nics" | "interconnects"
  readonly id: string
  readonly field: string
  readonly need: "power" | "room" | "money"
}

type Need = MissingFigure["need"]

/**
 * Every unknown figure of a design's parts; idle power, weights and price ranges have stated stand-ins and are
 * not asked.
 */
export function missingFigures({ hbd, scaleOut }: PlantDesign): ReadonlyArray<MissingFigure> {
  const { accelerator, host } = hbd
  const onBoard = boardSwitch(hbd)
  const boxes = hbd.switches.l1 + hbd.switches.l2 - countBoardSwitches(hbd)
  return [
    ...unknown("accelerators", accelerator.id, [
      ["powerMaxW", accelerator.powerMaxW, "power"], ["priceUsd", accelerator.priceUsd, "money"]
    ]),
    ...unknown("systems", host.id, [
      ["hostPowerMaxW", host.hostPowerMaxW, "power"], ["rackUnits", host.rackUnits, "room"],
      ["hostPriceUsd", host.hostPriceUsd, "money"]
    ]),
    ...(onBoard === null ? [] : unknownOfSwitch(onBoard, false)),
    ...(hbd.switch === null || boxes === 0 ? [] : unknownOfSwitch(hbd.switch, true)),
    ...(hbd.opticalCircuitSwitch === null ? [] : unknownOfSwitch(hbd.opticalCircuitSwitch, true)),
    ...hbd.links.flatMap(({ medium }) => unknownOfMedium(medium)),
    ...(scaleOut === null ? [] : [
      ...(scaleOut.nic.integrated ? [] : unknown("nics", scaleOut.nic.id, [
        ["powerMaxW", scaleOut.nic.powerMaxW, "power"], ["priceUsd", scaleOut.nic.priceUsd, "money"]
      ])),
      ...unknownOfSwitch(scaleOut.switch, true),
      ...[...new Set([...scaleOut.endpointMedia, ...scaleOut.trunkMedia])].flatMap(unknownOfMedium)
    ])
  ]
}

function unknownOfSwitch(part: Switch, inRack: boolean): ReadonlyArray<MissingFigure> {
  return unknown("switches", part.id, [
    ["powerMaxW", part.powerMaxW, "power"], ["priceUsd", part.priceUsd, "money"],
    ...(inRack ? [["rackUnits", part.rackUnits, "room"] as const] : [])
  ])
}

/** Of a medium by itself. */
export function unknownOfMedium(part: Interconnect): ReadonlyArray<MissingFigure> {
  return unknown("interconnects", part.id, [
    ["powerPerEndMaxW", part.powerPerEndMaxW ?? part.powerPerEndW, "power"],
    isWholeCable(part)
      ? ["pricePerCableUsd", part.pricePerCableUsd, "money"]
      : ["pricePerEndUsd", part.transceivers ? part.pricePerEndUsd : 0, "money"]
  ])
}

function unknown(
  kind: MissingFigure["kind"], id: string, figures: ReadonlyArray<readonly [string, number | null, Need]>
): ReadonlyArray<MissingFigure> {
  return figures.filter(([, value]) => value === null).map(([field, , need]) => ({ kind, id, field, need }))
}
