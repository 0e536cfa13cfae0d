/** What the shipped figures must agree on among themselves and with published totals. */
import { describe, expect, it } from "vitest"
import { parameterCount } from "../../models/workload/parameters.ts"
import type { System } from "../../models/hardware/system.ts"
import { shipped } from "./shipped-catalog.ts"

const byId = <P extends { readonly id: string }>(parts: ReadonlyArray<P>, id: string | null): P | null =>
  parts.find((part) => part.id === id) ?? null
const isBlock = ({ kind }: System) => kind === "node" || kind === "tray"
const inOrder = (...values: ReadonlyArray<number | null>) => {
  const known = values.filter((value) => value !== null)
  expect(known).toEqual([...known].sort((a, b) => a - b))
}

describe.each(shipped.accelerators.map((one) => [one.id, one] as const))("accelerator %s", (_, accelerator) => {
  it("lacks nothing that a search needs", () => {
    const needed = [
      "bf16Tflops", "memoryGB", "memoryGBps", "computeUnits", "powerMaxW", "powerTypicalW", "powerIdleW", "scaleUpGBps",
      "scaleUpLinks", "scaleOutGbps", "scaleOutMaxGbps", "priceUsd", "priceLowUsd", "priceHighUsd"
    ] as const
    expect(needed.filter((field) => accelerator[field] === null)).toEqual([])
  })

  it("has figures in their order", () => {
    const { powerIdleW, powerTypicalW, powerMaxW, memoryGB, memoryPhysicalGB } = accelerator
    inOrder(powerIdleW, powerTypicalW, powerMaxW)
    inOrder(memoryGB, memoryPhysicalGB)
    inOrder(accelerator.priceLowUsd, accelerator.priceUsd, accelerator.priceHighUsd)
    inOrder(accelerator.nativeHbd, accelerator.maxHbd)
    inOrder(accelerator.scaleOutGbps, accelerator.scaleOutMaxGbps)
  })

  it("shares its lanes as its links say", () => {
    const { sharedLanes, scaleUpGBps, scaleUpLinks } = accelerator
    if (sharedLanes === null) return
    expect(scaleUpGBps! * 8).toBeCloseTo(scaleUpLinks! * sharedLanes.laneGbps, 6)
    expect(scaleUpLinks!).toBeLessThanOrEqual(sharedLanes.lanes - sharedLanes.scaleOutLanesMin)
  })

  it("has a building block whose figures are known, and a NIC and a switch to go with it", () => {
    const blocks = shipped.systems.filter((system) => isBlock(system) && system.accelerator === accelerator.id)
    expect(blocks.length).toBeGreaterThan(0)
    const needed = [
      "hostPowerMaxW", "hostPowerIdleW", "hostMemoryGB", "hostLinkGBps", "rackUnits", "weightKg", "hostPriceUsd",
      "hostPriceLowUsd", "hostPriceHighUsd", "referenceNic", "referenceSwitch", "referenceNicsPerAccelerator"
    ] as const
    for (const block of blocks) {
      expect(needed.filter((field) => block[field] === null), block.id).toEqual([])
      expect(accelerator.maxHbd % block.accelerators, block.id).toBe(0)
    }
  })

  it("meets a switch of its protocol at the rate of its links, where it is switched", () => {
    if (!accelerator.scaleUpTopologies.some((topology) => topology.startsWith("switched"))) return
    const linkGbps = accelerator.scaleUpGBps! * 8 / accelerator.scaleUpLinks!
    const serving = shipped.switches.filter((box) =>
      box.kind === "scale-up" && box.protocols.includes(accelerator.scaleUpProtocol) &&
      box.radix.some(({ portGbps }) => portGbps === linkGbps)
    )
    expect(serving.map(({ id }) => id)).not.toEqual([])
  })
})

