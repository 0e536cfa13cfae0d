import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { enumerateHbdDesigns } from "../../../models/design-space/hbd-designs.ts"
import { enumerateScaleOutDesigns, linksPerCableOf } from "../../../models/design-space/scale-out-designs.ts"
import { createDropLog, type Hardware } from "../../../models/design-space/selection.ts"
import { rackClassFor } from "../../../models/design-space/site-class.ts"
import { floorPlan } from "../../../models/facility/floor-plan.ts"
import { isMadeFor, preparePlant } from "../../../models/facility/plant.ts"
import { hbdRackContents } from "../../../models/facility/rack-plan.ts"
import { cableLatencyNs } from "../../../models/fabric/media.ts"
import { catalog, readScenario } from "../../planner/shipped.ts"
import { closCounts } from "../facility/plants.ts"

const shipped = readScenario("instances/scenarios/moe-10t-1gw.yaml")
const hosts = catalog.systems.filter(({ kind }) => kind === "node" || kind === "tray")

/** A hall of one class of rack with its own power and floor, and a host with an HBD of any size that it may have. */
const questions = fc.record({
  host: fc.constantFrom(...hosts), halvings: fc.integer({ min: 0, max: 7 }), sized: fc.constantFrom(1, 3, 5),
  coolingClass: fc.constantFrom(...catalog.coolingClasses), rackPowerKW: fc.integer({ min: 15, max: 300 }),
  floorM2PerRack: fc.double({ min: 1.2, max: 9, noNaN: true }), hbds: fc.integer({ min: 1, max: 9 }), pick: fc.nat()
})

function designsOf({ host, halvings, sized, coolingClass, rackPowerKW, floorM2PerRack }: typeof questions extends
  fc.Arbitrary<infer Question> ? Question : never) {
  const accelerator = catalog.accelerators.find(({ id }) => id === host.accelerator)!
  const own = { ...coolingClass, floorM2PerRack }
  const hardware: Hardware = { ...catalog, coolingClasses: [own] }
  const hostsMost = accelerator.maxHbd / host.accelerators
  const hbdSize = [Math.max(1, Math.floor(hostsMost / 2 ** halvings / sized)) * host.accelerators]
  const scenario = {
    ...shipped, search: { ...shipped.search, hbdSize },
    sites: [{ ...shipped.sites[0]!, cooling: [{ class: own.id, racks: null, rackPowerKW }] }]
  }
  const rackClass = rackClassFor(scenario.sites[0]!, host, [own])
  if (rackClass === null) return null
  return { scenario, hardware, rackClass, designs: enumerateHbdDesigns(scenario, hardware, accelerator, host, rackClass, createDropLog()) }
}

describe("the media of an HBD's cables", () => {
  it("reach wherever its racks stand, whatever NICs and hall make of them, and are as slow as their longest", () => {
    const met = { plants: 0, wide: 0, rows: 0, lines: 0, refused: 0 }
    fc.assert(fc.property(questions, (question) => {
      const asked = designsOf(question)
      if (asked === null || asked.designs.length === 0) return
      const { scenario, hardware, rackClass, designs } = asked
      const hbd = designs[question.pick % designs.length]!
      const behind = enumerateScaleOutDesigns(scenario, hardware, hbd, createDropLog())
      const picks = [null, ...[0, 1, 2, 3].map((i) => behind[(question.pick + i * 7919) % behind.length] ?? null)]
      for (const scaleOut of picks) {
        const linksPerCable = scaleOut === null ? { endpoint: 1, fabric: 1 } : linksPerCableOf(scaleOut)
        const plant = preparePlant({ hbd, scaleOut }, rackClass, scenario.allowances, linksPerCable)
        if (plant.kind === "refusal") {
          met.refused++
          continue
        }
        const { rule } = plant
        if (scaleOut === null && !isMadeFor(hbd, rule)) continue
        const plan = floorPlan(plant, question.hbds, closCounts(plant, question.hbds))
        const runs = plan.runs.filter(({ bundle }) => bundle === "scale-up")
        met.plants++
        if (rule.racksPerHbd > 1) met.wide++
        if (rule.racksPerHbd > 40) met.rows++
        for (const run of runs) {
          const { medium } = hbd.links.find((link) => link.medium.id === run.medium)!
          expect(run.longestM, `${hbd.size} ${hbd.host.id} in ${rule.racksPerHbd} racks`).toBeLessThanOrEqual(medium.reachM + 1e-9)
          expect(run.reaches).toBe(true)
          if (hbd.performance.dims.length > 0 && hbd.opticalCircuitSwitch === null) {
            expect(cableLatencyNs(medium, run.longestM) * 1e-9).toBeLessThanOrEqual(hbd.performance.latencyS + 1e-15)
          }
        }
        if (rule.racksPerHbd > 1 && hbd.links.some(({ joins }) => joins !== "any")) {
          met.lines++
          const held = hbdRackContents(rule).map((rack) => rack.hosts).filter((count) => count > 0)
          expect(new Set(held)).toEqual(new Set([hbd.racks!.hostsTogether]))
          expect(rule.switchRacksPerHbd).toBe(0)
        }
      }
    }), { numRuns: 250, seed: 5 })
    expect(met.plants).toBeGreaterThan(500)
    for (const count of [met.wide, met.rows, met.lines, met.refused]) expect(count).toBeGreaterThan(3)
  }, 60_000)
})
