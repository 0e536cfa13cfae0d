/** What targets say of several sites, of the names that they were given, and of links that share a cable. */
import { cableTotals } from "../../models/facility/cable-counts.ts"
import { slugOf } from "../identity/slugs.ts"
import type { Built } from "../planner/built.ts"
import type { ExportSource } from "./export-source.ts"

/** Sites whose names' letters and digits alone do not name them. */
export function nameRemarks({ sites }: Pick<Built, "sites">): ReadonlyArray<string> {
  return sites.filter(({ site, slug }) => slug !== slugOf(site))
    .map(({ site, slug }) => `${JSON.stringify(site)} is ${slug} in names of devices and racks`)
}

/** Of a list or a drawing that has the routers between sites. */
export function siteRemarks(built: Built): ReadonlyArray<string> {
  const builds = built.block.crossing?.links.map(({ build }) => build) ?? []
  if (builds.length === 0) return nameRemarks(built)
  const sum = (of: (build: typeof builds[number]) => number) => builds.reduce((total, build) => total + of(build), 0)
  const lineSystems = sum((build) => 2 * build.lineSystems)
  return [
    ...nameRemarks(built),
    `the ${2 * sum(({ modules }) => modules)} cables from routers into the fabrics of their sites are dealt over the topmost ` +
    "switches in turn, as ports gateway-N: the plan counts them, it does not reserve ports",
    `each of ${sum(({ modules }) => modules)} pairs of long-haul modules is a link from router to router: fibre and amplifiers ` +
    `are not in the plan${lineSystems === 0 ? "" : `, and the ${lineSystems} line systems on the way are not wired`}`
  ]
}

/** Racks that the floor plan leaves out. */
export function unplacedRemarks({ sites }: Pick<Built, "sites">): ReadonlyArray<string> {
  const sum = (of: (site: Built["sites"][number]) => number) => sites.reduce((total, site) => total + of(site), 0)
  const racks = sum(({ gateway }) => gateway?.use.racks ?? 0)
  return racks === 0
    ? []
    : [
      `of ${sum(({ use }) => use.racks)} racks ${racks} hold routers between sites: ` +
      "they and their cables have no place on the floor plan"
    ]
}

/** Where the bill of materials has fewer cables than there are links. */
export function cableRemarks({ sites }: Pick<Built, "sites">): ReadonlyArray<string> {
  const perCable = Math.max(1, ...sites.map(({ plant }) => plant.linksPerCable.endpoint))
  if (perCable === 1) return []
  const links = sites.reduce((sum, { counts }) => sum + (counts?.endpointLinks ?? 0), 0)
  const cables = sites.reduce((sum, { plant, hbds, counts }) =>
    sum + (counts === null ? 0 : hbds * cableTotals(plant, hbds, counts).endpoints), 0)
  return [`${links} links from NICs run in ${cables} cables, ${perCable} in each: links of one cable share its name`]
}

/** Of a target that knows nothing of sites: the links, and what of them is lost. */
export function leftOutLinks({ layout: { links } }: Pick<ExportSource, "layout">, instead: string): ReadonlyArray<string> {
  return links.map(({ between, distanceKm, litGbps }) =>
    `the link between ${between.join(" and ")}, ${distanceKm} km and ${litGbps} Gb/s each way, is left out: ${instead}`)
}
