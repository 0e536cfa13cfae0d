/** The wiring of a plan's scale-out fabric with names that people and tools can use: hosts, switches, ports. */
import { scaleOutSpec } from "../../models/design-space/machine-of-design.ts"
import { trunkGbps } from "../../models/design-space/scale-out-designs.ts"
import { type Wiring, wireFabric } from "../../models/fabric/wiring.ts"
import { cableTotals } from "../../models/facility/cable-counts.ts"
import type { Built, SitePlan } from "../planner/built.ts"
import { wireGateways } from "./gateway-wiring.ts"
import { type RunMedia, runMedia } from "./run-media.ts"

export interface ClusterLink {
  /** null between sites */
  readonly plane: number | null
  readonly from: string
  readonly fromPort: string
  readonly to: string
  readonly toPort: string
  readonly Gbps: number
  readonly medium: string
  /** the cable that it runs in: a medium faster than the link carries several */
  readonly cable: string
}

export interface ClusterSwitch {
  readonly name: string
  /** `router`: of a direct topology; `gateway`: to other sites */
  readonly kind: "leaf" | "spine" | "core" | "router" | "gateway"
  /** null between sites */
  readonly plane: number | null
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

const tierKinds = ["leaf", "spine", "core"] as const

/** What a drawing or a list shows of the wiring of all sites: their fabrics, joined by their gateways. */
export interface JointWiring extends Pick<ClusterWiring, "hosts" | "hostsPerHbd" | "switches" | "links"> {
  /** the fabric of each site by itself */
  readonly sites: ReadonlyArray<ClusterWiring>
}

export function wireSites(built: Built): JointWiring {
  const sites = built.sites.map(wireCluster)
  const gateways = wireGateways(built, sites)
  return {
    hosts: sites.flatMap(({ hosts }) => hosts),
    hostsPerHbd: built.block.hbd.hosts,
    switches: [...sites.flatMap(({ switches }) => switches), ...gateways.switches],
    links: [...sites.flatMap(({ links }) => links), ...gateways.links],
    sites
  }
}

export function wireCluster(plan: SitePlan): ClusterWiring {
  const { stand: { hbd }, hbds, scaleOut, fabric, slug } = plan
  const hosts = Array.from({ length: hbds * hbd.hosts }, (_, host) => `${slug}-node-${host}`)
  const none = { hosts, hostsPerHbd: hbd.hosts, switches: [], links: [], firstLeaf: [], firstUpper: [], firstHost: [] }
  if (scaleOut === null || fabric === null) return none
  const wiring = wireFabric(scaleOutSpec(hbd, scaleOut, hbds), fabric)
  const switches = nameSwitches(slug, wiring, fabric.kind === "direct")
  const nicsPerHost = hbd.host.accelerators * scaleOut.nicsPerAccelerator
  const neighbours = firstNeighbours(wiring, hosts.length, nicsPerHost, switches.length)
  const media = runMedia(plan, switches, neighbours.firstHost)
  return { ...none, switches, links: nameLinks(plan, wiring, hosts, switches, media), ...neighbours }
}

function nameSwitches(slug: string, wiring: Wiring, direct: boolean): ReadonlyArray<ClusterSwitch> {
  const next = { leaf: 0, spine: 0, core: 0, router: 0 }
  return Array.from(wiring.nodeTier.subarray(wiring.endpoints), (tier, i) => {
    const kind = direct ? "router" : tierKinds[tier - 1]!
    return { name: `${slug}-${kind}-${next[kind]++}`, kind, plane: wiring.nodePlane[wiring.endpoints + i]! }
  })
}

/** Cables are numbered as the bill of materials counts them: those to the leaves HBD by HBD, then those between switches. */
function nameLinks(
  plan: SitePlan,
  wiring: Wiring,
  hosts: ReadonlyArray<string>,
  switches: ReadonlyArray<ClusterSwitch>,
  media: RunMedia
): ReadonlyArray<ClusterLink> {
  const { stand: { hbd }, scaleOut } = plan
  const { endpoints, breakout } = wiring
  const nicsPerHost = hbd.host.accelerators * scaleOut!.nicsPerAccelerator
  const cableOf = cableNames(plan, wiring)
  return Array.from(wiring.from, (from, link) => {
    const cable = cableOf(link)
    const to = switches[wiring.to[link]! - endpoints]!
    const slot = wiring.toSlot[link]!
    const port = Math.floor(slot / breakout)
    if (wiring.linkTier[link] === 0) {
      const broken = breakout > 1 ? `/${slot % breakout}` : ""
      return {
        plane: to.plane, from: hosts[Math.floor(from / nicsPerHost)]!,
        fromPort: `nic${from % nicsPerHost}p${wiring.fromSlot[link]!}`, to: to.name, toPort: `${port}${broken}`,
        Gbps: scaleOut!.linkGbps, medium: media.ofHost(Math.floor(from / nicsPerHost)), cable
      }
    }
    return {
      plane: to.plane, from: switches[from - endpoints]!.name,
      fromPort: String(Math.floor(wiring.fromSlot[link]! / breakout)), to: to.name, toPort: String(port),
      Gbps: trunkGbps(scaleOut!), medium: media.ofSwitch(from - endpoints), cable
    }
  })
}

/** By link; trunks are to be asked in their order. */
function cableNames({ slug, hbds, plant, counts }: SitePlan, wiring: Wiring): (link: number) => string {
  const { nicsPerHbd, linksPerCable } = plant
  const linksPerNic = counts!.endpointLinks / (hbds * nicsPerHbd)
  const perHbd = cableTotals(plant, hbds, counts!).endpoints
  let trunks = 0
  return (link) => {
    if (wiring.linkTier[link] !== 0) return `${slug}-cable-${hbds * perHbd + Math.floor(trunks++ / linksPerCable.fabric)}`
    const nic = wiring.from[link]!
    const inHbd = (nic % nicsPerHbd) * linksPerNic + wiring.fromSlot[link]!
    return `${slug}-cable-${Math.floor(nic / nicsPerHbd) * perHbd + Math.floor(inHbd / linksPerCable.endpoint)}`
  }
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
