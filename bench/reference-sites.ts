/** The shipped catalogue and sites filled with its systems: what the facility's bench and pages are made of. */
import { readFileSync } from "node:fs"
import type { ReferenceLinks, ReferenceSite } from "../models/facility/reference-plant.ts"
import { referenceSite } from "../models/facility/reference-plant.ts"
import type { Catalog } from "../models/hardware/catalog.ts"

export const root = new URL("../", import.meta.url)

const entries = (file: string) =>
  JSON.parse(readFileSync(new URL(`instances/catalog/${file}.json`, root), "utf8")).entries

export const catalog: Catalog = {
  accelerators: entries("accelerators"), systems: entries("systems"), switches: entries("switches"),
  nics: entries("nics"), interconnects: entries("interconnects"), coolingClasses: entries("cooling-classes"),
  facilities: entries("facilities"), models: []
}

export const site = (id: string, hbds: number, links: ReferenceLinks = []): ReferenceSite => {
  const system = catalog.systems.find((one) => one.id === id)
  const site = system === undefined ? null : referenceSite(system, catalog, hbds, links)
  if (site === null) throw new Error(`the catalogue cannot build ${id}`)
  return site
}
