/** The best of each clearly different kind beside the answer, and what the vendor would have built. */
import type { Alternative } from "../../models/design-space/recommendation.ts"
import type { Scenario, SearchDomains } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import type { System } from "../../models/hardware/system.ts"
import { searchMappings } from "../../models/design-space/mapping-search.ts"
import type { LayoutSpace } from "../../models/design-space/layout-space.ts"
import { mappingsOf } from "../../models/design-space/programme-space.ts"
import { explainStep } from "../../models/performance/explanation.ts"
import { validateMapping } from "../../models/performance/validity.ts"
import { worstValue } from "../../solvers/contract/gap.ts"
import { type Built, buildCandidate, sideBytes } from "./built.ts"
import type { Problem, SearchedSpace } from "./problem.ts"
import { type Main, solveBeside } from "./side-solve.ts"
import type { BlockBounds } from "./search.ts"
import { describeBreakEven, siteQuestion } from "./site-question.ts"
import { layoutSummary } from "./summary.ts"
import { floorShare, type Widest } from "./widest.ts"

/** A kind of alternative: the scenario that asks for it. */
interface Question {
  readonly kind: string
  readonly scenario: Scenario
}

/** Of the answer's throughput: what another mapping of its layout must keep. */
const mappingShare = 0.95

/** Other vendors shown at most. */
const vendorsShown = 3

/** What looks for something else must still reach a share of the answer's throughput; `widest`: what is known not to. */
export async function findAlternatives(main: Main, answer: Built, widest: Widest | null): Promise<ReadonlyArray<Alternative>> {
  const { problem, problem: { space, searched, programme } } = main
  const tooSlow = blocksTooSlow(searched, widest)
  const asked = questions(searched, main.catalog, answer).map(async ({ kind, scenario: question }) => {
    // of what has no more than a site there is little to search; what is built least of starts far from its optimum
    const isLeast = kind.startsWith("least ")
    const more = kind === "best on one site" ? 4 : isLeast ? 2 : 1
    const limits = { ...main.limits, evaluations: more * main.limits.evaluations }
    const { built } = await solveBeside({ ...main, limits }, question, answer, isLeast ? tooSlow : undefined)
    if (built === null || isSame(built, answer) || !isGain(kind, built, answer)) return []
    return [describeAlternative(kind, problem, built, answer)]
  })
  const found = (await Promise.all(asked)).flat()
  const others = found.filter(({ kind }) => kind.startsWith("best of "))
    .sort((a, b) => b.tokensPerS - a.tokensPerS || (a.kind < b.kind ? -1 : 1))
    .slice(0, vendorsShown)
  // of a programme each run would have its own
  const mappings = main.stopped() || programme !== null ? [] : otherMappings(space, answer, main.stopped)
    .map(({ kind, candidate }) => describeAlternative(kind, problem, buildCandidate(problem, candidate), answer))
  return [...found.filter(({ kind }) => !kind.startsWith("best of ")), ...others, ...mappings]
}

/** Blocks that do not reach the share of the answer's throughput, where that is what the objective counts. */
function blocksTooSlow({ outcome }: SearchedSpace, widest: Widest | null): BlockBounds | undefined {
  if (widest === null || !outcome.fastestOnly) return undefined
  const slow = [...widest.bounds].filter(([, bound]) => bound === widest.floor)
  return new Map(slow.map(([name]) => [name, worstValue("minimize")]))
}

function questions({ scenario, objective: { throughputFloor } }: SearchedSpace, catalog: Catalog, answer: Built) {
  const floor = Math.max(throughputFloor, answer.tokensPerS * floorShare)
  const { accelerator } = answer.block.hbd
  const objective = { ...scenario.objective, deadlineDays: null, throughputFloor: floor }
  const asked = (name: Scenario["objective"]["name"]): Scenario => ({ ...scenario, objective: { ...objective, name } })
  const bySites = siteQuestion(scenario, answer)
  const list: Array<Question> = bySites === null ? [] : [bySites]
  if (scenario.objective.name !== "maximizeThroughput" && scenario.objective.name !== "minimizeTimeToTrain") {
    list.push({
      kind: "highest throughput",
      scenario: { ...scenario, objective: { ...objective, name: "maximizeThroughput", throughputFloor: null } }
    })
  }
  if (scenario.objective.name !== "minimizePower") list.push({ kind: "least power", scenario: asked("minimizePower") })
  if (scenario.objective.name !== "minimizeCapex") list.push({ kind: "least capital", scenario: asked("minimizeCapex") })
  for (const vendor of otherVendors(scenario, catalog, accelerator.vendor)) {
    list.push({ kind: `best of ${vendor}`, scenario: { ...scenario, catalog: { ...scenario.catalog, vendors: [vendor] } } })
  }
  return list
}

