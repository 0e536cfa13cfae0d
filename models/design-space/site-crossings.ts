/** The sets of sites that one layout may span, and what joins the sites of each. */
import { buildLink, type Gateway, type LinkBuild, prepareGateway } from "../facility/gateway.ts"
import type { ScaleAcross } from "../performance/machine.ts"
import { allowanceRanges } from "./price-ends.ts"
import type { Scenario, SiteLink } from "./scenario.ts"
import type { DropLog, Hardware } from "./selection.ts"
import { standingFor } from "./site-class.ts"

/** Two or more sites joined by a link between every two of them. */
export interface SiteCrossing {
  /** positions in the scenario, ascending */
  readonly sites: ReadonlyArray<number>
  /** of every link's bandwidth, what was asked to be lit */
  readonly litShare: number
  /** `litGbps`: in whole modules, one direction */
  readonly links: ReadonlyArray<{ readonly link: SiteLink; readonly build: LinkBuild; readonly litGbps: number }>
  /** what stands at each site for it */
  readonly gateways: ReadonlyArray<Gateway>
  readonly performance: ScaleAcross
}

/** Whether a layout may span so many sites. */
export function maySpan({ search }: Scenario, sites: number): boolean {
  return search.sites === null || search.sites.includes(sites)
}

export function siteCrossings(scenario: Scenario, hardware: Hardware, log: DropLog): ReadonlyArray<SiteCrossing> {
  return subsets(scenario.sites.length)
    .filter((sites) => sites.length > 1 && maySpan(scenario, sites.length))
    .flatMap((sites) => (scenario.search.litShare ?? [1]).flatMap((litShare) =>
      crossingOf(scenario, hardware, sites, litShare, log) ?? []))
}

/** All subsets of 0 … count − 1, smaller ones first. */
function subsets(count: number): ReadonlyArray<ReadonlyArray<number>> {
  const all = Array.from({ length: 2 ** count }, (_, mask) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => Math.floor(mask / 2 ** i) % 2 === 1))
  return all.sort((a, b) => a.length - b.length)
}

function crossingOf(
  scenario: Scenario, hardware: Hardware, sites: ReadonlyArray<number>, litShare: number, log: DropLog
): SiteCrossing | null {
  const names = sites.map((site) => scenario.sites[site]!.name)
  const spans = scenario.links.filter(({ between }) => between.every((name) => names.includes(name)))
  const links = spans.flatMap((link) => {
    const build = buildLink({ ...link, Gbps: litShare * link.Gbps }, hardware.interconnects, hardware.switches)
    if (build === null) log.drop("no medium of the catalogue that reaches over a link between sites", link.between.join(" and "))
    return build === null ? [] : [{ link, build, litGbps: Math.min(link.Gbps, build.modules * build.medium.gbps) }]
  })
  if (links.length < sites.length * (sites.length - 1) / 2) return null
  const ranges = allowanceRanges(scenario)
  const gateways = sites.flatMap((site, i) => {
    const standing = standingFor(scenario.sites[site]!, hardware.coolingClasses)
    const builds = links.filter(({ link }) => link.between.includes(names[i]!)).map(({ build }) => build)
    return standing === null ? [] : [prepareGateway(names[i]!, builds, standing, scenario.allowances, ranges)]
  })
  if (gateways.length < sites.length) return null
  return {
    sites, litShare, links, gateways,
    performance: {
      sites: sites.length,
      GBps: Math.min(...links.map(({ litGbps }) => litGbps)) / 8,
      latencyS: Math.max(...links.map(({ build }) => build.latencyS))
    }
  }
}
