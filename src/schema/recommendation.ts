/** The recommendation as a file: the types of models/design-space/recommendation.ts, for readers of other programs. */
import { Schema } from "effect"
import { required } from "./field.ts"
import { CompletedScenario, Mapping, ObjectiveName } from "./scenario.ts"

const Num = Schema.Finite
const Str = Schema.String
const NumOrNull = Schema.NullOr(Num)
const StrOrNull = Schema.NullOr(Str)

const ObjectiveValue = Schema.Struct({
  name: ObjectiveName,
  unit: Str,
  sense: Schema.Literals(["maximize", "minimize"]),
  value: required(NumOrNull, "of the plan; null without one"),
  bound: required(NumOrNull, "no candidate of the search space is better"),
  gap: required(NumOrNull, "(bound − value)/bound when maximising, (value − bound)/value when minimising")
})

const LimitMove = Schema.Struct({
  path: Str,
  from: Num,
  to: required(Num, "a value that suffices"),
  bound: required(NumOrNull, "no value nearer to `from` suffices: `to` itself where it is proven to be the least"),
  unit: Str
})

const Conflict = Schema.Struct({
  members: required(Schema.Array(Schema.Struct({ path: Str, limit: Str })),
    "an irreducible set: dropping any one makes the rest feasible"),
  relaxations: required(Schema.Array(LimitMove), "single limits that would suffice if moved: the least move of each"),
  together: required(Schema.Array(LimitMove), "the least relaxation of all its numbers at once, each by the same share")
})

const HbdSummary = Schema.Struct({
  size: required(Num, "accelerators on one scale-up fabric"),
  tiers: Num,
  topology: Str,
  dims: required(Schema.Array(Num), "extents of a grid of direct links, the innermost first; empty with switches"),
  switch: StrOrNull,
  switches: required(Num, "of one HBD"),
  planes: Num,
  GBpsPerAccelerator: required(Num, "one direction"),
  media: Schema.Array(Str)
})

const ScaleOutSummary = Schema.Struct({
  topology: Str,
  tiers: Num,
  nic: Str,
  nicsPerAccelerator: Num,
  GbpsPerAccelerator: required(Num, "one direction"),
  switch: Str,
  switches: Schema.Struct({ leaf: Num, spine: Num, core: Num, total: Num }),
  rails: Num,
  planes: Num,
  oversubscription: required(Schema.Array(Num), "per tier boundary, from below"),
  media: required(Schema.Array(Str), "that some cable is of"),
  ladders: required(Schema.Struct({ endpoint: Schema.Array(Str), trunk: Schema.Array(Str) }),
    "media to choose from, by rising reach: every run of cables takes the first that reaches it")
})

const LinkSummary = Schema.Struct({
  between: Schema.Tuple([Str, Str]),
  Gbps: required(Num, "one direction"),
  litGbps: required(Num, "of them, those that modules light"),
  distanceKm: Num,
  medium: Str,
  modules: required(Num, "at each end"),
  router: Str,
  routers: required(Num, "at each end"),
  lineSystem: required(StrOrNull, "null: the modules light the fibre themselves"),
  lineSystems: required(Num, "at each end")
})

const LayoutSummary = Schema.Struct({
  accelerator: Str,
  host: Str,
  hbd: HbdSummary,
  scaleOut: required(Schema.NullOr(ScaleOutSummary), "null: a single HBD"),
  hbds: Num,
  accelerators: Num,
  idleAccelerators: required(Num, "those the mapping leaves idle"),
  racks: Num,
  sites: Schema.Array(Schema.Struct({
    site: Str,
    hbds: Num,
    accelerators: Num,
    racks: Num,
    pue: required(Num, "meter power over IT power, of the cooling class and climate that serve the racks")
  })),
  links: required(Schema.Array(LinkSummary), "what joins its sites; empty on one site")
})

const Performance = Schema.Struct({
  stepTimeS: Num,
  tokensPerS: Num,
  tokensPerSPerAccelerator: Num,
  daysToTrain: Num,
  mfu: required(Num, "model FLOPs over dense peak of the training precision"),
  memory: required(Schema.Struct({
    parametersGB: Num,
    gradientsGB: Num,
    optimizerGB: Num,
    activationsGB: Num,
    buffersGB: Num,
    totalGB: Num,
    limitGB: Num
  }), "of the fullest accelerator"),
  breakdown: required(Schema.Array(Schema.Struct({ name: Str, timeS: Num })),
    "seconds of the step by cause, summing to stepTimeS"),
  evidence: Schema.Literals(["fitted", "derived"])
})

