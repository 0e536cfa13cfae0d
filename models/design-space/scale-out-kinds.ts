/** Presolve, third part: the scale-out fabrics that HBDs of a host can stand behind, by what the performance model sees of them. */
import { boundFabric } from "../fabric/bound.ts"
import { completeFabricSpec, type FabricSize, type FabricSpec } from "../fabric/fabric.ts"
import { sizeFabric } from "../fabric/sizing.ts"
import { missingFigures } from "../facility/missing-figures.ts"
import { type ScaleOutCounts, scaleOutCounts } from "../facility/plant.ts"
import type { FabricPerformance } from "../performance/machine.ts"
import type { HbdDesign, ScaleOutDesign } from "./layout.ts"
import { scaleOutPerformance } from "./machine-of-design.ts"
import { enumerateScaleOutDesigns, fabricSpecOf } from "./scale-out-designs.ts"
import type { Scenario } from "./scenario.ts"
import type { DropLog, Hardware } from "./selection.ts"
import { never } from "./stopped.ts"

/** Scale-out options that are bounded together. */
export interface OptionGroup {
  readonly options: ReadonlyArray<ScaleOutOption>
}

/** Scale-out options that the performance model cannot tell apart. */
export interface ScaleOutKind extends OptionGroup {
  /** as accelerators see them at their largest, so that no mapping depends on the number of HBDs */
  readonly performance: FabricPerformance
}

/** A scale-out design with all that does not depend on the size of the HBDs behind it. */
export interface ScaleOutOption {
  readonly scaleOut: ScaleOutDesign
  /** the same text where it takes the same plant: the same parts, whatever their shape */
  readonly parts: string
  /** of one endpoint, fractional */
  readonly perEndpoint: ScaleOutCounts
  readonly maxEndpoints: number
}

/**
 * The options behind HBDs of one host with the same lanes left for scale-out, whatever their size, the widest kinds first. What
 * depends on shape and speeds alone is computed once for all parts that have them.
 */
export function scaleOutKinds(
  scenario: Scenario, hardware: Hardware, hbd: HbdDesign, log: DropLog, known = new KnownScaleOuts(), stopped = never
): ReadonlyArray<ScaleOutKind> {
  const kinds = new Map<string, { performance: FabricPerformance; options: Array<ScaleOutOption> }>()
  for (const design of enumerateScaleOutDesigns(scenario, hardware, hbd, log)) {
    if (stopped()) return []
    const scaleOut = known.sameAs(design)
    const shape = shapeOf(scaleOut, hbd, known, log)
    if (shape === null) continue
    const { spec, size, perEndpoint, maxEndpoints } = shape
    const performance = scaleOutPerformance(scaleOut, spec, size)
    const text = JSON.stringify(performance)
    const option = { scaleOut, parts: partsOf(scaleOut), perEndpoint, maxEndpoints }
    const kind = kinds.get(text)
    if (kind === undefined) kinds.set(text, { performance, options: [option] })
    else kind.options.push(option)
  }
  return [...kinds.values()].sort((a, b) => b.performance.GBps - a.performance.GBps)
}

function shapeOf(scaleOut: ScaleOutDesign, hbd: HbdDesign, known: KnownScaleOuts, log: DropLog): FabricShape | null {
  const [missing] = missingFigures({ hbd, scaleOut })
  if (missing !== undefined) {
    log.drop(`part without ${missing.field}`, missing.id)
    return null
  }
  const shape = known.shapeOf(scaleOut, hbd.host.accelerators)
  const { switch: box, nicsPerAccelerator, nic } = scaleOut
  if (shape === null) log.drop("scale-out that radix does not allow", `${box.id} behind ${nicsPerAccelerator} × ${nic.id}`)
  return shape
}

/** All of a design that a plant depends on. */
function partsOf(design: ScaleOutDesign): string {
  const { topology, nic, nicsPerAccelerator, planes, rails, linkGbps, switch: box, endpointMedia, trunkMedia } = design
  const media = [endpointMedia, trunkMedia].map((ladder) => ladder.map(({ id }) => id).join(","))
  return [topology === "dragonfly", nic.id, nicsPerAccelerator, planes, rails, linkGbps, box.id, ...media].join(" ")
}

/** A fabric at its largest, and what one of its endpoints takes. */
interface FabricShape extends Pick<ScaleOutOption, "perEndpoint" | "maxEndpoints"> {
  readonly spec: FabricSpec
  readonly size: FabricSize
}

/** Scale-out designs met so far: the same is one object, its shape sized once. */
export class KnownScaleOuts {
  readonly #designs = new Map<string, ScaleOutDesign>()
  readonly #shapes = new Map<string, FabricShape | null>()
  readonly #shapesOf = new WeakMap<ScaleOutDesign, Map<number, FabricShape | null>>()

  /** The first design of the same parts and shape. */
  sameAs(design: ScaleOutDesign): ScaleOutDesign {
    const { nic, switch: box, endpointMedia, trunkMedia, ...rest } = design
    const ladders = [endpointMedia, trunkMedia].map((ladder) => ladder.map(({ id }) => id))
    const key = JSON.stringify([nic.id, box.id, ladders, rest])
    const known = this.#designs.get(key)
    if (known === undefined) this.#designs.set(key, design)
    return known ?? design
  }

  /** Null: its radix does not even reach the accelerators of one host. */
  shapeOf(design: ScaleOutDesign, hostAccelerators: number): FabricShape | null {
    let shapes = this.#shapesOf.get(design)
    if (shapes === undefined) this.#shapesOf.set(design, shapes = new Map())
    let shape = shapes.get(hostAccelerators)
    if (shape !== undefined) return shape
    const spec = completeFabricSpec(fabricSpecOf(design, hostAccelerators * design.nicsPerAccelerator))
    const key = JSON.stringify(spec)
    shape = this.#shapes.get(key)
    if (shape === undefined) this.#shapes.set(key, shape = largestShape(design, spec))
    shapes.set(hostAccelerators, shape)
    return shape
  }
}

function largestShape(scaleOut: ScaleOutDesign, least: FabricSpec): FabricShape | null {
  const perEndpoint = boundFabric(least)
  if (perEndpoint.kind === "infeasible") return null
  const { maxEndpoints } = perEndpoint
  const spec = completeFabricSpec(fabricSpecOf(scaleOut, maxEndpoints))
  const size = sizeFabric(spec)
  return size.kind === "infeasible" ? null : { spec, size, perEndpoint: scaleOutCounts(perEndpoint), maxEndpoints }
}

