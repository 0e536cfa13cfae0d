/**
 * HBD designs and scale-out options met so far, and their bounds by stand, by all that they depend on: problems of one process share
 * them.
 */
import { designKey, type HbdStand } from "./blocks.ts"
import { type Envelope, envelopesOf, frugalOptions } from "./envelopes.ts"
import { enumerateHbdDesigns } from "./hbd-designs.ts"
import type { HbdDesign } from "./layout.ts"
import { pricesMatter } from "./price-ends.ts"
import { KnownScaleOuts, type OptionGroup, type ScaleOutKind, scaleOutKinds } from "./scale-out-kinds.ts"
import type { Scenario } from "./scenario.ts"
import type { Dropped } from "./recommendation.ts"
import { createDropLog, type DropLog, type Hardware } from "./selection.ts"
import type { StandBounds } from "./stand-bounds.ts"
import { never, type Stopped } from "./stopped.ts"

export interface DesignedKinds {
  readonly kinds: ReadonlyArray<ScaleOutKind>
  readonly envelopes: ReadonlyArray<Envelope>
  /** that take no more than those of any kind */
  readonly frugal: OptionGroup
  /** of all kinds */
  readonly options: number
  /** what was left out of them */
  readonly log: DropLog
}

/** What is kept of each, the oldest given up first: a bound on memory in long runs. */
const listsMost = 64
/** Of stands, options with a bound. */
const boundsMost = 150_000
const designListsMost = 256

export class DesignTable {
  /** once true, lists are not worked out to their end any more, and not kept */
  readonly stopped: Stopped
  readonly #hardware = new WeakMap<Hardware, { readonly number: number; readonly scaleOuts: KnownScaleOuts }>()
  readonly #designs = new Map<string, { readonly designs: ReadonlyArray<HbdDesign>; readonly dropped: ReadonlyArray<Dropped> }>()
  readonly #kinds = new Map<string, DesignedKinds>()
  readonly #bounds = new Map<string, { readonly bounds: StandBounds; readonly options: number }>()
  #boundedOptions = 0
  #hardwares = 0

  constructor(stopped: Stopped = never) {
    this.stopped = stopped
  }

  /** The HBD designs of an accelerator on a host in racks of a class: `enumerateHbdDesigns`, each list worked out once. */
  readonly hbdDesignsOf: typeof enumerateHbdDesigns = (scenario, hardware, accelerator, host, rackClass, log) => {
    const key = JSON.stringify([
      this.#known(hardware).number, accelerator.id, host.id, rackClass, scenario.search, scenario.allowances
    ])
    let known = this.#designs.get(key)
    if (known === undefined) {
      const own = createDropLog()
      const designs = enumerateHbdDesigns(scenario, hardware, accelerator, host, rackClass, own)
      keep(this.#designs, key, known = { designs, dropped: own.list() }, designListsMost)
    }
    log.include(known.dropped)
    return known.designs
  }

  /** The scale-out behind HBDs of one host with the same lanes left for it. */
  kindsOf(scenario: Scenario, hardware: Hardware, hbd: HbdDesign): DesignedKinds {
    const { nic, nicsPerAccelerator, scaleOutTopology, scaleOutSwitch, scaleOutTiers, railOptimized, planes } = scenario.search
    const { oversubscription, medium } = scenario.search
    const key = JSON.stringify([
      this.#known(hardware).number, hbd.accelerator.id, hbd.host.id, hbd.scaleOutMaxGbps, nic, nicsPerAccelerator,
      scaleOutTopology, scaleOutSwitch, scaleOutTiers, railOptimized, planes, oversubscription, medium, pricesMatter(scenario)
    ])
    let known = this.#kinds.get(key)
    if (known === undefined) {
      const log = createDropLog()
      const kinds = scaleOutKinds(scenario, hardware, hbd, log, this.#known(hardware).scaleOuts, this.stopped)
      const options = kinds.reduce((sum, kind) => sum + kind.options.length, 0)
      known = { kinds, envelopes: envelopesOf(kinds), frugal: frugalOptions(kinds), options, log }
      if (!this.stopped()) keep(this.#kinds, key, known, listsMost)
    }
    return known
  }

  /** The bounds of a stand's HBD behind scale-outs, to be filled: the same where the HBD stands alike. */
  boundsOf(scenario: Scenario, hardware: Hardware, { hbd, rackClass }: HbdStand): StandBounds {
    const { allowances } = scenario
    const { coolingClass, rackPowerKW, pues } = rackClass
    const key = JSON.stringify([this.#known(hardware).number, designKey(hbd), coolingClass.name, rackPowerKW, pues, allowances])
    let known = this.#bounds.get(key)?.bounds
    if (known === undefined) {
      const { options } = this.kindsOf(scenario, hardware, hbd)
      this.#bounds.set(key, { bounds: known = new Map(), options })
      this.#boundedOptions += options
      for (const [oldest, given] of this.#bounds) {
        if (this.#boundedOptions <= boundsMost || oldest === key) break
        this.#bounds.delete(oldest)
        this.#boundedOptions -= given.options
      }
    }
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
