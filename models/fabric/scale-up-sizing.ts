/** Sizes the fabric of one HBD: switches, links by reach, bandwidth, hops and the largest HBD of the same shape. */
import { designClos, divisorsOf } from "./clos.ts"
import { measureGrid } from "./direct.ts"
import type { FabricInfeasible, SwitchedSize } from "./fabric.ts"
import { completeFabricSpec, infeasible } from "./fabric.ts"
import { cubicDims } from "./grid-shape.ts"
import type { Reach, ScaleUpBundle, ScaleUpResult, ScaleUpSize, ScaleUpSpec } from "./scale-up.ts"
import { sizeDirectScaleUp } from "./scale-up-direct.ts"
import { sizeFabric } from "./sizing.ts"

/** The exact size of an HBD's fabric, or why it cannot be built. Counts are positive integers. */
export function sizeScaleUp(spec: ScaleUpSpec): ScaleUpResult {
  if (spec.accelerators === 1) return sizeAlone(spec)
  switch (spec.topology) {
    case "switched-1":
      return sizeSwitchedScaleUp(spec, 1)
    case "switched-2":
      return sizeSwitchedScaleUp(spec, 2)
    case "torus-3d-ocs":
      return sizeCubes(spec)
    default:
      return sizeDirectScaleUp(spec)
  }
}

function sizeAlone(spec: ScaleUpSpec): ScaleUpSize {
  return {
    kind: "scale-up", topology: spec.topology, accelerators: 1, planes: 1,
    switches: { first: 0, second: 0, circuit: 0, total: 0 },
    bundles: [], GBps: 0, pairGBps: 0, bisectionGBps: 0, crossGBps: 0, hops: { max: 0, mean: 0 }, dims: [],
    acceleratorsPerLeaf: 1, maxAccelerators: 1
  }
}

/** How far links inside each group of `accelerators` go: a rack holds groups whole where they divide what it holds. */
export function reachOf(spec: ScaleUpSpec, accelerators: number): Reach {
  const { acceleratorsPerNode, acceleratorsPerRack } = spec
  if (accelerators <= acceleratorsPerNode) return "board"
  if (accelerators > acceleratorsPerRack) return "cross-rack"
  return spec.accelerators <= acceleratorsPerRack || acceleratorsPerRack % accelerators === 0 ? "rack" : "cross-rack"
}

/** Planes alike: each takes `links` of every accelerator. */
interface PlaneGroup {
  readonly planes: number
  readonly links: number
}

/** Deals an accelerator's links to planes in turn: where they do not divide, the first planes take one more. */
function dealLinks(links: number, planes: number): ReadonlyArray<PlaneGroup> {
  const longer = links % planes
  const each = Math.floor(links / planes)
  return [{ planes: longer, links: each + 1 }, { planes: planes - longer, links: each }].filter((group) => group.planes > 0)
}

/** Every plane is a small Clos whose endpoints are the links that the accelerators have into it. */
function planeSpec(spec: ScaleUpSpec, tiers: 1 | 2, group: PlaneGroup, accelerators: number, perLeaf: number | null) {
  return completeFabricSpec({
    topology: "clos",
    endpoints: accelerators * group.links,
    radix: spec.radix,
    linkGbps: spec.GBps / spec.links * 8,
    tiers,
    planes: group.planes,
    oversubscription: [spec.oversubscription],
    endpointsPerLeaf: perLeaf === null ? null : perLeaf * group.links
  })
}

interface Limits {
  readonly perLeaf: number
  readonly accelerators: number
}

/** Accelerators of whole bundles that one leaf, and one plane, can take; null: not even one. */
function planeLimits(spec: ScaleUpSpec, tiers: 1 | 2, group: PlaneGroup): Limits | null {
  const design = designClos(planeSpec(spec, tiers, group, 1, tiers === 2 ? spec.acceleratorsPerLeaf : null))
  if ("kind" in design || group.links === 0) return null
  const perLeaf = Math.floor(design.endpointsPerLeaf / group.links)
  return perLeaf === 0 ? null : { perLeaf, accelerators: perLeaf * (tiers === 1 ? 1 : design.leavesPerPod) }
}

/** What the narrowest plane allows. */
function limitsOf(spec: ScaleUpSpec, tiers: 1 | 2, groups: ReadonlyArray<PlaneGroup>): Limits | null {
  return groups.map((group) => planeLimits(spec, tiers, group)).reduce((a, b) =>
    a === null || b === null
      ? null
      : { perLeaf: Math.min(a.perLeaf, b.perLeaf), accelerators: Math.min(a.accelerators, b.accelerators) })
}

