/** The answer: what to build, how to map the model on it, what it does and uses, and how far from the best it can be. */
import type { BomLine } from "../facility/bill-of-materials.ts"
import type { StepMemory } from "../performance/explanation.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { ObjectiveName, Scenario } from "./scenario.ts"

export type Status = "optimal" | "feasible" | "infeasible" | "noSolution"

export interface Recommendation {
  readonly formatVersion: 1
  readonly status: Status
  /** what stopped a search that did not finish */
  readonly limit: "time" | "evaluations" | "gap" | "interrupted" | null
  /** when infeasible: limits that cannot hold together, each by its path in the scenario */
  readonly conflict: Conflict | null
  readonly objective: ObjectiveValue
  readonly layout: LayoutSummary | null
  readonly mapping: (Mapping & { readonly world: number; readonly microBatches: number; readonly ranksPerHbd: number }) | null
  readonly performance: PerformanceSummary | null
  /** with several workloads: `mapping`, `performance` and `split` are those of the first; null with one, and without a plan */
  readonly programme: ProgrammeSummary | null
  readonly split: Split | null
  readonly resources: ReadonlyArray<ResourceUse>
  /** where it stands; null without a plan */
  readonly floor: ReadonlyArray<FloorSummary>
  readonly bom: ReadonlyArray<BomLine>
  readonly money: MoneySummary | null
  /** whether another answer is better somewhere inside the price ranges; null: not asked */
  readonly prices: PriceTest | null
  readonly baseline: Alternative | null
  readonly alternatives: ReadonlyArray<Alternative>
  /** what presolve left out, counted by reason, with examples */
  readonly dropped: ReadonlyArray<Dropped>
  readonly check: CheckResult
  readonly provenance: Provenance
  /** the completed scenario that was answered */
  readonly scenario: Scenario
}

export interface ObjectiveValue {
  readonly name: ObjectiveName
  readonly unit: string
  readonly sense: "maximize" | "minimize"
  readonly value: number | null
  /** no candidate of the search space is better */
  readonly bound: number | null
  /** (bound − value)/bound when maximising, (value − bound)/value when minimising */
  readonly gap: number | null
}

export interface Conflict {
  /** an irreducible set: dropping any one makes the rest feasible */
  readonly members: ReadonlyArray<{ readonly path: string; readonly limit: string }>
  /** single limits that would suffice if moved: the least move of each */
  readonly relaxations: ReadonlyArray<LimitMove>
  /**
   * the least relaxation of all its numbers at once, each by the same share; empty where that does not suffice or the search was
   * stopped
   */
  readonly together: ReadonlyArray<LimitMove>
}

export interface LimitMove {
  readonly path: string
  readonly from: number
  /** a value that suffices */
  readonly to: number
  /** no value nearer to `from` suffices: `to` itself where that is proven to be the least; null: nothing is proven */
  readonly bound: number | null
  readonly unit: string
}

export interface LayoutSummary {
  readonly accelerator: string
  readonly host: string
  readonly hbd: {
    readonly size: number
    readonly tiers: number
    readonly topology: string
    /** extents of a grid of direct links, the innermost first; empty with switches */
    readonly dims: ReadonlyArray<number>
    readonly switch: string | null
    readonly switches: number
    readonly planes: number
    readonly GBpsPerAccelerator: number
    readonly media: ReadonlyArray<string>
  }
  readonly scaleOut: {
    readonly topology: string
    readonly tiers: number
    readonly nic: string
    readonly nicsPerAccelerator: number
    readonly GbpsPerAccelerator: number
    readonly switch: string
    readonly switches: { readonly leaf: number; readonly spine: number; readonly core: number; readonly total: number }
    readonly rails: number
    readonly planes: number
    readonly oversubscription: ReadonlyArray<number>
    /** that some cable is of */
    readonly media: ReadonlyArray<string>
    /** media to choose from, by rising reach: every run of cables takes the first that reaches it */
    readonly ladders: { readonly endpoint: ReadonlyArray<string>; readonly trunk: ReadonlyArray<string> }
  } | null
  readonly hbds: number
  readonly accelerators: number
  /** those the mapping leaves idle */
  readonly idleAccelerators: number
  readonly racks: number
  readonly sites: ReadonlyArray<{
    readonly site: string
    readonly hbds: number
    readonly accelerators: number
    readonly racks: number
    /** power at the meter over power of IT, of the cooling class and climate that serve the racks */
    readonly pue: number
  }>
  /** what joins its sites, of every two the link; empty on one site */
  readonly links: ReadonlyArray<LinkSummary>
}

