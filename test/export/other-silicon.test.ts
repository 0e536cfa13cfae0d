/** Every target on plans that are built otherwise: a torus of TPUs without scale-out, and a supernode of two tiers. */
import { describe, expect, it } from "vitest"
import { exportSource } from "../../src/export/export-source.ts"
import { exportTargets } from "../../src/export/target-names.ts"
import { exportPlan } from "../../src/export/targets.ts"
import { evaluate } from "../../src/planner/planner.ts"
import { catalog, readScenario } from "../planner/shipped.ts"

describe.each(["tpu-v5p-pod", "cloudmatrix384"])("the plan of %s", async (name) => {
  const source = exportSource(await evaluate(readScenario(`instances/reference/${name}.yaml`), catalog), catalog)
  if ("found" in source) throw new Error(source.found)

  it.each(exportTargets)("goes to %s", async (target) => {
    const { files } = await exportPlan(target, source)
    expect(Object.keys(files).length).toBeGreaterThan(0)
    for (const content of Object.values(files)) {
      expect(content.length).toBeGreaterThan(0)
      if (typeof content === "string") expect(content).not.toMatch(/\b(undefined|NaN|Infinity|\[object Object\])\b/)
    }
  }, 60_000)
})
