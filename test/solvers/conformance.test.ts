/** Every folder of solvers/ that solves runs its conformance suite; one that is not registered here fails. */
import { readdirSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { branchAndBound, searchItem } from "../../solvers/branch-and-bound/branch-and-bound.ts"
import { exhaustive } from "../../solvers/exhaustive/exhaustive.ts"
import { genetic } from "../../solvers/genetic/genetic.ts"
import { loadLinearBackends } from "../../solvers/linear/backends.ts"
import { localSearch } from "../../solvers/local-search/local-search.ts"
import { portfolioOf } from "../../solvers/portfolio/portfolio.ts"
import { testLinearBackend } from "./linear-conformance.ts"
import { testSearchSolver } from "./search-conformance.ts"

const backends = await loadLinearBackends()
const heuristics = [genetic, localSearch].map((solver) => ({ solver, evaluations: 20, timeShare: 0.1 }))

const suites: Record<string, () => void> = {
  "branch-and-bound": () => testSearchSolver(branchAndBound),
  exhaustive: () => testSearchSolver(exhaustive),
  genetic: () => testSearchSolver(genetic),
  linear: () => backends.forEach(testLinearBackend),
  "local-search": () => testSearchSolver(localSearch),
  portfolio: () => testSearchSolver(portfolioOf(heuristics, searchItem))
}

describe("solvers", () => {
  it("are all registered with the conformance suite", () => {
    const folders = readdirSync(new URL("../../solvers", import.meta.url)).filter((folder) => folder !== "contract")
    expect(folders.sort()).toEqual(Object.keys(suites).sort())
  })
})

for (const suite of Object.values(suites)) suite()
