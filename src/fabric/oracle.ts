/** Published tables of fabrics, asked again of the program: what they say beside what it sizes. */
import { Result, Schema } from "effect"
import type { FabricSize, FabricSpec } from "../../models/fabric/fabric.ts"
import type { ScaleUpSize } from "../../models/fabric/scale-up.ts"
import { sizeScaleUp } from "../../models/fabric/scale-up-sizing.ts"
import { sizeFabric } from "../../models/fabric/sizing.ts"
import { formatMistake } from "../schema/mistakes.ts"
import { decodeFabricRequest } from "./request.ts"
import { ScaleUpRequest } from "./scale-up-request.ts"

/** `exact` rows are asserted; the others are reported, and why. */
const Mark = Schema.Literals(["exact", "derived", "recalled", "rounded", "incomplete"])

const Row = Schema.Struct({
  label: Schema.NonEmptyString,
  mark: Mark,
  note: Schema.optionalKey(Schema.String),
  /** requests over the source's `common` keys; what is published is their sum */
  asks: Schema.NonEmptyArray(Schema.Record(Schema.String, Schema.Json)),
  published: Schema.Record(Schema.String, Schema.Finite)
})

const Prices = Schema.Struct({
  switchUsd: Schema.optionalKey(Schema.Finite),
  switchPortUsd: Schema.optionalKey(Schema.Finite),
  transceiverUsd: Schema.optionalKey(Schema.Finite),
  endpointLinkUsd: Schema.optionalKey(Schema.Finite),
  fabricLinkUsd: Schema.optionalKey(Schema.Finite)
})

export const OracleFile = Schema.Array(Schema.Struct({
  id: Schema.NonEmptyString,
  title: Schema.NonEmptyString,
  url: Schema.NullOr(Schema.String),
  /** how the table came here, as in the catalogue's evidence */
  verification: Schema.Literals(["read", "read-secondary", "derived", "recalled"]),
  confidence: Schema.Literals(["datasheet", "vendor-press", "third-party-estimate"]),
  notes: Schema.String,
  prices: Schema.optionalKey(Prices),
  common: Schema.Record(Schema.String, Schema.Json),
  rows: Schema.NonEmptyArray(Row)
}))
export type OracleSource = (typeof OracleFile.Type)[number]
export type OracleRow = OracleSource["rows"][number]

/** One published figure and the program's. */
export interface Comparison {
  readonly name: string
  readonly published: number
  readonly predicted: number
}

type Figures = Readonly<Record<string, number>>

const figuresOfSize = (spec: FabricSpec, size: FabricSize, prices: typeof Prices.Type): Figures => {
  const links = Object.values(size.links)
  const fabricLinks = links.slice(1).reduce((sum, n) => sum + n, 0)
  const switches = size.switches.total
  const [endpointBundle] = size.bundles
  const switchUsd = switches * ((prices.switchUsd ?? 0) + spec.radix[0]! * (prices.switchPortUsd ?? 0))
  const linkUsd = links[0]! * (prices.endpointLinkUsd ?? 0) + fabricLinks * (prices.fabricLinkUsd ?? 0)
  return {
    ...size.switches, ...size.links, switches, fabricLinks, cables: size.cables, transceivers: size.transceivers,
    switchModules: size.transceivers - (endpointBundle?.lowerEnds ?? 0),
    bisectionGbps: size.bisectionGbps, maxEndpoints: size.maxEndpoints,
    switchUsd, linkUsd, networkUsd: switchUsd + linkUsd + size.transceivers * (prices.transceiverUsd ?? 0)
  }
}

/** Two lanes a direction, as NVLink 5 has: pairs of copper of one link. */
const pairsPerLink = 4

const figuresOfScaleUp = (size: ScaleUpSize): Figures => {
  const linksOf = (bundles: ScaleUpSize["bundles"]) => bundles.reduce((sum, bundle) => sum + bundle.links, 0)
  const links = linksOf(size.bundles)
  const crossRackLinks = linksOf(size.bundles.filter(({ reach }) => reach === "cross-rack"))
  const { total: switches, ...tiers } = size.switches
  return { ...tiers, switches, links, crossRackLinks, copperPairs: links * pairsPerLink, pairGBps: size.pairGBps }
}

const addFigures = (all: ReadonlyArray<Figures>): Figures =>
  all.reduce((sum, figures) => {
    const names = Object.keys({ ...sum, ...figures })
    return Object.fromEntries(names.map((name) => [name, (sum[name] ?? 0) + (figures[name] ?? 0)]))
  })

const compare = (row: OracleRow, predicted: Figures): ReadonlyArray<Comparison> =>
  Object.entries(row.published).map(([name, published]) => ({ name, published, predicted: predicted[name] ?? NaN }))

/** Scale-out: throws where a row asks for what cannot be built, for then the data are wrong. */
export const compareScaleOut = (source: OracleSource, row: OracleRow): ReadonlyArray<Comparison> =>
  compare(row, addFigures(row.asks.map((ask) => {
    const decoded = decodeFabricRequest({ ...source.common, ...ask })
    if (Result.isFailure(decoded)) throw new Error(`${source.id}: ${decoded.failure.map(formatMistake).join("; ")}`)
    const size = sizeFabric(decoded.success)
    if (size.kind === "infeasible") throw new Error(`${source.id}, ${row.label}: ${size.reason}`)
    return figuresOfSize(decoded.success, size, source.prices ?? {})
  })))

const decodeScaleUp = Schema.decodeUnknownSync(ScaleUpRequest, { onExcessProperty: "error" })

export const compareScaleUp = (source: OracleSource, row: OracleRow): ReadonlyArray<Comparison> =>
  compare(row, addFigures(row.asks.map((ask) => {
    const spec = decodeScaleUp({ ...source.common, ...ask })
    const size = sizeScaleUp(spec)
    if (size.kind === "infeasible") throw new Error(`${source.id}, ${row.label}: ${size.reason}`)
    return figuresOfScaleUp(size)
  })))
