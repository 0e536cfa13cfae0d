/** The files of the catalogue: `{ "entries": [...] }` for each kind, every known figure named by exactly one evidence. */
import { Schema } from "effect"
import { figuresOf } from "../../models/hardware/evidence.ts"
import type { Evidence as ModelEvidence } from "../../models/hardware/part.ts"
import { atLeastOne, count, NonNegative, Positive, required, Text } from "./field.ts"
import { ModelShape } from "./model-shape.ts"

const unknownIs = "; null: not public"
const figure = (description: string) => required(Schema.NullOr(NonNegative), `${description}${unknownIs}`)
const whole = (description: string) => required(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)), description)
const name = (description: string) => required(Schema.NullOr(Text), `${description}; null: none`)
const Id = Text.check(Schema.isPattern(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/, { expected: "an id in kebab-case" }))
const Cooling = Schema.Literals(["air", "liquid", "hybrid"])

export const Evidence = Schema.Struct({
  fields: required(atLeastOne(Text), "the figures it supports, by name"),
  title: required(Text, "what was read"),
  url: required(Schema.NullOr(Text), "where; null: nowhere public, or ours"),
  confidence: required(Schema.Literals(["datasheet", "vendor-press", "third-party-estimate"]), "how good the source is"),
  verification: required(
    Schema.Literals(["read", "read-secondary", "derived", "recalled", "estimated", "scenario"]),
    "how the figure was taken from it"
  ),
  method: required(Schema.NullOr(Text), "how an estimate or a derived figure was made; null: the source's own figure")
}).check(Schema.makeFilter(
  ({ verification, method }) => method !== null || (verification !== "estimated" && verification !== "derived"),
  { expected: "a method: the figure is estimated or derived" }
))

const part = {
  id: required(Id, "unique within its kind"),
  name: required(Text, "as the vendor writes it"),
  vendor: required(Text, "who sells it"),
  availability: required(Schema.Struct({
    status: required(Schema.Literals(["shipping", "announced", "cloud-only", "restricted", "discontinued"]), "can it be bought"),
    date: required(Schema.NullOr(Text), "of an announcement, as the vendor says it: 2026-H2")
  }), "whether a planner can buy it"),
  notes: required(Schema.NullOr(Text), "what a reader must know"),
  evidence: required(Schema.Array(Evidence), "where every figure comes from")
}

const price = {
  priceUsd: figure("price, USD"),
  priceLowUsd: figure("the range it may lie in, USD"),
  priceHighUsd: figure("the range it may lie in, USD")
}

type Entry = { readonly evidence: ReadonlyArray<ModelEvidence> }

const unsupported = (entry: Entry): ReadonlyArray<Schema.FilterIssue> => {
  const named = entry.evidence.flatMap(({ fields }) => fields)
  const twice = new Set(named.filter((field, i) => named.indexOf(field) !== i))
  const known = entry as unknown as Readonly<Record<string, unknown>>
  return [
    ...figuresOf(entry).filter((field) => !named.includes(field))
      .map((field) => ({ path: [field], issue: `an evidence that names ${field}` })),
    ...[...twice].map((field) => ({ path: ["evidence"], issue: `one evidence for ${field}, not several` })),
    ...named.filter((field) => (known[field] ?? null) === null)
      .map((field) => ({ path: ["evidence"], issue: `${field} to be known, since an evidence names it` }))
  ]
}

/** An entry of one kind: its fields and those of every part, each figure supported once. */
const entry = <const Fields extends Schema.Struct.Fields>(fields: Fields) =>
  Schema.Struct({ ...part, ...fields }).check(Schema.makeFilter(
    (decoded) => unsupported(decoded as unknown as Entry)
  ))

const PortSpeeds = atLeastOne(Schema.Struct({
  portGbps: required(Positive, "Gb/s of a port, one direction"),
  ports: required(count(1_000_000), "ports of that speed")
}))

