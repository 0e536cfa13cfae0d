/** Every figure of the parts that are built which is an estimate, with where it comes from. */
import { evidenceOf, figuresOf, isEstimate } from "../../models/hardware/evidence.ts"
import type { Part } from "../../models/hardware/part.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { Provenance } from "../../models/design-space/recommendation.ts"
import { type Built, mediaInUse } from "./built.ts"

/** Figures that enter a bill, a row or the performance model; the rest of an entry is not used. */
const used = new Set([
  "bf16Tflops", "fp8Tflops", "fp4Tflops", "memoryGB", "memoryGBps", "computeUnits", "powerMaxW", "powerIdleW", "scaleUpGBps",
  "scaleUpLinks", "priceUsd", "hostPowerMaxW", "hostPowerIdleW", "hostMemoryGB", "hostLinkGBps", "hostPriceUsd", "rackUnits",
  "weightKg", "latencyNs", "powerPerEndMaxW", "pricePerEndUsd", "pricePerCableUsd", "reachM", "radix"
])

export function usedEstimates(scenario: Scenario, built: Built): Provenance["estimates"] {
  return [...partEstimates(built), ...pueEstimates(scenario, built)]
}

/** The PUE of each cooling class that cools a line of the bill, in the site's climate; none where the scenario states it. */
function pueEstimates({ sites }: Scenario, { sites: built, bom }: Built): Provenance["estimates"] {
  const found = built.flatMap(({ site: name, stand: { site, rackClass: { pues, pueClasses } } }) =>
    (["liquid", "air"] as const).flatMap((kind) => {
      const { power, climate } = sites[site]!
      const evidence = evidenceOf(pueClasses[kind], climate === null ? "pue" : "pueByClimate")
      const cools = bom.some((line) => line.site === name && line.pue === pues[kind])
      if (power.pue !== null || !cools || evidence === null || !isEstimate(evidence)) return []
      const { confidence, verification, method } = evidence
      const field = climate === null ? "pue" : `pueByClimate.${climate}`
      return [{ part: pueClasses[kind].id, field, value: pues[kind], confidence, verification, method }]
    }))
  return [...new Map(found.map((one) => [`${one.part} ${one.field}`, one])).values()]
}

function partEstimates(built: Built): Provenance["estimates"] {
  return partsOf(built).flatMap((part) =>
    figuresOf(part).filter((field) => used.has(field)).flatMap((field) => {
      const evidence = evidenceOf(part, field)
      const value = (part as unknown as Readonly<Record<string, unknown>>)[field]
      if (evidence === null || !isEstimate(evidence) || typeof value !== "number") return []
      const { confidence, verification, method } = evidence
      return [{ part: part.id, field, value, confidence, verification, method }]
    })
  )
}

function partsOf({ block: { hbd, crossing }, member: { scaleOut }, sites }: Built): ReadonlyArray<Part> {
  const parts = [
    hbd.accelerator, hbd.host, hbd.switch, hbd.onBoardSwitch, hbd.opticalCircuitSwitch,
    ...hbd.links.map(({ medium }) => medium),
    ...(scaleOut === null ? [] : [scaleOut.nic, scaleOut.switch, ...mediaInUse(sites)]),
    ...(crossing?.links ?? []).flatMap(({ build: { medium, router, lineSystem, hallMedium } }) =>
      [medium, router, lineSystem, hallMedium])
  ].filter((part) => part !== null)
  return [...new Map(parts.map((part) => [part.id, part])).values()]
}
