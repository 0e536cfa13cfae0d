/** What problems share must not show in their answers. */
import { describe, expect, it } from "vitest"
import { prepareProblem } from "../../src/planner/problem.ts"
import { createSharedWork } from "../../src/planner/shared-work.ts"
import { catalog, readScenario } from "./shipped.ts"

const scenario = readScenario("instances/scenarios/air-retrofit.yaml")
const asked = { ...scenario, search: { ...scenario.search, accelerator: ["gaudi3"], scaleUpTopology: ["switched-1" as const] } }

const classesIn = (order: "forward" | "backward", shared = createSharedWork()) => {
  const { space } = prepareProblem(asked, catalog, shared)
  const blocks = space.blocks.map((_, block) => block)
  for (const block of order === "forward" ? blocks : blocks.toReversed()) space.classesOf(block)
  return blocks.map((block) =>
    space.classesOf(block).map(({ machine, members }) => ({ machine, bounds: members.map(({ hbdsBound }) => hbdsBound) })))
}

describe("shared work", () => {
  it("leaves the classes of every block as they are, in whatever order blocks are asked", () => {
    const forward = classesIn("forward")
    expect(forward.length).toBeGreaterThan(1)
    expect(classesIn("backward")).toEqual(forward)
  })

  it("gives two problems of one question the same tables, and the same classes as alone", () => {
    const shared = createSharedWork()
    const alone = classesIn("forward")
    expect(classesIn("forward", shared)).toEqual(alone)
    expect(classesIn("backward", shared)).toEqual(alone)
    expect(shared.machinesOf(asked)).toBe(shared.machinesOf({ ...asked, name: "another" }))
    expect(shared.hardwareOf(asked, catalog)).toBe(shared.hardwareOf({ ...asked, name: "another" }, catalog))
  })
})
