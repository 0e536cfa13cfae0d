/**
 * `astra-sim`: both fabrics for ASTRA-sim's analytical backend (YAML as in the inputs of
 * https://github.com/astra-sim/astra-network-analytical) with the system and memory files that go with them
 * (https://astra-sim.github.io/astra-sim-docs).
 */
import type { FabricPerformance } from "../../models/performance/machine.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { leftOutLinks } from "./site-remarks.ts"

/** One dimension of the network. Bandwidth of one link, GB/s one direction; latency of one link, ns. */
interface Dimension {
  readonly topology: "Ring" | "FullyConnected" | "Switch"
  readonly npus: number
  readonly GBps: number
  readonly latencyNs: number
}

export function exportAstraSim(source: ExportSource): Exported {
  const { machine } = source.built.of
  const dimensions = [
    ...scaleUpDimensions(machine.scaleUp, machine.hbdSize),
    ...(source.layout.hbds > 1 ? [switchDimension(machine.scaleOut, source.layout.hbds)] : [])
  ]
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  return {
    files: {
      "network.yml": networkYaml(dimensions), "system.json": json(system(source, dimensions)),
      "memory.json": json({ "memory-type": "NO_MEMORY_EXPANSION" })
    },
    remarks: remarks(source)
  }
}

/** A message crosses two links on its way through a switch. */
function switchDimension({ GBps, latencyS }: FabricPerformance, npus: number): Dimension {
  return { topology: "Switch", npus, GBps, latencyNs: latencyS * 1e9 / 2 }
}

function scaleUpDimensions(fabric: FabricPerformance, size: number): ReadonlyArray<Dimension> {
  const { topology, pairGBps, latencyS, dims } = fabric
  const latencyNs = latencyS * 1e9
  const grid = (kind: "FullyConnected" | "Ring") => dims.map((npus) => ({ topology: kind, npus, GBps: pairGBps, latencyNs }))
  if (topology === "full-mesh") return grid("FullyConnected")
  return topology === "switched" ? [switchDimension(fabric, size)] : grid("Ring")
}

function networkYaml(dimensions: ReadonlyArray<Dimension>): string {
  const list = (of: (dimension: Dimension) => string | number) => `[ ${dimensions.map(of).join(", ")} ]`
  const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value))
  return [
    `topology: ${list(({ topology }) => topology)}`,
    `npus_count: ${list(({ npus }) => npus)}`,
    `bandwidth: ${list(({ GBps }) => decimal(GBps))}  # GB/s, one link, one direction`,
    `latency: ${list(({ latencyNs }) => decimal(latencyNs))}  # ns, one link`
  ].join("\n") + "\n"
}

/** As ASTRA-sim's own examples choose for each kind of dimension; halving and doubling wants a power of two. */
function reductionOf({ topology, npus }: Dimension): string {
  if (topology === "FullyConnected") return "direct"
  return topology === "Switch" && Number.isInteger(Math.log2(npus)) ? "halvingDoubling" : "ring"
}

/** Halving and doubling refuses it (HalvingDoubling.cc); `direct` sends to all others at once, over a switch too (AllToAll.cc). */
const allToAllOf = ({ topology }: Dimension): string => (topology === "Ring" ? "ring" : "direct")

function system({ built }: ExportSource, dimensions: ReadonlyArray<Dimension>) {
  const { accelerator } = built.of.machine
  const reductions = dimensions.map(reductionOf)
  return {
    "scheduling-policy": "LIFO", "endpoint-delay": 10, "active-chunks-per-dimension": 1,
    "preferred-dataset-splits": 4,
    "all-reduce-implementation": reductions, "all-gather-implementation": reductions,
    "reduce-scatter-implementation": reductions, "all-to-all-implementation": dimensions.map(allToAllOf),
    "collective-optimization": "localBWAware", "local-mem-bw": accelerator.memoryGBps, "boost-mode": 0,
    "roofline-enabled": 1, "peak-perf": accelerator.bf16Tflops
  }
}

function remarks(source: ExportSource): ReadonlyArray<string> {
  const { built, layout } = source
  const { scaleOut } = built.of.machine
  return [
    ...(layout.hbds > 1
      ? ["the scale-out fabric is one Switch dimension between HBDs, its tiers, rails and planes merged"]
      : []),
    ...leftOutLinks(source, "one Switch joins the HBDs of all sites as if in one hall"),
    ...(layout.idleAccelerators > 0
      ? [`the network spans all accelerators, ${layout.idleAccelerators} idle ones too`]
      : []),
    ...(scaleOut.taper.length > 0 ? ["oversubscription has no place in the analytical backend"] : []),
    ...(scaleOut.railOnly ? ["the rail-only fabric joins equal local ranks alone; the Switch joins all"] : []),
    "scheduling, chunks and endpoint delay are those of ASTRA-sim's examples",
    "the workload's traces (Chakra) are not in the plan"
  ]
}
