/** What `fabric` is asked, as flags or as a file: one schema for both, decoded to the model's spec. */
import { Result, Schema, SchemaTransformation } from "effect"
import type { FabricSpec, FabricTopology } from "../../models/fabric/fabric.ts"
import { completeFabricSpec, isDirect } from "../../models/fabric/fabric.ts"
import { smallestTiers } from "../../models/fabric/sizing.ts"
import { count, optional, Positive, required } from "../schema/field.ts"
import { describeFound, type Mistake, mistakesOf } from "../schema/mistakes.ts"

/** One value or a list of values, decoded to a list. */
const perTier = <T extends number>(
  value: Schema.Codec<T>, written: T | ReadonlyArray<T>, description: string, most = 16
) =>
  optional(
    Schema.Union([value, Schema.Array(value).check(Schema.isMaxLength(most))]).pipe(
      Schema.decodeTo(Schema.Array(Schema.toType(value)), SchemaTransformation.transform({
        decode: (either) => (typeof either === "object" ? either : [either]) as ReadonlyArray<T>,
        encode: (list) => list
      }))
    ),
    written as T,
    description
  )

const free = <S extends Schema.Top>(schema: S, description: string) =>
  optional(Schema.NullOr(schema), null, description)
const ports = count(100_000)

export const FabricRequest = Schema.Struct({
  topology: optional(
    Schema.Literals(["single", "clos", "rail-only", "dragonfly", "torus", "full-mesh", "nd-full-mesh"]), "clos",
    "rail-only is a separate Clos per rail; nd-full-mesh a full mesh along every dimension"
  ),
  endpoints: required(count(1_000_000_000), "NICs: an accelerator's port into every plane"),
  radix: perTier(ports, 64, "ports of a switch at the link's speed; a list: leaf, spine, core", 3),
  linkGbps: optional(Positive, 400, "Gb/s of a link between switches, one direction"),
  endpointGbps: free(Positive, "Gb/s of an endpoint's link into one plane; null: linkGbps, less: broken out of a port"),
  tiers: free(Schema.Literals([1, 2, 3]), "tiers of switches, exact; null: the fewest that reach, three for stated pods"),
  rails: free(count(100_000), "leaf groups, one for each local rank of a node; null: hbd, or 1"),
  hbd: free(count(100_000), "accelerators of one high-bandwidth domain, each with a rail of its own"),
  planes: optional(count(1000), 1, "copies of the fabric; a NIC has a link into each"),
  homes: optional(count(8), 1, "links of a NIC into one plane, each to another leaf; 2: dual-ToR"),
  oversubscription: perTier(Positive, [], "bandwidth down over up, by tier from the leaf; 1: none", 2),
  sparePorts: optional(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000 })), 0, "free ports a switch"),
  endpointsPerLeaf: free(ports, "null: as many as ports and oversubscription allow"),
  endpointsPerPod: free(count(1_000_000_000), "three tiers, of one rail in rail-only; null: as many as the spines join"),
  linksPerCable: optional(count(64), 1, "links of one endpoint cable: breakout, or twin-port modules"),
  fabricLinksPerCable: optional(count(64), 1, "links of one cable between switches: twin-port modules"),
  dims: perTier(ports, [], "torus and full meshes: routers per dimension; empty: chosen"),
  dragonfly: free(
    Schema.Struct({
      routers: required(ports, "of one group"), endpoints: required(ports, "of one router"),
      globals: required(ports, "links of one router to other groups")
    }), "null: balanced for the radix"
  ),
  integratedRouters: optional(Schema.Boolean, false, "endpoints route themselves, as TPU and Trainium do")
})

type Request = typeof FabricRequest.Type

const isAsked = (value: unknown): boolean =>
  value !== null && value !== false && value !== 1 && !(Array.isArray(value) && value.every((one) => one === 1))

/** What a topology has none of: asked for, it is a mistake rather than passed over. */
const absentFrom = (topology: FabricTopology): ReadonlyArray<keyof Request> => {
  const grid: ReadonlyArray<keyof Request> = ["dims"]
  if (topology === "single") {
    return ["tiers", "rails", "hbd", "oversubscription", "endpointsPerPod", "dragonfly", "integratedRouters", ...grid]
  }
  if (!isDirect(topology)) return ["dragonfly", "integratedRouters", ...grid]
  const layers: ReadonlyArray<keyof Request> = [
    "tiers", "rails", "hbd", "homes", "oversubscription", "endpointsPerLeaf", "endpointsPerPod"
  ]
  return topology === "dragonfly" ? [...layers, "integratedRouters", ...grid] : [...layers, "dragonfly"]
}

/** Keys that contradict the topology or each other. */
const contradictions = (request: Request): ReadonlyArray<Mistake> => {
  const { topology, tiers, rails, hbd, endpointsPerPod, sparePorts } = request
  const refuse = (key: keyof Request, expected: string) =>
    ({ path: `$.${key}`, found: describeFound(request[key]), expected, nearest: null })
  const least = Math.min(...request.radix)
  return [
    ...absentFrom(topology).filter((key) => isAsked(request[key]))
      .map((key) => refuse(key, `nothing: the topology ${topology} has none to choose`)),
    ...(rails === null || hbd === null || rails === hbd
      ? []
      : [refuse("rails", `${hbd}, or nothing: an HBD of ${hbd} accelerators has as many rails`)]),
    ...(endpointsPerPod === null || tiers === null || tiers === 3 || topology === "single" || isDirect(topology)
      ? []
      : [refuse("endpointsPerPod", `nothing: ${tiers} tiers have no pods, three have`)]),
    ...(sparePorts < least ? [] : [refuse("sparePorts", `fewer than the ${least} ports of a switch`)])
  ]
}

/** The spec of a request, or all that is wrong with it. */
export const decodeFabricRequest = (input: unknown): Result.Result<FabricSpec, ReadonlyArray<Mistake>> => {
  const decoded = Schema.decodeUnknownResult(FabricRequest, { errors: "all", onExcessProperty: "error" })(input)
  if (Result.isFailure(decoded)) return Result.fail(mistakesOf(decoded.failure.issue, input))
  const mistakes = contradictions(decoded.success)
  if (mistakes.length > 0) return Result.fail(mistakes)
  const { tiers, rails, hbd, endpointGbps, linksPerCable, fabricLinksPerCable, ...rest } = decoded.success
  const spec = completeFabricSpec({
    ...rest,
    rails: rails ?? hbd ?? 1,
    endpointGbps: endpointGbps ?? rest.linkGbps,
    linksPerCable: { endpoint: linksPerCable, fabric: fabricLinksPerCable }
  })
  const fewest = () => rest.endpointsPerPod === null ? smallestTiers(spec) ?? 3 : 3
  return Result.succeed({ ...spec, tiers: rest.topology === "single" ? 1 : tiers ?? fewest() })
}

const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

/**
 * `8`, `8,8`, `8x8x8`, `3:1` and `1:7` (both the larger over the smaller), `true`; other text stays for the
 * schema to refuse.
 */
export const parseFlag = (text: string): unknown => {
  const parts = text.trim().split(/[,x×]/i)
  if (parts.length > 1) return parts.map(parseFlag)
  const ratio = text.split(":").map(Number)
  if (ratio.length === 2 && ratio.every((side) => side > 0)) return Math.max(...ratio) / Math.min(...ratio)
  return number.test(text.trim()) ? Number(text) : text
}
