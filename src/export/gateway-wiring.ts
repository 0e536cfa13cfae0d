/**
 * What joins the sites of a plan, as devices and cables: at each end of a link its routers with the long-haul modules, and
 * cables from them into the fabric of the site. Fibre and its amplifiers are not in the plan.
 */
import type { Part } from "../../models/hardware/part.ts"
import type { Built, SitePlan } from "../planner/built.ts"
import type { ClusterLink, ClusterSwitch, ClusterWiring } from "./cluster-wiring.ts"

export interface GatewayDevice {
  readonly name: string
  readonly role: "router between sites" | "line system"
  readonly part: Part
  readonly units: number
}

type Crossing = NonNullable<Built["block"]["crossing"]>
type SiteLink = Crossing["links"][number]

/** One end of a link at a site. */
interface LinkEnd extends SiteLink {
  readonly routers: ReadonlyArray<string>
  readonly lineSystems: ReadonlyArray<string>
}

const sitesLinks = ({ block: { crossing } }: Built): Crossing["links"] => crossing?.links ?? []

/** The ends of links at a site, link by link, with the names of what stands there. */
function endsAt(built: Built, { site, slug }: SitePlan): ReadonlyArray<LinkEnd> {
  const next = { gateway: 0, "line-system": 0 }
  const names = (kind: keyof typeof next, count: number) => Array.from({ length: count }, () => `${slug}-${kind}-${next[kind]++}`)
  return sitesLinks(built).filter(({ link }) => link.between.includes(site)).map((own) => ({
    ...own, routers: names("gateway", own.build.routers), lineSystems: names("line-system", own.build.lineSystems)
  }))
}

/** What stands at a site for its links: routers, then line systems. */
export function gatewayDevices(built: Built, plan: SitePlan): ReadonlyArray<GatewayDevice> {
  const ends = endsAt(built, plan)
  return [
    ...ends.flatMap(({ routers, build: { router } }) => routers.map((name): GatewayDevice =>
      ({ name, role: "router between sites", part: router, units: router.rackUnits ?? 0 }))),
    ...ends.flatMap(({ lineSystems, build: { lineSystem } }) => lineSystems.map((name): GatewayDevice =>
      ({ name, role: "line system", part: lineSystem!, units: lineSystem!.rackUnits ?? 0 })))
  ]
}

/** Routers of all sites, the modules between them, and their cables to the topmost switches of their sites. */
export function wireGateways(
  built: Built, wirings: ReadonlyArray<ClusterWiring>
): { readonly switches: ReadonlyArray<ClusterSwitch>; readonly links: ReadonlyArray<ClusterLink> } {
  const ends = built.sites.map((plan) => endsAt(built, plan))
  const endOf = (link: SiteLink["link"], side: 0 | 1) =>
    ends[built.sites.findIndex(({ site }) => site === link.between[side])]!.find((end) => end.link === link)!
  return {
    switches: ends.flat().flatMap(({ routers }) => routers).map((name) => ({ name, kind: "gateway", plane: null })),
    links: [
      ...sitesLinks(built).flatMap(({ link }, i) => longHaul(endOf(link, 0), endOf(link, 1), i)),
      ...built.sites.flatMap(({ slug }, i) => intoFabric(slug, ends[i]!, wirings[i]!))
    ]
  }
}

/** Modules are dealt to the routers of an end evenly, long-haul modules on their first ports. */
function routerPort({ routers, build: { modules } }: LinkEnd, module: number, toFabric: boolean) {
  const router = module % routers.length
  const longHaul = Math.ceil((modules - router) / routers.length)
  return { name: routers[router]!, port: String(Math.floor(module / routers.length) + (toFabric ? longHaul : 0)) }
}

function longHaul(a: LinkEnd, b: LinkEnd, link: number): ReadonlyArray<ClusterLink> {
  const { medium, modules } = a.build
  return Array.from({ length: modules }, (_, module) => {
    const [from, to] = [routerPort(a, module, false), routerPort(b, module, false)]
    return {
      plane: null, from: from.name, fromPort: from.port, to: to.name, toPort: to.port, Gbps: medium.gbps, medium: medium.id,
      cable: `long-haul-${link}-${module}`
    }
  })
}

/** Dealt over the topmost switches in turn: the plan counts these cables, and says of no switch that it holds one. */
function intoFabric(slug: string, ends: ReadonlyArray<LinkEnd>, { switches }: ClusterWiring): ReadonlyArray<ClusterLink> {
  const highest = (["core", "spine", "leaf", "router"] as const).find((tier) => switches.some(({ kind }) => kind === tier))
  const top = switches.filter(({ kind }) => kind === highest)
  if (top.length === 0) return []
  const ports = ends.flatMap((end) =>
    Array.from({ length: end.build.modules }, (_, module) => ({ ...routerPort(end, module, true), medium: end.build.hallMedium })))
  return ports.map(({ name, port, medium }, i) => {
    const { name: to, plane } = top[i % top.length]!
    return {
      plane, from: name, fromPort: port, to, toPort: `gateway-${Math.floor(i / top.length)}`, Gbps: medium.gbps, medium: medium.id,
      cable: `${slug}-gateway-cable-${i}`
    }
  })
}
