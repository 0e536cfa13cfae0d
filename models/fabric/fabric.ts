/** What a scale-out fabric is asked to be, and what it comes to: switches, links, cables, bandwidth. Plain data. */

/** `single`: one switch a plane. `clos`: 1–3 tiers of switches. `rail-only`: a Clos per rail and nothing above. */
export type SwitchedTopology = "single" | "clos" | "rail-only"

/**
 * Routers linked to one another; each serves some endpoints. `nd-full-mesh`: every dimension a full mesh
 * (UB-Mesh).
 */
export type DirectTopology = "dragonfly" | "torus" | "full-mesh" | "nd-full-mesh"

export type FabricTopology = SwitchedTopology | DirectTopology

/** One fabric, asked for. `completeFabricSpec` fills in all but the first four fields. */
export interface FabricSpec {
  readonly topology: FabricTopology
  /** NICs: an accelerator's port into every plane */
  readonly endpoints: number
  /** ports of one switch at `linkGbps`, by tier from the leaf up; a shorter list repeats its last entry */
  readonly radix: ReadonlyArray<number>
  /** Gb/s of a link between switches, one direction */
  readonly linkGbps: number
  /**
   * Gb/s of an endpoint's link into one plane; `linkGbps / endpointGbps` endpoints share one switch port by
   * breakout
   */
  readonly endpointGbps: number
  /** tiers of switches, exact; `single` has one, direct topologies have none to choose */
  readonly tiers: 1 | 2 | 3
  /** leaf groups that serve equal local ranks; direct topologies have none */
  readonly rails: number
  /** copies of the fabric; a NIC has one link (or `homes`) into each */
  readonly planes: number
  /** links of an endpoint into one plane, each to another leaf: 2 for dual-ToR */
  readonly homes: number
  /** bandwidth towards the endpoints over bandwidth upwards, by tier from the leaf; missing entries are 1 */
  readonly oversubscription: ReadonlyArray<number>
  /** ports of every switch that stay free */
  readonly sparePorts: number
  /** endpoints of one leaf; null: as many as its ports and the oversubscription allow */
  readonly endpointsPerLeaf: number | null
  /** three tiers: endpoints of one pod; null: as many as the spines' ports allow */
  readonly endpointsPerPod: number | null
  /** links that one pulled cable carries, of endpoint links and of links between switches */
  readonly linksPerCable: { readonly endpoint: number; readonly fabric: number }
  /** torus and (nd-)full-mesh: routers per dimension; empty: chosen */
  readonly dims: ReadonlyArray<number>
  /**
   * dragonfly: routers of a group, endpoints and global links of a router; null: balanced (Kim et al., ISCA
   * 2008)
   */
  readonly dragonfly: { readonly routers: number; readonly endpoints: number; readonly globals: number } | null
  /**
   * direct topologies: the endpoint itself routes (TPU, Trainium), so there are no switches and no endpoint
   * links
   */
  readonly integratedRouters: boolean
}

export type PartialFabricSpec =
  & Pick<FabricSpec, "topology" | "endpoints" | "radix" | "linkGbps">
  & Partial<FabricSpec>

/** Switches on a shortest route (links where endpoints route themselves): the most, and the mean over pairs. */
export interface Hops {
  readonly max: number
  readonly mean: number
}

export type LinkKind = "endpointLeaf" | "leafSpine" | "spineCore" | "endpointRouter" | "local" | "global"

/** Links of one kind as they are bought: cables, and pluggable modules at both ends if the medium has them. */
export interface FabricBundle {
  readonly kind: LinkKind
  readonly links: number
  readonly cables: number
  /** of one cable, all its links */
  readonly cableGbps: number
  /** modules at the end towards the endpoints, and at the other */
  readonly lowerEnds: number
  readonly upperEnds: number
}

interface FabricTotals {
  readonly endpoints: number
  readonly bundles: ReadonlyArray<FabricBundle>
  /** pluggable modules, if every link is a pluggable one: both ends, a breakout or twin-port module counted once */
  readonly transceivers: number
  readonly cables: number
  /**
   * what the first half of the endpoints can send to the second at once, one direction, all planes: the maximum flow, or
   * more of it where endpoints are faster than links, or a dragonfly's router has more global links than neighbours
   */
  readonly bisectionGbps: number
  /** most endpoints of this shape */
  readonly maxEndpoints: number
  readonly hops: Hops
}

