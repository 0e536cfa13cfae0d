/** The drawings of the documentation: one small fabric of each topology. */
import type { PartialFabricSpec } from "../../models/fabric/fabric.ts"
import { completeFabricSpec } from "../../models/fabric/fabric.ts"
import { sizeFabric } from "../../models/fabric/sizing.ts"
import { drawFabric } from "./drawing.ts"

const common = { linkGbps: 400, endpoints: 64 } as const

const fabrics: Readonly<Record<string, PartialFabricSpec>> = {
  single: { ...common, topology: "single", endpoints: 32, radix: [32] },
  "leaf-spine": { ...common, topology: "clos", radix: [16], rails: 4 },
  "leaf-spine-core": { ...common, topology: "clos", radix: [8], tiers: 3, rails: 4 },
  "two-planes": { ...common, topology: "clos", endpoints: 32, radix: [16], planes: 2, rails: 4 },
  "dual-tor": { ...common, topology: "clos", endpoints: 32, radix: [16], homes: 2 },
  "rail-only": { ...common, topology: "rail-only", endpoints: 48, radix: [8], rails: 4 },
  dragonfly: { ...common, topology: "dragonfly", endpoints: 72, radix: [7] },
  "torus-2d": { ...common, topology: "torus", endpoints: 64, radix: [8], dims: [8, 8] },
  "torus-3d": { ...common, topology: "torus", endpoints: 64, radix: [8], dims: [4, 4, 4] },
  "full-mesh": { ...common, topology: "full-mesh", radix: [16], dims: [8] },
  "nd-full-mesh": { ...common, topology: "nd-full-mesh", endpoints: 16, radix: [8], dims: [4, 4] }
}

/** SVG text by name. */
export const drawings = (): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fabrics).map(([name, partial]) => {
    const spec = completeFabricSpec(partial)
    const size = sizeFabric(spec)
    if (size.kind === "infeasible") throw new Error(`${name}: ${size.reason}`)
    return [name, drawFabric(spec, size)]
  }))