const PlacedMapping = Schema.Struct({ ...Mapping.fields, world: Num, microBatches: Num, ranksPerHbd: Num })

const Programme = Schema.Struct({
  totalDays: required(Num, "of all runs together"),
  tokensPerS: required(Num, "tokens of all runs over their time"),
  runs: Schema.Array(Schema.Struct({
    name: Str,
    tokens: Num,
    days: Num,
    tokensPerS: Num,
    stepTimeS: Num,
    mfu: Num,
    hbdsInUse: required(Num, "that its mapping needs; the others idle while it runs"),
    memoryGB: required(Num, "of the fullest accelerator"),
    mapping: PlacedMapping
  }))
})

const SplitSide = Schema.Struct({
  GBpsPerAccelerator: Num,
  bytesPerStep: Num,
  timeS: Num,
  powerW: Num,
  capexUsd: Num,
  utilization: required(Num, "bytes per step over step time × capacity")
})

const SiteSplit = Schema.Struct({
  dimension: required(Schema.Literals(["pp", "dp"]), "what lies on several sites: replicas or stages"),
  GBpsPerLink: required(Num, "of the narrowest link, one direction"),
  bytesPerStep: required(Num, "over that link, one direction"),
  timeS: Num,
  exposedS: required(Num, "what the step would be shorter by if the links were ideal"),
  utilization: required(Num, "bytes per step over step time × capacity"),
  powerW: Num,
  capexUsd: Num
})

const Split = Schema.Struct({
  scaleUp: SplitSide,
  scaleOut: SplitSide,
  scaleAcross: required(Schema.NullOr(SiteSplit), "null on one site"),
  dimensions: Schema.Array(Schema.Struct({
    dimension: Schema.Literals(["tp", "cp", "ep", "pp", "dp"]),
    degree: Num,
    fabric: Schema.Literals(["scale-up", "scale-out", "both", "none"]),
    scaleUpBytes: required(Num, "per accelerator and step"),
    scaleOutBytes: required(Num, "per accelerator and step"),
    timeS: Num,
    exposedS: Num
  }))
})

const LimitRange = Schema.Struct({
  from: required(Num, "what the plan uses, in the unit in which the scenario states the limit"),
  to: required(Num, "up to here no plan is better"),
  changesAt: required(NumOrNull, "here another plan is better; null: none up to twice the limit")
})

const ResourceUse = Schema.Struct({
  name: Str,
  path: required(Str, "of the limit in the scenario"),
  unit: Str,
  used: Num,
  limit: required(NumOrNull, "null: no limit was set"),
  boundPrice: required(
    NumOrNull, "dual of the relaxation: objective units per unit of the resource; null: no limit, or of a batch, which works none out"
  ),
  worthUp: required(NumOrNull, "what the plan gains per increment more; null: not asked"),
  worthDown: required(NumOrNull, "what the plan loses per increment less; null: not asked"),
  increment: NumOrNull,
  range: required(Schema.NullOr(LimitRange), "of the limit, over which the plan stays the best; null: not asked"),
  estimated: Schema.Boolean
})

const FloorSummary = Schema.Struct({
  site: Str,
  rows: Num,
  racksPerRow: Num,
  cables: required(Schema.Array(Schema.Struct({ medium: Str, cables: Num, totalM: Num, longestM: Num, reachM: Num })),
    "by medium, lengths as run between the racks' places; a host's board left out")
})

const BomLine = Schema.Struct({
  site: Str,
  side: Schema.Literals(["accelerator", "host", "scale-up", "scale-out", "scale-across", "allowance"]),
  role: Str,
  part: required(StrOrNull, "catalogue id; null for an allowance"),
  name: Str,
  count: Num,
  pue: required(Num, "of what cools it: air, or a liquid loop"),
  powerMaxW: required(Num, "of one, provisioned"),
  powerIdleW: required(Num, "of one"),
  rackUnits: Num,
  weightKg: Num,
  priceUsd: required(Num, "of one"),
  priceLowUsd: Num,
  priceHighUsd: Num,
  estimates: required(Schema.Array(Str), "figures of this line that are estimates")
})

