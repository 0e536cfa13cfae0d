/** The wiring of a plan's scale-out fabric with names that people and tools can use: hosts, switches, ports. */
import { scaleOutSpec } from "../../models/design-space/machine-of-design.ts"
import { trunkGbps } from "../../models/design-space/scale-out-designs.ts"
import { type Wiring, wireFabric } from "../../models/fabric/wiring.ts"
import type { Built, SitePlan } from "../planner/built.ts"
import { type RunMedia, runMedia } from "./run-media.ts"

export interface ClusterLink {
  readonly plane: number
  readonly from: string
  readonly fromPort: string
  readonly to: string
  readonly toPort: string
  readonly Gbps: number
  readonly medium: string
}

export interface ClusterSwitch {
  readonly name: string
  readonly kind: "leaf" | "spine" | "core" | "router"
  readonly plane: number
}

export interface ClusterWiring {
  /** in the order of their numbers; HBD h has hosts h · hostsPerHbd … */
  readonly hosts: ReadonlyArray<string>
  readonly hostsPerHbd: number
  readonly switches: ReadonlyArray<ClusterSwitch>
  readonly links: ReadonlyArray<ClusterLink>
  /** the switch that the first NIC of each host is plugged into, by index in `switches`; empty without a fabric */
  readonly firstLeaf: ReadonlyArray<number>
  /** per switch the first of the switches above it; −1 at the top */
  readonly firstUpper: ReadonlyArray<number>
  /** per switch the first of the hosts that are plugged into it; −1 where none is */
  readonly firstHost: ReadonlyArray<number>
}

/** A site's name as a prefix: letters, digits and hyphens. */
export const slugOf = (name: string): string =>
  name.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "").toLowerCase()

export const hostName = (site: string, host: number): string => `${slugOf(site)}-node-${host}`

const tierKinds = ["leaf", "spine", "core"] as const

/** What a drawing or a list shows of the wiring of all sites: their fabrics are apart, joined by their gateways alone. */
export type JointWiring = Pick<ClusterWiring, "hosts" | "hostsPerHbd" | "switches" | "links">

export function wireSites({ sites, block: { hbd } }: Built): JointWiring {
  const wirings = sites.map(wireCluster)
  return {
    hosts: wirings.flatMap(({ hosts }) => hosts),
    hostsPerHbd: hbd.hosts,
    switches: wirings.flatMap(({ switches }) => switches),
    links: wirings.flatMap(({ links }) => links)
  }
}

/** What a wiring leaves out of a plan on several sites. */
export function siteRemarks({ sites }: Built): ReadonlyArray<string> {
  return sites.length === 1 ? [] : ["the routers between the sites are in the bill of materials, not in the wiring or the racks"]
}

export function wireCluster(plan: SitePlan): ClusterWiring {
  const { stand: { hbd }, hbds, scaleOut, fabric, site } = plan
  const hosts = Array.from({ length: hbds * hbd.hosts }, (_, host) => hostName(site, host))
  const none = { hosts, hostsPerHbd: hbd.hosts, switches: [], links: [], firstLeaf: [], firstUpper: [], firstHost: [] }
  if (scaleOut === null || fabric === null) return none
  const wiring = wireFabric(scaleOutSpec(hbd, scaleOut, hbds), fabric)
  const switches = nameSwitches(site, wiring, fabric.kind === "direct")
  const nicsPerHost = hbd.host.accelerators * scaleOut.nicsPerAccelerator
  const neighbours = firstNeighbours(wiring, hosts.length, nicsPerHost, switches.length)
  const media = runMedia(plan, switches, neighbours.firstHost)
  return { ...none, switches, links: nameLinks(plan, wiring, hosts, switches, media), ...neighbours }
}

function nameSwitches(site: string, wiring: Wiring, direct: boolean): ReadonlyArray<ClusterSwitch> {
  const next = { leaf: 0, spine: 0, core: 0, router: 0 }
  return Array.from(wiring.nodeTier.subarray(wiring.endpoints), (tier, i) => {
    const kind = direct ? "router" : tierKinds[tier - 1]!
    return { name: `${slugOf(site)}-${kind}-${next[kind]++}`, kind, plane: wiring.nodePlane[wiring.endpoints + i]! }
  })
}

function nameLinks(
  { stand: { hbd }, scaleOut }: SitePlan,
  wiring: Wiring,
  hosts: ReadonlyArray<string>,
  switches: ReadonlyArray<ClusterSwitch>,
  media: RunMedia
): ReadonlyArray<ClusterLink> {
  const { endpoints, breakout } = wiring
  const nicsPerHost = hbd.host.accelerators * scaleOut!.nicsPerAccelerator
  return Array.from(wiring.from, (from, link) => {
    const to = switches[wiring.to[link]! - endpoints]!
    const slot = wiring.toSlot[link]!
    const port = Math.floor(slot / breakout)
    if (wiring.linkTier[link] === 0) {
      const broken = breakout > 1 ? `/${slot % breakout}` : ""
      return {
        plane: to.plane, from: hosts[Math.floor(from / nicsPerHost)]!,
        fromPort: `nic${from % nicsPerHost}p${wiring.fromSlot[link]!}`, to: to.name, toPort: `${port}${broken}`,
        Gbps: scaleOut!.linkGbps, medium: media.ofHost(Math.floor(from / nicsPerHost))
      }
    }
    return {
      plane: to.plane, from: switches[from - endpoints]!.name,
      fromPort: String(Math.floor(wiring.fromSlot[link]! / breakout)), to: to.name, toPort: String(port),
      Gbps: trunkGbps(scaleOut!), medium: media.ofSwitch(from - endpoints)
    }
  })
}

function firstNeighbours(wiring: Wiring, hosts: number, nicsPerHost: number, switches: number) {
  const firstLeaf = new Array<number>(hosts).fill(-1)
  const firstUpper = new Array<number>(switches).fill(-1)
  const firstHost = new Array<number>(switches).fill(-1)
  const { endpoints, linkTier, nodeTier } = wiring
  wiring.from.forEach((node, link) => {
    const to = wiring.to[link]! - endpoints
    if (linkTier[link] === 0) {
      const host = Math.floor(node / nicsPerHost)
      if (firstHost[to] === -1) firstHost[to] = host
      if (node % nicsPerHost === 0 && firstLeaf[host] === -1) firstLeaf[host] = to
    } else if (nodeTier[node]! < nodeTier[to + endpoints]! && firstUpper[node - endpoints] === -1) {
      firstUpper[node - endpoints] = to
    }
  })
  return { firstLeaf, firstUpper, firstHost }
}
