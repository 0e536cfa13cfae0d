/** Scale-out options met so far, and their bounds by stand, by all that they depend on: problems of one process share them. */
import { designKey, type HbdStand } from "./blocks.ts"
import { KnownScaleOuts, type ScaleOutOption, scaleOutOptions, type StandBounds } from "./classes.ts"
import type { HbdDesign } from "./layout.ts"
import { pricesMatter } from "./price-ends.ts"
import type { Scenario } from "./scenario.ts"
import { createDropLog, type DropLog, type Hardware } from "./selection.ts"
import { never, type Stopped } from "./stopped.ts"

export interface DesignedOptions {
  readonly options: ReadonlyArray<ScaleOutOption>
  /** what was left out of them */
  readonly log: DropLog
}

/** What is kept of each, the oldest given up first: a bound on memory in long runs. */
const listsMost = 64
const standsMost = 24

export class DesignTable {
  /** once true, lists are not worked out to their end any more, and not kept */
  readonly stopped: Stopped
  readonly #hardware = new WeakMap<Hardware, { readonly number: number; readonly scaleOuts: KnownScaleOuts }>()
  readonly #options = new Map<string, DesignedOptions>()
  readonly #bounds = new Map<string, StandBounds>()
  #hardwares = 0

  constructor(stopped: Stopped = never) {
    this.stopped = stopped
  }

  /** The options behind HBDs of one host with the same lanes left for scale-out. */
  optionsOf(scenario: Scenario, hardware: Hardware, hbd: HbdDesign): DesignedOptions {
    const { nic, nicsPerAccelerator, scaleOutTopology, scaleOutSwitch, scaleOutTiers, railOptimized, planes } = scenario.search
    const { oversubscription, medium } = scenario.search
    const key = JSON.stringify([
      this.#known(hardware).number, hbd.accelerator.id, hbd.host.id, hbd.scaleOutMaxGbps, nic, nicsPerAccelerator,
      scaleOutTopology, scaleOutSwitch, scaleOutTiers, railOptimized, planes, oversubscription, medium, pricesMatter(scenario)
    ])
    let known = this.#options.get(key)
    if (known === undefined) {
      const log = createDropLog()
      known = { options: scaleOutOptions(scenario, hardware, hbd, log, this.#known(hardware).scaleOuts, this.stopped), log }
      if (!this.stopped()) keep(this.#options, key, known, listsMost)
    }
    return known
  }

  /** The bounds of a stand's HBD behind scale-outs, to be filled: the same where the HBD stands alike. */
  boundsOf({ allowances }: Scenario, hardware: Hardware, { hbd, rackClass }: HbdStand): StandBounds {
    const { coolingClass, rackPowerKW, pues } = rackClass
    const key = JSON.stringify([this.#known(hardware).number, designKey(hbd), coolingClass.name, rackPowerKW, pues, allowances])
    let known = this.#bounds.get(key)
    if (known === undefined) keep(this.#bounds, key, known = new Map(), standsMost)
    return known
  }

  #known(hardware: Hardware) {
    let known = this.#hardware.get(hardware)
    if (known === undefined) this.#hardware.set(hardware, known = { number: this.#hardwares++, scaleOuts: new KnownScaleOuts() })
    return known
  }
}

function keep<A>(table: Map<string, A>, key: string, value: A, most: number): void {
  table.set(key, value)
  const [oldest] = table.keys()
  if (table.size > most && oldest !== undefined) table.delete(oldest)
}