describe("parts", () => {
  it("are priced inside their range", () => {
    for (const part of [...shipped.switches, ...shipped.nics]) {
      expect(part.priceUsd, part.id).not.toBeNull()
      inOrder(part.priceLowUsd, part.priceUsd, part.priceHighUsd)
    }
    for (const system of shipped.systems) inOrder(system.hostPriceLowUsd, system.hostPriceUsd, system.hostPriceHighUsd)
  })

  it("of switching have power, latency and room, and ports that share their crossbars evenly", () => {
    for (const box of shipped.switches) {
      expect([box.powerMaxW, box.powerTypicalW, box.powerIdleW, box.latencyNs, box.rackUnits], box.id).not.toContain(null)
      inOrder(box.powerIdleW, box.powerTypicalW, box.powerMaxW)
      expect(box.radix.every(({ ports }) => ports % box.crossbars === 0), box.id).toBe(true)
    }
  })

  it("of cabling have power, price and delay", () => {
    for (const medium of shipped.interconnects) {
      inOrder(medium.powerPerEndW, medium.powerPerEndMaxW)
      expect([medium.powerPerEndMaxW, medium.pricePerCableUsd, medium.latencyPerEndNs], medium.id).not.toContain(null)
      expect(medium.transceivers && medium.pricePerEndUsd === null, medium.id).toBe(false)
    }
  })

  it("of every speed of NIC and switch have a medium across a hall", () => {
    for (const { id, ports } of shipped.nics) {
      const reached = ports.every(({ portGbps }) =>
        shipped.interconnects.some(({ gbps, uses, reachM }) =>
          uses.includes("scale-out") && reachM >= 50 && gbps >= portGbps && gbps % portGbps === 0
        )
      )
      expect(reached, id).toBe(true)
    }
  })
})

describe("assemblies", () => {
  it("are whole blocks of their accelerator", () => {
    for (const system of shipped.systems.filter((one) => !isBlock(one))) {
      const block = byId(shipped.systems, system.block)
      expect(block?.accelerator, system.id).toBe(system.accelerator)
      expect(system.accelerators % block!.accelerators, system.id).toBe(0)
    }
  })

  /** Blocks, their switches, reference NICs; with optical ends of CloudMatrix384, which its published total includes. */
  const predictedW = (system: System): number => {
    const block = isBlock(system) ? system : byId(shipped.systems, system.block)!
    const blocks = system.accelerators / block.accelerators
    const accelerator = byId(shipped.accelerators, system.accelerator)!
    const nic = byId(shipped.nics, system.referenceNic)!
    const watts = (id: string | null) => byId(shipped.switches, id)?.powerMaxW ?? 0
    const shared = system === block || system.scaleUpSwitch === block.scaleUpSwitch ? 0 : system.scaleUpSwitches
    const opticalEnds = system.id === "cloudmatrix384" ? 6912 : 0
    return system.accelerators * (accelerator.powerMaxW! + system.referenceNicsPerAccelerator! * nic.powerMaxW!) +
      blocks * (block.hostPowerMaxW! + block.scaleUpSwitches * watts(block.scaleUpSwitch)) +
      shared * watts(system.scaleUpSwitch) +
      opticalEnds * byId(shipped.interconnects, "ub-optical-400")!.powerPerEndMaxW!
  }

  /** provisions 150 kW a rack with the switches of its networks: more than the racks' own parts */
  const provisioned = new Set(["gb200-superpod-su"])

  it("sum to their published power within 10 %", () => {
    const rows = shipped.systems.flatMap((system) => {
      const published = system.publishedPowerMaxW ?? system.publishedPowerTypicalW
      return published === null ? [] : [{ id: system.id, published, predicted: predictedW(system) }]
    })
    console.log(rows.map(({ id, published, predicted }) =>
      `${id.padEnd(22)} predicted ${(predicted / 1000).toFixed(1).padStart(8)} kW, published ` +
      `${(published / 1000).toFixed(1).padStart(8)} kW, ${((predicted / published - 1) * 100).toFixed(1).padStart(6)} %`
    ).join("\n"))
    const off = rows.filter(({ id, published, predicted }) =>
      !provisioned.has(id) && Math.abs(predicted / published - 1) > 0.1
    )
    expect(off).toEqual([])
  })
})

/** Models whose published total is itself rounded: to 109 billion, to a trillion, to 9.9 trillion. */
const rounded = ["llama4-scout", "kimi-k2", "hyp-10t-moe"]

describe.each(shipped.models.map((model) => [model.id, model] as const))("model %s", (id, { shape, parametersB }) => {
  it("counts to its published parameters", () => {
    // multi-token-prediction layers are beyond the published totals
    const counted = parameterCount({ ...shape, mtpLayers: 0 }).total / 1e9
    expect(Math.abs(counted / parametersB! - 1)).toBeLessThan(rounded.includes(id) ? 0.03 : 0.01)
  })
})
