/**
 * The scenario file: what a planner writes, and what it decodes to with its defaults filled in. Units are in the keys.
 * Names of parts are checked against the catalogue while decoding, so that all mistakes come at once.
 */
import { Schema, SchemaTransformation } from "effect"
import type { Objective } from "../../models/design-space/scenario.ts"
import { defaultAllowances, defaultEconomics } from "../../models/facility/defaults.ts"
import {
  atLeastOne, count, domain, limit, NonNegative, oneOf, optional, Positive, required, Share, Text
} from "./field.ts"
import { ModelShape } from "./model-shape.ts"

type Kind = "accelerators" | "systems" | "switches" | "nics" | "interconnects" | "coolingClasses" | "models"

/** Ids of a catalogue by kind, and its vendors; null where no catalogue is at hand: then any text passes. */
export type CatalogNames = Readonly<Record<Kind | "vendors", ReadonlyArray<string>>> | null

/** More than any site holds: above it a number is a slip. */
const mostAccelerators = 100_000_000
/** every set of them is searched */
const mostSites = 6

const Precision = Schema.Literals([
  "bf16", "fp16", "fp8", "fp8-delayed", "fp8-cs", "fp8-tensorwise", "fp8-rowwise", "fp8-blockwise", "fp8-sc",
  "mxfp8", "nvfp4", "int8"
])

const workload = (names: CatalogNames) => Schema.Struct({
  name: Schema.optionalKey(required(Text, "what to call it beside other workloads; default: the model's name")),
  kind: optional(Schema.Literal("training").annotate({ message: `Expected "training": serving is not planned yet` }),
    "training", "what the cluster is for"),
  model: required(Schema.Union([oneOf("a model of the catalogue", names?.models ?? null), ModelShape]),
    "name of a model of the catalogue, or a shape"),
  precision: optional(Precision, "bf16", "of the linear layers' matrix products"),
  sequence: Schema.optionalKey(
    required(count(1_000_000_000), "tokens of one sequence; default: as the model was trained")
  ),
  globalBatch: Schema.optionalKey(
    required(count(1_000_000_000), "sequences of one optimiser step; default: as the model was trained")
  ),
  tokens: Schema.optionalKey(required(Positive, "tokens of the whole run; default: as the model was trained"))
})

const siteCooling = (names: CatalogNames) => Schema.Struct({
  class: required(oneOf("a cooling class of the catalogue", names?.coolingClasses ?? null), "cooling class"),
  racks: limit(count(mostAccelerators), "racks of this class"),
  rackPowerKW: optional(Schema.NullOr(Positive), null, "limit of one rack, kW; null: the class's own")
})

const site = (names: CatalogNames) => Schema.Struct({
  name: optional(Text, "site", "what to call the site"),
  power: required(Schema.Struct({
    limitMW: required(Positive.check(Schema.isLessThanOrEqualTo(1e5)), "provisioned power, MW"),
    at: optional(Schema.Literals(["it", "meter"]), "meter",
      "where the limit holds: at the IT load or the utility meter"),
    pue: optional(Schema.NullOr(Schema.Finite.check(Schema.isBetween({ minimum: 1, maximum: 5 }))), null,
      "meter power over IT power; null: the cooling class's own, or that of the climate")
  }), "how much power, and where it counts"),
  climate: optional(Schema.NullOr(Schema.Literals(["cold", "temperate", "warm", "hot"])), null,
    "outside air, which the PUE follows: cold (Nordic), temperate (Ireland, Ohio), warm (Texas, Tokyo), hot (Singapore, Gulf)"),
  racks: limit(count(mostAccelerators), "racks in all"),
  floorM2: limit(Positive, "floor, m²"),
  capitalUsd: limit(Positive, "capital, USD"),
  accelerators: limit(count(mostAccelerators), "accelerators in all"),
  cooling: Schema.optionalKey(required(atLeastOne(siteCooling(names)),
    "what the hall can cool, in order of preference: hosts go to the first class made for their cooling; default: every class"))
})

const SiteLink = Schema.Struct({
  between: required(Schema.Tuple([Text, Text]), "names of two sites"),
  Gbps: required(Positive, "bandwidth, Gb/s one direction"),
  distanceKm: required(Positive.check(Schema.isLessThanOrEqualTo(40_000)), "length of the fibre, km")
})

const TotalLimits = Schema.Struct({
  powerMW: limit(Positive, "power at the meters of all sites, MW"),
  capitalUsd: limit(Positive, "money for all sites, USD")
})

