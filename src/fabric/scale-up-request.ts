/** A scale-up fabric as data: the model's spec, checked. */
import { Schema } from "effect"
import type { ScaleUpSpec } from "../../models/fabric/scale-up.ts"
import { count, Positive } from "../schema/field.ts"

const links = count(100_000)

export const ScaleUpRequest: Schema.Codec<ScaleUpSpec> = Schema.Struct({
  topology: Schema.Literals([
    "full-mesh", "ring", "torus-2d", "torus-3d", "torus-3d-ocs", "nd-full-mesh", "switched-1", "switched-2"
  ]),
  accelerators: count(1_000_000),
  links,
  GBps: Positive,
  radix: Schema.Array(links),
  planes: Schema.NullOr(links),
  acceleratorsPerLeaf: Schema.NullOr(links),
  oversubscription: Positive,
  dims: Schema.Array(links),
  acceleratorsPerNode: links,
  acceleratorsPerRack: links
})
