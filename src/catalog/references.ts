/** What entries say of each other: ids are unique within a kind, and every id named exists. */
import type { Catalog } from "../../models/hardware/catalog.ts"
import { nearestName } from "../nearest-name.ts"
import { type CatalogKind, catalogKinds } from "../schema/catalog.ts"
import type { Mistake } from "../schema/mistakes.ts"

/** All repeated ids and dangling references, each with the nearest id that exists. */
export const brokenReferences = (catalog: Catalog): ReadonlyArray<Mistake> => [
  ...catalogKinds.flatMap((kind) => repeatedIds(kind, catalog)),
  ...namedIds(catalog).flatMap(({ path, id, kind }) => {
    const ids = catalog[kind].map((part) => part.id)
    return ids.includes(id)
      ? []
      : [{ path, found: JSON.stringify(id), expected: `an id of ${kind}`, nearest: nearestName(id, ids) }]
  })
]

const repeatedIds = (kind: CatalogKind, catalog: Catalog): ReadonlyArray<Mistake> => {
  const ids = catalog[kind].map((part) => part.id)
  return ids.filter((id, i) => ids.indexOf(id) < i).map((id) => ({
    path: `$.${kind}.${id}`, found: "the id again", expected: `an id that no other of ${kind} has`, nearest: null
  }))
}

interface NamedId {
  readonly path: string
  readonly id: string
  readonly kind: CatalogKind
}

const namedIds = (catalog: Catalog): ReadonlyArray<NamedId> => [
  ...catalog.systems.flatMap((system) => {
    const reference = (field: keyof typeof system, kind: CatalogKind): ReadonlyArray<NamedId> => {
      const id = system[field]
      return typeof id === "string" ? [{ path: `$.systems.${system.id}.${field}`, id, kind }] : []
    }
    return [
      ...reference("accelerator", "accelerators"),
      ...reference("block", "systems"),
      ...reference("scaleUpSwitch", "switches"),
      ...reference("referenceNic", "nics"),
      ...reference("referenceSwitch", "switches")
    ]
  }),
  ...catalog.nics.flatMap((nic) =>
    (nic.accelerators ?? []).map((id, i): NamedId => ({
      path: `$.nics.${nic.id}.accelerators[${i}]`, id, kind: "accelerators"
    }))
  )
]
