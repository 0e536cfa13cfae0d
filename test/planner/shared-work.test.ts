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
    const dropped = () => prepareProblem(asked, catalog, shared).dropped(0)
    expect(dropped()).toEqual(prepareProblem(asked, catalog).dropped(0))
    expect(dropped()).toEqual(prepareProblem(asked, catalog).dropped(0))
    expect(shared.machinesOf(asked)).toBe(shared.machinesOf({ ...asked, name: "another" }))
    expect(shared.hardwareOf(asked, catalog)).toBe(shared.hardwareOf({ ...asked, name: "another" }, catalog))
  })

  it("keeps nothing that was cut short, wherever the stop came", () => {
    const alone = classesIn("forward")
    for (const patience of [0, 10, 500, 3000]) {
      let asks = 0
      let isPatient = false
      const shared = createSharedWork(() => !isPatient && asks++ >= patience)
      const { space } = prepareProblem(asked, catalog, shared)
      for (const [block] of space.blocks.entries()) space.classesOf(block)
      expect(asks).toBeGreaterThan(patience)
      isPatient = true
      expect(space.blocks.map((_, block) =>
        space.classesOf(block).map(({ machine, members }) => ({ machine, bounds: members.map(({ hbdsBound }) => hbdsBound) }))
      )).toEqual(alone)
    }
  })

  it("bounds by what the relaxation had come to when it is stopped", () => {
    const whole = prepareProblem(asked, catalog).relaxation().bound
    const cut = [0, ...Array.from({ length: 14 }, (_, i) => 2 ** i)].map((patience) => {
      let asks = 0
      return prepareProblem(asked, catalog, createSharedWork(() => asks++ >= patience)).relaxation().bound
    })
    for (const bound of cut) expect(bound).toBeGreaterThanOrEqual(whole)
    expect(cut[0]).toBe(Infinity)
    expect(cut.at(-1)).toBe(whole)
    expect(cut.filter((bound) => bound > whole && bound < Infinity).length).toBeGreaterThan(0)
  })
})