/** Mappings of the answer's own layout, nearly as fast, that ask least of the scale-out and of the memory. */
function otherMappings(space: LayoutSpace, answer: Built, stopped: Main["stopped"]) {
  const { of, candidate } = answer
  const slowestS = answer.step.stepTimeS / mappingShare
  const constants = space.machines.constants(of.machine)
  const least = { traffic: { mapping: candidate.mapping, amount: sideBytes(answer.step).scaleOut },
    memory: { mapping: candidate.mapping, amount: answer.step.memory.totalGB } }
  const ended = searchMappings(space.machines.problem(of.machine, candidate.hbds), {
    fastestOnly: true,
    spend: () => undefined,
    stopped,
    leastLoss: (work, floorS) => Math.max(floorS, space.stepOn(work)(candidate.hbds * of.hbd.size)),
    mayMatterAnywhere: (stepS) => stepS <= slowestS,
    mayMatter: (_, stepS) => stepS <= slowestS,
    isFastEnough: (stepS) => stepS <= slowestS,
    take: (mapping) => {
      if (validateMapping(space.scenario.workload, of.machine, mapping).length > 0) return
      const step = explainStep(space.scenario.workload, of.machine, mapping, constants)
      const amounts = { traffic: sideBytes(step).scaleOut, memory: step.memory.totalGB }
      for (const name of ["traffic", "memory"] as const) {
        if (amounts[name] < least[name].amount) least[name] = { mapping, amount: amounts[name] }
      }
    }
  })
  if (!ended) return []
  const kinds = [
    { kind: "least cross-fabric traffic", mapping: least.traffic.mapping },
    { kind: "most memory headroom", mapping: least.memory.mapping }
  ]
  return kinds.filter(({ mapping }) => mapping !== candidate.mapping)
    .map(({ kind, mapping }) => ({ kind, candidate: { ...candidate, mapping } }))
    .filter(({ candidate: other }) => space.judge(other, stopped) !== null)
}

function otherVendors(scenario: Scenario, catalog: Catalog, own: string): ReadonlyArray<string> {
  const { vendors, availability } = scenario.catalog
  const { accelerator: asked } = scenario.search
  return [...new Set(
    catalog.accelerators.filter((one) =>
      one.vendor !== own && (vendors === null || vendors.includes(one.vendor)) &&
      (asked === null ? availability.includes(one.availability.status) : asked.includes(one.id))
    ).map((one) => one.vendor)
  )].sort()
}

/** Any mapping. */
export const freeMapping: SearchDomains["mapping"] = {
  tp: null, cp: null, ep: null, etp: null, pp: null, vpp: null, dp: null, microBatch: null, sequenceParallel: null,
  recompute: null, shardingStage: null, shardingGroup: null, offload: null, order: null
}

/** The search with the answer's layout fixed and its mapping free, but for `mapping`. */
function sameLayout(answer: Built, mapping: Partial<SearchDomains["mapping"]>): SearchDomains {
  const { block: { hbd, stands, crossing }, member: { scaleOut }, candidate } = answer
  return {
    accelerator: [hbd.accelerator.id],
    host: [hbd.host.id],
    hbdSize: [hbd.size],
    scaleUpTopology: [hbd.topology],
    scaleUpSwitch: hbd.switch === null ? null : [hbd.switch.id],
    nic: scaleOut === null ? null : [scaleOut.nic.id],
    nicsPerAccelerator: scaleOut === null ? null : [scaleOut.nicsPerAccelerator],
    scaleOutTopology: [scaleOut?.topology ?? "none"],
    scaleOutSwitch: scaleOut === null ? null : [scaleOut.switch.id],
    scaleOutTiers: scaleOut === null ? null : [scaleOut.tiers],
    railOptimized: scaleOut === null ? null : [scaleOut.rails > 1],
    planes: scaleOut === null ? null : [scaleOut.planes],
    oversubscription: scaleOut === null || scaleOut.oversubscription.length === 0 ? null : [scaleOut.oversubscription.at(-1)!],
    medium: scaleOut === null ? null : [...scaleOut.endpointMedia, ...scaleOut.trunkMedia].map(({ id }) => id),
    sites: [stands.length],
    litShare: crossing === null ? null : [crossing.litShare],
    hbds: [candidate.hbds],
    mapping: { ...freeMapping, ...mapping }
  }
}