function sizeSwitchedScaleUp(spec: ScaleUpSpec, tiers: 1 | 2): ScaleUpResult {
  const choices = spec.planes === null ? divisorsOf(spec.links) : [spec.planes]
  let best: ScaleUpSize | null = null
  for (const planes of choices) {
    const groups = dealLinks(spec.links, planes)
    const limits = limitsOf(spec, tiers, groups)
    if (limits === null || limits.accelerators < spec.accelerators) continue
    const sizes = groups.map((group) => sizeFabric(planeSpec(spec, tiers, group, spec.accelerators, limits.perLeaf)))
      .filter((size) => size.kind === "switched")
    if (sizes.length < groups.length) continue
    const size = describeSwitched(spec, sizes, planes, limits)
    if (best === null || size.switches.total < best.switches.total) best = size
  }
  return best ?? tooLarge(spec, tiers, choices)
}

function tooLarge(spec: ScaleUpSpec, tiers: 1 | 2, choices: ReadonlyArray<number>): FabricInfeasible {
  const limits = choices.map((planes) => limitsOf(spec, tiers, dealLinks(spec.links, planes)))
  const most = Math.max(...limits.map((limit) => limit?.accelerators ?? 0))
  return infeasible(
    `${spec.accelerators} accelerators of ${spec.links} links are more than ${tiers === 1 ? "one tier" : "two tiers"} ` +
      `of radix ${spec.radix.join("/")} join`,
    `at most ${most} accelerators${tiers === 1 ? ", or two tiers" : ""}`
  )
}

function describeSwitched(
  spec: ScaleUpSpec,
  sizes: ReadonlyArray<SwitchedSize>,
  planes: number,
  limits: Limits
): ScaleUpSize {
  const sum = (count: (size: SwitchedSize) => number) => sizes.reduce((total, size) => total + count(size), 0)
  const perLeaf = Math.min(limits.perLeaf, spec.accelerators)
  const shares = sizes.map(({ design, tiers }) => tiers === 1 ? 1 : design.leafUplinks / design.endpointsPerLeaf)
  const lower: ScaleUpBundle = {
    kind: "accelerator-switch", reach: reachOf(spec, perLeaf), links: sum((size) => size.links.endpointLeaf)
  }
  const upper: ScaleUpBundle = {
    kind: "switch-switch", reach: reachOf(spec, spec.accelerators), links: sum((size) => size.links.leafSpine)
  }
  return {
    kind: "scale-up",
    topology: spec.topology,
    accelerators: spec.accelerators,
    planes,
    switches: {
      first: sum((size) => size.switches.leaf), second: sum((size) => size.switches.spine), circuit: 0,
      total: sum((size) => size.switches.total)
    },
    bundles: upper.links > 0 ? [lower, upper] : [lower],
    GBps: spec.GBps,
    pairGBps: spec.GBps,
    bisectionGBps: sum((size) => size.bisectionGbps) / 8,
    crossGBps: spec.GBps * Math.min(1, ...shares),
    hops: sizes[0]!.hops,
    dims: [],
    acceleratorsPerLeaf: perLeaf,
    maxAccelerators: limits.accelerators
  }
}

/**
 * Cubes joined to one 3-D torus by optical circuit switches (TPU v4, arXiv 2304.01433): the two opposite ends
 * of each line through a cube go to one switch, so it has two ports per cube and any cubes can be neighbours.
 */
function sizeCubes(spec: ScaleUpSpec): ScaleUpResult {
  const cube = spec.dims.length === 3 ? spec.dims : [4, 4, 4]
  const perCube = cube.reduce((product, extent) => product * extent, 1)
  const cubes = spec.accelerators / perCube
  const maxAccelerators = Math.floor((spec.radix[0] ?? 0) / 2) * perCube
  if (!Number.isInteger(cubes) || spec.accelerators > maxAccelerators || spec.links % 6 !== 0) {
    return infeasible(
      `${spec.accelerators} accelerators of ${spec.links} links are not cubes of ${cube.join("×")} ` +
        `on circuit switches of ${spec.radix[0] ?? 0} ports`,
      `a multiple of ${perCube} up to ${maxAccelerators} accelerators, six links (or a multiple) each`
    )
  }
  const parallel = spec.links / 6
  const lines = cube.reduce((sum, extent) => sum + perCube / extent, 0) * parallel
  const inside = cube.reduce((sum, extent) => sum + perCube / extent * (extent - 1), 0) * parallel
  const dims = cubicDims(cubes, 3).map((extent, i) => extent * cube[i]!)
  const linkGBps = spec.GBps / spec.links
  const torus = measureGrid("torus", dims, spec.accelerators)
  return {
    kind: "scale-up",
    topology: spec.topology,
    accelerators: spec.accelerators,
    planes: 1,
    switches: { first: 0, second: 0, circuit: lines, total: lines },
    bundles: [
      { kind: "direct", reach: reachOf(spec, perCube), links: cubes * inside },
      { kind: "accelerator-circuit", reach: "cross-rack", links: cubes * 2 * lines }
    ],
    GBps: spec.GBps,
    pairGBps: linkGBps * parallel,
    bisectionGBps: torus.cut * linkGBps * parallel,
    crossGBps: spec.GBps,
    hops: torus.distance,
    dims,
    acceleratorsPerLeaf: perCube,
    maxAccelerators
  }
}