const availabilityStatuses = ["shipping", "announced", "cloud-only", "restricted", "discontinued"] as const

const catalogSelection = (names: CatalogNames) => Schema.Struct({
  vendors: optional(Schema.NullOr(atLeastOne(oneOf("a vendor of the catalogue", names?.vendors ?? null))),
    null, "vendors of accelerators; null: all"),
  exclude: optional(Schema.Array(oneOf("an id of the catalogue", names && partIds(names))), [], "ids to leave out"),
  availability: optional(atLeastOne(Schema.Literals(availabilityStatuses)), ["shipping"],
    "what may be bought")
})

const partIds = (names: NonNullable<CatalogNames>) =>
  [...names.accelerators, ...names.systems, ...names.switches, ...names.nics, ...names.interconnects]

export const ObjectiveName = Schema.Literals([
  "maximizeThroughput", "minimizeTimeToTrain", "maximizeThroughputPerWatt", "maximizeThroughputPerDollar",
  "minimizePower", "minimizeCapex"
])

const ObjectiveObject = Schema.Struct({
  name: required(ObjectiveName, "what is best"),
  throughputFloor: optional(Schema.NullOr(Positive), null, "tokens/s the plan must reach"),
  deadlineDays: optional(Schema.NullOr(Positive), null, "days in which all tokens must be trained"),
  power: optional(Schema.Literals(["it-provisioned", "meter-provisioned"]), "meter-provisioned",
    "what a throughput per watt is divided by"),
  money: optional(Schema.Literals(["capex", "tco"]), "capex", "what a throughput per dollar is divided by")
})

/** Ratios and minima are best at the smallest cluster: they need something to reach. */
const demandsTarget = (objective: Objective) =>
  objective.name !== "maximizeThroughput" && objective.name !== "minimizeTimeToTrain" &&
  objective.throughputFloor === null && objective.deadlineDays === null

const Objective = Schema.Union([ObjectiveName, ObjectiveObject]).pipe(
  Schema.decodeTo(
    Schema.toType(ObjectiveObject).check(Schema.makeFilter((objective) => !demandsTarget(objective), {
      expected: "a throughputFloor or a deadlineDays beside a ratio or a minimum: the smallest cluster wins otherwise"
    })),
    SchemaTransformation.transform({
      decode: (written) => typeof written === "string"
        ? Schema.decodeSync(ObjectiveObject)({ name: written })
        : written,
      encode: (objective) => objective
    })
  )
)

const degree = count(mostAccelerators)
const Recompute = Schema.Literals(["none", "selective", "full"])
const ShardingStage = Schema.Literals([0, 1, 2, 3])
const ShardingGroup = Schema.Literals(["all", "hbd"])
const Offload = Schema.Literals(["none", "optimizer", "activations"])
const DimensionOrder = Schema.Literals(["tp-cp-dp-pp", "tp-cp-pp-dp"])

const MappingDomains = Schema.Struct({
  tp: domain(degree, "tensor parallel"),
  cp: domain(degree, "context parallel"),
  ep: domain(degree, "expert parallel"),
  etp: domain(degree, "tensor parallel inside an expert"),
  pp: domain(degree, "pipeline parallel"),
  vpp: domain(degree, "virtual stages of a pipeline rank"),
  dp: domain(degree, "data parallel"),
  microBatch: domain(degree, "sequences of a micro-batch"),
  sequenceParallel: domain(Schema.Boolean, "sequence parallel beside tensor parallel"),
  recompute: domain(Recompute, "activations computed again in the backward pass"),
  shardingStage: domain(ShardingStage,
    "ZeRO stage: 0 nothing, 1 optimiser state, 2 also gradients, 3 also parameters"),
  shardingGroup: domain(ShardingGroup, "what sharding spans"),
  offload: domain(Offload, "what is kept in host memory"),
  order: domain(DimensionOrder, "order in which ranks fill the HBDs")
})

/** A mapping with every decision taken. */
export const Mapping = Schema.Struct({
  tp: degree, cp: degree, ep: degree, etp: degree, pp: degree, vpp: degree, dp: degree, microBatch: degree,
  sequenceParallel: Schema.Boolean,
  recompute: Recompute,
  sharding: Schema.Struct({ stage: ShardingStage, group: ShardingGroup }),
  offload: Offload,
  order: DimensionOrder
})

const scaleUpTopologies = [
  "full-mesh", "ring", "torus-2d", "torus-3d", "torus-3d-ocs", "nd-full-mesh", "switched-1", "switched-2"
] as const