export interface SwitchedSize extends FabricTotals {
  readonly kind: "switched"
  readonly topology: SwitchedTopology
  readonly tiers: 1 | 2 | 3
  readonly switches: { readonly leaf: number; readonly spine: number; readonly core: number; readonly total: number }
  readonly links: { readonly endpointLeaf: number; readonly leafSpine: number; readonly spineCore: number }
  /** what one block of each tier is made of */
  readonly design: ClosDesign
  /** the separate networks, each in every plane: one, or one per rail of `rail-only` */
  readonly networks: ReadonlyArray<ClosNetwork>
}

export interface DirectSize extends FabricTotals {
  readonly kind: "direct"
  readonly topology: DirectTopology
  readonly switches: { readonly router: number; readonly total: number }
  readonly links: { readonly endpointRouter: number; readonly local: number; readonly global: number }
  readonly design: DirectDesign
}

export type FabricSize = SwitchedSize | DirectSize

/**
 * Ports of a Clos as built: full blocks; a partial block keeps its uplinks whole, as reference architectures
 * ask.
 */
export interface ClosDesign {
  readonly endpointsPerLeaf: number
  readonly leafUplinks: number
  /** leaves under one set of spines (two tiers: the whole network) */
  readonly leavesPerPod: number
  readonly spinesPerPod: number
  readonly spineDownlinks: number
  readonly spineUplinks: number
  readonly maxPods: number
  readonly maxEndpoints: number
}

/** One connected network of a Clos fabric, in one plane. */
export interface ClosNetwork {
  readonly endpoints: number
  readonly rails: number
  readonly leaves: number
  readonly fullPods: number
  /** of the pod that is not full; 0: none */
  readonly lastPodLeaves: number
  readonly spinesPerPod: number
  readonly lastPodSpines: number
  /** cores stand in groups; a group joins `spinesPerPod / coreGroups` spines of every pod */
  readonly coreGroups: number
  readonly coresPerGroup: number
}

export interface DirectDesign {
  /** extents of the grid in the order of numbering, the first fastest; dragonfly: routers of a group, groups */
  readonly dims: ReadonlyArray<number>
  readonly routers: number
  readonly endpointsPerRouter: number
  /** dragonfly: links between two groups that every pair has, and pairs' extra links per group */
  readonly globalsPerPair: number
  readonly extraGlobals: number
}

/** A direct topology before its endpoints are counted; all figures of one plane. */
export interface DirectPlan {
  readonly design: DirectDesign
  /** links of one router to others */
  readonly degree: number
  readonly local: number
  readonly global: number
  readonly maxEndpoints: number
  readonly hops: Hops
}

/** What was asked cannot be built; what could be, in the words of the spec. */
export interface FabricInfeasible {
  readonly kind: "infeasible"
  readonly reason: string
  readonly feasible: string
}

export function infeasible(reason: string, feasible: string): FabricInfeasible {
  return { kind: "infeasible", reason, feasible }
}

export function isDirect(topology: FabricTopology): topology is DirectTopology {
  return topology === "dragonfly" || topology === "torus" || topology === "full-mesh" || topology === "nd-full-mesh"
}

/**
 * Fills in what a spec leaves open: no breakout, two tiers, one rail, one plane, no oversubscription, a cable a
 * link.
 */
export function completeFabricSpec(spec: PartialFabricSpec): FabricSpec {
  return {
    endpointGbps: spec.linkGbps,
    tiers: 2,
    rails: 1,
    planes: 1,
    homes: 1,
    oversubscription: [],
    sparePorts: 0,
    endpointsPerLeaf: null,
    endpointsPerPod: null,
    linksPerCable: { endpoint: 1, fabric: 1 },
    dims: [],
    dragonfly: null,
    integratedRouters: false,
    ...spec,
    ...(spec.topology === "single" ? { tiers: 1 } : {}),
    ...(isDirect(spec.topology) ? { rails: 1, homes: 1 } : {})
  }
}

/** Entry of a per-tier list; beyond its end the last entry holds. */
export function radixOf(spec: FabricSpec, tier: 0 | 1 | 2): number {
  const radix = spec.radix[Math.min(tier, spec.radix.length - 1)] ?? 0
  return radix - spec.sparePorts
}

/** What the first half of the endpoints sends into one plane, Gb/s: the most that can reach the second half. */
export function injectedGbps(spec: FabricSpec): number {
  return Math.floor(spec.endpoints / 2) * spec.homes * spec.endpointGbps
}
