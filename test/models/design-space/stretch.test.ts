import { describe, expect, it } from "vitest"
import { createLayoutSpace } from "../../../models/design-space/layout-space.ts"
import { statedLimits, withLimit } from "../../../models/design-space/limit.ts"
import type { Scenario } from "../../../models/design-space/scenario.ts"
import type { Hardware } from "../../../models/design-space/selection.ts"
import {
  isNumeric, type NumericLimit, stretchedTo, stretchOutcome, stretchQuestion
} from "../../../models/design-space/stretch.ts"
import type { SiteUse } from "../../../models/facility/resource-use.ts"
import { searchTree } from "../../../solvers/branch-and-bound/branch-and-bound.ts"
import { attack, bestOf, request } from "./attack.ts"
import { cutDown, type Draw, drawFrom } from "./cut-down.ts"
import { shipped } from "./shipped.ts"

/** The scenario with limits around what its fastest layout uses and does: some bind, most conflict; null where none stands. */
function tightened(scenario: Scenario, hardware: Hardware, draw: Draw): Scenario | null {
  const space = createLayoutSpace(scenario, hardware)
  const { incumbent } = searchTree(request(space))
  if (incumbent === null) return null
  const { stepS, classUse: { use } } = space.judge(incumbent.candidate)!
  const near = (figure: keyof SiteUse) => use[figure] * draw.of([0.3, 0.6, 0.9, 1.2])
  const tokensPerS = scenario.workload.globalBatch * scenario.workload.sequence / stepS
  const [throughputFloor, deadlineDays] = draw.of([
    [tokensPerS * draw.of([0.5, 1.3]), null], [null, scenario.workload.tokens / tokensPerS / 86_400 * draw.of([0.7, 2])]
  ] as const)
  const objective = { ...scenario.objective, throughputFloor, deadlineDays }
  const [site, ...others] = scenario.sites
  return others.length > 0
    ? { ...scenario, objective, allSites: { powerMW: near("meterPowerW") / 1e6, capitalUsd: near("capexUsd") } }
    : {
      ...scenario, objective,
      sites: [{
        ...site!, power: { ...site!.power, at: draw.of(["it", "meter"]), limitMW: near("itPowerW") / 1e6 },
        racks: Math.ceil(near("racks")), floorM2: near("floorM2"), capitalUsd: near("capexUsd")
      }]
    }
}

const isFeasible = (scenario: Scenario, hardware: Hardware): boolean =>
  searchTree(request(createLayoutSpace(scenario, hardware))).incumbent !== null

const moved = (scenario: Scenario, limits: ReadonlyArray<NumericLimit>, share: number): Scenario =>
  limits.reduce((rest, limit) => withLimit(rest, limit.path, stretchedTo(limit, share)), scenario)

describe("the least that limits must give way", () => {
  it("is that of brute force, suffices, and nothing less does", () => {
    const stretched = new Map<string, number>()
    for (let seed = 0; seed < 250; seed++) {
      const draw = drawFrom(1000 + seed)
      const { scenario, hardware } = draw.of(shipped)
      const small = scenario.furtherWorkloads.length > 0 ? null : cutDown(scenario, hardware, null, draw)
      const tight = small === null ? null : tightened(small, hardware, draw)
      if (tight === null) continue
      attack(tight, hardware)
      // brute force goes through all that the accelerators allow
      const limits = statedLimits(tight).filter(isNumeric)
        .filter(({ path }) => !path.endsWith("accelerators") && !path.endsWith("rackPowerKW"))
      const own = limits.filter((limit) => stretchQuestion(tight, [limit]) !== null)
      for (const set of [...own.map((limit) => [limit]), own, draw.some(own, 2)]) {
        const { scenario: lifted, stretch } = stretchQuestion(tight, set)!
        const share = bestOf("minimize", attack(lifted, hardware, stretchOutcome(lifted, stretch)))
        if (share === null) {
          expect(isFeasible(lifted, hardware)).toBe(false)
          continue
        }
        expect(isFeasible(moved(tight, set, share * (1 + 1e-12)), hardware)).toBe(true)
        expect(isFeasible(moved(tight, set, share * (1 - 1e-9)), hardware)).toBe(false)
        for (const { path } of set) stretched.set(path, (stretched.get(path) ?? 0) + 1)
      }
    }
    const paths = [
      "$.sites[0].power.limitMW", "$.sites[0].racks", "$.sites[0].floorM2", "$.sites[0].capitalUsd", "$.allSites.powerMW",
      "$.allSites.capitalUsd", "$.objective.throughputFloor", "$.objective.deadlineDays"
    ]
    for (const path of paths) expect([path, stretched.get(path) ?? 0]).toEqual([path, expect.toSatisfy((n: number) => n > 3)])
  }, 300_000)
})
