/** A sized fabric as a table of a terminal. */
import type { FabricInfeasible, FabricSize, FabricSpec } from "../../models/fabric/fabric.ts"
import { formatNumber } from "../report/format.ts"
import type { Cabling } from "./cabling.ts"

const count = (n: number): string => n.toLocaleString("en-US")

/** `spine-core` of `spineCore`. */
const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => `–${letter.toLowerCase()}`)

const rows = (title: string, counts: Readonly<Record<string, number>>): ReadonlyArray<readonly [string, string]> =>
  Object.entries(counts).map(([name, n]) => [`${title} ${spaced(name)}`, count(n)] as const)

const shapeOf = (spec: FabricSpec, size: FabricSize): string => {
  const planes = spec.planes > 1 ? `, ${spec.planes} planes` : ""
  if (size.kind === "direct") return `${size.design.dims.join(" × ")} routers${planes}`
  const rails = spec.rails > 1 ? `, ${spec.rails} rails` : ""
  return `${size.tiers} ${size.tiers === 1 ? "tier" : "tiers"}${rails}${planes}`
}

const blocksOf = (size: FabricSize): ReadonlyArray<readonly [string, string]> => {
  if (size.kind === "direct") return [["endpoints of a router", count(size.design.endpointsPerRouter)]]
  const { endpointsPerLeaf, leafUplinks, leavesPerPod, spineUplinks } = size.design
  return [
    ["endpoint links of a leaf, most", count(endpointsPerLeaf)],
    ...(size.tiers > 1 ? [["uplinks of a leaf", count(leafUplinks)] as const] : []),
    ...(size.tiers > 2
      ? [["leaves of a pod", count(leavesPerPod)], ["uplinks of a spine", count(spineUplinks)]] as const
      : [])
  ]
}

const cablingRows = ({ media, latencyNs }: Cabling): ReadonlyArray<readonly [string, string]> => [
  ...media.map(({ medium, cables, transceivers, lengthM }) =>
    [
      `cables ${medium ?? "that no medium reaches"}`,
      `${count(cables)}, ${formatNumber(lengthM / 1000)} km, ${count(transceivers)} modules`
    ] as const),
  ...(latencyNs === null ? [] : [["latency of the longest route", `${formatNumber(latencyNs)} ns`] as const])
]

/** Counts are totals over planes and rails; `cabling` where lengths were given, else null. */
export const renderFabric = (spec: FabricSpec, size: FabricSize, cabling: Cabling | null): string => {
  const table = [
    ...rows("switches", size.switches),
    ...rows("links", size.links),
    ["transceivers", count(size.transceivers)],
    ["cables", count(size.cables)],
    ["bisection, one direction", `${formatNumber(size.bisectionGbps / 1000)} Tb/s`],
    ["switches on a route, most / mean", `${size.hops.max} / ${formatNumber(size.hops.mean)}`],
    ...blocksOf(size),
    ...(cabling === null ? [] : cablingRows(cabling)),
    ["endpoints at most", count(size.maxEndpoints)]
  ] as const
  const width = Math.max(...table.map(([, value]) => value.length))
  return [
    `${size.topology}, ${count(size.endpoints)} ${size.endpoints === 1 ? "endpoint" : "endpoints"} at ${spec.endpointGbps} ` +
      `Gb/s a link: ${shapeOf(spec, size)}`,
    ...table.map(([name, value]) => `  ${name.padEnd(34)}${value.padStart(width)}`)
  ].join("\n")
}

export const renderInfeasible = ({ reason, feasible }: FabricInfeasible): string =>
  `Not feasible: ${reason}.\nFeasible: ${feasible}.`
