/**
 * Times the sizing, bounding, wiring and checking of fabrics of several sizes, each verified before it is
 * timed.
 */
import { boundFabric } from "../models/fabric/bound.ts"
import type { PartialFabricSpec } from "../models/fabric/fabric.ts"
import { completeFabricSpec } from "../models/fabric/fabric.ts"
import { sizeFabric } from "../models/fabric/sizing.ts"
import { checkWiring } from "../models/fabric/wiring-check.ts"
import { wireFabric } from "../models/fabric/wiring.ts"
import { measure, showTimes } from "./timing.ts"

const cases: Readonly<Record<string, PartialFabricSpec>> = {
  "leaf–spine, 2k": { topology: "clos", endpoints: 2048, radix: [64], linkGbps: 400, rails: 8 },
  "fat tree, 16k": { topology: "clos", endpoints: 16_384, radix: [64], linkGbps: 400, tiers: 3, rails: 8 },
  "fat tree, 131k": { topology: "clos", endpoints: 131_072, radix: [128], linkGbps: 400, tiers: 3, rails: 8 },
  "four planes, 65k": { topology: "clos", endpoints: 65_536, radix: [512], linkGbps: 200, planes: 4, rails: 8 },
  "rail-only, 256 rails": { topology: "rail-only", endpoints: 32_768, radix: [64], linkGbps: 400, rails: 256 },
  "torus, 16k": { topology: "torus", endpoints: 16_384, radix: [8], linkGbps: 400, dims: [16, 32, 32] },
  "dragonfly, 16k": { topology: "dragonfly", endpoints: 16_384, radix: [64], linkGbps: 400 },
  // a prime number of uplinks spreads over one spine or over all: the degenerate case
  "prime radix, 3k": { topology: "clos", endpoints: 3000, radix: [62], linkGbps: 400, tiers: 3 }
}

/** Prints a table; `runs` samples each. */
export const benchFabric = (runs: number): void => {
  const columns = ["size", "bound", "wire", "check"].map((name) => `${name}, ms`.padStart(26))
  console.log("fabric".padEnd(24) + columns.join(""))
  for (const [name, partial] of Object.entries(cases)) {
    const spec = completeFabricSpec(partial)
    const size = sizeFabric(spec)
    if (size.kind === "infeasible") throw new Error(`${name}: ${size.reason}`)
    const wiring = wireFabric(spec, size)
    const mistakes = checkWiring(spec, size, wiring)
    if (mistakes.length > 0) throw new Error(`${name}: ${mistakes[0]}`)
    const times = [
      measure(runs, () => sizeFabric(spec)), measure(runs, () => boundFabric(spec)),
      measure(runs, () => wireFabric(spec, size)), measure(runs, () => checkWiring(spec, size, wiring))
    ]
    console.log(name.padEnd(24) + times.map(showTimes).join(""))
  }
}

if (process.argv[1]?.endsWith("fabric.ts")) benchFabric(Number(process.argv[2] ?? 11))
