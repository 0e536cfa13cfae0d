/** Sizes the fabric of one HBD: switches, links by reach, bandwidth, hops and the largest HBD of the same shape. */
import { designClos, divisorsOf } from "./clos.ts"
import { cubicDims, measureGrid } from "./direct.ts"
import type { FabricInfeasible, SwitchedSize } from "./fabric.ts"
import { completeFabricSpec, infeasible } from "./fabric.ts"
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

/** How far links inside a group of `accelerators` go. */
export function reachOf(spec: ScaleUpSpec, accelerators: number): Reach {
  if (accelerators <= spec.acceleratorsPerNode) return "board"
  return accelerators <= spec.acceleratorsPerRack ? "rack" : "cross-rack"
}

/** Every plane is a small Clos whose endpoints are the links that the accelerators have into it. */
function planeSpec(spec: ScaleUpSpec, tiers: 1 | 2, planes: number, accelerators: number) {
  const linksPerPlane = spec.links / planes
  return completeFabricSpec({
    topology: "clos",
    endpoints: accelerators * linksPerPlane,
    radix: spec.radix,
    linkGbps: spec.GBps / spec.links * 8,
    tiers,
    planes,
    oversubscription: [spec.oversubscription],
    endpointsPerLeaf: tiers === 2 && spec.acceleratorsPerLeaf !== null
      ? spec.acceleratorsPerLeaf * linksPerPlane
      : null
  })
}

/** Accelerators of whole bundles that one leaf, and one plane, can take. */
function planeLimits(spec: ScaleUpSpec, tiers: 1 | 2, planes: number) {
  const plane = planeSpec(spec, tiers, planes, 1)
  const design = designClos(plane)
  if ("kind" in design) return null
  const perLeaf = Math.floor(design.endpointsPerLeaf / plane.endpoints)
  const leaves = tiers === 1 ? 1 : design.leavesPerPod
  return perLeaf === 0 ? null : { perLeaf, accelerators: perLeaf * leaves }
}

function sizeSwitchedScaleUp(spec: ScaleUpSpec, tiers: 1 | 2): ScaleUpResult {
  const choices = spec.planes === null ? divisorsOf(spec.links) : [spec.planes]
  let best: ScaleUpSize | null = null
  for (const planes of choices) {
    const limits = spec.links % planes === 0 ? planeLimits(spec, tiers, planes) : null
    if (limits === null || limits.accelerators < spec.accelerators) continue
    const endpointsPerLeaf = limits.perLeaf * spec.links / planes
    const size = sizeFabric({ ...planeSpec(spec, tiers, planes, spec.accelerators), endpointsPerLeaf })
    if (size.kind !== "switched" || (best !== null && best.switches.total <= size.switches.total)) continue
    best = describeSwitched(spec, size, planes, limits)
  }
  return best ?? tooLarge(spec, tiers, choices)
}

function tooLarge(spec: ScaleUpSpec, tiers: 1 | 2, choices: ReadonlyArray<number>): FabricInfeasible {
  const most = Math.max(...choices.map((planes) => planeLimits(spec, tiers, planes)?.accelerators ?? 0))
  return infeasible(
    `${spec.accelerators} accelerators of ${spec.links} links are more than ${tiers} ${tiers === 1 ? "tier" : "tiers"} ` +
      `of radix ${spec.radix.join("/")} join`,
    `at most ${most} accelerators${tiers === 1 ? ", or two tiers" : ""}`
  )
}

function describeSwitched(
  spec: ScaleUpSpec,
  size: SwitchedSize,
  planes: number,
  limits: { readonly perLeaf: number; readonly accelerators: number }
): ScaleUpSize {
  const perLeaf = Math.min(limits.perLeaf, spec.accelerators)
  const { leaf: first, spine: second, total } = size.switches
  const { endpointLeaf, leafSpine } = size.links
  const linksPerPlane = spec.links / planes
  const up = second === 0 ? 1 : Math.min(1, size.design.leafUplinks / (limits.perLeaf * linksPerPlane))
  const bundles: ReadonlyArray<ScaleUpBundle> = [
    { kind: "accelerator-switch" as const, reach: reachOf(spec, perLeaf), links: endpointLeaf },
    { kind: "switch-switch" as const, reach: reachOf(spec, spec.accelerators), links: leafSpine }
  ].filter((bundle) => bundle.links > 0)
  return {
    kind: "scale-up",
    topology: spec.topology,
    accelerators: spec.accelerators,
    planes,
    switches: { first, second, circuit: 0, total },
    bundles,
    GBps: spec.GBps,
    pairGBps: spec.GBps,
    bisectionGBps: size.bisectionGbps / 8,
    crossGBps: spec.GBps * up,
    hops: size.hops,
    dims: [],
    acceleratorsPerLeaf: perLeaf,
    maxAccelerators: limits.accelerators
  }
}

/**
 * Cubes joined to one 3-D torus by optical circuit switches (TPU v4, arXiv 2304.01433): the two opposite ends of each line
 * through a cube go to one switch, so it has two ports per cube and any cubes can be neighbours.
 */
function sizeCubes(spec: ScaleUpSpec): ScaleUpResult {
  const cube = spec.dims.length === 3 ? spec.dims : [4, 4, 4]
  const perCube = cube.reduce((product, extent) => product * extent, 1)
  const cubes = spec.accelerators / perCube
  const maxAccelerators = Math.floor((spec.radix[0] ?? 0) / 2) * perCube
  if (!Number.isInteger(cubes) || spec.accelerators > maxAccelerators || spec.links % 6 !== 0) {
    return infeasible(
      `${spec.accelerators} accelerators of ${spec.links} links are not cubes of ${cube.join("×")} on circuit switches ` +
        `of ${spec.radix[0] ?? 0} ports`,
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