export interface LinkSummary {
  readonly between: readonly [string, string]
  /** one direction */
  readonly Gbps: number
  /** of them, those that modules light */
  readonly litGbps: number
  readonly distanceKm: number
  readonly medium: string
  /** at each end */
  readonly modules: number
  readonly router: string
  readonly routers: number
  /** null: the modules light the fibre themselves */
  readonly lineSystem: string | null
  readonly lineSystems: number
}

/** Several workloads, trained one after the other on the one layout. */
export interface ProgrammeSummary {
  /** of all runs together */
  readonly totalDays: number
  /** tokens of all runs over their time */
  readonly tokensPerS: number
  readonly runs: ReadonlyArray<RunSummary>
}

export interface RunSummary {
  readonly name: string
  readonly tokens: number
  readonly days: number
  readonly tokensPerS: number
  readonly stepTimeS: number
  readonly mfu: number
  /** HBDs that its mapping needs; the others idle while it runs */
  readonly hbdsInUse: number
  /** of the fullest accelerator */
  readonly memoryGB: number
  readonly mapping: NonNullable<Recommendation["mapping"]>
}

export interface PerformanceSummary {
  readonly stepTimeS: number
  readonly tokensPerS: number
  readonly tokensPerSPerAccelerator: number
  readonly daysToTrain: number
  /** model FLOPs (causal attention counted half, no recompute) over dense peak of the training precision */
  readonly mfu: number
  readonly memory: StepMemory & { readonly limitGB: number }
  /** from peak to achieved: seconds of the step by cause, summing to stepTimeS */
  readonly breakdown: ReadonlyArray<{ readonly name: string; readonly timeS: number }>
  /** evidence of the performance model's constants for this accelerator */
  readonly evidence: "fitted" | "derived"
}

/** What each fabric carries and costs. */
export interface Split {
  readonly scaleUp: SplitSide
  readonly scaleOut: SplitSide
  /** null on one site */
  readonly scaleAcross: SiteSplit | null
  readonly dimensions: ReadonlyArray<{
    readonly dimension: "tp" | "cp" | "ep" | "pp" | "dp"
    readonly degree: number
    readonly fabric: "scale-up" | "scale-out" | "both" | "none"
    /** per accelerator and step */
    readonly scaleUpBytes: number
    readonly scaleOutBytes: number
    readonly timeS: number
    readonly exposedS: number
  }>
}

export interface SplitSide {
  readonly GBpsPerAccelerator: number
  readonly bytesPerStep: number
  readonly timeS: number
  readonly powerW: number
  readonly capexUsd: number
  /** bytes per step over step time × capacity */
  readonly utilization: number
}

/** What the links between the sites carry and cost. */
export interface SiteSplit {
  /** what lies on several sites: replicas or stages */
  readonly dimension: "pp" | "dp"
  /** of the narrowest link, all its fibres, one direction */
  readonly GBpsPerLink: number
  readonly bytesPerStep: number
  /** of the link, and what of it the step waits for */
  readonly timeS: number
  readonly exposedS: number
  readonly utilization: number
  readonly powerW: number
  readonly capexUsd: number
}

