/**
 * Times both backends of the linear solver over shapes of programs, each answer checked and compared before it
 * is timed.
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"
import { uniformInt } from "pure-rand/distribution/uniformInt"
import type { LinearProgram } from "../solvers/contract/linear-program.ts"
import { loadLinearBackends } from "../solvers/linear/backends.ts"
import { solveLinear } from "../solvers/linear/solver.ts"
import { measure, showTimes } from "./timing.ts"

/**
 * max Σ v x over `rows` limits: all entries (density 1) or some, drawn from 1 … spread; spread 1 is all ties.
 */
function packing(rows: number, columns: number, density: number, spread: number, upper: number): LinearProgram {
  const random = xoroshiro128plus(rows * 7919 + columns)
  const draw = (below: number): number => uniformInt(random, 1, below)
  const [starts, indices, values] = [[0], [] as Array<number>, [] as Array<number>]
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      if (i !== j % rows && draw(1000) > density * 1000) continue
      indices.push(i)
      values.push(draw(spread))
    }
    starts.push(indices.length)
  }
  return {
    sense: "maximize",
    rows: Array.from({ length: rows }, (_, i) => ({ name: `r${i}`, lower: -Infinity, upper: 100 * spread })),
    columns: Array.from({ length: columns }, (_, j) => ({ name: `x${j}`, objective: draw(spread), lower: 0, upper })),
    matrix: { starts: Int32Array.from(starts), rows: Int32Array.from(indices), values: Float64Array.from(values) }
  }
}

// more boxes are no case: 1,000 of them take javascript-lp-solver 15 s, HiGHS 24 ms
const cases: Readonly<Record<string, LinearProgram>> = {
  "4 × 10": packing(4, 10, 1, 999, Infinity),
  "8 × 100": packing(8, 100, 1, 999, Infinity),
  "8 × 500": packing(8, 500, 1, 999, Infinity),
  "8 × 2,000": packing(8, 2000, 1, 999, Infinity),
  "8 × 10,000": packing(8, 10_000, 1, 999, Infinity),
  "8 × 50, boxed": packing(8, 50, 1, 999, 1),
  "8 × 200, boxed": packing(8, 200, 1, 999, 1),
  "20 × 20": packing(20, 20, 0.5, 999, Infinity),
  "50 × 100": packing(50, 100, 0.2, 999, Infinity),
  "100 × 200": packing(100, 200, 0.1, 999, Infinity),
  "50 × 100, all ties": packing(50, 100, 0.2, 1, Infinity)
}

/** Prints a table; `runs` samples each. */
export async function benchLinear(runs: number): Promise<void> {
  const backends = await loadLinearBackends()
  const heads = backends.map(({ name }) => `${name}, ms`.padStart(26))
  console.log(`${"rows × columns".padEnd(20)}${heads.join("")}  chosen`)
  for (const [name, lp] of Object.entries(cases)) {
    const answers = backends.map((backend) => solveLinear(lp, [backend]))
    const objectives = answers.map(({ objective }) => objective ?? NaN)
    const spread = Math.abs(Math.max(...objectives) / Math.min(...objectives) - 1)
    if (!(spread < 1e-9)) throw new Error(`${name}: the backends answer ${objectives.join(" and ")}`)
    const times = backends.map((backend) => showTimes(measure(runs, () => solveLinear(lp, [backend]))))
    console.log(`${name.padEnd(20)}${times.join("")}  ${solveLinear(lp, backends).backend}`)
  }
}