const searchDomains = (names: CatalogNames) => Schema.Struct({
  accelerator: domain(oneOf("an accelerator of the catalogue", names?.accelerators ?? null), "accelerator, by id"),
  host: domain(oneOf("a system of the catalogue", names?.systems ?? null), "node or tray an HBD is made of, by id"),
  hbdSize: domain(degree, "accelerators of one HBD"),
  scaleUpTopology: domain(Schema.Literals(scaleUpTopologies), "shape of the scale-up fabric"),
  scaleUpSwitch: domain(oneOf("a switch of the catalogue", names?.switches ?? null), "scale-up switch, by id"),
  nic: domain(oneOf("a NIC of the catalogue", names?.nics ?? null), "NIC, by id"),
  nicsPerAccelerator: domain(Positive, "NICs of one accelerator"),
  scaleOutTopology: domain(Schema.Literals(["none", "single", "clos", "rail-only", "dragonfly"]),
    "shape of the scale-out fabric; dragonfly only where it is named"),
  scaleOutSwitch: domain(oneOf("a switch of the catalogue", names?.switches ?? null), "scale-out switch, by id"),
  scaleOutTiers: domain(count(3), "levels of scale-out switches"),
  railOptimized: domain(Schema.Boolean, "one leaf for each local index"),
  planes: domain(count(64), "parallel copies of the scale-out fabric"),
  oversubscription: domain(Schema.Finite.check(Schema.isBetween({ minimum: 1, maximum: 64 })),
    "bandwidth below the top tier over bandwidth into it"),
  medium: domain(oneOf("an interconnect of the catalogue", names?.interconnects ?? null), "scale-out medium, by id"),
  sites: domain(count(mostSites), "sites that a layout spans"),
  litShare: domain(Schema.Finite.check(Schema.isBetween({ minimum: 0.001, maximum: 1 })),
    "share of every link between sites that is lit, in whole modules; null: all of it"),
  hbds: domain(degree, "HBDs in all"),
  mapping: optional(MappingDomains, {}, "how the model is parallelised")
})

const SolveLimits = Schema.Struct({
  timeS: optional(Schema.NullOr(Positive), 60, "seconds; null: none"),
  gap: optional(Share, 0, "stop when the gap is at most this; 0: prove the optimum"),
  evaluations: optional(Schema.NullOr(Positive), null, "candidates evaluated; null: no limit"),
  seed: optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_294_967_295 })), 1,
    "of the random numbers")
})

const a = defaultAllowances

const Allowances = Schema.Struct({
  storagePowerWPerAccelerator: optional(NonNegative, a.storagePowerWPerAccelerator, "storage, W per accelerator"),
  storageUsdPerAccelerator: optional(NonNegative, a.storageUsdPerAccelerator, "storage, USD per accelerator"),
  frontEndPowerWPerAccelerator: optional(NonNegative, a.frontEndPowerWPerAccelerator,
    "front-end network, W per accelerator"),
  frontEndUsdPerAccelerator: optional(NonNegative, a.frontEndUsdPerAccelerator,
    "front-end network, USD per accelerator"),
  managementPowerWPerRack: optional(NonNegative, a.managementPowerWPerRack, "management network, W per rack"),
  managementUsdPerRack: optional(NonNegative, a.managementUsdPerRack, "management network, USD per rack"),
  serviceRacksPerAccelerator: optional(Share, a.serviceRacksPerAccelerator,
    "racks of storage, front end and management per accelerator"),
  spareShare: optional(Share, a.spareShare, "spare accelerators with their hosts, share of the whole"),
  rackUsd: optional(NonNegative, a.rackUsd, "rack, busbar, manifolds, USD"),
  buildingUsdPerMW: optional(NonNegative, a.buildingUsdPerMW,
    "building and power plant, USD per MW at the meter; 0: the hall exists"),
  rackPowerLoss: optional(Share, a.rackPowerLoss, "loss of power shelf or rack PSU, share of what passes"),
  distributionLoss: optional(Share, a.distributionLoss,
    "loss of UPS and distribution beside what the PUE holds, share of what passes")
})

const Economics = Schema.Struct({
  electricityUsdPerKWh: optional(NonNegative, defaultEconomics.electricityUsdPerKWh, "price of electricity, USD/kWh"),
  carbonKgPerKWh: optional(NonNegative, defaultEconomics.carbonKgPerKWh, "carbon of the grid, kg CO₂e/kWh"),
  horizonYears: optional(Positive, defaultEconomics.horizonYears, "years over which total cost is counted"),
  maintenanceShare: optional(Share, defaultEconomics.maintenanceShare, "maintenance a year, share of capex")
})

