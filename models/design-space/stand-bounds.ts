/** What an HBD at its site uses at least behind each scale-out option, whatever the limits: problems of one process share it. */
import { type Plant, preparePlant, type ScaleOutCounts } from "../facility/plant.ts"
import type { RackRefusal } from "../facility/rack-rule.ts"
import { leastOfEach, type SiteUse } from "../facility/resource-use.ts"
import { type AffineUse, boundManyUse, boundResourceUse } from "../facility/use-bound.ts"
import type { HbdStand } from "./blocks.ts"
import { linksPerCableOf } from "./scale-out-designs.ts"
import type { OptionGroup, ScaleOutOption } from "./scale-out-kinds.ts"
import type { Scenario } from "./scenario.ts"

/** What an HBD with a scale-out uses at least at a stand, or why it cannot stand there. */
export type StandBound =
  | { readonly kind: "stand"; readonly useBound: SiteUse; readonly manyBound: AffineUse }
  | { readonly kind: "refusal"; readonly reason: string }

/** The same of all options of a group, in their order. */
export interface GroupBound {
  readonly options: ReadonlyArray<StandBound>
  /** of every figure the least of any; null where none can stand */
  readonly useBound: SiteUse | null
}

/** The bounds of a stand, filled as they are needed. A plant takes a hundred times the room of its bound: none is kept. */
export type StandBounds = Map<OptionGroup, GroupBound>

/** Works out the bounds of one stand, which are kept in `known`. */
export class StandBounder {
  readonly #allowances: Scenario["allowances"]
  readonly #stand: HbdStand
  readonly #known: StandBounds
  /** by the parts of their scale-out */
  readonly #plants = new Map<string, Plant | RackRefusal>()

  constructor({ allowances }: Scenario, stand: HbdStand, known: StandBounds) {
    this.#allowances = allowances
    this.#stand = stand
    this.#known = known
  }

  boundOf(group: OptionGroup): GroupBound {
    let bound = this.#known.get(group)
    if (bound === undefined) this.#known.set(group, bound = this.#bound(group))
    return bound
  }

  #bound({ options }: OptionGroup): GroupBound {
    const bounds = options.map((option) => this.#boundOption(option))
    const uses = bounds.flatMap((bound) => (bound.kind === "stand" ? [bound.useBound] : []))
    return { options: bounds, useBound: uses.length === 0 ? null : uses.reduce(leastOfEach) }
  }

  /** A plant of the option's parts, whatever their shape, is as good for bounds. */
  #boundOption(option: ScaleOutOption): StandBound {
    let plant = this.#plants.get(option.parts)
    if (plant === undefined) this.#plants.set(option.parts, plant = plantOf(this.#allowances, this.#stand, option))
    if (plant.kind === "refusal") {
      return { kind: "refusal", reason: `${plant.resource} of a ${this.#stand.rackClass.coolingClass.name} rack` }
    }
    const perHbd = scaled(option.perEndpoint, this.#stand.hbd.size * option.scaleOut.nicsPerAccelerator)
    return { kind: "stand", useBound: boundResourceUse(plant, perHbd), manyBound: boundManyUse(plant, perHbd) }
  }
}

/** The stand's HBDs behind the option. */
export function plantOf(
  allowances: Scenario["allowances"], { hbd, rackClass }: HbdStand, { scaleOut }: ScaleOutOption
): Plant | RackRefusal {
  return preparePlant({ hbd, scaleOut }, rackClass, allowances, linksPerCableOf(scaleOut))
}

function scaled(counts: ScaleOutCounts, factor: number): ScaleOutCounts {
  const { leaf, spine, core, endpointLinks, trunkLinks, coreLinks } = counts
  return {
    leaf: leaf * factor, spine: spine * factor, core: core * factor,
    endpointLinks: endpointLinks * factor, trunkLinks: trunkLinks * factor, coreLinks: coreLinks * factor
  }
}
