/** `fabric`: sizes one scale-out fabric from flags, a file, or a file with flags over it. */
import { Console, Effect, Option, Result, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import type { FabricSize, FabricSpec } from "../../../models/fabric/fabric.ts"
import { sizeFabric } from "../../../models/fabric/sizing.ts"
import { loadCatalog } from "../../catalog/catalog-files.ts"
import type { Cabling } from "../../fabric/cabling.ts"
import { layCables, lengthsByTier } from "../../fabric/cabling.ts"
import { fabricDocument } from "../../fabric/document.ts"
import { decodeFabricRequest, parseFlag } from "../../fabric/request.ts"
import { renderFabric, renderInfeasible } from "../../fabric/table.ts"
import { writeFiles } from "../../files/atomic-write.ts"
import { BadInput } from "../../scenario/bad-input.ts"
import { readDocument } from "../../scenario/document.ts"
import { catalogFlag } from "../catalog-flag.ts"
import { setExitCode } from "../exit-code.ts"

const given = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional)

/** Named as the keys of the file, which the schema checks for both. */
const requestFlags = {
  topology: given("topology", "NAME", "single, clos (default), rail-only, dragonfly, torus, full-mesh, nd-full-mesh"),
  endpoints: given("endpoints", "N", "NICs: an accelerator's port into every plane"),
  radix: given("radix", "K[,K,K]", "Ports of a switch at the link's speed (64); leaf, spine, core where they differ"),
  linkGbps: given("link-gbps", "G", "Speed of a link between switches, one direction (400)"),
  endpointGbps: given("endpoint-gbps", "G", "Speed of an endpoint's link into one plane; if slower, by breakout"),
  tiers: given("tiers", "1|2|3", "Tiers of switches, exact; without it, the fewest that reach, three for stated pods"),
  rails: given("rails", "N", "Leaf groups, one for each local rank of a node (1)"),
  hbd: given("hbd", "N", "Accelerators of one high-bandwidth domain: a rail for each, as Rail-only counts them"),
  planes: given("planes", "P", "Copies of the fabric, the NIC split over them, one link each (1)"),
  homes: given("homes", "N", "Links of a NIC into one plane, each to another leaf; 2: dual-ToR (1)"),
  oversubscription: given("oversubscription", "R[,R]", "Bandwidth down over up, from the leaf: 3, 1.5 or 1:7 (1)"),
  sparePorts: given("spare-ports", "N", "Ports of every switch that stay free (0)"),
  endpointsPerLeaf: given("endpoints-per-leaf", "N", "Instead of as many as ports allow"),
  endpointsPerPod: given("endpoints-per-pod", "N", "Of three tiers (rail-only: of one rail), instead of as many as the spines join"),
  linksPerCable: given("links-per-cable", "N", "Links of one endpoint cable: breakout, or twin-port modules (1)"),
  fabricLinksPerCable: given("fabric-links-per-cable", "N", "Links of one cable between switches (1)"),
  dims: given("dims", "AxBxC", "Routers per dimension of a torus or (n-D) full mesh"),
  dragonfly: given("dragonfly", "A,P,H", "Routers a group, endpoints and global links a router; else balanced"),
  integratedRouters: Flag.Boolean("integrated-routers").pipe(
    Flag.withDescription("Endpoints route themselves, as TPU and Trainium do: no switches"), Flag.optional
  )
}

const perTier = Schema.Array(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)))
  .check(Schema.isBetweenLength(1, 3))

const cablingFlags = {
  cableM: Flag.String("cable-m").pipe(
    Flag.withMetavar("M[,M,M]"),
    Flag.withDescription("Cable lengths from the endpoints up: adds media of the catalogue, and latency"),
    Flag.map((text) => text.split(",").map(Number)), Flag.withSchema(perTier), Flag.optional
  ),
  switchLatencyNs: Flag.Finite("switch-latency-ns").pipe(
    Flag.withMetavar("NS"), Flag.withDescription("Of one switch, port to port"),
    Flag.withSchema(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))), Flag.optional
  ),
  catalog: catalogFlag
}

type CablingFlags = { readonly [K in keyof typeof cablingFlags]: (typeof cablingFlags)[K] extends Flag.Flag<infer A> ? A : never }

/** Null without lengths. */
const readCabling = Effect.fn("readCabling")(function*(size: FabricSize, flags: CablingFlags) {
  if (Option.isNone(flags.cableM)) return null
  const { interconnects } = yield* loadCatalog(flags.catalog)
  return layCables(size, lengthsByTier(flags.cableM.value), interconnects, Option.getOrNull(flags.switchLatencyNs))
})

const outputFlags = {
  json: Flag.Boolean("json").pipe(Flag.withDescription("Print one JSON document"), Flag.withDefault(false)),
  out: Flag.String("out").pipe(
    Flag.withMetavar("DIR"), Flag.optional,
    Flag.withDescription("Write fabric.json, wiring.csv (every port and link, checked) and fabric.svg")
  )
}

