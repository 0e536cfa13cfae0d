import { describe, expect, it } from "vitest"
import { enumerateBlocks } from "../../../models/design-space/blocks.ts"
import { createDropLog, selectHardware } from "../../../models/design-space/selection.ts"
import { catalog, readScenario } from "../../planner/shipped.ts"

const ubMesh = readScenario("instances/reference/ub-mesh-superpod.yaml")

describe("HBD designs", () => {
  it("have n-D full meshes of every number of dimensions that the links reach, a node's accelerators the innermost", () => {
    const scenario = { ...ubMesh, search: { ...ubMesh.search, hbdSize: [64, 1024] } }
    const hardware = selectHardware(scenario, catalog, createDropLog())
    const blocks = enumerateBlocks(scenario, hardware, createDropLog())
    const shapes = blocks.map(({ hbd }) => hbd.performance.dims.join("×"))
    expect([...new Set(shapes)]).toEqual(["8×8", "8×2×4", "8×2×2×2", "8×8×16", "8×4×4×8"])
    expect(new Set(blocks.map(({ name }) => name)).size).toBe(blocks.length)
    const pair = new Map(blocks.map(({ hbd }) => [hbd.performance.dims.join("×"), hbd.performance.pairGBps]))
    expect(pair.get("8×4×4×8")!).toBeGreaterThan(pair.get("8×8×16")!)
  })
})