export const Accelerator = entry({
  ...price,
  family: required(Text, "silicon family: the key of the performance model's constants"),
  bf16Tflops: figure("dense peak, TFLOP/s"),
  fp8Tflops: figure("dense peak, TFLOP/s"),
  fp4Tflops: figure("dense peak, TFLOP/s"),
  int8Tops: figure("dense peak, TOP/s"),
  memoryGB: figure("usable by a program, decimal GB"),
  memoryPhysicalGB: figure("on the package, decimal GB"),
  memoryGBps: figure("memory bandwidth, GB/s"),
  computeUnits: figure("SMs, CUs, cores"),
  powerMaxW: figure("device with its memory, provisioned maximum, W"),
  powerTypicalW: figure("in training, W"),
  powerIdleW: figure("without work, W"),
  scaleUpProtocol: required(Schema.Literals([
    "nvlink3", "nvlink4", "nvlink5", "nvlink6", "nvlink7", "infinity-fabric", "ualink", "ici", "neuronlink", "ub", "hccs",
    "ethernet"
  ]), "what its scale-up ports speak"),
  scaleUpGBps: figure("all scale-up links together, GB/s one direction"),
  scaleUpLinks: figure("physical scale-up links"),
  scaleUpTopologies: required(Schema.Array(Schema.Literals([
    "full-mesh", "ring", "torus-2d", "torus-3d", "torus-3d-ocs", "nd-full-mesh", "switched-1", "switched-2"
  ])), "what HBDs it can form"),
  nativeHbd: required(count(1_000_000), "HBD of the vendor's product"),
  maxHbd: required(count(1_000_000), "largest HBD the vendor offers (closed protocol) or the protocol allows (open)"),
  sharedLanes: required(Schema.NullOr(Schema.Struct({
    lanes: required(count(10_000), "lanes that serve scale-up or scale-out"),
    laneGbps: required(Positive, "Gb/s of a lane, one direction"),
    scaleUpLanesMin: whole("lanes that must serve scale-up"),
    scaleOutLanesMin: whole("lanes that must serve scale-out")
  })), "lanes the designer divides; null: fixed"),
  scaleOutGbps: figure("scale-out of the product, Gb/s one direction"),
  scaleOutMaxGbps: figure("the most that host links allow, Gb/s one direction")
})

export const System = entry({
  kind: required(Schema.Literals(["node", "tray", "rack", "pod"]), "node and tray: building blocks; rack and pod: assemblies"),
  accelerator: required(Text, "id of the accelerator it holds"),
  accelerators: required(count(1_000_000), "how many"),
  block: name("of a rack or pod: id of its building block"),
  hostPowerMaxW: figure("without accelerators, NICs and scale-up switches, W"),
  hostPowerIdleW: figure("the same without work, W"),
  hostMemoryGB: figure("host memory of the block, GB"),
  hostLinkGBps: figure("per accelerator to host memory, GB/s one direction"),
  rackUnits: figure("U"),
  weightKg: figure("kg"),
  cooling: required(Cooling, "how it is cooled"),
  scaleUpSwitch: name("id of the scale-up switch inside"),
  scaleUpSwitches: whole("how many of them"),
  hostPriceUsd: figure("without accelerators, NICs and scale-up switches, USD"),
  hostPriceLowUsd: figure("the range it may lie in, USD"),
  hostPriceHighUsd: figure("the range it may lie in, USD"),
  racks: figure("of a rack or pod: racks it occupies"),
  scaleUpDomain: required(count(1_000_000), "HBD size"),
  referenceNic: name("id of the NIC of the vendor's reference design"),
  referenceNicsPerAccelerator: figure("NICs per accelerator of the reference design"),
  referenceSwitch: name("id of the scale-out switch of the reference design"),
  publishedPowerMaxW: figure("published total, W: a check"),
  publishedPowerTypicalW: figure("published total, W: a check"),
  publishedPriceUsd: figure("published total, USD: a check")
})

export const Switch = entry({
  ...price,
  kind: required(Schema.Literals(["scale-up", "scale-out", "optical-circuit", "scale-across"]), "where it stands"),
  protocols: required(atLeastOne(Text), "what it speaks"),
  radix: required(PortSpeeds, "ports of one box when all run at a speed"),
  crossbars: required(count(1000), "crossbars the ports are dealt over without a path between them"),
  powerMaxW: figure("box without pluggable modules, maximum, W"),
  powerTypicalW: figure("box without pluggable modules, typical, W"),
  powerIdleW: figure("box without pluggable modules, idle, W"),
  coPackagedOptics: required(Schema.Boolean, "its power and price hold the optics"),
  onBoard: required(Schema.Boolean, "sits on a node's baseboard"),
  rackUnits: figure("U"),
  weightKg: figure("kg"),
  latencyNs: figure("port to port, ns"),
  inNetworkReduction: required(Schema.Boolean, "sums in the network"),
  cooling: required(Cooling, "how it is cooled")
})

