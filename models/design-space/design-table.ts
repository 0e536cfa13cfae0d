/** Scale-out options met so far, by all that they depend on: problems of one process share them. */
import { type ScaleOutOption, scaleOutOptions } from "./classes.ts"
import type { HbdDesign } from "./layout.ts"
import type { Scenario } from "./scenario.ts"
import { createDropLog, type DropLog, type Hardware } from "./selection.ts"

export interface DesignedOptions {
  readonly options: ReadonlyArray<ScaleOutOption>
  /** what was left out of them */
  readonly log: DropLog
}

/** Lists of options that are kept, the oldest given up first: a bound on memory in long runs. */
const listsMost = 256

export class DesignTable {
  readonly #hardware = new WeakMap<Hardware, number>()
  readonly #options = new Map<string, DesignedOptions>()
  #hardwares = 0

  /** The options behind HBDs of one host with the same lanes left for scale-out. */
  optionsOf(scenario: Scenario, hardware: Hardware, hbd: HbdDesign, cableM: number): DesignedOptions {
    const { nic, nicsPerAccelerator, scaleOutTopology, scaleOutSwitch, scaleOutTiers, railOptimized, planes } = scenario.search
    const { oversubscription, medium } = scenario.search
    const key = JSON.stringify([
      this.#numberOf(hardware), hbd.accelerator.id, hbd.host.id, hbd.scaleOutMaxGbps, cableM, nic, nicsPerAccelerator,
      scaleOutTopology, scaleOutSwitch, scaleOutTiers, railOptimized, planes, oversubscription, medium
    ])
    let known = this.#options.get(key)
    if (known === undefined) {
      const log = createDropLog()
      known = { options: scaleOutOptions(scenario, hardware, hbd, cableM, log), log }
      this.#options.set(key, known)
      const [oldest] = this.#options.keys()
      if (this.#options.size > listsMost && oldest !== undefined) this.#options.delete(oldest)
    }
    return known
  }

  #numberOf(hardware: Hardware): number {
    let number = this.#hardware.get(hardware)
    if (number === undefined) this.#hardware.set(hardware, number = this.#hardwares++)
    return number
  }
}