export interface ResourceUse {
  readonly name: string
  /** path of the limit in the scenario */
  readonly path: string
  readonly unit: string
  readonly used: number
  /** null: no limit was set */
  readonly limit: number | null
  /** dual of the relaxation: objective units per unit of the resource; null: no limit, or of a batch, which works none out */
  readonly boundPrice: number | null
  /** what the plan gains per `increment` more, and loses per `increment` less, by solving again; null: not asked */
  readonly worthUp: number | null
  readonly worthDown: number | null
  readonly increment: number | null
  /** over which the plan stays the best; null: not asked */
  readonly range: LimitRange | null
  readonly estimated: boolean
}

/**
 * Values of a limit, in the unit in which the scenario states it, all else unchanged: from `from` to `to` the plan is proven the
 * best; at `changesAt` another is better. `changesAt` null: none was found up to twice the limit, which is `to`.
 */
export interface LimitRange {
  readonly from: number
  readonly to: number
  readonly changesAt: number | null
}

/** The floor plan of a site in figures; `export --to floor` draws it. */
export interface FloorSummary {
  readonly site: string
  readonly rows: number
  readonly racksPerRow: number
  /** cables by medium, lengths as run between the racks' places; a host's board left out */
  readonly cables: ReadonlyArray<{
    readonly medium: string
    readonly cables: number
    readonly totalM: number
    readonly longestM: number
    readonly reachM: number
  }>
}

export interface MoneySummary {
  readonly capexUsd: number
  readonly capexLowUsd: number
  readonly capexHighUsd: number
  readonly energyUsdPerYear: number
  readonly maintenanceUsdPerYear: number
  readonly tcoUsd: number
  /** capital, electricity and maintenance at the ends of their ranges */
  readonly tcoLowUsd: number
  readonly tcoHighUsd: number
  readonly usdPerMillionTokens: number
  readonly usdPerAcceleratorHour: number
  readonly carbonKgPerYear: number
  readonly averagePowerMW: number
}

/** The question asked again with prices at the ends of their ranges. */
export interface PriceTest {
  /** the objective or a limit looks at money */
  readonly matter: boolean
  /** the answer stays the best at every end; true also where prices do not matter; null: not known at these limits of work */
  readonly holds: boolean | null
  readonly ends: ReadonlyArray<PriceTestEnd>
  readonly sentence: string
}

export interface PriceTestEnd {
  readonly prices:
    | "all low" | "all high" | "own high, others low" | "electricity and allowances low" | "electricity and allowances high"
  /** of the answer there: nothing, the number of HBDs, the scale-out, the HBDs; nothing can be built; not known */
  readonly change: "none" | "counts" | "network" | "design" | "infeasible" | "unknown"
  readonly objectiveValue: number | null
  /** what is the answer there, in words; null without */
  readonly answer: string | null
  /**
   * own high, others low: where the other has overtaken at the latest, as shares of the capital of both: how much dearer the
   * plan, and how much cheaper the other; null where it does not, or where a limit of capital decides
   */
  readonly overtakenAt: { readonly ownDearer: number; readonly otherCheaper: number } | null
}

/** Another candidate beside the answer, and why it is not the answer. */
export interface Alternative {
  readonly kind: string
  readonly sentence: string
  readonly layout: LayoutSummary
  readonly mapping: Mapping
  readonly objectiveValue: number
  readonly tokensPerS: number
  readonly stepTimeS: number
  readonly itPowerMW: number
  readonly capexUsd: number
  readonly crossFabricBytes: number
  readonly memoryGB: number
  /** why it loses */
  readonly why: string
}

export interface Dropped {
  readonly reason: string
  readonly count: number
  readonly examples: ReadonlyArray<string>
}

export interface CheckResult {
  /** the largest relative violation of any row, recomputed from the recommendation itself */
  readonly maxViolation: number
  readonly rows: number
  readonly messages: ReadonlyArray<string>
}

export interface Provenance {
  readonly program: string
  readonly version: string
  readonly catalogHash: string
  readonly scenarioHash: string
  readonly constantsHash: string
  readonly seed: number
  /** every figure used that is an estimate */
  readonly estimates: ReadonlyArray<{
    readonly part: string
    readonly field: string
    readonly value: number
    readonly confidence: string
    readonly verification: string
    readonly method: string | null
  }>
}