export const Nic = entry({
  ...price,
  protocols: required(atLeastOne(Schema.Literals(["ethernet", "infiniband"])), "what it speaks"),
  totalGbps: required(Positive, "all ports together, Gb/s one direction"),
  ports: required(PortSpeeds, "how its ports can be split"),
  integrated: required(Schema.Boolean, "ports on the accelerator itself"),
  accelerators: required(Schema.NullOr(atLeastOne(Text)), "ids of the accelerators it goes with; null: any with a slot"),
  powerMaxW: figure("without pluggable modules, maximum, W"),
  powerIdleW: figure("without pluggable modules, idle, W")
})

export const Interconnect = entry({
  kind: required(Schema.Literals([
    "backplane", "dac", "acc", "aec", "aoc", "multimode", "single-mode", "lpo", "lro", "cpo", "coherent"
  ]), "kind of medium"),
  gbps: required(Positive, "Gb/s one direction of one cable or module"),
  reachM: required(Positive, "m"),
  powerPerEndMaxW: figure("module or cable head, maximum, W"),
  powerPerEndW: figure("module or cable head, typical, W"),
  pricePerEndUsd: figure("module at each end, USD"),
  pricePerCableUsd: figure("cable or fibre, USD"),
  priceLowFactor: figure("low price over price"),
  priceHighFactor: figure("high price over price"),
  latencyNsPerM: required(NonNegative, "propagation, ns/m"),
  latencyPerEndNs: figure("DSP, FEC or retimer at each end, ns"),
  transceivers: required(Schema.Boolean, "a pluggable stands at each end"),
  uses: required(atLeastOne(Schema.Literals(["scale-up", "scale-out", "scale-across"])), "what it is plugged into")
})

export const CoolingClass = entry({
  cooling: required(Cooling, "what it offers"),
  rackPowerMaxKW: required(Positive, "kW of a rack"),
  airRackPowerMaxKW: required(Positive, "kW of a rack of air-cooled gear"),
  rackUnits: required(count(1000), "U of a rack"),
  rackWeightMaxKg: required(Positive, "kg of a rack with its load"),
  pue: required(Positive, "power at the meter over power of IT"),
  pueLow: required(Positive, "in a cold climate or a good hall"),
  pueHigh: required(Positive, "in a hot climate or an old hall"),
  pueByClimate: required(
    Schema.Struct({ cold: Positive, temperate: Positive, warm: Positive, hot: Positive }),
    "PUE where the scenario names the site's climate"
  ),
  floorM2PerRack: required(Positive, "floor of a rack with its share of the aisles, m2")
})

export const FacilityFact = entry({
  kind: required(Text, "what it is a fact of"),
  figures: required(Schema.Record(Text, Schema.Finite), "the figures, units in the names")
})

export const CatalogModel = entry({
  shape: required(ModelShape, "the shape"),
  parametersB: figure("published total, billions"),
  activeParametersB: figure("published active, billions"),
  training: required(Schema.NullOr(Schema.Struct({
    sequence: required(count(1_000_000_000), "tokens of a sequence"),
    globalBatch: required(count(1_000_000_000), "sequences of a step"),
    tokens: required(Positive, "tokens of a run")
  })), "how it was, or would be, trained; null: not known")
})

/** The schema of an entry, by the kind's name in the catalogue. */
export const catalogEntries = {
  accelerators: Accelerator,
  systems: System,
  switches: Switch,
  nics: Nic,
  interconnects: Interconnect,
  coolingClasses: CoolingClass,
  facilities: FacilityFact,
  models: CatalogModel
} as const

export type CatalogKind = keyof typeof catalogEntries

export const catalogKinds = Object.keys(catalogEntries) as ReadonlyArray<CatalogKind>

/** One file of the catalogue of the package, or of a directory of one's own. */
export const catalogFile = <K extends CatalogKind>(kind: K) =>
  Schema.Struct({ entries: Schema.Array(catalogEntries[kind] as (typeof catalogEntries)[K]) })

const entriesOf = <K extends CatalogKind>(kind: K) =>
  Schema.optionalKey(Schema.Array(catalogEntries[kind] as (typeof catalogEntries)[K]))

/** One file with entries of several kinds: `{ "accelerators": [...], "switches": [...] }`. */
export const CatalogOverlay = Schema.Struct({
  accelerators: entriesOf("accelerators"),
  systems: entriesOf("systems"),
  switches: entriesOf("switches"),
  nics: entriesOf("nics"),
  interconnects: entriesOf("interconnects"),
  coolingClasses: entriesOf("coolingClasses"),
  facilities: entriesOf("facilities"),
  models: entriesOf("models")
})