const PriceBounds = Schema.Struct({
  low: required(NonNegative, "in the price's unit"), high: required(NonNegative, "in the price's unit")
})
const priceRange = (of: string) => Schema.optionalKey(required(PriceBounds, of))

const PriceRanges = Schema.Struct({
  storageUsdPerAccelerator: priceRange("of allowances.storageUsdPerAccelerator"),
  frontEndUsdPerAccelerator: priceRange("of allowances.frontEndUsdPerAccelerator"),
  managementUsdPerRack: priceRange("of allowances.managementUsdPerRack"),
  rackUsd: priceRange("of allowances.rackUsd"),
  buildingUsdPerMW: priceRange("of allowances.buildingUsdPerMW"),
  electricityUsdPerKWh: priceRange("of economics.electricityUsdPerKWh"),
  maintenanceShare: priceRange("of economics.maintenanceShare")
})

const estimateKinds = ["accelerators", "systems", "switches", "nics", "interconnects", "coolingClasses"] as const

const FigureEstimate = Schema.Struct({
  kind: required(Schema.Literals(estimateKinds), "kind of part"),
  id: required(Text, "id of the part"),
  field: required(Text, "name of the figure"),
  value: required(Schema.Finite, "the figure, in the unit its name says"),
  reason: required(Text, "where it comes from")
})

/** The schema of a scenario file against the names of a catalogue. */
export const scenarioFile = (names: CatalogNames) => Schema.Struct({
  formatVersion: optional(Schema.Literal(1), 1, "version of this format"),
  name: required(Text, "what to call the scenario"),
  description: optional(Schema.NullOr(Text), null, "in words"),
  workload: Schema.optionalKey(required(workload(names), "the model to train; or several, under workloads")),
  workloads: Schema.optionalKey(required(
    Schema.Array(workload(names)).check(Schema.isMinLength(2, { expected: "two or more; a single one is the key workload" })),
    "a programme: what the cluster trains, one after the other, instead of workload"
  )),
  furtherWorkloads: optional(Schema.Array(workload(names)), [],
    "those of a programme after the first, as a completed scenario states them beside workload"),
  sites: required(atLeastOne(site(names)).check(Schema.isMaxLength(mostSites)), "where it may stand"),
  links: optional(Schema.Array(SiteLink), [], "fibre between every two sites"),
  allSites: optional(TotalLimits, {}, "limits on what all sites use together"),
  catalog: optional(catalogSelection(names), {}, "the part of the catalogue that may be used"),
  objective: optional(Objective, "maximizeThroughput", "what is best: a name, or an object with its targets"),
  search: optional(searchDomains(names), {}, "domains of the decisions; what is left out is free"),
  limits: optional(SolveLimits, {}, "when to stop"),
  allowances: optional(Allowances, {}, "what is not decided here but draws power, room and money"),
  economics: optional(Economics, {}, "prices over time"),
  priceRanges: optional(PriceRanges, {},
    "within which prices of allowances and economics may lie; of a price left at its default: that of the default; else: exact"),
  memoryHeadroom: optional(Share, 0.06, "share of an accelerator's memory that a mapping leaves free"),
  estimates: optional(Schema.Array(FigureEstimate), [], "figures the catalogue lacks, or that you see otherwise")
})

const CompletedWorkload = Schema.Struct({
  name: Text,
  kind: Schema.Literal("training"),
  model: ModelShape,
  precision: Precision,
  sequence: Schema.Finite,
  globalBatch: Schema.Finite,
  tokens: Schema.Finite
})

/** A scenario with nothing left open: what was answered, as every answer echoes it. It is a scenario file too. */
export const CompletedScenario = Schema.toType(scenarioFile(null).mapFields(({ workloads: _, ...fields }) => ({
  ...fields,
  workload: required(CompletedWorkload, "the model to train; of a programme the first"),
  furtherWorkloads: required(Schema.Array(CompletedWorkload), "trained after it on the same cluster; empty for one"),
  sites: Schema.Array(site(null).mapFields((site) => ({ ...site, cooling: Schema.Array(siteCooling(null)) })))
})))

/** A scenario file decoded: names still names, and what depends on the catalogue still open. */
export type ScenarioFile = ReturnType<typeof scenarioFile>["Type"]