/** `32,16,16` as the file writes it; of fewer numbers, the last keys stay missing. */
const asDragonfly = (value: unknown): unknown => {
  const numbers: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
  if (numbers.length > 3) return value
  return Object.fromEntries(numbers.map((number, i) => [["routers", "endpoints", "globals"][i], number]))
}

type Flags = { readonly [K in keyof typeof requestFlags]: Option.Option<string | boolean> }

const flagsGiven = (flags: Flags): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.keys(requestFlags).flatMap((key) =>
    Option.match(flags[key as keyof Flags], {
      onNone: () => [],
      onSome: (value) => {
        const parsed = typeof value === "string" ? parseFlag(value) : value
        return [[key, key === "dragonfly" ? asDragonfly(parsed) : parsed] as const]
      }
    })
  ))

const readRequest = Effect.fn("readRequest")(function*(file: Option.Option<string>, flags: Flags) {
  const document = Option.isSome(file) ? yield* readDocument(file.value) : {}
  const isRecord = typeof document === "object" && document !== null && !Array.isArray(document)
  const input = isRecord ? { ...document, ...flagsGiven(flags) } : document
  const decoded = decodeFabricRequest(input)
  if (Result.isSuccess(decoded)) return decoded.success
  return yield* new BadInput({ source: Option.getOrElse(file, () => "flags"), mistakes: decoded.failure })
})

/** Wirings of more links are for machines to keep in memory, not for a file. */
const mostLinks = 5_000_000

/** Wires and checks the fabric on the way: a wiring with a fault is a defect and is not written. */
const writeFabric = Effect.fn("writeFabric")(function*(
  directory: string,
  spec: FabricSpec,
  size: FabricSize,
  cabling: Cabling | null
) {
  const { fabricFiles } = yield* Effect.promise(() => import("../../fabric/files.ts"))
  const { files, links, mistakes } = fabricFiles(spec, size, cabling, mostLinks)
  if (mistakes.length > 0) return yield* Effect.die(new Error(`the wiring is wrong: ${mistakes.join("; ")}`))
  yield* writeFiles(directory, files)
  yield* Console.error(`wrote ${Object.keys(files).join(", ")} to ${directory} (${links} links wired and checked)`)
})

export const fabric = Command.make("fabric", {
  file: Argument.String("file").pipe(
    Argument.withDescription("Request, YAML or JSON; flags replace its keys"), Argument.optional
  ),
  ...requestFlags, ...cablingFlags, ...outputFlags
}, Effect.fnUntraced(function*({ file, json, out, ...flags }) {
  const spec = yield* readRequest(file, flags)
  const size = sizeFabric(spec)
  if (size.kind === "infeasible") {
    yield* Console.log(json ? JSON.stringify(fabricDocument(size, null), null, 2) : renderInfeasible(size))
    return yield* setExitCode(3)
  }
  const cabling = yield* readCabling(size, flags)
  yield* Console.log(json ? JSON.stringify(fabricDocument(size, cabling), null, 2) : renderFabric(spec, size, cabling))
  if (Option.isSome(out)) yield* writeFabric(out.value, spec, size, cabling)
})).pipe(
  Command.withDescription(
    "Size one fabric: switches, links, cables, bisection, and the most it reaches. Refused, for it would be passed over: what a " +
      "topology has none of (rails, tiers and homes of a torus, pods of two tiers), and no port left beside the spare ones. " +
      "Refused with what is feasible: more than ports reach, endpoint links that no port breaks out into"
  ),
  Command.withExamples(({ commandPath }) => [
    {
      command: `${commandPath.join(" ")} --topology clos --endpoints 4096 --radix 64 --tiers 3 --rails 8`,
      description: "A rail-optimised fat tree"
    },
    {
      command: `${commandPath.join(" ")} --topology rail-only --endpoints 32768 --hbd 256 --radix 64`,
      description: "A Clos for each of the 256 accelerators of an HBD, and nothing above"
    },
    {
      command: `${commandPath.join(" ")} --topology nd-full-mesh --endpoints 1024 --dims 8x8x4x4 --integrated-routers`,
      description: "A UB-Mesh pod"
    },
    {
      command: `${commandPath.join(" ")} --endpoints 4096 --radix 128 --planes 2 --rails 8 --json`,
      description: "800G NICs split over two planes of 400G, as JSON"
    },
    {
      command: `${commandPath.join(" ")} --endpoints 512 --link-gbps 800 --endpoint-gbps 400 --out wiring`,
      description: "400G NICs broken out of 800G leaves, every cable written down"
    },
    {
      command: `${commandPath.join(" ")} --endpoints 2048 --rails 8 --cable-m 3,40 --switch-latency-ns 600`,
      description: "Media by reach, and latency"
    }
  ])
)
