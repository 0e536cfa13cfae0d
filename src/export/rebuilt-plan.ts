/** Plans found again in the search space of their scenario: by their description, not by what a solver remembers. */
import type { HbdBlock } from "../../models/design-space/blocks.ts"
import type { FabricClass } from "../../models/design-space/fabric-class.ts"
import type { LayoutSpace } from "../../models/design-space/layout-space.ts"
import type { Alternative, LayoutSummary, Recommendation } from "../../models/design-space/recommendation.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { Mapping } from "../../models/performance/mapping.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import { describeAlternative, freeMapping } from "../planner/alternatives.ts"
import { type Built, buildCandidate } from "../planner/built.ts"
import { type Problem, prepareProblem } from "../planner/problem.ts"
import { layoutSummary } from "../planner/summary.ts"

/** What of a recommendation tells its plan from every other. */
export type DescribedPlan = Pick<Recommendation, "scenario" | "programme"> & {
  readonly layout: LayoutSummary
  readonly mapping: Mapping
}

/** The plan of a scenario's answer, worked out again; null where its space holds none that is so described. */
export function rebuildPlan(plan: DescribedPlan, catalog: Catalog): Built | null {
  return findPlan(prepareProblem(plan.scenario, catalog), plan)
}

/**
 * A plan beside the answer, worked out again: from its own layout and mapping, in the space of what it is made of. Null where
 * there is none that is so described.
 */
export function rebuildAlternative(
  main: Problem, answer: Built, { kind, layout, mapping }: Alternative, catalog: Catalog
): Alternative | null {
  const problem = prepareProblem(narrowedTo(askedOf(kind, main.scenario), layout), catalog)
  const built = findPlan(problem, { layout, mapping, programme: null })
  return built === null ? null : describeAlternative(kind, main, built, answer)
}

/** The scenario with the objective that a kind of alternative is the best by: of members alike to the mapping it takes one. */
function askedOf(kind: string, scenario: Scenario): Scenario {
  const name = kind === "least power" ? "minimizePower" : kind === "least capital" ? "minimizeCapex"
    : kind === "highest throughput" ? "maximizeThroughput" : scenario.objective.name
  return { ...scenario, objective: { ...scenario.objective, name, deadlineDays: null, throughputFloor: null } }
}

/** The scenario with nothing but a layout's parts to choose from. */
function narrowedTo(scenario: Scenario, { accelerator, host, hbd, hbds, scaleOut, sites }: LayoutSummary): Scenario {
  return {
    ...scenario,
    catalog: { ...scenario.catalog, vendors: null },
    search: {
      accelerator: [accelerator], host: [host], hbdSize: [hbd.size], scaleUpTopology: [hbd.topology] as Search["scaleUpTopology"],
      scaleUpSwitch: null, nic: only(scaleOut?.nic), nicsPerAccelerator: only(scaleOut?.nicsPerAccelerator),
      scaleOutTopology: [scaleOut?.topology ?? "none"] as Search["scaleOutTopology"], scaleOutSwitch: only(scaleOut?.switch),
      scaleOutTiers: only(scaleOut?.tiers), railOptimized: only(scaleOut === null ? undefined : scaleOut.rails > 1),
      planes: only(scaleOut?.planes), oversubscription: null,
      medium: scaleOut === null ? null : [...scaleOut.ladders.endpoint, ...scaleOut.ladders.trunk], sites: [sites.length],
      litShare: scenario.search.litShare, hbds: [hbds], mapping: freeMapping
    }
  }
}

type Search = Scenario["search"]

const only = <A>(value: A | undefined): ReadonlyArray<A> | null => (value === undefined ? null : [value])

/** The candidate of the problem that is described so; null without. */
export function findPlan(problem: Problem, { layout, mapping, programme }: Omit<DescribedPlan, "scenario">): Built | null {
  const { space, searched } = problem
  const [, ...others] = programme?.runs ?? []
  const mappings = {
    mapping: mappingOf(mapping), ...(programme === null ? {} : { further: others.map((run) => mappingOf(run.mapping)) })
  }
  for (const [index, block] of space.blocks.entries()) {
    if (!looksLike(space, block, layout)) continue
    for (const of of space.classesOf(index)) {
      if (!couldBe(of, layout)) continue
      const candidate = { block: index, fabric: of.fabric, hbds: layout.hbds, ...mappings }
      if (searched.judge(candidate) === null) continue
      const built = buildCandidate(problem, candidate)
      if (isSame(decisionsOf(layoutSummary(built)), decisionsOf(layout))) return built
    }
  }
  return null
}

function looksLike({ scenario }: LayoutSpace, { hbd, stands }: HbdBlock, layout: LayoutSummary): boolean {
  return hbd.accelerator.id === layout.accelerator && hbd.host.id === layout.host && hbd.size === layout.hbd.size &&
    hbd.topology === layout.hbd.topology &&
    layout.sites.length === stands.length &&
    stands.every(({ site }) => layout.sites.some((one) => one.site === scenario.sites[site]!.name))
}

function couldBe({ members }: FabricClass, { scaleOut }: LayoutSummary): boolean {
  return members.some((member) =>
    member.scaleOut === null
      ? scaleOut === null
      : scaleOut !== null && member.scaleOut.nic.id === scaleOut.nic && member.scaleOut.switch.id === scaleOut.switch &&
        member.scaleOut.topology === scaleOut.topology && member.scaleOut.tiers === scaleOut.tiers)
}

/** Without what a recommendation adds to it. */
function mappingOf({
  tp, cp, ep, etp, pp, vpp, dp, microBatch, sequenceParallel, recompute, sharding, offload, order
}: Mapping): Mapping {
  return { tp, cp, ep, etp, pp, vpp, dp, microBatch, sequenceParallel, recompute, sharding, offload, order }
}

/** What was decided, without what follows from it: counts of switches, racks and idle accelerators. */
function decisionsOf({ accelerator, host, hbd, scaleOut, hbds, sites, links }: LayoutSummary): unknown {
  return {
    accelerator, host, hbds, hbd: { ...hbd, switches: 0 },
    scaleOut: scaleOut === null ? null : { ...scaleOut, switches: 0 },
    sites: sites.map(({ site, hbds }) => [site, hbds]),
    lit: links.map(({ litGbps }) => litGbps)
  }
}

/** Equal but for the rounding of numbers that have been through another program. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) =>
    key in b && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}
