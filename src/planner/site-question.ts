/** What one site alone would do beside a plan on several, or several beside a plan on one; and when the one site is better. */
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { LayoutSpace } from "../../models/design-space/layout-space.ts"
import { createEvaluator, evaluateMapping } from "../../models/performance/evaluator.ts"
import type { Built } from "./built.ts"

export interface SiteQuestion {
  readonly kind: "best on one site" | "best over several sites"
  readonly scenario: Scenario
}

/** None for one site, where the scenario has fixed how many a layout spans, and for several workloads, which stand on one. */
export function siteQuestion(scenario: Scenario, { sites }: Built): SiteQuestion | null {
  if (scenario.sites.length === 1 || scenario.search.sites !== null || scenario.furtherWorkloads.length > 0) return null
  const spans = sites.length > 1 ? [1] : scenario.sites.map((_, i) => i + 1).filter((count) => count > 1)
  return {
    kind: sites.length > 1 ? "best on one site" : "best over several sites",
    scenario: { ...scenario, search: { ...scenario.search, sites: spans } }
  }
}

/** Of the links' bandwidth, the shares looked at. */
const leastShare = 1e-6
const halvings = 40

/**
 * Share of the links' bandwidth at which the plan's mapping takes a step of `stepS`; null where it is quicker on almost none.
 * Below it the plan is slower than what takes so long; another mapping over the same links may still be quicker.
 */
function linkShareAt(space: LayoutSpace, { of: { machine }, candidate: { mapping } }: Built, stepS: number): number | null {
  const { scaleAcross } = machine
  if (scaleAcross === null) return null
  const stepWith = (share: number): number => {
    const narrowed = { ...machine, scaleAcross: { ...scaleAcross, GBps: scaleAcross.GBps * share } }
    return evaluateMapping(createEvaluator(space.scenario.workload, narrowed, space.machines.constants(machine)), mapping)
  }
  if (stepWith(leastShare) <= stepS) return null
  let [low, high] = [leastShare, 1]
  for (let i = 0; i < halvings; i++) {
    const middle = Math.sqrt(low * high)
    if (stepWith(middle) <= stepS) high = middle
    else low = middle
  }
  return high
}

/** What a plan on several sites is told of the one beside it that stands on one. */
export function describeBreakEven(space: LayoutSpace, answer: Built, { stepTimeS }: Built["step"]): string {
  const share = linkShareAt(space, answer, stepTimeS)
  return share === null
    ? "slower whatever the links carry"
    : `faster than this plan where the links carry less than ${(100 * share).toPrecision(2)} % of what they do`
}