const Money = Schema.Struct({
  capexUsd: Num,
  capexLowUsd: Num,
  capexHighUsd: Num,
  energyUsdPerYear: Num,
  maintenanceUsdPerYear: Num,
  tcoUsd: Num,
  tcoLowUsd: required(Num, "capital, electricity and maintenance at their low"),
  tcoHighUsd: required(Num, "capital, electricity and maintenance at their high"),
  usdPerMillionTokens: Num,
  usdPerAcceleratorHour: Num,
  carbonKgPerYear: Num,
  averagePowerMW: Num
})

const PriceTest = Schema.Struct({
  matter: required(Schema.Boolean, "the objective or a limit looks at money"),
  holds: required(Schema.NullOr(Schema.Boolean),
    "the answer stays the best at every end of the price ranges; true also where prices do not matter; null: not known"),
  ends: Schema.Array(Schema.Struct({
    prices: required(Schema.Literals([
      "all low", "all high", "own high, others low", "electricity and allowances low", "electricity and allowances high"
    ]), "which prices stand at which end of their ranges; maintenance goes with electricity, and the other prices stay"),
    change: required(Schema.Literals(["none", "counts", "network", "design", "infeasible", "unknown"]),
      "of the answer there: nothing, the number of HBDs, the scale-out, the HBDs; nothing can be built; not known"),
    objectiveValue: NumOrNull,
    answer: required(StrOrNull, "what is the answer there, in words"),
    overtakenAt: required(Schema.NullOr(Schema.Struct({ ownDearer: Num, otherCheaper: Num })),
      "own high, others low: where the other has overtaken at the latest, as shares of the capital of both")
  })),
  sentence: Str
})

const Alternative = Schema.Struct({
  kind: Str,
  sentence: Str,
  layout: LayoutSummary,
  mapping: Mapping,
  objectiveValue: Num,
  tokensPerS: Num,
  stepTimeS: Num,
  itPowerMW: Num,
  capexUsd: Num,
  crossFabricBytes: Num,
  memoryGB: Num,
  why: required(Str, "why it is not the answer")
})

const Provenance = Schema.Struct({
  program: Str,
  version: Str,
  catalogHash: Str,
  scenarioHash: Str,
  constantsHash: Str,
  seed: Num,
  estimates: required(Schema.Array(Schema.Struct({
    part: Str, field: Str, value: Num, confidence: Str, verification: Str, method: StrOrNull
  })), "every figure used that is an estimate")
})

export const Recommendation = Schema.Struct({
  formatVersion: Schema.Literal(1),
  status: Schema.Literals(["optimal", "feasible", "infeasible", "noSolution"]),
  limit: required(Schema.NullOr(Schema.Literals(["time", "evaluations", "gap", "interrupted"])),
    "what stopped a search that did not finish"),
  conflict: required(Schema.NullOr(Conflict), "when infeasible: limits that cannot hold together"),
  objective: ObjectiveValue,
  layout: Schema.NullOr(LayoutSummary),
  mapping: Schema.NullOr(PlacedMapping),
  performance: Schema.NullOr(Performance),
  programme: required(Schema.NullOr(Programme), "several workloads one after the other, the first of which `mapping`, " +
    "`performance` and `split` describe; null with one, and without a plan"),
  split: Schema.NullOr(Split),
  resources: Schema.Array(ResourceUse),
  floor: required(Schema.Array(FloorSummary), "of each site; empty without a plan"),
  bom: Schema.Array(BomLine),
  money: Schema.NullOr(Money),
  prices: required(Schema.NullOr(PriceTest), "the question asked again at the ends of the price ranges; null: not asked"),
  baseline: required(Schema.NullOr(Alternative), "the same site filled with the vendor's reference design"),
  alternatives: Schema.Array(Alternative),
  dropped: required(Schema.Array(Schema.Struct({ reason: Str, count: Num, examples: Schema.Array(Str) })),
    "what presolve left out, by reason"),
  check: Schema.Struct({
    maxViolation: required(Num, "the largest relative violation of any row, recomputed from the recommendation"),
    rows: Num,
    messages: Schema.Array(Str)
  }),
  provenance: Provenance,
  scenario: required(CompletedScenario, "the completed scenario that was answered")
})
