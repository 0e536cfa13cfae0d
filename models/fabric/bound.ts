/**
 * Lower bounds of a fabric's counts that are linear in the endpoints: what a linear relaxation may charge. Each
 * tier has at least the ports that the links into it need; the exact sizes only add whole switches and even
 * spreading.
 */
import { bundleLinks, sumBundles } from "./bundles.ts"
import { countNetworks, designReaching } from "./clos.ts"
import { planDirect } from "./direct.ts"
import type { DirectSize, FabricInfeasible, FabricSpec, LinkKind, SwitchedSize } from "./fabric.ts"
import { isDirect, radixOf } from "./fabric.ts"

type BoundOf<Size extends SwitchedSize | DirectSize> = Pick<
  Size, "kind" | "switches" | "links" | "transceivers" | "cables" | "maxEndpoints"
>

/** Counts per endpoint, fractional; `maxEndpoints` is exact. */
export type FabricBound = BoundOf<SwitchedSize> | BoundOf<DirectSize>

/**
 * For every number of endpoints n from the spec's up to `maxEndpoints`: n times each count is at most the exact
 * count of `sizeFabric`. Grids are bounded at their dims, those given or those chosen for the spec's endpoints.
 */
export function boundFabric(spec: FabricSpec): FabricBound | FabricInfeasible {
  return isDirect(spec.topology) ? boundDirect(spec) : boundSwitched(spec)
}

function boundSwitched(spec: FabricSpec): FabricBound | FabricInfeasible {
  const design = designReaching(spec)
  if ("kind" in design) return design
  const endpointLeaf = spec.planes * spec.homes
  const leaf = endpointLeaf / design.endpointsPerLeaf
  const leafSpine = leaf * design.leafUplinks
  const spine = spec.tiers > 1 ? leafSpine / design.spineDownlinks : 0
  const spineCore = spine * design.spineUplinks
  const core = spec.tiers > 2 ? spineCore / radixOf(spec, 2) : 0
  return {
    kind: "switched",
    switches: { leaf, spine, core, total: leaf + spine + core },
    links: { endpointLeaf, leafSpine, spineCore },
    ...boundCables(spec, { endpointLeaf, leafSpine, spineCore }),
    maxEndpoints: design.maxEndpoints * countNetworks(spec)
  }
}

function boundCables(spec: FabricSpec, links: Readonly<Partial<Record<LinkKind, number>>>) {
  return sumBundles(Object.entries(links).map(([kind, n]) => bundleLinks(spec, kind as LinkKind, n, false)))
}

/** A dragonfly grows by whole groups; a grid is built whole, so its largest number of endpoints shares it. */
function boundDirect(spec: FabricSpec): FabricBound | FabricInfeasible {
  const plan = planDirect(spec)
  if ("kind" in plan) return plan
  const { design, maxEndpoints } = plan
  const dragonfly = spec.topology === "dragonfly"
  const shared = dragonfly ? design.routers * design.endpointsPerRouter : maxEndpoints
  const perEndpoint = (count: number) => spec.planes * count / shared
  const routers = spec.integratedRouters ? 0 : perEndpoint(design.routers)
  const local = perEndpoint(plan.local)
  const global = dragonfly ? spec.planes * leastGlobals(plan.design.dims, plan.degree, design.endpointsPerRouter) : 0
  const endpointRouter = spec.integratedRouters ? 0 : spec.planes
  return {
    kind: "direct",
    switches: { router: routers, total: routers },
    links: { endpointRouter, local, global },
    ...boundCables(spec, { endpointRouter, local, global }),
    maxEndpoints
  }
}

/** From two groups on, all global links of a group but one are in use, whatever the parity. */
function leastGlobals(dims: ReadonlyArray<number>, degree: number, endpoints: number): number {
  const [routers = 1, groups = 1] = dims
  if (groups < 2) return 0
  const globals = routers * (degree - routers + 1)
  return (globals - 1) / 2 / (routers * endpoints)
}
