/** Random fabrics for property tests: small enough to wire and to bisect by maximum flow. */
import * as fc from "fast-check"
import type { FabricSpec, SwitchedTopology } from "../../../models/fabric/fabric.ts"
import { completeFabricSpec } from "../../../models/fabric/fabric.ts"

const ratio = fc.constantFrom(1, 1, 1, 1.5, 2, 2.25, 3, 7, 0.5, 1 / 3, 16 / 15)

/** Switched fabrics of all shapes; many are infeasible at their number of endpoints. */
export const switchedSpecs = (largest: number): fc.Arbitrary<FabricSpec> =>
  fc.record({
    topology: fc.constantFrom<SwitchedTopology>("single", "clos", "clos", "clos", "rail-only"),
    endpoints: fc.integer({ min: 1, max: largest }),
    radix: fc.array(fc.integer({ min: 4, max: 16 }), { minLength: 1, maxLength: 3 }),
    linkGbps: fc.constant(800),
    endpointGbps: fc.constantFrom(800, 800, 400, 200, 100),
    tiers: fc.constantFrom<1 | 2 | 3>(1, 2, 2, 3, 3),
    rails: fc.constantFrom(1, 1, 2, 3, 4),
    planes: fc.constantFrom(1, 1, 2),
    homes: fc.constantFrom(1, 1, 1, 2, 3),
    oversubscription: fc.array(ratio, { maxLength: 2 }),
    sparePorts: fc.constantFrom(0, 0, 1, 5),
    endpointsPerLeaf: fc.option(fc.integer({ min: 1, max: 8 })),
    endpointsPerPod: fc.option(fc.integer({ min: 4, max: 48 })),
    linksPerCable: fc.record({ endpoint: fc.constantFrom(1, 2), fabric: fc.constantFrom(1, 2) })
  }).map(completeFabricSpec)

/** Direct fabrics; grids have their dims given, routers of a dragonfly at least as many neighbours as global links. */
export const directSpecs: fc.Arbitrary<FabricSpec> = fc.oneof(
  fc.record({
    topology: fc.constantFrom("torus" as const, "nd-full-mesh" as const),
    endpoints: fc.integer({ min: 1, max: 120 }),
    radix: fc.constant([24]),
    linkGbps: fc.constant(400),
    endpointGbps: fc.constantFrom(400, 400, 200),
    dims: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
    planes: fc.constantFrom(1, 2),
    integratedRouters: fc.constantFrom(false, false, false, true)
  }),
  fc.record({
    topology: fc.constant("dragonfly" as const),
    endpoints: fc.integer({ min: 1, max: 200 }),
    radix: fc.constantFrom([3], [7], [8], [11]),
    linkGbps: fc.constant(400),
    endpointGbps: fc.constantFrom(400, 400, 200, 100, 800),
    planes: fc.constantFrom(1, 2)
  }),
  fc.record({ routers: fc.integer({ min: 2, max: 6 }), endpoints: fc.integer({ min: 1, max: 4 }) }).chain((group) =>
    fc.record({
      topology: fc.constant("dragonfly" as const),
      endpoints: fc.integer({ min: 1, max: 200 }),
      radix: fc.constant([20]),
      linkGbps: fc.constant(400),
      dragonfly: fc.record({
        routers: fc.constant(group.routers), endpoints: fc.constant(group.endpoints),
        globals: fc.integer({ min: 1, max: group.routers - 1 })
      })
    })
  )
).map(completeFabricSpec)