/**
 * The same site filled with what the vendor puts behind the answer's accelerator: its own HBD, its NIC, a non-blocking,
 * rail-optimised Clos of its switch. Null where it does not fit, or where the catalogue knows no such design.
 */
export async function findBaseline(main: Main, answer: Built): Promise<Alternative | null> {
  const { catalog, problem } = main
  const { accelerator } = answer.block.hbd
  const system = referenceSystem(catalog.systems.filter((one) => one.accelerator === accelerator.id))
  if (system === null) return null
  const free = sameLayout(answer, {})
  const search: SearchDomains = {
    ...free,
    host: null,
    hbdSize: [accelerator.nativeHbd],
    scaleUpTopology: null,
    scaleUpSwitch: null,
    nic: [system.referenceNic!],
    nicsPerAccelerator: system.referenceNicsPerAccelerator === null ? null : [system.referenceNicsPerAccelerator],
    scaleOutTopology: ["single", "clos"],
    scaleOutSwitch: [system.referenceSwitch!],
    scaleOutTiers: null,
    railOptimized: null,
    planes: null,
    oversubscription: [1],
    medium: null,
    sites: null,
    litShare: null,
    hbds: null
  }
  const { built } = await solveBeside(main, { ...problem.scenario, search })
  return built === null ? null : describeAlternative(`${system.name}, as its vendor builds it`, problem, built, answer)
}

function referenceSystem(systems: ReadonlyArray<System>): System | null {
  const known = systems.filter(({ referenceNic, referenceSwitch }) => referenceNic !== null && referenceSwitch !== null)
  return known.find(({ kind }) => kind === "rack" || kind === "pod") ?? known[0] ?? null
}

/** What is saved must be worth showing. */
const leastSaving = 0.001

function isGain(kind: string, { judged: { classUse: { use } } }: Built, answer: Built): boolean {
  const own = answer.judged.classUse.use
  const saves = (figure: "itPowerW" | "capexUsd") => use[figure] < own[figure] * (1 - leastSaving)
  return kind === "least power" ? saves("itPowerW") : kind === "least capital" ? saves("capexUsd") : true
}

function isSame(a: Built, b: Built): boolean {
  const decisions = (built: Built) => JSON.stringify([layoutSummary(built), mappingsOf(built.candidate)])
  return decisions(a) === decisions(b)
}

/** Values, throughput and memory are of all runs; mapping, step and traffic of the first. */
export function describeAlternative(kind: string, { space, searched }: Problem, built: Built, answer: Built): Alternative {
  const layout = layoutSummary(built)
  const { use } = built.judged.classUse
  const relative = built.tokensPerS / answer.tokensPerS - 1
  return {
    kind,
    sentence: `${layout.hbds} HBDs of ${layout.hbd.size} ${layout.accelerator}` +
      (layout.scaleOut === null ? "" : ` behind ${layout.scaleOut.GbpsPerAccelerator} Gb/s (${layout.scaleOut.switch})`),
    layout,
    mapping: built.candidate.mapping,
    objectiveValue: searched.outcome.value(built.judged.stepS, use) ?? Number.NaN,
    tokensPerS: built.tokensPerS,
    stepTimeS: built.step.stepTimeS,
    itPowerMW: use.itPowerW / 1e6,
    capexUsd: use.capexUsd,
    crossFabricBytes: sideBytes(built.step).scaleOut,
    memoryGB: Math.max(...built.runs.map(({ step }) => step.memory.totalGB)),
    why: `${percent(relative)} throughput, ${percent(use.itPowerW / answer.judged.classUse.use.itPowerW - 1)} IT power, ` +
      `${percent(use.capexUsd / answer.judged.classUse.use.capexUsd - 1)} capital` +
      (kind === "best on one site" ? `; ${describeBreakEven(space, answer, built.step)}` : "")
  }
}

function percent(share: number): string {
  return `${share >= 0 ? "+" : "−"}${Math.abs(share * 100).toFixed(1)} %`
}
